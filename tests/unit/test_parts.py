"""The functions of expressions that take a postcode or a date apart, or put a postcode together."""

from __future__ import annotations

from datetime import date

import pytest

from submission.engine.functions import IMPLEMENTATIONS


@pytest.mark.parametrize(
    ("text", "outward", "inward"),
    [("M1 1AE", "M1", "1AE"), ("sw1a2aa", "SW1A", "2AA"), ("Manchester", None, None)],
)
def test_a_postcode_has_two_halves(text: str, outward: str | None, inward: str | None) -> None:
    assert IMPLEMENTATIONS["outward"](text) == outward
    assert IMPLEMENTATIONS["inward"](text) == inward


def test_a_date_has_three_parts() -> None:
    parts = [IMPLEMENTATIONS[name](date(2026, 4, 27)) for name in ("day_of", "month_of", "year_of")]
    assert parts == [27, 4, 2026]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("m1", "1ae", "M1 1AE"),
        ("M1 1AE", None, "M1 1AE"),
        ("M1", None, None),
        (None, None, None),
        ("nowhere", "1", "nowhere 1"),
    ],
)
def test_half_a_postcode_is_none(first: str | None, second: str | None, whole: str | None) -> None:
    assert IMPLEMENTATIONS["postcode_of"](first, second) == whole
