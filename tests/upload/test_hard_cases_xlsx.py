"""Each hard case of a workbook or another container gets its verdict, quickly and without harm."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from bulk_upload.read import Refused
from bulk_upload.workbook import Workbook
from tests.upload.generators import letting, sample
from tests.upload.verdicts import Outcome, below_header, outcome_of
from tests.upload.workbooks import CELLS, XLSX_CASES, book, row_xml, with_cell

SECONDS = 5  # two on an idle machine
FIELD_13 = 12


def outcome(case: str, folder: Path) -> Outcome:
    path = folder / "upload"
    path.write_bytes(XLSX_CASES[case].make())
    begun = time.perf_counter()
    found = outcome_of(path)
    assert time.perf_counter() - begun < SECONDS
    return found


@pytest.mark.parametrize("case", XLSX_CASES)
def test_a_hard_workbook_gets_its_verdict(case: str, tmp_path: Path) -> None:
    found = outcome(case, tmp_path)
    assert found.verdict == XLSX_CASES[case].verdict.removesuffix(", other rows"), found.message
    if XLSX_CASES[case].verdict == "ok":
        assert found.rows == below_header(sample())
    else:
        assert found.verdict == "ok" or (found.message[0].isupper() and found.message.count(".") >= 2)
    assert "root:" not in found.message


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_is_read_as_a_person_sees_it(case: str, tmp_path: Path) -> None:
    xml, text = CELLS[case]
    path = tmp_path / "upload"
    path.write_bytes(with_cell(xml)())
    assert outcome_of(path).rows == {2: letting(field_13=text)[1:], 3: letting()[1:]}


def test_shared_strings_are_read_exactly(tmp_path: Path) -> None:
    rows = outcome("X35 strings", tmp_path).rows
    texts = [row[FIELD_13] for row in rows.values()]
    assert texts == ["Plain", "Rich", "東京", "A _x0041_ a\nb", "", "😀\n👩‍👧"]


def test_days_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    assert outcome("X33 1904", tmp_path).rows[2][0] == "2026-04-04"


def test_row_numbers_are_those_of_the_sheet(tmp_path: Path) -> None:
    assert list(outcome("X36 rows skipped", tmp_path).rows) == [7, 1_048_576]


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("X29", ["“S1” is hidden", "“S2” is hidden", "“S3”"]),
        ("X30", ["“S2” was not read"]),
        ("X31", ["Rows that are hidden", "Columns that are hidden"]),
        ("X32", ["merged"]),
    ],
)
def test_what_was_left_out_or_read_all_the_same_is_said(case: str, words: list[str], tmp_path: Path) -> None:
    notes = " ".join(outcome(case, tmp_path).notes)
    for word in words:
        assert word in notes


def test_a_formula_without_its_result_is_said(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(with_cell(CELLS["X34 formula without value"][0])())
    assert any("formulas hold no result" in note for note in outcome_of(path).notes)


@pytest.mark.parametrize(("case", "words"), [("X01", "XFD1048576"), ("X20", ".xlsb"), ("X23", "Remove the password")])
def test_a_refusal_names_what_was_found(case: str, words: str, tmp_path: Path) -> None:
    assert words in outcome(case, tmp_path).message


def test_a_workbook_written_by_the_library_reads_as_its_table(tmp_path: Path) -> None:
    written = openpyxl.Workbook()
    assert written.active is not None
    for row in sample():
        written.active.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    written.save(tmp_path / "upload")
    assert outcome_of(tmp_path / "upload").rows == below_header(sample())


def slow_workbook(folder: Path) -> Path:
    """Rows enough to take the child some seconds."""
    path = folder / "upload"
    path.write_bytes(book("".join(row_xml(number, letting()) for number in range(1, 8_000)))())
    return path


def test_a_workbook_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    opened = Workbook(slow_workbook(tmp_path), seconds=0.3)
    with pytest.raises(Refused) as refused:
        list(opened.rows())
    assert refused.value.code == "workbook-too-slow"


def test_the_time_that_the_reader_takes_itself_is_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(book()())
    with Workbook(path, seconds=1.0) as opened:
        rows = opened.rows()
        next(rows)
        time.sleep(1.2)
        assert len(list(rows)) == 3


def test_a_child_that_dies_refuses_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "aborting.py").write_text("import os; os.abort()")
    monkeypatch.setattr("bulk_upload.workbook._CHILD", "aborting")
    monkeypatch.setattr("bulk_upload.workbook._PROJECT", tmp_path)
    path = tmp_path / "upload"
    path.write_bytes(book()())
    with pytest.raises(Refused) as refused:
        Workbook(path)
    assert refused.value.code == "unreadable-workbook"


def test_no_child_outlives_the_reading(tmp_path: Path) -> None:
    path = slow_workbook(tmp_path)
    others = children()  # such as the browser of other tests
    with Workbook(path) as opened:
        next(opened.rows())
    with Workbook(path):
        pass
    left = Workbook(path)
    del left
    assert children() == others


def test_rows_can_be_read_twice(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(book()())
    with Workbook(path) as opened:
        assert list(opened.rows()) == list(opened.rows())


def test_the_child_imports_little_so_that_it_starts_fast() -> None:
    code = "import sys, bulk_upload.workbook_child; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"submission", "flask", "openpyxl", "yaml", "bulk_upload.check"} & set(done.stdout.split())


def children() -> list[str]:
    """Processes that this one started and that are still there."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            found.append(status.parent.name)
    return found
