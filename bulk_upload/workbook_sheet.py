"""The rows of one sheet, from its XML, as the text a person sees. Runs in the process of `bulk_upload.workbook_child`.

This is read here and not by the library for workbooks: that makes a whole sheet unreadable for one bad number, turns
day 60 of 1900 into another day, and keeps `_x0041_` for A.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, iterparse

from bulk_upload.refusal import LAST_SHEET_ROW, LONGEST_CELL, MOST_COLUMNS, Refused
from bulk_upload.workbook_parts import first_child, text_of
from bulk_upload.workbook_values import date_text, number_text, unescaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

_LETTERS: Final = re.compile(r"[A-Z]{1,3}")
_LONGEST_ROW: Final = 4 * 1024**2
_MOST_TEXT: Final = 256 * 1024**2  # characters in all: one shared string can be said a million times

_READ_AS: Final[dict[str, Callable[[str], str]]] = {
    "b": lambda text: "TRUE" if text.strip() in ("1", "true") else "FALSE",
    "d": lambda text: text.removesuffix("Z").removesuffix("T00:00:00"),
    "str": unescaped,
}


class _Columns(dict[str, int]):
    """The index of a column by its letters."""

    def __missing__(self, letters: str) -> int:
        if _LETTERS.fullmatch(letters) is None:
            raise ValueError(letters)
        index = 0
        for letter in letters:
            index = index * 26 + ord(letter) - ord("A") + 1
        self[letters] = index - 1
        return index - 1


class SheetReader:
    """Gives the rows of a sheet as [number, [cell, ...]], with every value as the text a person sees."""

    def __init__(self, strings: list[str], date_styles: frozenset[str], *, since_1904: bool) -> None:
        self._strings = strings
        self._date_styles = date_styles
        self._since_1904 = since_1904
        self._v = self._f = ""
        self._hidden_rows = self._hidden_columns = self._merged = self._without_value = 0
        self._text = 0
        self._columns = _Columns()

    def rows(self, stream: IO[bytes], namespace: str) -> Iterator[tuple[int, list[str]]]:
        """`namespace` of the sheet's elements, in braces."""
        row, column, merged = namespace + "row", namespace + "col", namespace + "mergeCell"
        self._v, self._f = namespace + "v", namespace + "f"
        number = 0
        for _, element in iterparse(stream):  # noqa: S314 - safe_namespace has looked
            tag = element.tag
            if tag == row:
                number = self._row_number(element, number)
                cells = self._cells(element, number)
                element.clear()
                if cells:
                    yield number, cells
            elif tag == column:
                self._hidden_columns += element.get("hidden") in ("1", "true")
            elif tag == merged:
                self._merged += 1

    def notes(self) -> list[str]:
        """What a reader of the sheet would want to know, once it is read to its end."""
        notes = []
        if self._hidden_rows:
            notes.append("Rows that are hidden or filtered out were read too.")
        if self._hidden_columns:
            notes.append("Columns that are hidden were read too.")
        if self._merged:
            notes.append("Some cells are merged: only the first cell of each holds the value, the others are blank.")
        if self._without_value:
            notes.append(
                "Some formulas hold no result and were read as they are written. Save the file in a spreadsheet."
            )
        return notes

    def _row_number(self, element: Element, last: int) -> int:
        number = int(element.get("r", last + 1))
        if not last < number <= LAST_SHEET_ROW:
            raise ValueError(number)
        self._hidden_rows += element.get("hidden") in ("1", "true")
        return number

    def _cells(self, row: Element, number: int) -> list[str]:
        cells: list[str] = []
        column = -1
        below = str(number)
        for cell in row:
            place = cell.get("r")
            if place is None:
                column += 1
            elif place.endswith(below):
                column = self._columns[place[: -len(below)]]
            else:
                raise ValueError(place)
            text = self._value(cell)
            if not text:
                continue
            if column >= MOST_COLUMNS:
                message = f"Cell {place} holds a value far to the right of the template. Delete it, then upload again."
                raise Refused("too-many-columns", message, number)
            if column > len(cells):
                cells.extend([""] * (column - len(cells)))
            if column < len(cells):
                cells[column] = text
            else:
                cells.append(text)
        self._refuse_too_much_text(cells, number)
        return cells

    def _refuse_too_much_text(self, cells: list[str], number: int) -> None:
        lengths = list(map(len, cells))
        size = sum(lengths)
        self._text += size
        if size > _LONGEST_ROW or self._text > _MOST_TEXT or (lengths and max(lengths) > LONGEST_CELL):
            message = f"From row {number} on, the workbook holds far more text than was asked for. Shorten it."
            raise Refused("too-much-text", message, number)

    def _value(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        text = formula = None
        for child in cell:
            if child.tag == self._v:
                text = child.text
            elif child.tag == self._f:
                formula = child.text or ""
        if text and kind == "n":
            is_date = cell.get("s") in self._date_styles
            return date_text(text.strip(), since_1904=self._since_1904) if is_date else number_text(text)
        if text:
            return self._strings[int(text)] if kind == "s" else _READ_AS.get(kind, str)(text)
        if kind == "inlineStr":
            inline = first_child(cell, "is")
            return "" if inline is None else text_of(inline)
        if formula is not None and kind == "n":
            self._without_value += 1
            return f"={formula}"
        return ""
