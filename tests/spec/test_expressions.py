"""The expression language by example: an expression, answers in, a value out. None is missing, or unknown.

Names end in what they hold: `_asked` is not among them, so `asked(way)` is true where `way` is in the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from submission.definition import Definition
from submission.definition.expressions import Asked, Expression, Given, Name, walk
from submission.definition.parser import parse
from submission.engine.emit import Emitter
from submission.engine.program import build_program
from tests.evaluator import World, evaluate
from tests.spec.invented import read

TODAY = date(2026, 6, 1)
Row = tuple[str, dict[str, Any], Any]


@cache
def trips() -> Definition:
    with TemporaryDirectory() as folder:
        return read(Path(folder))


def computed(expression: Expression, answers: Mapping[str, Any]) -> Any:
    """What the generated code gives. An answer is as given, and its question asked, where it is there."""
    emit = Emitter(trips())
    emit.globals |= {"year": trips().window, "today": TODAY}
    known = dict(answers)
    for part in walk(expression):
        if isinstance(part, Given):
            known[f"g_{part.id}"] = answers.get(part.id)
        elif isinstance(part, Asked):
            known[f"q_{part.id}"] = part.id in answers
        elif isinstance(part, Name) and part.id not in (*emit.globals, *trips().tables, *trips().phrases):
            known.setdefault(part.id, None)
    source = f"def answer({', '.join(known)}): return {emit.value(expression)}"
    return build_program("answer", source, emit.globals).function(**known)


TABLES: dict[str, list[Row]] = {
    "plain values": [
        ("3", {}, 3),
        ("-3", {}, -3),
        ("0.10", {}, Decimal("0.1")),
        ("'sea'", {}, "sea"),
        ("True", {}, True),
        ("None", {}, None),
        ("today", {}, TODAY),
        ("year.opens", {}, date(2026, 4, 1)),
        ("year.ends", {}, date(2027, 3, 31)),
    ],
    "comparisons": [
        ("x == 1", {"x": 1}, True),
        ("x == 1", {"x": 2}, False),
        ("x == 1", {}, None),
        ("x != 1", {"x": 2}, True),
        ("x != 1", {}, None),
        ("x < 2", {"x": 1}, True),
        ("x <= 2", {"x": 2}, True),
        ("x > 2", {"x": 2}, False),
        ("x >= 2", {"x": 2}, True),
        ("x > y", {"x": 2}, None),
        ("x == y", {}, None),
        ("x < 2.5", {"x": Decimal("2.49")}, True),
        ("day < year.opens", {"day": date(2026, 3, 31)}, True),
        ("flag == True", {"flag": False}, False),
        ("flag is True", {}, None),
        ("flag is not False", {"flag": True}, True),
    ],
    "chains": [
        ("2 <= x <= 99", {"x": 2}, True),
        ("2 <= x <= 99", {"x": 100}, False),
        ("2 <= x <= 99", {}, None),
        ("1 < x < y", {"x": 0}, False),
        ("1 < x < y", {"x": 2}, None),
        ("not 2 <= x <= 99", {"x": 1}, True),
    ],
    "and, or, not": [
        ("x == 1 and y == 1", {"x": 1, "y": 1}, True),
        ("x == 1 and y == 1", {"x": 2}, False),
        ("x == 1 and y == 1", {"x": 1}, None),
        ("x == 1 or y == 1", {"x": 1}, True),
        ("x == 1 or y == 1", {"x": 2}, None),
        ("x == 1 or y == 1", {"x": 2, "y": 2}, False),
        ("not x == 1", {}, None),
        ("not x == 1", {"x": 1}, False),
        ("not (x == 1 and y == 1)", {"x": 2}, True),
        ("not (x == 1 or y == 1)", {"x": 2, "y": 2}, True),
    ],
    "in": [
        ("x in (1, 2)", {"x": 2}, True),
        ("x in (1, 2)", {"x": 3}, False),
        ("x in (1, 2)", {}, None),
        ("x not in (1, 2)", {"x": 3}, True),
        ("x not in (1, 2)", {}, None),
        ("x in [1, y]", {"x": 3, "y": 3}, True),
        ("x in (1, y)", {"x": 3}, None),
        ("x in (1, y)", {"x": 1}, True),
        ("x in ()", {"x": 1}, False),
        ("x in ('a', 'b')", {"x": "b"}, True),
        ("x in beaches", {"x": 1}, True),
        ("x not in beaches", {"x": 3}, True),
        ("x in beaches", {}, None),
    ],
    "is missing": [
        ("x is None", {}, True),
        ("x is None", {"x": 0}, False),
        ("x is not None", {"x": 0}, True),
        ("(x == 1) is None", {}, True),
        ("present(x)", {}, False),
        ("present(x, y)", {"x": 1}, False),
        ("present(x, y)", {"x": 1, "y": 0}, True),
        ("blank(x)", {"x": "  "}, True),
        ("blank(x)", {}, True),
        ("not blank(x)", {"x": "sea"}, True),
    ],
    "sums": [
        ("x + y", {"x": 1, "y": Decimal("0.5")}, Decimal("1.5")),
        ("x + y", {"x": 1}, None),
        ("x - y", {"x": 1, "y": 3}, -2),
        ("-x", {"x": 4}, -4),
        ("-x", {}, None),
        ("x * 3", {"x": 2}, 6),
        ("x / 4", {"x": 1}, Decimal("0.25")),
        ("x / y", {"x": 1, "y": 0}, None),
        ("0.1 + 0.2 == 0.3", {}, True),
        ("x * 52 / 12", {"x": 3}, Decimal(13)),
    ],
    "if and else": [
        ("1 if x == 1 else 2", {"x": 1}, 1),
        ("1 if x == 1 else 2", {}, 2),
        ("x if x > 3 else None", {"x": 2}, None),
        ("(x == 1 if y == 1 else x == 2)", {"x": 2, "y": 2}, True),
    ],
    "answers as given, and asked": [
        ("given(x)", {"x": 3}, 3),
        ("given(x) is None", {}, True),
        ("asked(x)", {"x": 1}, True),
        ("not asked(x)", {}, True),
    ],
    "people": [
        ("count(age{n} >= 18 for n in people)", {"age1": 30, "age2": 17, "age8": 18}, 2),
        ("count(age{n} >= 18 for n in range(2, 4))", {"age1": 30, "age2": 30, "age3": 30, "age4": 30}, 2),
        ("count(age{n} >= 18 for n in people if n <= x)", {"age1": 30, "age2": 30, "x": 1}, 1),
        ("count(age{n} >= 18 for n in people if n <= x)", {"age1": 30}, 0),
        ("count([x == 1, y == 1])", {"x": 1}, 1),
        ("any(age{n} > 70 for n in people)", {"age3": 71}, True),
        ("any(age{n} > 70 for n in people)", {"age3": 70}, None),
        ("any(age{n} > 70 for n in range(1, 3))", {"age1": 1, "age2": 2}, False),
        ("all(age{n} > 70 for n in range(1, 3))", {"age1": 71}, None),
        ("all(age{n} > 70 for n in range(1, 3) if n <= x)", {"age1": 71, "x": 1}, True),
        ("sum(age{n} for n in range(1, 3))", {"age1": 3, "age2": 4}, 7),
        ("sum(age{n} for n in range(1, 3))", {"age1": 3}, None),
        ("sum(age{n} for n in people if present(age{n}))", {"age1": 3, "age8": 4}, 7),
        ("sum([x, y])", {"x": 1, "y": 2}, 3),
        ("count(n > 2 for n in range(1, 5))", {}, 2),
        ("any(any(age{n} == age{m} for m in range(1, 3) if m > n) for n in range(1, 3))", {"age1": 4, "age2": 4}, True),
    ],
    "tables and choices": [
        ("discount[x]", {"x": 1}, 10),
        ("discount[x]", {"x": 9}, None),
        ("discount[x]", {}, None),
        ("fares[x].child", {"x": 1}, Decimal("2.50")),
        ("fares[x].adult", {"x": 2}, Decimal("6.10")),
        ("tides[beach, month].height", {"beach": 1, "month": 6}, Decimal("2.5")),
        ("tides[beach, month].name", {"beach": 2, "month": 6}, "spring"),
        ("tides[beach, month].name", {"beach": 2, "month": 7}, None),
        ("tides[beach, month].name", {"beach": 2}, None),
        ("{1: 'low', 2: 'high'}[x]", {"x": 2}, "high"),
        ("{1: 'low', 2: 'high'}[x]", {"x": 3}, None),
        ("{1: y, 2: y * 2}[x]", {"x": 2, "y": 4}, 8),
        ("{1: y}[x]", {}, None),
    ],
    "functions": [
        ("twice(x)", {"x": 3}, 6),
        ("fare(x)", {"x": 1}, 10),
        ("fare(x)", {}, None),
        ("pounds(x)", {"x": Decimal("1.005")}, Decimal("1.01")),
        ("min(x, 3)", {"x": 2}, 2),
        ("max(x, y, 3)", {"x": 2, "y": 9}, 9),
        ("max(x, y)", {"x": 2}, None),
        ("round_half_up(x, 0)", {"x": Decimal("2.5")}, Decimal(3)),
        ("upper(x)", {"x": "sw1a"}, "SW1A"),
        ("starts_with(x, 'E0')", {"x": "E06"}, True),
        ("fullmatch(x, '[0-9]+')", {"x": "12a"}, False),
        ("mentions(x, water)", {"x": "by the Sea."}, True),
        ("is_only(x, water)", {"x": "The sea"}, False),
        ("date_of(2026, 2, x)", {"x": 29}, None),
        ("date_of(2026, 2, x)", {"x": 28}, date(2026, 2, 28)),
        ("days_between(x, today)", {"x": date(2026, 5, 31)}, 1),
        ("days_before(today, 1)", {}, date(2026, 5, 31)),
        ("days_after(today, 30)", {}, date(2026, 7, 1)),
        ("years_before(x, 1)", {"x": date(2024, 2, 29)}, date(2023, 2, 28)),
    ],
}


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [pytest.param(*row, id=f"{row[0]} {row[1]}") for rows in TABLES.values() for row in rows],
)
def test_an_expression_gives_the_value_that_the_table_says(text: str, answers: dict[str, Any], expected: Any) -> None:
    expression = parse(text, trips().functions)
    found = computed(expression, answers)
    assert (found, isinstance(found, bool)) == (expected, isinstance(expected, bool))
    world = World(trips(), TODAY, answers, answers, frozenset(answers))
    assert evaluate(expression, world) == expected


@pytest.mark.parametrize("number", range(1, 9))
def test_n_stands_for_the_number_of_the_person(number: int) -> None:
    assert parse("age{n} > n", loop={"n": number}) == parse(f"age{number} > {number}")


def test_a_loop_of_its_own_hides_the_number_of_the_person() -> None:
    assert parse("count(age{n} > age{m} for m in range(1, 3))", loop={"n": 2}) == parse(
        "count([age2 > age1, age2 > age2])"
    )
