"""The order of a judgement: what each page, question, term and derived value needs, sorted once.

Used by the linter, which refuses circles, and by `submission.engine.compile`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from submission.definition.expressions import Asked, Expression, Name, walk
from submission.definition.model import Check, Definition, Derived, Question, Term

NodeKind = Literal["page", "question", "term", "derived"]
AMBIENT = frozenset({"today", "year"})


@dataclass(frozen=True, slots=True)
class Node:
    """One step of a judgement. `of` is the page, question id, term or derived value."""

    kind: NodeKind
    id: str
    needs: frozenset[str]

    @property
    def key(self) -> str:
        return f"{self.kind} {self.id}"


class Circle(Exception):
    """Some steps need each other. `members` are their keys, the first one again at the end."""

    def __init__(self, members: list[str]):
        super().__init__(" -> ".join(members))
        self.members = members


def nodes_of(definition: Definition, terms: Iterable[Term]) -> Iterator[Node]:
    """Every step; `terms` are those that take part (an upload's have cells, a judgement's have none)."""
    for term in terms:
        yield Node("term", term.id, needs_of([term.value.expression]))
    for subsection in definition.subsections:
        for page in subsection.pages:
            whens = [subsection.when, page.when]
            yield Node("page", page.id, needs_of(when.expression for when in whens if when))
    for name, entries in definition.questions.items():
        yield Node("question", name, question_needs(definition, entries))
    for derived in definition.derived:
        if derived.id not in definition.holder:
            yield Node("derived", derived.id, needs_of(rule_expressions(derived)))


def question_needs(definition: Definition, entries: tuple[Question, ...]) -> frozenset[str]:
    expressions = [entry.when.expression for entry in entries if entry.when]
    expressions += [told.expression for entry in entries for _, told in entry.offer]
    for name in entries[0].fields:
        if name in definition.derived_by_id:
            expressions += rule_expressions(definition.derived_by_id[name])
    return needs_of(expressions) | {f"page {entry.page}" for entry in entries}


def rule_expressions(derived: Derived) -> list[Expression]:
    values = [rule.value.expression for rule in derived.rules]
    return values + [rule.when.expression for rule in derived.rules if rule.when]


def looked_at(check: Check) -> Iterator[Expression]:
    """What a check looks at once it applies: for its verdict, its message, and where it is shown."""
    yield check.fails.expression
    yield from (part for part in check.say.parts if isinstance(part, Expression))
    yield from (mark.when for mark in check.on if mark.when is not None)


def needs_of(expressions: Iterable[Expression]) -> frozenset[str]:
    """The names and asked questions these expressions look at."""
    found: set[str] = set()
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Name):
                found.add(part.id)
            elif isinstance(part, Asked):
                found.add(f"question {part.id}")
    return frozenset(found - AMBIENT)


def ordered(definition: Definition, terms: Iterable[Term]) -> list[Node]:
    """The steps, each behind those it needs. Raises Circle."""
    nodes = {node.key: node for node in nodes_of(definition, terms)}
    try:
        order = list(TopologicalSorter(steps_before(definition, list(nodes.values()))).static_order())
    except CycleError as error:
        raise Circle(list(error.args[1])) from None
    return [nodes[key] for key in order]


def steps_before(definition: Definition, nodes: list[Node]) -> dict[str, set[str]]:
    """For each step, by key, the keys of the steps that it needs."""
    provider = {name: f"question {question.id}" for name, question in definition.holder.items()}
    provider |= {node.id: node.key for node in nodes if node.kind in ("term", "derived")}
    keys = {node.key for node in nodes}
    return {
        node.key: {step for need in node.needs if (step := need if need in keys else provider.get(need)) is not None}
        for node in nodes
    }


def judged_terms(definition: Definition) -> list[Term]:
    """The terms of a judgement: those that look at no cell, themselves or through another."""
    cells = cell_terms(definition)
    return [term for term in definition.terms if term.id not in cells]


def cell_terms(definition: Definition) -> frozenset[str]:
    """The ids of a definition's terms that look at upload cells."""
    return over_cells(definition.terms)


def over_cells(terms: Collection[Term]) -> frozenset[str]:
    """The terms that look at upload cells, themselves or through another."""
    found: set[str] = set()
    while True:
        more = {term.id for term in terms if term.id not in found and looks_at_cells(term.value.expression, found)}
        if not more:
            return frozenset(found)
        found |= more


def looks_at_cells(expression: Expression, terms: Collection[str] = ()) -> bool:
    """Whether it names a cell of an upload, or one of these terms."""
    return any(need.startswith("field_") or need in terms for need in needs_of([expression]))
