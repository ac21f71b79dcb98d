"""Reads rows from text with delimiters. Called by `bulk_upload.read`.

The csv module does the splitting, one list per record, and no Python code runs per cell. Its reader is held
to strict quoting: left lenient it swallows the rest of a file after one stray quote mark and says nothing.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from bulk_upload.faults import BrokenRow, RowFault
from bulk_upload.refusal import (
    LAST_SHEET_COLUMN,
    LAST_SHEET_ROW,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Refused,
    column_letters,
)
from bulk_upload.source import OpenedFile, Source
from bulk_upload.spellings import AS_UTF8, BAD_BYTE, FIELD_NUMBERS, Spelling, blocks, spelling_of
from submission.engine.reading import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LONGEST_LINE: Final = 4 * 1024 * 1024
_SPACE_AFTER_QUOTE: Final = re.compile(r'"[ \t\u00a0]+(?=[,;|\r\n]|$)')


class DelimitedFile(OpenedFile):
    """A CSV file. Raises Refused when made, for a file that is no text or cannot be decoded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._spelling = spelling_of(path)
        self.source = Source("csv", self._spelling.encoding, self._spelling.delimiter, notes=self._spelling.notes)
        if self._spelling.undecoded is not None:
            raise self._undecodable()

    def most_rows(self) -> int:
        """No more rows with data than this stand below the field numbers, give or take one; no row is split for it."""
        if self._spelling.lines < MOST_ROWS:
            return self._spelling.lines
        lines = _lines_of(blocks(self._path, self._spelling.encoding), self._spelling)
        above = next((number for number, line in enumerate(lines, 1) if FIELD_NUMBERS.match(line)), None)
        below = self._spelling.lines - (above or self._spelling.lines)
        if below <= MOST_ROWS:
            return below
        blank = f'{self._spelling.delimiter}" \t\r\n\u00a0'
        return sum(1 for line in lines if line.strip(blank))

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        return self._rows()

    def close(self) -> None:
        """Nothing to end: each reading closes its own file."""

    def _rows(self, errors: str = "strict") -> Iterator[tuple[int, list[str]]]:
        """The rows, without a step of Python per line as long as they are well formed; then `_careful_rows`."""
        number = 0
        texts = blocks(self._path, self._spelling.encoding, errors)
        try:
            for number, cells in enumerate(self._reader(_lines_of(texts, self._spelling)), 1):
                if len(cells) > MOST_COLUMNS or number > LAST_SHEET_ROW:
                    cells = _within_a_sheet(number, cells)  # noqa: PLW2901 - what is cut off is blank
                yield number, cells
        except (csv.Error, _EndlessLineError):
            again = self._careful_rows(blocks(self._path, self._spelling.encoding, errors))
            yield from islice(again, number, None)

    def _reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._spelling.delimiter, strict=True, skipinitialspace=True)

    def _careful_rows(self, texts: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
        """The rows, with the lines of the one that is read at hand, for the case that it is wrong."""
        lines = _Lines(texts, self._spelling)
        reader = self._reader(lines)
        held = lines.held
        number = 0
        ended = False
        while not ended:
            try:
                for cells in reader:
                    number += 1
                    if len(cells) > MOST_COLUMNS or number > LAST_SHEET_ROW:
                        cells = _within_a_sheet(number, cells)  # noqa: PLW2901 - what is cut off is blank
                    yield number, cells
                    held.clear()
                ended = True
            except csv.Error:
                number += 1
                yield number, self._mended(lines, number)
                held.clear()
            except _EndlessLineError:
                message = (
                    f"Row {number + 1} has more than 4 million characters. Check that the file has line ends. {AS_UTF8}"
                )
                raise Refused("line-too-long", message, number + 1) from None

    def _mended(self, lines: _Lines, row: int) -> list[str]:
        """The cells of a line that strict quoting does not take, or its fault. Raises Refused for an open quote."""
        if len(lines.held) > 1 or lines.exhausted:
            raise self._open_quote(lines.held[0], row)
        line = lines.held[0]
        try:
            return self._split(_SPACE_AFTER_QUOTE.sub('"', line), strict=True)
        except csv.Error:
            pass  # the spaces were not all that is wrong with it
        try:
            cells = self._split(line, strict=False)
        except csv.Error:
            message = f"This row has a cell of more than {LONGEST_CELL:,} characters. Shorten it to what was asked for."
            return BrokenRow(RowFault("cell-too-long", message))
        column = column_letters(_first_badly_quoted(cells, line))
        message = (
            f"In column {column} of this row, text follows a closing quote mark. "
            "Remove the quote marks, or put quote marks round the whole value and double those inside it."
        )
        return BrokenRow(RowFault("broken-quotes", message, (column,)))

    def _split(self, line: str, *, strict: bool) -> list[str]:
        return next(csv.reader([line], delimiter=self._spelling.delimiter, strict=strict, skipinitialspace=True))

    def _open_quote(self, line: str, row: int) -> Refused:
        try:
            column = column_letters(len(self._split(line, strict=False)) - 1)
        except csv.Error:
            column = "A"
        message = (
            f"In row {row}, column {column}, a quote mark opens and is not closed where it should be, "
            "so the rows below cannot be told apart. Close it or remove it, then upload the file again."
        )
        return Refused("open-quote", message, row)

    def _undecodable(self) -> Refused:
        """Finds the first cell with a byte that could not be decoded."""
        byte = self._spelling.undecoded
        encoding = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}.get(self.source.encoding or "", "UTF-8")
        encoding = "UTF-16" if self.source.encoding == "utf-16" else encoding
        for row, cells in self._rows("bulk_upload.mark"):
            for index, cell in enumerate(cells):
                if BAD_BYTE in cell:
                    where = f"Row {row}, column {column_letters(index)}"
                    message = f"{where} holds a byte (hexadecimal {byte:02X}) that is not {encoding}. {AS_UTF8}"
                    return Refused("undecodable", message, row)
        return Refused(
            "undecodable", f"The file holds a byte (hexadecimal {byte:02X}) that is not {encoding}. {AS_UTF8}"
        )


