"""The rows of an upload are judged one by one: what is said of a row depends on that row alone, but for repeats."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_upload.check import RowChecker, RowResult, Wishes
from submission.definition import load
from tests.property.logs import TODAY
from tests.upload.generators import FIELDS, letting
from tests.worlds import WORLD

SOME: Final = 15  # each compiles the reading of a file several times
CELLS: Final = [
    *("", " ", "0", "1", "2", "3", "9", "10", "15", "26", "99", "150", "250.50", "9999.99", "1,200", "£3", "x", "R"),
    *("F", "M1", "1AE", "1001", "1002", "S1", "100", "user1@example.com", "#REF!", "31", "2024", "-1"),
]
CLEAN: Final = letting(field_13="clean", field_3="user1@example.com", field_131="2")[1:]


@st.composite
def rows(draw: st.DrawFn) -> list[str]:
    """A letting with some cells changed."""
    cells = list(CLEAN)
    for field in draw(st.lists(st.integers(0, FIELDS - 1), max_size=8, unique=True)):
        cells[field] = draw(st.sampled_from(CELLS))
    cells[12] = draw(st.sampled_from(["T-1", "T-2", "T-3", "T-4"]))
    return cells


def checker(find_repeats: bool = False) -> RowChecker:
    return RowChecker(load("lettings", 2026), WORLD, TODAY, Wishes(find_repeats, keep_values=True))


def told(result: RowResult) -> tuple[Any, ...]:
    findings = [
        (found.columns, found.question, found.check, found.severity, found.message) for found in result.findings
    ]
    return (findings, result.given, result.values, result.left_open)


@settings(max_examples=SOME)
@given(st.lists(rows(), min_size=1, max_size=6))
def test_a_row_is_judged_as_if_it_stood_alone(table: list[list[str]]) -> None:
    together = checker()
    for number, cells in enumerate(table, 2):
        assert told(together.check_row(number, cells)) == told(checker().check_row(number, cells))


@settings(max_examples=SOME)
@given(st.lists(rows(), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(table: list[list[str]], random: Any) -> None:
    numbered = list(enumerate(table, 2))
    one, other = checker(), checker()
    expected = {number: told(one.check_row(number, cells)) for number, cells in numbered}
    random.shuffle(numbered)
    assert {number: told(other.check_row(number, cells)) for number, cells in numbered} == expected


@settings(max_examples=SOME)
@given(st.lists(rows(), min_size=1, max_size=5), st.integers(0, 5))
def test_a_clean_row_more_changes_nothing_for_the_others(table: list[list[str]], at: int) -> None:
    one, other = checker(find_repeats=True), checker(find_repeats=True)
    numbered = list(enumerate(table, 2))
    expected = [told(one.check_row(number, cells)) for number, cells in numbered]
    found = []
    for index, (number, cells) in enumerate(numbered):
        if index == at:
            other.check_row(1, CLEAN)
        found.append(told(other.check_row(number, cells)))
    assert found == expected


@given(rows())
def test_a_repeated_row_is_found_once_and_points_at_the_first(cells: list[str]) -> None:
    together = checker(find_repeats=True)
    first, second = together.check_row(2, cells), together.check_row(9, cells)
    more = [found for found in second.findings if found.check == "duplicate-row"]
    assert [found for found in first.findings if found.check == "duplicate-row"] == []
    assert ["row 2" in found.message for found in more] == [True]
    assert second.outcome == "setup"


def test_the_unchanged_row_is_clean() -> None:
    assert [(found.check, found.message) for found in checker().check_row(2, CLEAN).findings] == []
