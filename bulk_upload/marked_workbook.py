"""The user's own file as a workbook with the faulty cells marked. Called by the browser's page.

Every row and cell stands where it stood, as the text that was read: nothing is calculated, and no leading zero is
lost. Rows are streamed. Comments are kept in memory until the end, so only the first ones are written into cells;
the second sheet lists every finding.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from bulk_upload.faults import BrokenRow
from bulk_upload.header import is_label
from bulk_upload.read import open_file
from bulk_upload.report import SEVERITY_NAMES, ReportLine

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MOST_COMMENTS: Final = 20_000
LONGEST: Final = 32_767  # characters that a workbook's cell can hold
HEADING_ROWS: Final = 20
AUTHOR: Final = "Submission"
FILLS: Final = {
    "setup": PatternFill("solid", fgColor="FFF4A59A"),
    "error": PatternFill("solid", fgColor="FFFFD0C7"),
    "confirm": PatternFill("solid", fgColor="FFFFF1A8"),
}
LEGEND: Final = {
    "setup": "Set-up error: without this answer the row can’t become a log. Mend it first.",
    "error": "Error: the answer is missing, can’t be read, or can’t be right. Mend it.",
    "confirm": "To confirm: the answer looks unusual. Correct it, or confirm it once the file is uploaded.",
}
ABOUT: Final = (
    "Your rows are on the first sheet, unchanged, with the cells to mend in colour.",
    "Point at a cell with a red corner to read what to do.",
    "Column A is coloured in each row that has something to mend. Filter by its colour to see only those rows.",
    "The sheet “What to mend” lists every message with its row and column.",
    f"Only the first {MOST_COMMENTS:,} messages are written beside their cells. The list has them all.",
    "Every value is kept as text, so that nothing is altered; one of more than 32,767 characters is cut there.",
)
HEADINGS: Final = ("Row", "Column", "Name of the column", "Severity", "What to do", "Check", "Reference")
WIDTHS: Final = (8, 9, 32, 14, 100, 40, 20)
LOST: Final = "The cells of this row can’t be told apart, so they’re left out here. Look at the row in your own file."


def write_marked(path: Path, lines: Iterable[ReportLine], out: BinaryIO) -> None:
    """Writes the workbook for the file at `path`; `lines` are in the order of its rows. Raises Refused."""
    MarkedWorkbook(lines).write(path, out)


class MarkedWorkbook:
    """Walks through the file's rows and its lines together."""

    def __init__(self, lines: Iterable[ReportLine]) -> None:
        self.lines = iter(lines)
        self.line = next(self.lines, None)
        self.comments = 0
        self.book = Workbook(write_only=True)
        self.own: WriteOnlyWorksheet = self.book.create_sheet("Your file")
        self.listing: WriteOnlyWorksheet = self.book.create_sheet("What to mend")
        self.legend: WriteOnlyWorksheet = self.book.create_sheet("About this workbook")

    def write(self, path: Path, out: BinaryIO) -> None:
        self.begin_listing()
        with open_file(path) as opened:
            rows = opened.rows()
            first = list(islice(rows, HEADING_ROWS))
            self.freeze(first)
            written = 0
            for number, cells in chain(first, rows):
                for _ in range(written + 1, number):
                    self.own.append([])
                self.own.append(self.row(number, cells))
                written = number
        self.write_legend()
        self.book.save(out)

    def freeze(self, rows: Sequence[tuple[int, list[str]]]) -> None:
        """The headings and column A stay in sight; must be said before the first row is written."""
        header = next((number for number, cells in rows if any(map(is_label, cells[:1]))), 0)
        self.own.freeze_panes = f"B{header + 1}"
        self.own.column_dimensions["A"].width = 16

    def row(self, number: int, cells: list[str]) -> list[Any]:
        """The cells to append. A long empty row costs nothing."""
        texts = [None if text == "" else self.cell_of(text) for text in cells]
        findings = list(self.lines_of(number))
        if findings:
            self.mark(texts, findings, broken=isinstance(cells, BrokenRow))
        return texts

    def lines_of(self, number: int) -> Iterator[ReportLine]:
        while self.line is not None and self.line.row <= number:
            if self.line.row == number:
                yield self.line
                self.list_line(self.line)
            self.line = next(self.lines, None)

    def cell_of(self, text: str) -> Any:
        """A text that a workbook takes as it is; a cell of its own for what would become a formula or an error."""
        kept = writable(text)
        return self.text_cell(kept) if kept[:1] in ("=", "#") else kept

    def text_cell(self, text: str | None) -> Any:
        cell = WriteOnlyCell(self.own)
        if text is not None:
            cell.value = text
            cell.data_type = "s"  # a text that begins with = stays one
            cell.number_format = "@"
        return cell

    def mark(self, cells: list[Any], findings: list[ReportLine], *, broken: bool) -> None:
        by_index: dict[int, list[ReportLine]] = defaultdict(list)
        for line in findings:
            by_index[index_of(line.column)].append(line)
        by_index.setdefault(0, [])
        cells.extend([None] * (1 + max(by_index) - len(cells)))
        for index, lines in by_index.items():
            found = cells[index]
            cell = found if isinstance(found, Cell) else self.text_cell(found)
            cell.fill = FILLS[worst(lines or findings)] if index else FILLS[worst(findings)]
            messages = [line.message for line in lines]
            messages += [LOST] if broken and not index else []
            self.comment(cell, messages)
            cells[index] = cell

    def comment(self, cell: Any, messages: list[str]) -> None:
        if messages and self.comments < MOST_COMMENTS:
            self.comments += 1
            text = writable("\n\n".join(messages))
            cell.comment = Comment(text, AUTHOR, width=320, height=40 + 20 * (1 + len(text) // 45 + text.count("\n")))

    # the other sheets

    def begin_listing(self) -> None:
        for letter, width in zip("ABCDEFG", WIDTHS, strict=True):
            self.listing.column_dimensions[letter].width = width
        self.listing.freeze_panes = "A2"
        self.listing.append([self.bold(self.listing, heading) for heading in HEADINGS])

    def list_line(self, line: ReportLine) -> None:
        message = self.text_cell(writable(line.message))
        message.alignment = Alignment(wrap_text=True, vertical="top")
        name = SEVERITY_NAMES[line.severity]
        reference = None if line.reference is None else self.text_cell(writable(line.reference))
        where = (line.row, line.column or "whole row", line.label or None)
        self.listing.append([*where, name, message, line.check, reference])

    def write_legend(self) -> None:
        self.legend.column_dimensions["A"].width = 110
        self.legend.append([self.bold(self.legend, "About this workbook")])
        for sentence in ABOUT:
            self.legend.append([sentence])
        self.legend.append([])
        self.legend.append([self.bold(self.legend, "What the colours mean")])
        for severity, meaning in LEGEND.items():
            cell = WriteOnlyCell(self.legend, meaning)
            cell.fill = FILLS[severity]
            self.legend.append([cell])

    @staticmethod
    def bold(sheet: WriteOnlyWorksheet, text: str) -> Any:
        cell = WriteOnlyCell(sheet, text)
        cell.font = Font(bold=True)
        return cell


def worst(lines: Iterable[ReportLine]) -> str:
    found = {line.severity for line in lines}
    return next(severity for severity in FILLS if severity in found)


def index_of(letters: str | None) -> int:
    """The index of a column by its letters; the first one for what is about the whole row."""
    position = 0
    for letter in letters or "A":
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_LONE: Final = re.compile("[\ud800-\udfff]")


def writable(text: str) -> str:
    """The text in the spelling of workbooks: control characters, and what looks like their spelling, are escaped."""
    if text.isascii() and text.isprintable() and "_x" not in text and len(text) <= LONGEST:
        return text
    text = _LONE.sub("\ufffd", text)
    return _UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)[:LONGEST]
