"""How values are put into wording."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from submission.definition import Definition
from submission.definition.expressions import Expression
from submission.definition.model import Wording
from submission.definition.parser import parse
from submission.engine.wording import lower_first, money, plain, render, written
from tests.spec.invented import read


@pytest.fixture(scope="module")
def trips(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return read(tmp_path_factory.mktemp("trips"))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("95", "£95"),
        ("95.00", "£95"),
        ("1234.5", "£1,234.50"),
        ("1234567", "£1,234,567"),
        ("0", "£0"),
        ("0.5", "£0.50"),
        ("0.005", "£0.005"),
        ("-3.2", "-£3.20"),
        ("100", "£100"),
        ("1E+3", "£1,000"),
    ],
)
def test_money_has_pence_unless_there_are_none(amount: str, shown: str) -> None:
    assert money(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "not known"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (1234, "1,234"),
        (-5, "-5"),
        (date(2026, 4, 3), "3 April 2026"),
        (Decimal("9.5"), "£9.50"),
        ("as typed", "as typed"),
    ],
)
def test_a_value_is_shown_as_people_write_it(value: Any, shown: str) -> None:
    assert plain(value) == shown


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Fixed term", "fixed term"),
        ("A house", "a house"),
        ("UK national", "UK national"),
        ("NHS", "NHS"),
        ("Don’t know", "don’t know"),
    ],
)
def test_a_label_inside_a_sentence_loses_its_capital_but_no_abbreviation_does(label: str, shown: str) -> None:
    assert lower_first(label) == shown


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("way", 1, "train"),
        ("given(way)", 9, "another way"),
        ("way", 7, "7"),
        ("way", None, "not known"),
        ("beach", 2, "South Beach"),
        ("swimming", 1, "1"),
        ("way + 1", 2, "2"),
        ("paid", Decimal(20), "£20"),
        ("set_off", date(2026, 6, 1), "1 June 2026"),
    ],
)
def test_a_code_is_shown_as_its_label(trips: Definition, text: str, value: Any, shown: str) -> None:
    assert written(trips, parse(text), value) == shown


def test_a_message_holds_its_values_in_their_order(trips: Definition) -> None:
    parts: tuple[str | Expression, ...] = ("From ", parse("set_off"), " by ", parse("way"), ".")
    assert render(trips, Wording("", parts), (date(2026, 6, 1), 2)) == "From 1 June 2026 by coach."
    assert render(trips, Wording("", ("Nothing to show.",)), ()) == "Nothing to show."
