"""Reads a made file as the check would, and says in one line what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_upload.data_rows import DataRows
from bulk_upload.faults import RowFault
from bulk_upload.header import read_header
from bulk_upload.read import Refused, open_file
from tests.upload.generators import FIELDS, OTHER_LAYOUTS, Table

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class Outcome:
    """`verdict` as in the tables of cases: the refusal, the first faulty row, or ok."""

    verdict: str = "ok"
    message: str = ""
    rows: dict[int, list[str]] = field(default_factory=dict)
    faults: dict[int, RowFault] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    blank: int = 0


def outcome_of(path: Path) -> Outcome:
    outcome = Outcome()
    try:
        _read(path, outcome)
    except Refused as refused:
        where = "" if refused.row is None else f" row {refused.row}"
        return Outcome(f"refused {refused.code}{where}", refused.message)
    for number, fault in outcome.faults.items():
        outcome.verdict, outcome.message = f"row {number} {fault.code}", fault.message
    return outcome


def _read(path: Path, outcome: Outcome) -> None:
    with open_file(path) as opened:
        rows = opened.rows()
        header = read_header(rows, FIELDS, OTHER_LAYOUTS)
        data = DataRows(rows, header)
        for number, values in data:
            if isinstance(values, RowFault):
                outcome.faults[number] = values
            else:
                outcome.rows[number] = list(values)
        outcome.blank = data.blank
        outcome.notes = (*opened.source.notes, *header.notes)


def below_header(table: Table) -> dict[int, list[str]]:
    """The rows of a table whose first row is the field numbers, as `Outcome.rows` has them."""
    return {number: row[1:] for number, row in enumerate(table[1:], 2)}
