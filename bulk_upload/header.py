"""Finds the row of field numbers: which column holds which field. Called by the check, before any row is judged.

Only the row whose first cell says "field number" is binding; anything may stand above it. The numbers say which
column holds which field, so columns may stand in any order. A column headed by words is not read, and said so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulk_upload.refusal import ACCEPTED, EMPTY, Refused, column_letters
from submission.engine.reading import is_blank, read_whole_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_ROWS_LOOKED_AT: Final = 1_000
_LABEL: Final = re.compile(r"\bfield\s+numbers?\W*$", re.IGNORECASE)
_LONGEST_LABEL: Final = 60
_NAMED_AT_MOST: Final = 10
_USE_TEMPLATE: Final = "Copy your data into the template of this collection, then upload that."


@dataclass(frozen=True, slots=True)
class Header:
    """Where the fields stand. `positions[i]` is the index of the cell of field i + 1, `columns[i]` its letters.

    `label`: index of the cell that says "field number". `width`: cells up to the last one with a heading.
    `unheaded`: indexes of cells among them that have none.
    """

    row: int
    positions: tuple[int, ...]
    columns: tuple[str, ...]
    label: int
    width: int
    unheaded: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def read_header(
    rows: Iterator[tuple[int, list[str]]], expected: int, other_layouts: Mapping[int, str] | None = None
) -> Header:
    """The header of a file with fields 1 to `expected`; takes the rows up to and including the field numbers.

    `other_layouts`: by number of fields, what other template has so many ("sales 2026 to 2027"). Raises Refused.
    """
    number, cells, label = _field_number_row(rows)
    places = _places_of_numbers(cells, label)
    _refuse_other_template(set(places), expected, other_layouts or {}, number)
    _refuse_wrong_fields(places, expected, number)
    positions = tuple(places[field][0] for field in range(1, expected + 1))
    width = 1 + max(index for index, cell in enumerate(cells) if not is_blank(cell))
    columns = tuple(column_letters(position) for position in positions)
    unheaded = tuple(index for index in range(label + 1, width) if is_blank(cells[index]))
    return Header(number, positions, columns, label, width, unheaded, _notes(cells, label, positions))


def is_label(cell: str) -> bool:
    """The cell says "field number", perhaps after other words ("Bulk upload field number")."""
    return len(cell) <= _LONGEST_LABEL and _LABEL.search(cell) is not None


def _field_number_row(rows: Iterator[tuple[int, list[str]]]) -> tuple[int, list[str], int]:
    """Its number, its cells, and the index of the cell that says so."""
    anything = False
    for number, cells in rows:
        label = next((index for index, cell in enumerate(cells) if not is_blank(cell)), None)
        if label is not None:
            anything = True
            if is_label(cells[label]):
                _refuse_single_quotes(cells[label], number)
                return number, cells, label
        if number >= _ROWS_LOOKED_AT:
            break
    else:
        if not anything:
            raise Refused("empty-file", EMPTY)
    message = (
        "No row begins with the words “Field number”, so it is not known which column holds which answer. "
        "Keep the heading rows of the template above your data, in a workbook on its first visible sheet, "
        "then upload the file again."
    )
    raise Refused("no-field-numbers", message)


def _refuse_single_quotes(label: str, row: int) -> None:
    if label.strip().startswith("'") and label.strip().endswith("'"):
        message = f"The file puts values between single quote marks, which are read as part of the value. {ACCEPTED}"
        raise Refused("single-quotes", message, row)


def _places_of_numbers(cells: list[str], label: int) -> dict[int, list[int]]:
    """Indexes of the columns by the field number that heads them; headings of other words are left out."""
    places: dict[int, list[int]] = defaultdict(list)
    for index in range(label + 1, len(cells)):
        number = read_whole_number(cells[index])
        if isinstance(number, int):
            places[number].append(index)
    return dict(places)


def _refuse_other_template(numbers: set[int], expected: int, other_layouts: Mapping[int, str], row: int) -> None:
    count = len(numbers)
    if count != expected and count in other_layouts and numbers == set(range(1, count + 1)):
        message = (
            f"This looks like the template for {other_layouts[count]}: it has {count} fields, this collection has "
            f"{expected}. Choose that collection, or copy your data into the template of this one."
        )
        raise Refused("other-template", message, row)


def _refuse_wrong_fields(places: Mapping[int, list[int]], expected: int, row: int) -> None:
    repeated = [number for number, indexes in places.items() if len(indexes) > 1]
    unknown = [number for number in places if not 1 <= number <= expected]
    missing = [number for number in range(1, expected + 1) if number not in places]
    faults = [
        ("repeated-field", [f"Field {number} heads columns {_columns(places[number])}" for number in repeated]),
        (
            "unknown-field",
            [f"Column {_columns(places[number])} is headed {number}, which is no field" for number in unknown],
        ),
        ("missing-field", [f"No column is headed {_listed(map(str, missing))}"] if missing else []),
    ]
    found = [(code, sentences[:_NAMED_AT_MOST]) for code, sentences in faults if sentences]
    if found:
        sentences = " ".join(f"{sentence}." for _, group in found for sentence in group)
        limits = f"Each field from 1 to {expected} heads one column."
        raise Refused(found[0][0], f"Row {row} has the wrong field numbers. {sentences} {limits} {_USE_TEMPLATE}", row)


def _columns(indexes: Sequence[int]) -> str:
    return _listed(map(column_letters, indexes))


def _listed(names: Iterable[str]) -> str:
    """`1`, `1 and 2`, `1, 2 and 3`, and `1, 2, 3 and 40 more` for a long list."""
    items = list(names)
    if len(items) > _NAMED_AT_MOST:
        items = [*items[:_NAMED_AT_MOST], f"{len(items) - _NAMED_AT_MOST} more"]
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def _notes(cells: list[str], label: int, positions: tuple[int, ...]) -> tuple[str, ...]:
    fields = set(positions)
    words = [index for index in range(label + 1, len(cells)) if index not in fields and not is_blank(cells[index])]
    if not words:
        return ()
    plural = "s" if len(words) > 1 else ""
    verb = "were" if plural else "was"
    return (f"Column{plural} {_columns(words)} {verb} not read: no field number stands above.",)
