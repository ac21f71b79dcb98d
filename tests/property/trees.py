"""Strategies for expressions of each type, and for worlds in which they have a value.

Expressions are of the types that the linter lets through: it refuses the others before they are compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from submission.definition import expressions as ex
from submission.definition.functions import SIGNATURES, Signature
from submission.engine.context import NOWHERE
from tests.worlds import WORLD

Tree = SearchStrategy[ex.Expression]

DAYS: Final = [date(2024, 2, 29), date(2026, 4, 1), date(2026, 7, 1), date(2026, 8, 1), date(2027, 3, 31)]
WORDS: Final = [
    *("", " ", "sea", "the sea", "Salt  water", "nauseated", "active", "PRP"),
    *("1001", "S1", "100", "1", "M1 1AE", "EC1N 2TD", "user1@example.com", "000000000001", "ORG2"),
]
PATTERNS: Final = ["[a-z ]+", "", "M1.*", r"\d+"]
IDS: Final = list(range(1, 14))
VARIABLES: Final[dict[str, dict[str, SearchStrategy[Any]]]] = {
    "number": {
        "n1": st.integers(-3, 12),
        "n2": st.sampled_from([0, 1, 2, 6, 7]),
        "n3": st.decimals(-20, 2_000, places=2),
        "n4": st.sampled_from([Decimal("0.00"), Decimal("2.50"), Decimal(1), 1]),
    },
    "bool": {"b1": st.booleans(), "b2": st.booleans()},
    "text": {"t1": st.sampled_from(WORDS), "t2": st.sampled_from(WORDS)},
    "date": {"d1": st.sampled_from(DAYS), "d2": st.dates(date(2020, 1, 1), date(2030, 1, 1))},
    "any": {"i1": st.sampled_from(IDS), "i2": st.sampled_from(IDS), "i3": st.sampled_from(IDS)},
}
QUESTIONS: Final = ("n1", "b1", "t1")
RECORD_ATTRIBUTES: Final = {
    "number": [("location", "type_of_unit")],
    "bool": [("organisation", "holds_own_stock"), ("scheme", "confirmed"), ("location", "confirmed")],
    "text": [("organisation", "provider_type"), ("location", "postcode"), ("user", "role")],
    "date": [("organisation", "merge_date"), ("scheme", "available_from"), ("location", "available_from")],
    "any": [("organisation", "id"), ("scheme", "owner_id"), ("user", "organisation_id")],
}
LOOKUPS: Final[dict[str, list[Callable[[Tree], Tree]]]] = {
    "number": [
        lambda key: st.builds(lambda one: ex.Lookup("discount", (one,)), key),
        lambda key: st.builds(lambda one: ex.Lookup("fares", (one,), "adult"), key),
        lambda key: st.builds(lambda one, two: ex.Lookup("tides", (one, two), "height"), key, key),
    ],
    "text": [
        lambda key: st.builds(lambda one: ex.Lookup("beaches", (one,), "name"), key),
        lambda key: st.builds(lambda one, two: ex.Lookup("tides", (one, two), "name"), key, key),
    ],
}


def constants(values: Any) -> Tree:
    return st.builds(ex.Literal, st.sampled_from(list(values)))


@cache
def trees(kind: str, depth: int) -> Tree:
    """Expressions of a type, at most so deep."""
    choices = leaves(kind)
    if depth > 0:
        choices += [branch(depth) for branch in BRANCHES.get(kind, ())]
        choices += [st.one_of([calls(name, depth) for name in functions(kind)])] if functions(kind) else []
        choices += [choose(kind, depth), choice(kind, depth)] if kind not in RECORDS else []
        choices += [lookup(trees("number", depth - 1)) for lookup in LOOKUPS.get(kind, ())]
        choices += [attribute(kind, depth)] if kind in RECORD_ATTRIBUTES else []
    return st.one_of(choices)


RECORDS: Final = ("organisation", "scheme", "location", "user")


def leaves(kind: str) -> list[Tree]:
    if kind in RECORDS:
        return [st.builds(lambda name: ex.Call(kind, (ex.Name(name),)), st.sampled_from(["i1", "i2", "i3"]))]
    names = st.sampled_from(list(VARIABLES[kind]))
    found: list[Tree] = [st.builds(ex.Name, names), st.builds(ex.Given, names)]
    if kind == "number":
        found.append(constants([0, 1, 2, 7, -1, Decimal("0.5"), Decimal("-2.25")]))
    elif kind == "bool":
        found += [st.builds(ex.Asked, st.sampled_from(QUESTIONS)), constants([True, False])]
    elif kind == "text":
        found.append(constants(WORDS))
    elif kind == "date":
        found += [st.just(ex.Name("today")), st.just(ex.Attribute(ex.Name("year"), "opens"))]
    else:
        found.append(constants(IDS))
    return found


def functions(kind: str) -> list[str]:
    return [name for name, signature in SIGNATURES.items() if signature.result == kind]


@cache
def calls(name: str, depth: int) -> Tree:
    """Calls of one function, its arguments of the types that its signature names."""
    signature: Signature = SIGNATURES[name]
    arguments = [argument(signature, index, depth - 1) for index in range(len(signature.arguments))]
    if not signature.repeats:
        return st.builds(lambda *found: ex.Call(name, found), *arguments)
    more = st.lists(argument(signature, len(signature.arguments) - 1, depth - 1), max_size=2)
    return st.builds(lambda extra, *found: ex.Call(name, (*found, *extra)), more, *arguments)


# What the linter cannot see and a definition keeps small: places after the point, days, patterns.
ARGUMENTS: Final[dict[tuple[str, int], Callable[[], Tree]]] = {
    ("round_half_up", 0): lambda: trees("number", 0),
    ("whole_pence", 0): lambda: trees("number", 0),
    ("round_half_up", 1): lambda: constants(range(5)),
    ("days_before", 1): lambda: constants(range(-40, 4_000)),
    ("days_after", 1): lambda: constants(range(-40, 4_000)),
    ("years_before", 1): lambda: constants(range(30)),
    ("date_of", 0): lambda: constants([2024, 2026]),
    ("date_of", 1): lambda: st.sampled_from([ex.Name("n2"), ex.Literal(2)]),
    ("date_of", 2): lambda: constants([1, 29, 30, 31]),
    ("fullmatch", 1): lambda: constants(PATTERNS),
    ("state_on", 0): lambda: st.one_of(trees("scheme", 1), trees("location", 1)),
}


def argument(signature: Signature, index: int, depth: int) -> Tree:
    kind = signature.arguments[index]
    if (signature.name, index) in ARGUMENTS:
        return ARGUMENTS[signature.name, index]()
    return st.just(ex.Name("water")) if kind == "phrases" else trees(kind, max(depth, 0))


@cache
def several(depth: int) -> SearchStrategy[tuple[ex.Expression, ...]]:
    return st.lists(trees("bool", depth - 1), min_size=1, max_size=3).map(tuple)


@cache
def compare(depth: int) -> Tree:
    def of(kind: str) -> Tree:
        operators = ["==", "!="] if kind in ("bool", "any") else ["==", "!=", "<", "<=", ">", ">="]
        sides = trees(kind, depth - 1)
        return st.builds(ex.Compare, st.sampled_from(operators), sides, sides)

    return st.one_of([of(kind) for kind in VARIABLES])


@cache
def member(depth: int) -> Tree:
    def among(kind: str) -> Tree:
        listed = st.lists(leaves(kind)[-1], min_size=1, max_size=3).map(tuple)
        mixed = st.lists(trees(kind, depth - 1), max_size=3).map(tuple)
        return st.builds(ex.In, trees(kind, depth - 1), st.one_of(listed, mixed))

    named = st.builds(ex.In, trees("number", depth - 1), st.sampled_from([ex.Name("beaches"), ex.Name("discount")]))
    periods = st.builds(lambda of: ex.Attribute(of, "rent_periods"), trees("organisation", 0))
    return st.one_of(
        among("number"),
        among("text"),
        named,
        st.builds(ex.In, trees("number", depth - 1), periods),
    )


@cache
def missing(depth: int) -> Tree:
    kinds = [*VARIABLES, "organisation"]
    return st.one_of([st.builds(ex.IsMissing, trees(kind, depth - 1)) for kind in kinds])


@cache
def choose(kind: str, depth: int) -> Tree:
    parts = trees(kind, depth - 1)
    return st.builds(ex.Choose, trees("bool", depth - 1), parts, st.one_of(parts, st.just(ex.Literal(None))))


@cache
def choice(kind: str, depth: int) -> Tree:
    values = st.one_of(leaves(kind)[-1], trees(kind, depth - 1))
    rows = st.dictionaries(st.sampled_from([0, 1, 2, 7]), values, min_size=1, max_size=3)
    return st.builds(lambda found, key: ex.Choice(tuple(found.items()), key), rows, trees("number", depth - 1))


@cache
def attribute(kind: str, depth: int) -> Tree:
    return st.one_of(
        [st.builds(ex.Attribute, trees(record, depth - 1), st.just(name)) for record, name in RECORD_ATTRIBUTES[kind]]
    )


@cache
def arithmetic(depth: int) -> Tree:
    return st.builds(
        ex.Arithmetic, st.sampled_from("+-*/"), trees("number", depth - 1), trees("number", min(depth - 1, 1))
    )


BRANCHES: Final[dict[str, list[Callable[[int], Tree]]]] = {
    "bool": [
        lambda depth: st.builds(ex.Not, trees("bool", depth - 1)),
        lambda depth: st.builds(ex.And, several(depth)),
        lambda depth: st.builds(ex.Or, several(depth)),
        compare,
        member,
        missing,
        lambda depth: st.builds(ex.IsBlank, trees("text", depth - 1)),
    ],
    "number": [arithmetic, lambda depth: st.builds(ex.Count, several(depth))],
}

# One strategy for each node class, so that a test can show that none is forgotten.
NODES: Final[dict[type[ex.Expression], Callable[[], Tree]]] = {
    ex.Literal: lambda: constants([0, Decimal("2.5"), "sea", True, False, None]),
    ex.Name: lambda: st.one_of(leaves("number")[0], leaves("bool")[0], st.just(ex.Name("today"))),
    ex.Given: lambda: st.one_of(leaves("text")[1], leaves("bool")[1]),
    ex.Asked: lambda: st.builds(ex.Asked, st.sampled_from(QUESTIONS)),
    ex.Attribute: lambda: st.one_of([attribute(kind, 2) for kind in RECORD_ATTRIBUTES]),
    ex.Lookup: lambda: st.one_of([look(trees("number", 1)) for looks in LOOKUPS.values() for look in looks]),
    ex.Choice: lambda: st.one_of([choice(kind, 2) for kind in VARIABLES]),
    ex.Not: lambda: st.builds(ex.Not, trees("bool", 2)),
    ex.And: lambda: st.builds(ex.And, several(3)),
    ex.Or: lambda: st.builds(ex.Or, several(3)),
    ex.Compare: lambda: compare(2),
    ex.In: lambda: member(2),
    ex.IsMissing: lambda: missing(2),
    ex.IsBlank: lambda: st.builds(ex.IsBlank, trees("text", 2)),
    ex.Arithmetic: lambda: arithmetic(3),
    ex.Choose: lambda: st.one_of([choose(kind, 2) for kind in VARIABLES]),
    ex.Count: lambda: st.builds(ex.Count, several(3)),
    ex.Call: lambda: st.one_of([calls(name, 2) for name in SIGNATURES]),
}


@cache
def nodes(name: str) -> Tree:
    """Expressions of the node class of this name."""
    return next(build() for node, build in NODES.items() if node.__name__ == name)


ANSWERS: Final = {name: st.none() | values for kind in VARIABLES.values() for name, values in kind.items()}
CONTEXTS: Final = [NOWHERE, WORLD, replace(WORLD, uploading_user=4), replace(WORLD, uploading_organisation=6)]
