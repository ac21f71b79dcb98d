"""The user's own file as a workbook with the faulty cells marked. Called by the browser's page.

Every row and cell stands where it stood, as the text that was read. Rows are streamed: the file is read again,
and its findings are walked through beside it. A second sheet lists every finding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final

from bulk_upload.faults import BrokenRow
from bulk_upload.header import is_label
from bulk_upload.read import open_file
from bulk_upload.report import SEVERITY_NAMES, ReportLine
from bulk_upload.report_workbook import FILLS, LONGEST, Cell, Sheet, Styled, save

MOST_COMMENTS: Final = 20_000  # a spreadsheet opens slowly with more
HEADING_ROWS: Final = 20
LABELS_WIDTH: Final = 16
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
    f"Only the first {MOST_COMMENTS:,} cells have their messages beside them. The list has them all.",
    f"Every value is kept as text, so that nothing is altered. One of more than {LONGEST:,} characters is cut there.",
)
HEADINGS: Final = ("Row", "Column", "Name of the column", "Severity", "What to do", "Check", "Reference")
WIDTHS: Final = (8, 12, 32, 14, 100, 40, 20)
LOST: Final = "The cells of this row can’t be told apart, so they’re left out here. Look at the row in your own file."


def write_marked(path: Path, lines: Iterable[ReportLine], out: BinaryIO) -> None:
    """Writes the workbook for the file at `path`; `lines` are in the order of its rows. Raises Refused."""
    with open_file(path) as opened:
        rows = opened.rows()
        first = list(islice(rows, HEADING_ROWS))
        marked = MarkedWorkbook(lines, header_row(first))
        try:
            for number, cells in chain(first, rows):
                marked.add(number, cells)
            marked.add_legend()
            save(marked.sheets, out)
        finally:
            for sheet in marked.sheets:
                sheet.close()


def header_row(rows: Sequence[tuple[int, list[str]]]) -> int:
    """The row of field numbers, if it is among the first: it stays in sight."""
    return next((number for number, cells in rows if any(map(is_label, cells[:1]))), 0)


class MarkedWorkbook:
    """Takes the file's rows in order, and the lines that belong to each."""

    def __init__(self, lines: Iterable[ReportLine], header: int) -> None:
        self.lines = iter(lines)
        self.line = next(self.lines, None)
        self.own = Sheet("Your file", (LABELS_WIDTH,), (header, 1))
        self.listing = Sheet("What to mend", WIDTHS, (1, 0))
        self.legend = Sheet("About this workbook", (110,))
        self.listing.append([Styled(heading, "bold") for heading in HEADINGS])

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return (self.own, self.listing, self.legend)

    def add(self, number: int, cells: list[str]) -> None:
        findings = list(self.lines_of(number))
        marked = self.mark(number, cells, findings) if findings else cells
        if marked:
            self.own.write(number, marked)

    def lines_of(self, number: int) -> Iterator[ReportLine]:
        while self.line is not None and self.line.row <= number:
            if self.line.row == number:
                self.add_to_list(self.line)
                yield self.line
            self.line = next(self.lines, None)

    def mark(self, number: int, cells: list[str], findings: list[ReportLine]) -> list[Cell]:
        """The cells with their colours; column A has that of the worst."""
        by_index: dict[int, list[ReportLine]] = defaultdict(list)
        for line in findings:
            by_index[index_of(line.column)].append(line)
        marked: list[Cell] = [*cells, *[""] * (1 + max(by_index) - len(cells))]
        for index, lines in by_index.items():
            marked[index] = Styled(str(marked[index]), worst(lines))
            messages = [line.message for line in lines] + [LOST] * (isinstance(cells, BrokenRow) and not index)
            if self.own.comments < MOST_COMMENTS:
                self.own.comment(number, index, "\n\n".join(messages))
        marked[0] = Styled(cells[0] if cells else "", worst(findings))
        return marked

    def add_to_list(self, line: ReportLine) -> None:
        where = (line.row, line.column or "whole row", line.label)
        said = (SEVERITY_NAMES[line.severity], Styled(line.message, "wrapped"), line.check, line.reference or "")
        self.listing.append([*where, *said])

    def add_legend(self) -> None:
        self.legend.append([Styled("About this workbook", "bold")])
        for sentence in ABOUT:
            self.legend.append([sentence])
        self.legend.append([Styled("What the colours mean", "bold")])
        for severity, meaning in LEGEND.items():
            self.legend.append([Styled(meaning, severity)])


def worst(lines: Iterable[ReportLine]) -> str:
    found = {line.severity for line in lines}
    return next(severity for severity in FILLS if severity in found)


def index_of(letters: str | None) -> int:
    """The index of a column by its letters; the first one for what is about the whole row."""
    position = 0
    for letter in letters or "A":
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1
