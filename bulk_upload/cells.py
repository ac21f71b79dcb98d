"""Reads the cells of one template column as values, each different text once.

A `Decoder` is a dictionary from text to value that reads what it has not met yet; so a cell costs one look-up.
What cannot be read is missing, and noted in `faults` for the row that is being read. Made by
`bulk_upload.columns` for one file; not shared between threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from submission.definition.model import Column
from submission.engine.reading import (
    Fault,
    is_blank,
    read_code,
    read_date_parts,
    read_money,
    read_past_date_parts,
    read_percentage,
    read_postcode,
    read_text,
    read_uprn,
    read_whole_number,
)

KEPT: Final = 5_000
PLAIN_AT_MOST: Final = 1_000  # characters of a text that is looked at in one go
ALWAYS_SHOWN: Final = frozenset({"too-long", "unreadable-character", "spreadsheet-error"})
SPREADSHEET_ERRORS: Final = frozenset("#REF! #N/A #VALUE! #DIV/0! #NAME? #NUM! #NULL! #SPILL! #CALC!".split())
NOT_A_TICK: Final = Fault("not-a-tick", "Use 1 for yes, and 0 or a blank for no")
NOT_YES_OR_NO: Final = Fault("not-a-tick", "Use 1 for yes and 2 for no")


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Something in a cell that is none of its codes; it is not an option of any question."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell, or the cells of one date, that cannot be read as what its column holds."""

    columns: tuple[int, ...]
    text: str
    fault: Fault


Key = str | tuple[str, ...]


class Decoder(dict[Key, Any]):
    """`read` gives a value, None or a Fault for the text of the cell; for a date, for the texts of its three."""

    __slots__ = ("bad", "columns", "faults", "read")

    def __init__(self, columns: tuple[int, ...], read: Callable[[Any], Any], faults: list[CellFault]):
        super().__init__()
        self.bad: dict[Key, CellFault] = {}
        self.columns = columns
        self.read = read
        self.faults = faults

    def __missing__(self, key: Key) -> Any:
        if key in self.bad:
            self.faults.append(self.bad[key])
            return None
        value = self.read(key)
        if isinstance(value, Fault):
            fault = CellFault(self.marked(value), key if isinstance(key, str) else " ".join(key), value)
            self.faults.append(fault)
            if len(self.bad) < KEPT:
                self.bad[key] = fault
            return None
        if len(self) < KEPT:
            self[key] = value
        return value

    def renewed(self, faults: list[CellFault]) -> Decoder:
        """One for another file, which notes its faults elsewhere."""
        return Decoder(self.columns, self.read, faults)

    def marked(self, fault: Fault) -> tuple[int, ...]:
        """The columns of the parts of a date that are missing; a date that is none shows it on all three."""
        parts = ("day", "month", "year")
        if fault.code == "date-incomplete" and len(self.columns) == len(parts):
            return tuple(column for column, part in zip(self.columns, parts, strict=True) if part in fault.parts)
        return self.columns


def reader_of(column: Column, answers: bool = False) -> Callable[[str], Any]:
    """How a cell of this column is read by itself. `answers`: it is the answer of a question as it stands."""
    by_kind = {
        "whole number": read_whole_number,
        "money": read_money,
        "percentage": read_percentage,
        "uprn": read_uprn,
        "tick": tick_reader(column),
        "code": code_reader(column, answers),
    }
    read = by_kind.get(column.kind, read_any_text)
    return with_words(refusing_errors(read), frozenset(column.words)) if column.words else refusing_errors(read)


def refusing_errors(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """A spreadsheet's error, such as #REF!, is never taken for an answer."""

    def read_cell(text: str) -> Any:
        if text[:1] == "#" and text.strip() in SPREADSHEET_ERRORS:
            return Fault("spreadsheet-error", "Replace the formula with the value itself")
        return read(text)

    return read_cell


def with_words(read: Callable[[str], Any], words: frozenset[str]) -> Callable[[str], Any]:
    def read_cell(text: str) -> Any:
        word = text.strip().upper()
        return word if word in words else read(text)

    return read_cell


def read_any_text(text: str) -> Any:
    """Like `read_text`; most texts are seen at once to need nothing done."""
    if text.isprintable() and len(text) < PLAIN_AT_MOST and text.strip() is text:
        return text or None
    return read_text(text)


def tick_reader(column: Column) -> Callable[[str], Any]:
    allowed = {option.code for option in column.options} or {0, 1}
    fault = NOT_YES_OR_NO if 2 in allowed else NOT_A_TICK

    def read_tick(text: str) -> Any:
        value = read_whole_number(text)
        return fault if isinstance(value, Fault) or value not in (None, *allowed) else value

    return read_tick


def code_reader(column: Column, answers: bool) -> Callable[[str], Any]:
    """A code of numbers is a whole number; of letters, the letters in capitals or as they are listed.

    What is no code at all is passed on where it answers a question, which then refuses it as none of its options.
    """
    codes = [option.code for option in column.options]
    if codes and all(isinstance(code, int) for code in codes):
        return or_unlisted(read_whole_number) if answers else read_whole_number
    listed = {str(code).upper(): code for code in codes}

    def read_listed(text: str) -> Any:
        value = read_code(text)
        return value if value is None or isinstance(value, Fault) else listed.get(str(value).upper(), value)

    return read_listed


def or_unlisted(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def read_cell(text: str) -> Any:
        value = read(text)
        return Unlisted(text.strip()) if isinstance(value, Fault) else value

    return read_cell


class Stored(dict[Any, Any]):
    """The stored code for the code in a cell; `Unlisted` for what is none of its codes."""

    def __init__(self, codes: Mapping[Any, Any]):
        super().__init__({None: None, **codes})

    def __missing__(self, value: Any) -> Unlisted:
        return value if isinstance(value, Unlisted) else Unlisted(str(value))


def read_date_cells(parts: tuple[str, str, str]) -> Any:
    return read_date_parts(*parts)


def past_date_reader(last_year: int) -> Callable[[Any], Any]:
    def read_cells(parts: tuple[str, str, str]) -> Any:
        return read_past_date_parts(*parts, last_year)

    return read_cells


def read_postcode_cells(parts: tuple[str, str]) -> Any:
    """The two halves joined; a whole postcode in either is taken too."""
    halves = [part for part in parts if not is_blank(part)]
    return read_postcode(" ".join(halves)) if halves else None