def _within_a_sheet(row: int, cells: list[str]) -> list[str]:
    """The cells up to the last column that is read. Raises Refused if there is anything beyond, or too many rows."""
    if row > LAST_SHEET_ROW:
        message = f"The file has more than {LAST_SHEET_ROW:,} rows. Split it into smaller files."
        raise Refused("too-many-rows", message, row)
    if len(cells) > LAST_SHEET_COLUMN or not all(map(is_blank, cells[MOST_COLUMNS:])):
        message = (
            f"Row {row} has {len(cells):,} columns; at most {MOST_COLUMNS:,} are read. Use the template’s columns only."
        )
        raise Refused("too-many-columns", message, row)
    return cells[:MOST_COLUMNS]


def _first_badly_quoted(cells: list[str], line: str) -> int:
    """Index of the first cell that is not written in the line as it was read, whether bare or quoted."""
    position = 0
    for index, cell in enumerate(cells):
        while line.startswith(" ", position):
            position += 1
        written = (f'"{cell.replace(chr(34), chr(34) * 2)}"', cell)
        taken = next((text for text in written if line.startswith(text, position)), None)
        if taken is None:
            return index
        position += len(taken) + 1
    return len(cells) - 1


class _EndlessLineError(Exception):
    """A line goes on beyond what is kept in memory."""


class _Lines:
    """The lines of a text, each with its end. `held`: the lines of the record being read, cleared by the reader's user.

    Lines end at CR, LF, CRLF (or LFCR where the file is written so) and nowhere else: `str.splitlines` would also
    split at form feeds and at U+2028, and row numbers would drift.
    """

    def __init__(self, texts: Iterator[str], spelling: Spelling) -> None:
        self.held: list[str] = []
        self.exhausted = False
        self._lines = _lines_of(texts, spelling)

    def __iter__(self) -> Iterator[str]:
        hold = self.held.append
        for line in self._lines:
            hold(line)
            yield line
        self.exhausted = True


def _lines_of(texts: Iterator[str], spelling: Spelling) -> Iterator[str]:
    """The lines, each with its end, without the one that only names the separator."""
    lines = chain.from_iterable(map(_split_lines, _whole_lines(texts, lfcr=spelling.ends_with_lfcr)))
    if spelling.has_separator_line:
        next(lines, None)
    return lines


def _split_lines(text: str) -> StringIO:
    return StringIO(text, newline="")


def _whole_lines(texts: Iterator[str], *, lfcr: bool) -> Iterator[str]:
    """The text again, cut after a line end, so that no line and no CRLF falls apart."""
    line_end = "\n\r" if lfcr else "\r\n"
    rest = ""
    for block in texts:
        text = rest + block
        last = len(text) - 1  # what stands there may be the first half of a line end
        cut = max(text.rfind("\n", 0, last), text.rfind("\r", 0, last)) + 1
        if cut and text[cut - 1 : cut + 1] == line_end:
            cut += 1
        rest = text[cut:]
        if len(rest) > _LONGEST_LINE:
            raise _EndlessLineError
        if cut:
            yield text[:cut].replace("\n\r", "\n") if lfcr else text[:cut]
    yield rest.replace("\n\r", "\n") if lfcr else rest
