"""The user's own file as a workbook: every cell at its place, the faulty ones marked."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import openpyxl
from defusedxml.ElementTree import fromstring

from bulk_upload import marked_workbook
from bulk_upload.marked_workbook import LOST, write_marked
from bulk_upload.report import lines_of_file
from bulk_upload.report_workbook import FILLS
from tests.upload.generators import letting, with_rows
from tests.upload.reported import TABLE, again, checked

if TYPE_CHECKING:
    import pytest


def marked(path: Path, *rows: list[str]) -> Any:
    """The marked workbook of a file with these rows, read back."""
    found = list(lines_of_file(checked(path, *rows)))
    return openpyxl.load_workbook(saved(path, found))


def saved(path: Path, lines: Any) -> Path:
    target = path.with_suffix(".xlsx")
    with target.open("wb") as out:
        write_marked(path, lines, out)
    return target


def test_every_row_and_cell_stands_where_it_stood(tmp_path: Path) -> None:
    sheet = marked(tmp_path / "logs.csv").worksheets[0]
    assert sheet["A1"].value == "Field number"
    assert [[cell.value or "" for cell in row] for row in sheet["A2:ER6"]] == [list(row) for row in TABLE]


def test_a_faulty_cell_has_its_colour_and_its_message(tmp_path: Path) -> None:
    sheet = marked(tmp_path / "logs.csv").worksheets[0]
    assert sheet["AC4"].fill.fgColor.rgb == FILLS["error"]
    assert "It must be between 1 and 12" in sheet["AC4"].comment.text
    assert sheet["K5"].fill.fgColor.rgb == FILLS["setup"]
    assert (sheet["AC2"].fill.patternType, sheet["AC2"].comment) == (None, None)


def test_column_a_is_coloured_in_each_row_with_something_to_mend(tmp_path: Path) -> None:
    sheet = marked(tmp_path / "logs.csv").worksheets[0]
    colours = [sheet.cell(row, 1).fill.fgColor.rgb for row in range(2, 7)]
    assert colours == ["00000000", "00000000", FILLS["error"], FILLS["setup"], FILLS["setup"]]


def test_a_finding_about_the_whole_row_is_noted_in_column_a(tmp_path: Path) -> None:
    sheet = marked(tmp_path / "logs.csv").worksheets[0]
    assert "repeats row 2" in sheet["A6"].comment.text
    assert sheet["A4"].comment is None


def test_text_stays_text(tmp_path: Path) -> None:
    odd = {14: "=1+1", 19: "007", 20: "#REF!", 21: "spaced  ", 22: "a\x07b_x0041_<&>\nc", 83: "+44"}
    row = letting(**{f"field_{number}": text for number, text in odd.items()})
    sheet = marked(tmp_path / "logs.csv", row).worksheets[0]
    cells = {number: sheet.cell(2, number + 1) for number in odd}
    assert {number: cell.value for number, cell in cells.items() if number != 22} == {
        number: text for number, text in odd.items() if number != 22
    }
    assert cells[22].value == "a_x0007_b_x005F_x0041_<&>\nc"  # as workbooks spell it
    assert {cell.data_type for cell in cells.values()} == {"s"}
    assert {cell.number_format for cell in cells.values()} == {"@"}


def test_the_marked_workbook_can_be_checked_again_with_the_same_findings(tmp_path: Path) -> None:
    path = tmp_path / "logs.csv"
    found = list(lines_of_file(checked(path, *TABLE, letting(field_22="a\x07b_x0041_c", field_28="x"))))
    assert list(lines_of_file(again(saved(path, found)))) == found


def test_a_workbook_can_be_marked_too(tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [["Lettings"], [], ["Field number", *range(1, 148)], TABLE[2]]:
        book.active.append(row)
    book.save(path)
    found = list(lines_of_file(again(path)))
    out = io.BytesIO()
    write_marked(path, found, out)
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert (sheet["A1"].value, sheet["A3"].value, sheet["AC4"].value) == ("Lettings", "Field number", "99")
    assert sheet["AC4"].comment is not None
    assert sheet.freeze_panes == "B4"


def test_a_row_that_cannot_be_told_apart_says_that_its_cells_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "logs.csv"
    path.write_bytes(with_rows(*TABLE).replace(b"T-5", b'"T"-5'))
    found = list(lines_of_file(again(path)))
    sheet = openpyxl.load_workbook(saved(path, found)).worksheets[0]
    assert LOST in sheet["A5"].comment.text


def test_the_second_sheet_lists_every_finding_and_the_third_explains_the_colours(tmp_path: Path) -> None:
    book = marked(tmp_path / "logs.csv")
    assert book.sheetnames == ["Your file", "What to mend", "About this workbook"]
    rows = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    assert rows[0] == ["Row", "Column", "Name of the column", "Severity", "What to do", "Check", "Reference"]
    assert [row[:4] for row in rows[1:3]] == [
        [4, "AQ", "Lead tenant’s sex registered at birth", "error"],
        [4, "AC", "Number of bedrooms", "error"],
    ]
    assert rows[1][6] == "=T-4"
    assert rows[4][1] == "whole row"
    colours = {cell.fill.fgColor.rgb for (cell,) in book.worksheets[2].iter_rows()}
    assert colours >= set(FILLS.values())


def test_beyond_the_limit_of_comments_cells_are_coloured_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marked_workbook, "MOST_COMMENTS", 1)
    book = marked(tmp_path / "logs.csv")
    sheet = book.worksheets[0]
    assert (sheet["AQ4"].comment is None, sheet["AC4"].comment is None) == (False, True)
    assert sheet["AC4"].fill.fgColor.rgb == FILLS["error"]
    assert book.worksheets[1].max_row == 5


def test_a_file_without_findings_has_no_comments(tmp_path: Path) -> None:
    book = marked(tmp_path / "logs.csv", TABLE[0])
    assert book.worksheets[0]["B2"].value == "ORG1"
    assert book.worksheets[1].max_row == 1


def test_every_part_of_the_workbook_is_sound_xml(tmp_path: Path) -> None:
    path = tmp_path / "logs.csv"
    found = list(lines_of_file(checked(path)))
    with ZipFile(saved(path, found)) as archive:
        names = archive.namelist()
        assert all(fromstring(archive.read(name)) is not None for name in names)
    assert {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/worksheets/_rels/sheet1.xml.rels"} <= set(names)
