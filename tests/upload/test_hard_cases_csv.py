"""Each hard case of a CSV file gets its verdict, with a message that says where and how to mend it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.upload.generators import CSV_CASES, letting, plain, sample, utf8, with_rows
from tests.upload.verdicts import Outcome, below_header, outcome_of

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 10  # five on an idle machine


def outcome(case: str, folder: Path) -> Outcome:
    path = folder / "upload"
    path.write_bytes(CSV_CASES[case].make())
    return outcome_of(path)


def tells_how_to_mend(message: str) -> bool:
    """Whole sentences: what is wrong, then what to do."""
    return message[0].isupper() and message.endswith(".") and message.count(".") >= 2 and len(message) < 600


@pytest.mark.parametrize("case", CSV_CASES)
def test_a_hard_csv_file_gets_its_verdict(case: str, tmp_path: Path) -> None:
    begun = time.perf_counter()
    found = outcome(case, tmp_path)
    assert found.verdict == CSV_CASES[case].verdict.removesuffix(", other rows"), found.message
    if CSV_CASES[case].verdict == "ok":
        assert found.rows == below_header(sample())
    elif found.verdict != "ok":
        assert tells_how_to_mend(found.message)
    assert time.perf_counter() - begun < SECONDS


ADDRESSES = {
    "C09": "Café £5 – “x”",
    "C10": "Café €…–",
    "C13": "a\x00b",
    "C20": "a\u2028b\x85c\x0bd\x0ce\x1cf",
    "C21": "a\nb\r\nc\rd",
}


@pytest.mark.parametrize("case", ADDRESSES)
def test_text_is_kept_exactly(case: str, tmp_path: Path) -> None:
    assert outcome(case, tmp_path).rows[2][18] == ADDRESSES[case]


CODES = {
    "C26": 'ab"c',
    "C27": "b,c",
    "C27 space after quote": "b,c",
    "C28": 'say "hi"',
}


@pytest.mark.parametrize("case", CODES)
def test_quote_marks_never_shift_a_column(case: str, tmp_path: Path) -> None:
    rows = outcome(case, tmp_path).rows
    assert rows == {**below_header(plain()), 2: letting(field_13=CODES[case])[1:]}


@pytest.mark.parametrize("case", ["C09", "C10"])
def test_windows_1252_is_said(case: str, tmp_path: Path) -> None:
    assert any("Windows-1252" in note for note in outcome(case, tmp_path).notes)


@pytest.mark.parametrize(("case", "word"), [("C42", "semicolons"), ("C43", "tabs"), ("C44", "vertical bars")])
def test_another_delimiter_is_said(case: str, word: str, tmp_path: Path) -> None:
    assert any(word in note for note in outcome(case, tmp_path).notes)


def test_characters_lost_before_the_file_was_saved_are_said(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(with_rows(letting(field_19="Caf\ufffd")))
    assert any("were lost before" in note for note in outcome_of(path).notes)


def test_a_column_headed_by_words_is_named_as_not_read(tmp_path: Path) -> None:
    assert outcome("C52 words", tmp_path).notes == ("Column ES was not read: no field number stands above.",)


def test_a_line_break_in_a_cell_does_not_shift_row_numbers(tmp_path: Path) -> None:
    assert list(outcome("C21", tmp_path).rows) == [2, 3]


def test_a_blank_line_counts_as_the_row_a_spreadsheet_shows(tmp_path: Path) -> None:
    found = outcome("C22", tmp_path)
    assert list(found.rows) == [2, 4, 5]
    assert found.blank == 1


@pytest.mark.parametrize(("case", "blank"), [("C23", 200), ("C24", 6)])
def test_blank_rows_are_counted_and_nothing_else(case: str, blank: int, tmp_path: Path) -> None:
    assert outcome(case, tmp_path).blank == blank


def test_rows_below_the_eight_rows_of_headings_keep_their_numbers(tmp_path: Path) -> None:
    assert list(outcome("C47", tmp_path).rows) == [9, 10]


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("C12", ["Row 9999, column N", "E9", "UTF-8"]),
        ("C10 undefined byte", ["Row 2, column T", "81", "Windows-1252"]),
        ("C25", ["row 2, column N"]),
        ("C26 text after a closing quote", ["column N"]),
        ("C31", ["This row has 146 values, the header has 147"]),
        ("C31 by 100", ["This row has 47 values, the header has 147"]),
        ("C32", ["This row has 148 values, the header has 147"]),
        ("C50", ["Field 5 heads columns F and G", "No column is headed 6"]),
        ("C51", ["Column BI is headed 999", "No column is headed 60"]),
        ("C52", ["Column ES is headed 148"]),
        ("C52 missing", ["141, 142, 143", "and 147"]),
        ("C52 no heading", ["column B"]),
        ("C54", ["lettings 2025 to 2026", "129", "147"]),
        ("C55", ["sales 2026 to 2027"]),
        ("C48", ["Rows 1 and 5"]),
        ("C45 unknown", ["~"]),
    ],
)
def test_a_message_names_the_row_the_column_and_what_was_found(case: str, words: list[str], tmp_path: Path) -> None:
    message = outcome(case, tmp_path).message
    for word in words:
        assert word in message


def test_the_rows_around_a_faulty_one_are_read(tmp_path: Path) -> None:
    found = outcome("C31", tmp_path)
    assert list(found.rows) == [2, 4]
    found = outcome("C40", tmp_path)
    assert list(found.rows) == [3]


def test_many_badly_quoted_rows_are_each_named_in_linear_time(tmp_path: Path) -> None:
    bad = utf8([letting(field_13="@")]).replace(b"@", b'"a" b') * 5_000
    path = tmp_path / "upload"
    path.write_bytes(utf8(plain()) + bad)
    found = outcome_of(path)
    assert list(found.faults) == list(range(5, 5_005))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\r"])
@pytest.mark.parametrize("shift", range(4))
def test_a_line_end_across_two_blocks_is_one_line_end(end: str, shift: int, tmp_path: Path) -> None:
    """The rows are as long as divides a block, so that the line ends fall on every place around its edge."""
    rows = [letting(field_13="x" * (11 + shift + number % 3)) for number in range(3_000)]
    path = tmp_path / "upload"
    path.write_bytes(utf8([sample()[0], *rows]).replace(b"\r\n", end.encode()))
    assert outcome_of(path).rows == {number: row[1:] for number, row in enumerate(rows, 2)}


def test_the_same_file_gets_the_same_verdict_twice(tmp_path: Path) -> None:
    for case in ("C12", "C25", "C31", "C40"):
        assert outcome(case, tmp_path) == outcome(case, tmp_path)
