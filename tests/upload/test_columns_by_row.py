"""An answer in one column or another, depending on the row, is read and marked there; and numbers in steps."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bulk_upload.check import RowChecker, RowResult, Wishes
from submission.definition import COLLECTIONS, Definition, DefinitionRefused, load_from
from submission.engine.context import NOWHERE

COLLECTION = """\
collection: boats
starts by: hired_on
years:
  2026:
    opens: 2026-04-01
    ends: 2027-03-31
    submission deadline: 2027-06-04
    new logs end: 2027-07-03
    edits end: 2027-07-31
sections: {setup: Set up}
subsections: [setup]
"""
SETUP = """\
subsection: setup
section: setup
pages:
- page: hire
  questions:
    hired_on: {label: Day of the hire, ask: When?, kind: date, columns: [1, 2, 3]}
    built_on: {label: Built, ask: When was it built?, kind: date, past: true, optional: true, columns: [8, 9, 10]}
    boat: {label: Kind of boat, ask: Which?, kind: radio, codes: {1: Rowing, 2: Sailing}, column: 4}
- page: rowing
  when: boat == 1
  questions:
    fee: {label: Fee, ask: How much?, kind: money, min: 5, max: 50, step: 1, column: {5: field_4 == 1, 6: field_4 == 2}}
    share: {label: Share, ask: Which part?, kind: percentage, min: 0, max: 100, step: 0.1, optional: true, column: 7}
- page: sailing
  when: boat == 2
  questions:
    fee: {ask: How much with the sail?}
"""
TEMPLATE = "columns: 10\n"


@pytest.fixture
def boats(tmp_path: Path) -> Path:
    (tmp_path / "boats").mkdir()
    for name, text in {"collection": COLLECTION, "setup": SETUP, "template": TEMPLATE}.items():
        (tmp_path / "boats" / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name in ("shared.yaml", "reference"):
        (tmp_path / name).symlink_to(COLLECTIONS / name)
    return tmp_path


@pytest.fixture
def definition(boats: Path) -> Definition:
    return load_from(boats, "boats", 2026)


def checked(
    definition: Definition, boat: str, fee_rowing: str, fee_sailing: str, share: str = "", built: str = "85"
) -> RowResult:
    checker = RowChecker(definition, NOWHERE, date(2026, 11, 20), Wishes(keep_values=True))
    return checker.check_row(2, ["1", "6", "2026", boat, fee_rowing, fee_sailing, share, "6", "5", built])


def marks(result: RowResult) -> list[tuple[tuple[int, ...], str]]:
    return [(finding.columns, finding.check) for finding in result.findings]


def test_the_answer_is_read_from_the_column_of_that_kind_of_row(definition: Definition) -> None:
    at = definition.outputs.index("fee")
    assert checked(definition, "1", "10", "20").values[at] == 10
    assert checked(definition, "2", "10", "20").values[at] == 20
    assert checked(definition, "", "10", "20").given[at] is None


def test_findings_are_marked_on_the_column_of_that_kind_of_row(definition: Definition) -> None:
    assert marks(checked(definition, "1", "51", "7")) == [((5,), "range-fee")]
    assert marks(checked(definition, "2", "51", "4")) == [((6,), "range-fee")]
    assert marks(checked(definition, "2", "10", "")) == [((6,), "answer-fee")]


def test_a_cell_that_holds_nothing_in_such_a_row_is_not_looked_at(definition: Definition) -> None:
    assert marks(checked(definition, "1", "10", "a lot")) == []
    assert marks(checked(definition, "2", "a lot", "10")) == []
    assert marks(checked(definition, "2", "10", "a lot")) == [((6,), "not-an-amount")]


def test_a_number_in_steps_is_refused_between_them(definition: Definition) -> None:
    whole = checked(definition, "1", "10.50", "").findings
    assert [finding.message for finding in whole] == [
        "“Fee” is £10.50. Give it in whole numbers, with nothing after the point."
    ]
    assert checked(definition, "1", "10.00", "").findings == []


def test_a_percentage_is_read_judged_and_written_as_one(definition: Definition) -> None:
    assert checked(definition, "1", "10", "", "37.5%").findings == []
    messages = [finding.message for finding in checked(definition, "1", "10", "", "37.55").findings]
    assert messages == ["“Share” is 37.55%. Give it with at most 1 digit after the point."]
    messages = [finding.message for finding in checked(definition, "1", "10", "", "101").findings]
    assert messages == ["“Share” is 101%. It must be between 0% and 100%. Correct it."]
    assert marks(checked(definition, "1", "10", "", "half")) == [((7,), "not-a-percentage")]


@pytest.mark.parametrize(("written", "year"), [("85", 1985), ("26", 2026), ("27", 2027), ("28", 1928), ("1985", 1985)])
def test_a_year_of_two_digits_in_the_future_is_of_the_last_century(
    definition: Definition, written: str, year: int
) -> None:
    result = checked(definition, "1", "10", "", built=written)
    assert result.values[definition.outputs.index("built_on")] == date(year, 5, 6)


def test_a_column_by_row_without_a_condition_is_refused(boats: Path) -> None:
    path = boats / "boats" / "setup.yaml"
    path.write_text(SETUP.replace("6: field_4 == 2", "6: null"), encoding="utf-8")
    with pytest.raises(DefinitionRefused, match="condition over cells"):
        load_from(boats, "boats", 2026)
