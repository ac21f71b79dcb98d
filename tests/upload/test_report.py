"""What is said of a checked file: a line for each finding and column, as JSON lines, as a table, by frequency."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from bulk_upload.refusal import Refused
from bulk_upload.report import Faults, ReportLine, lines_of_file, write_csv, write_jsonl, write_refusal
from submission.publish.spreadsheet import harmless
from tests.upload.generators import field_numbers, letting, written
from tests.upload.reported import CLEAN, again, checked

if TYPE_CHECKING:
    from pathlib import Path

EXPECTED = [
    (4, 42, "AQ", "sexrab1", "option-sexrab1", "error"),
    (4, 28, "AC", "beds", "range-beds", "error"),
    (5, 10, "K", "startdate", "date-incomplete", "setup"),
    (6, None, None, None, "duplicate-row", "setup"),
]
KEYS = ("row", "field", "column", "question", "check", "severity")


def line(**changes: Any) -> ReportLine:
    """An invented line about the bedrooms in row 4."""
    usual = {
        "row": 4,
        "field": 28,
        "column": "AC",
        "label": "Number of bedrooms",
        "question": "beds",
        "check": "range-beds",
        "severity": "error",
        "message": "It must be between 1 and 12.",
        "reference": "T-4",
    }
    return ReportLine(**{**usual, **changes})


def objects(path: Path, *rows: list[str]) -> list[dict[str, Any]]:
    out = io.StringIO()
    write_jsonl(checked(path, *rows), out)
    return [json.loads(text) for text in out.getvalue().splitlines()]


def test_json_lines_hold_an_object_for_each_finding_and_column_then_the_summary(tmp_path: Path) -> None:
    *findings, last = objects(tmp_path / "logs.csv")
    assert [tuple(found[key] for key in KEYS) for found in findings] == EXPECTED
    assert all(list(found) == [*KEYS, "message"] and found["message"] for found in findings)
    assert list(last) == ["summary"]


def test_the_summary_counts_rows_severities_and_checks(tmp_path: Path) -> None:
    summary = objects(tmp_path / "logs.csv")[-1]["summary"]
    assert (summary["rows"], summary["blank_rows"], summary["outcome"]) == (4, 1, "setup")
    assert summary["rows_by_outcome"] == {"setup": 2, "error": 1, "confirm": 0, "clean": 1}
    assert summary["severities"] == {"setup": 2, "error": 2, "confirm": 0}
    assert summary["checks"] == {"option-sexrab1": 1, "range-beds": 1, "date-incomplete": 1, "duplicate-row": 1}
    assert summary["today"] == "2026-11-20"


def test_the_summary_says_what_was_not_looked_up(tmp_path: Path) -> None:
    out = io.StringIO()
    write_jsonl(checked(tmp_path / "logs.csv", world=False), out)
    looked_up = json.loads(out.getvalue().splitlines()[-1])["summary"]["looked_up"]
    assert looked_up == dict.fromkeys(("organisations", "schemes", "users", "postcodes", "uprns"), False)


def test_a_finding_on_several_columns_has_a_line_for_each(tmp_path: Path) -> None:
    row = letting(field_131="2", field_29="30", field_30="12", field_31="2026")
    found = [one for one in lines_of_file(checked(tmp_path / "logs.csv", row)) if one.field in (29, 30, 31, 8, 9, 10)]
    first, *others = [one for one in found if one.check == found[0].check]
    assert not first.further
    assert others
    assert all(other.further and other.message == first.message for other in others)


def test_columns_have_the_letters_of_the_users_own_file(tmp_path: Path) -> None:
    header, row = field_numbers(), letting(field_131="2", field_28="99")
    path = tmp_path / "turned.csv"
    table = [[cells[0], *reversed(cells[1:])] for cells in (header, row)]
    path.write_text(written(table), encoding="utf-8")
    (found,) = lines_of_file(again(path))
    assert (found.field, found.column) == (28, "DQ")


def test_the_table_opens_in_excel_and_no_cell_of_it_starts_a_formula() -> None:
    out = io.StringIO(newline="")
    write_csv([line(reference="=1+1", message="@SUM(A1)")], out)
    assert out.getvalue() == (
        "\ufeffRow,Reference,Column,Field number,Name of the column,Question,Check,Severity,Message\r\n"
        "4,'=1+1,AC,28,Number of bedrooms,beds,range-beds,error,'@SUM(A1)\r\n"
    )


def test_a_line_about_a_whole_row_leaves_the_columns_of_the_table_blank() -> None:
    out = io.StringIO(newline="")
    whole = line(field=None, column=None, label="", question="", reference=None, check="duplicate-row")
    write_csv([whole], out)
    assert next(csv.reader(out.getvalue().splitlines()[1:]))[:7] == ["4", "", "", "", "", "", "duplicate-row"]


@pytest.mark.parametrize("text", ["=A1", "+1", "-1", "@A1", "\t=A1", "\r=A1", " =A1", "\n=A1", "＝A1"])
def test_what_would_start_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "T-1", "1=1", "“-1” is too small"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_refusal_is_an_object_too() -> None:
    out = io.StringIO()
    write_refusal(Refused("no-rows", "The file has no rows.", 3), out)
    assert json.loads(out.getvalue()) == {"refused": {"code": "no-rows", "row": 3, "message": "The file has no rows."}}


def test_faults_are_grouped_by_check_and_column_the_commonest_first() -> None:
    faults = Faults()
    for row in range(1, 8):
        faults.add(line(row=row))
        faults.add(line(row=row, field=None, column=None, check="duplicate-row"))
    faults.add(line(row=8, column="AD", label="Void date"))
    faults.add(line(row=9))
    first, second = faults.commonest(2)
    assert len(faults) == 3
    assert (first.check, first.columns, first.count) == ("range-beds", {"AC": "Number of bedrooms"}, 8)
    assert (first.rows, first.message) == ([1, 2, 3, 4, 5], "It must be between 1 and 12.")
    assert (second.check, second.columns, second.count) == ("duplicate-row", {}, 7)


def test_a_finding_on_several_columns_counts_once() -> None:
    faults = Faults()
    faults.add(line())
    faults.add(line(column="Z", label="Local authority", further=True))
    (fault,) = faults.commonest(10)
    assert (fault.count, list(fault.columns)) == (1, ["AC", "Z"])


def test_whoever_waits_hears_how_many_rows_are_judged(tmp_path: Path) -> None:
    rows = [[*CLEAN[:13], f"T-{number}", *CLEAN[14:]] for number in range(1_001)]
    heard: list[int] = []
    assert list(lines_of_file(checked(tmp_path / "logs.csv", *rows), heard.append)) == []
    assert heard == [1_000]


def test_a_clean_row_stays_clean_where_nothing_can_be_looked_up(tmp_path: Path) -> None:
    assert list(lines_of_file(checked(tmp_path / "logs.csv", CLEAN, world=False))) == []
