"""Each hard case of one cell, C13 and C57 to C70, as the whole check judges it: a value, or a finding on its column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from bulk_upload.check import RowResult, check_file
from bulk_upload.read import Refused
from submission.definition import load
from submission.engine.context import Context
from tests.upload.generators import letting, with_rows
from tests.upload.workbooks import book, row_xml

if TYPE_CHECKING:
    from submission.definition import Definition

TODAY = date(2026, 11, 20)
AGE, RENT, UPRN, CODE, DAY, MONTH, YEAR, TENANCY = 41, 142, 18, 13, 8, 9, 10, 38
NO_BREAK, ZERO_WIDTH, SOFT_HYPHEN = "\u00a0", "\u200b", "\u00ad"
LONG = "9" * 5_000


@cache
def definition() -> Definition:
    return load("lettings", 2026)


def results_of(data: bytes, folder: Path) -> list[RowResult]:
    path = folder / "upload"
    path.write_bytes(data)
    checked = check_file(path, definition(), Context(), TODAY)
    with checked.opened:
        return list(checked)


@cache
def results_by_fields() -> dict[tuple[tuple[str, str], ...], RowResult]:
    """All single rows of this module judged as one file, because making a checker takes longer than judging."""
    wanted = [
        *({f"field_{field}": text} for _, field, text, _ in FAULTS),
        *({f"field_{field}": text} for _, field, text, _, _ in VALUES),
        *({"field_23": halves[0], "field_24": halves[1]} for halves in POSTCODES),
        *({"field_8": day, "field_9": month, "field_10": year} for day, month, year in DATES),
    ]
    rows = [letting(**{"field_13": f"T-{number}", **fields}) for number, fields in enumerate(wanted)]
    with TemporaryDirectory() as folder:
        results = results_of(with_rows(letting(), *rows), Path(folder))[1:]
    return {tuple(fields.items()): result for fields, result in zip(wanted, results, strict=True)}


def result_of(**fields: str) -> RowResult:
    """The result of a letting with these fields changed."""
    return results_by_fields()[tuple(fields.items())]


def given(result: RowResult, name: str) -> Any:
    return result.given[definition().inputs.index(name)]


FAULTS: list[tuple[str, int, str, str]] = [
    *(("C57", AGE, text, "not-a-whole-number") for text in ("1_000", "１２", "١٢", "4²")),
    *(("C57", RENT, text, "not-an-amount") for text in ("1_000", "１２", "١٢")),
    *(("C58", RENT, text, "not-an-amount") for text in ("1e2000000", "1e300000", "1e3")),
    ("C59", AGE, LONG, "not-a-whole-number"),
    ("C59", RENT, LONG, "not-an-amount"),
    *(("C60", RENT, text, "not-an-amount") for text in ("NaN", "Infinity", "-inf", "sNaN")),
    *(("C60", AGE, text, "not-a-whole-number") for text in ("NaN", "Infinity", "-inf", "sNaN")),
    *(("C62", AGE, text, "not-a-whole-number") for text in ("1.9", ".5", "41.5", "-0.5")),
    *(("C63", RENT, text, "not-an-amount") for text in ("1.234,50", "1 234", "12%", "1E+3", "12,5")),
    *(("C63", UPRN, text, "not-a-uprn") for text in ("1.23E+05", "1e5", "1234567890123", "12 34")),
    *(("C67", DAY, text, "not-a-whole-number") for text in ("01/04/2026", "2026-04-01", "4.5", "1e1", "four")),
    *(("C67", YEAR, text, "not-a-year") for text in ("0026", "026", "20260", "2026-W14-3")),
    ("C13", CODE, "a\x00b", "unreadable-character"),
    ("C35 of X", CODE, "x" * 33_000, "too-long"),
    *(("X34", field, "#REF!", "spreadsheet-error") for field in (AGE, RENT, UPRN, CODE, DAY, TENANCY)),
    *(("X34", AGE, text, "not-a-whole-number") for text in ("TRUE", "=1+1")),
]


def ascii_start(value: object) -> str:
    return str(value)[:16].encode("ascii", "replace").decode()


@pytest.mark.parametrize(("case", "field", "text", "code"), FAULTS, ids=ascii_start)
def test_a_cell_that_cannot_be_read_is_found_on_its_column(case: str, field: int, text: str, code: str) -> None:
    result = result_of(**{f"field_{field}": text})
    found = [finding for finding in result.findings if field in finding.columns]
    assert code in [finding.check for finding in found] or (
        # the parts of a date are one question, whose finding may name what is wrong with the date
        field in (DAY, MONTH, YEAR) and {finding.check for finding in found} & {"not-a-date", "not-a-year"}
    ), case
    assert all(LONG not in finding.message for finding in found)


VALUES: list[tuple[str, int, str, str, object]] = [
    *(
        ("C61", AGE, text, "age1", number)
        for text, number in {"042": 42, "42.0": 42, "42.": 42, "+42": 42, "-0": 0}.items()
    ),
    *(
        ("C61", RENT, text, "brent", Decimal(amount))
        for text, amount in {"0863": "863", "863.": "863", ".5": "0.5"}.items()
    ),
    *(("C63", RENT, text, "brent", Decimal("1234.5")) for text in ("1,234.50", "£1,234.50", "£1234.5", " 1234.50 ")),
    ("C64", UPRN, "10457355", "uprn", "000010457355"),
    ("C65", CODE, "+447700900000", "tenancycode", "+447700900000"),
    *(
        ("C68", AGE, text, "age1", 42)
        for text in (" 42 ", f"{NO_BREAK}42", f"42{ZERO_WIDTH}", f"{SOFT_HYPHEN}42", "42\t")
    ),
    *(
        ("C69", CODE, text, "tenancycode", text)
        for text in ("=1+1", "+cmd", "-2+3", "@SUM(1)", '=HYPERLINK("x")', "=cmd|'/c calc'!A1", "＝1+1")
    ),
    ("C69", CODE, "\t=1+1", "tenancycode", "=1+1"),
    ("C20", CODE, "a\u2028b", "tenancycode", "a\u2028b"),
    ("C28", CODE, 'say "hi"', "tenancycode", 'say "hi"'),
    ("X35", CODE, "👩‍👧 Llŷn", "tenancycode", "👩‍👧 Llŷn"),
]


@pytest.mark.parametrize(("case", "field", "text", "name", "value"), VALUES, ids=ascii_start)
def test_a_cell_is_read_as_its_value(case: str, field: int, text: str, name: str, value: object) -> None:
    assert given(result_of(**{f"field_{field}": text}), name) == value, case


POSTCODES = {
    ("yo1", "7hh"): "YO1 7HH",
    ("YO1 7HH", ""): "YO1 7HH",
    ("", "yo17hh"): "YO1 7HH",
    (f"YO1{NO_BREAK}", " 7HH."): "YO1 7HH",
    ("YOI", "7HH"): "YO1 7HH",
    ("Y01", "7HH"): "YO1 7HH",
    ("not", "known"): "not known",
}


@pytest.mark.parametrize(("halves", "postcode"), POSTCODES.items())
def test_a_postcode_is_read_from_its_two_columns(halves: tuple[str, str], postcode: str) -> None:
    result = result_of(field_23=halves[0], field_24=halves[1])
    assert given(result, "postcode_full") == postcode
    formats = [finding for finding in result.findings if finding.check == "postcode-format"]
    assert bool(formats) == (postcode == "not known")


DATES: dict[tuple[str, str, str], date | None] = {
    ("4", "7", "2026"): date(2026, 7, 4),
    ("04", "07", "26"): date(2026, 7, 4),
    ("4.0", " 7", "2026.0"): date(2026, 7, 4),
    ("31", "9", "2026"): None,
    ("29", "2", "2027"): None,
    ("4", "13", "2026"): None,
}


@pytest.mark.parametrize(("parts", "day"), DATES.items())
def test_a_date_is_read_from_its_three_columns(parts: tuple[str, str, str], day: date | None) -> None:
    result = result_of(field_8=parts[0], field_9=parts[1], field_10=parts[2])
    assert day is None or given(result, "startdate") == day
    shown = [finding for finding in result.findings if {DAY, MONTH, YEAR} & set(finding.columns)]
    assert bool(shown) == (day is None)


def test_rows_of_last_year_are_each_an_error_and_a_file_of_them_is_refused(tmp_path: Path) -> None:
    """C56: one row of this year shows that the file is meant for it."""
    last_year = letting(field_10="2025", field_13="T-1")
    undated = letting(field_8="", field_9="", field_10="", field_13="T-2")
    with pytest.raises(Refused) as refused:
        results_of(with_rows(undated, last_year), tmp_path)
    assert refused.value.code == "wrong-year"
    assert refused.value.row == 3
    results = results_of(with_rows(undated, last_year, letting()), tmp_path)
    shown = [{column for finding in result.findings for column in finding.columns} for result in results]
    assert [bool({DAY, MONTH, YEAR} & columns) for columns in shown] == [True, True, False]


@pytest.mark.parametrize("between", [0, 500])
@pytest.mark.parametrize("change", [{}, {"field_13": " 123 "}, {"field_42": "f"}])
def test_a_duplicate_row_is_found_and_names_the_first(between: int, change: dict[str, str], tmp_path: Path) -> None:
    """C70: next to each other or far apart, differing only by space and case."""
    others = [letting(field_13=f"T-{number}") for number in range(between)]
    results = results_of(with_rows(letting(), *others, letting(**change)), tmp_path)
    found = [
        (result.number, finding.message)
        for result in results
        for finding in result.findings
        if finding.check == "duplicate-row"
    ]
    assert [number for number, _ in found] == [between + 3]
    assert "row 2" in found[0][1].lower()


def test_a_true_date_in_a_day_column_is_found_on_that_column(tmp_path: Path) -> None:
    """X33: the template asks for day, month and year apart, so a whole date in one cell cannot be taken for a day."""
    header = row_xml(1, ["Field number", *map(str, range(1, 148))])
    row = row_xml(2, letting(field_8="")).replace('<c r="J2">', '<c r="I2" s="1"><v>46207</v></c><c r="J2">')
    result = results_of(book(header + row)(), tmp_path)[0]
    assert any(DAY in finding.columns for finding in result.findings)


def test_the_same_letting_in_a_csv_file_and_a_workbook_gets_the_same_findings(tmp_path: Path) -> None:
    bad = letting(field_41="1.9", field_142="12%", field_8="31", field_9="9", field_13="ab")
    header = ["Field number", *map(str, range(1, 148))]
    in_csv = results_of(with_rows(bad), tmp_path)[0]
    in_book = results_of(book(row_xml(1, header) + row_xml(2, bad))(), tmp_path)[0]
    assert [(f.columns, f.check, f.message) for f in in_csv.findings] == [
        (f.columns, f.check, f.message) for f in in_book.findings
    ]
