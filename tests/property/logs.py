"""Strategies for logs of a return: complete examples with some answers changed, most of them near a limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from submission.definition import COLLECTIONS, Definition
from submission.definition.expressions import Constant
from submission.definition.source import read_yaml

Answers = dict[str, Any]

TODAY: Final = date(2026, 11, 20)
TEXTS: Final = ["x", "Starter", "bonfire", "evicted", "split up", "no fixed abode", "decant", "10", "  "]
POSTCODES: Final = ["M1 1AE", "EC1N 2TD", "AA1 1AA", "not known", "EH1 1AA"]
THINGS: Final = {"organisation": range(1, 12), "scheme": range(1, 12), "location": range(1, 15), "user": range(1, 8)}
AMOUNTS: Final = [Decimal(text) for text in ("0", "0.01", "9.99", "10", "95", "99.999", "250", "1000", "9999.99")]
NUMBERS: Final = [0, 1, 2, 3, 8, 15, 16, 17, 18, 19, 20, 64, 66, 80, 119, 120, 150, 400, 900, 5_000]
MOST_CODES: Final = 25


@cache
def examples(definition: Definition) -> tuple[Answers, ...]:
    """The complete logs that stand beside the return, with amounts as exact decimals."""
    logs = read_yaml(COLLECTIONS, f"examples/{definition.collection}/logs.yaml")
    return tuple({name: typed(definition, name, value) for name, value in log.items()} for log in logs.values())


def typed(definition: Definition, name: str, value: Any) -> Any:
    return Decimal(str(value)) if definition.is_decimal(name) and value is not None else value


@cache
def answers_to(definition: Definition, name: str) -> SearchStrategy[Any]:
    """Answers that somebody might give to a question, blank among them."""
    values: SearchStrategy[Any] = st.sampled_from([None, *values_of(definition, name)])
    return values | st.decimals(0, 2_000, places=2) if definition.is_decimal(name) else values


def values_of(definition: Definition, name: str) -> list[Any]:
    """Some answers to a question: its options and one that is none, numbers around its limits."""
    question = definition.holder[name]
    limits = near(question.minimum) + near(question.maximum)
    codes = {option.code: None for entry in definition.questions[question.id] for option in entry.options}
    listed: dict[str, list[Any]] = {
        **{kind: [*list(codes)[:MOST_CODES], 98] for kind in ("radio", "select")},
        **{kind: list(numbers) for kind, numbers in THINGS.items()},
        "checkboxes": [0, 1],
        "money": [*AMOUNTS, *map(Decimal, limits)],
        "percentage": [*map(Decimal, [0, "0.5", 25, "37.55", 100, *limits])],
        "whole number": [*NUMBERS, *limits],
        "date": days(definition),
        "postcode": POSTCODES,
        "uprn": ["000000000001", "1"],
        "text": TEXTS,
    }
    return listed[question.kind]


def near(limit: Constant) -> list[Any]:
    return [limit - 1, limit, limit + 1] if isinstance(limit, int | Decimal) else []


def days(definition: Definition) -> list[date]:
    """Days around the year's ends, today, and the invented world's merges and pauses; and days long ago."""
    window = definition.window
    turns = [window.opens, window.ends, TODAY, date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)]
    around = [turn + timedelta(days=shift) for turn in turns for shift in (-14, -1, 0, 1, 14)]
    return [*around, date(2026, 6, 1), date(2016, 5, 31), date(2006, 5, 31), date(1900, 1, 1)]


@st.composite
def logs(draw: st.DrawFn, definition: Definition, most_changes: int = 12) -> Answers:
    """The answers of one log, blanks left out."""
    log = dict(draw(st.sampled_from(examples(definition))))
    names = draw(st.lists(st.sampled_from(definition.inputs), max_size=most_changes, unique=True))
    log |= {name: draw(answers_to(definition, name)) for name in names}
    return without_blanks(log)


def without_blanks(answers: Mapping[str, Any]) -> Answers:
    return {name: value for name, value in answers.items() if value is not None}
