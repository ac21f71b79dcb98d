"""The rows below the field numbers, each laid out in field order. Called by the check for each row to judge.

This runs once per row of a large file: no Python code runs per cell unless a row is out of the ordinary.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Final

from bulk_upload.faults import BrokenRow, RowFault
from bulk_upload.header import Header, is_label
from bulk_upload.refusal import MOST_ROWS, Refused, column_letters
from submission.engine.reading import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

NO_ROWS: Final = "The file has no rows below its field numbers. Add a row for each log, then upload it again."


class DataRows:
    """Iterates over (row number, values of field 1 to the last) or (row number, RowFault). Raises Refused.

    Blank rows are left out. `blank` and `read` count both kinds of rows and are complete at the end.
    """

    def __init__(self, rows: Iterable[tuple[int, list[str]]], header: Header) -> None:
        self.blank = 0
        self.read = 0
        self._rows = rows
        self._header = header
        self._pick = _picker(header.positions)

    def __iter__(self) -> Iterator[tuple[int, Sequence[str] | RowFault]]:
        pick, label = self._pick, self._header.label
        usual = self._header.width if not self._header.unheaded else -1
        for number, cells in self._rows:
            values: Sequence[str] | RowFault | None
            if len(cells) == usual:
                values = pick(cells)
                if not values[0].isalnum() and are_blank(values):  # the first field is seldom blank
                    values = None
            else:
                values = self._unusual(cells)
            if values is None:
                self.blank += 1
                continue
            if len(cells) > label and cells[label] and is_label(cells[label]):
                raise _second_header(number, self._header.row)
            self.read += 1
            if self.read > MOST_ROWS:
                raise _too_many_rows()
            yield number, values
        if not self.read:
            raise Refused("no-rows", NO_ROWS)

    def _unusual(self, cells: list[str]) -> Sequence[str] | RowFault | None:
        """A row of another length than the header, or of a header with gaps: its values, its fault, None if blank."""
        header = self._header
        if isinstance(cells, BrokenRow):
            return cells.fault
        if are_blank(cells[header.label + 1 :]):
            return None
        if len(cells) <= max(header.positions) or not are_blank(cells[header.width :]):
            return _ragged(cells, header.width)
        strays = tuple(column_letters(index) for index in header.unheaded if not are_blank(cells[index : index + 1]))
        if strays:
            message = (
                f"A value stands in column {', '.join(strays)}, which has no field number. Move the value or delete it."
            )
            return RowFault("no-field-number", message, strays)
        values = self._pick(cells)
        return None if are_blank(values) else values


def refuse_too_many_rows(rows: Iterator[tuple[int, list[str]]]) -> None:
    """Counts the rows that are not blank below the field numbers, before any is judged."""
    below = False
    count = 0
    for _, cells in rows:
        if below:
            count += isinstance(cells, BrokenRow) or not are_blank(cells)
            if count > MOST_ROWS:
                raise _too_many_rows()
        else:
            below = any(map(is_label, cells[:1]))


def are_blank(cells: Sequence[str]) -> bool:
    """No cell holds anything that can be seen. Most rows are known by their first filled cell."""
    first = next(filter(None, cells), None)
    if first is None:
        return True
    if first.isascii() and first.strip():
        return False
    return all(map(is_blank, cells))


def _picker(positions: tuple[int, ...]) -> Callable[[list[str]], Sequence[str]]:
    """Takes the cells of the fields, in field order, out of a row."""
    first, last = positions[0], positions[-1]
    if positions == tuple(range(first, last + 1)):
        return itemgetter(slice(first, last + 1))
    return itemgetter(*positions)


def _ragged(cells: list[str], width: int) -> RowFault:
    filled = len(cells)
    while filled > width and is_blank(cells[filled - 1]):
        filled -= 1
    message = f"This row has {filled - 1} values, the header has {width - 1}. "
    if any("\n" in cell or "\r" in cell for cell in cells):
        message += "A cell of it holds a line break: check that each quote mark is closed."
    else:
        message += "Check for a comma too few or too many, then that each value stands under its field number."
    return RowFault("ragged-row", message)


def _second_header(row: int, first: int) -> Refused:
    message = (
        f"Rows {first} and {row} both begin with “Field number”, so it is not clear which one is meant. "
        "Delete the one that does not belong, then upload the file again."
    )
    return Refused("two-headers", message, row)


def _too_many_rows() -> Refused:
    return Refused(
        "too-many-rows", f"The file has more than {MOST_ROWS:,} rows with data. Split it into smaller files."
    )
