"""Reference tables: small ones written in the definition, large ones as CSV files beside it."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

Cell = None | int | Decimal | str | date

NUMBER = re.compile(r"-?[0-9]+")
DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by key. A key of several columns is a tuple. `columns` names the values of each row in order;
    it is empty for a table that gives one value for each key.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Mapping[object, tuple[Cell, ...]]
    label: str | None = None

    def labels(self) -> dict[object, str]:
        """The label of each key, for tables whose keys are the codes of a question."""
        position = self.columns.index(self.label) if self.label in self.columns else 0
        return {key: str(row[position]) for key, row in self.rows.items()}


def read_table(path: Path, name: str, key: tuple[str, ...], label: str | None) -> Table:
    """The table in a CSV file with a header line. Raises OSError, and ValueError when columns or keys are wrong."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        if missing := [column for column in key if column not in header]:
            raise ValueError(f"{path.name} has no column “{missing[0]}”")
        key_at = [header.index(column) for column in key]
        value_at = [index for index in range(len(header)) if index not in key_at]
        rows: dict[object, tuple[Cell, ...]] = {}
        texts: dict[str, Cell] = {}
        for number, line in enumerate(lines, 2):
            cells = [texts[text] if text in texts else texts.setdefault(text, read_cell(text)) for text in line]
            found = cells[key_at[0]] if len(key_at) == 1 else tuple(cells[at] for at in key_at)
            if found in rows:
                raise ValueError(f"{path.name} line {number} repeats the key {found}")
            rows[found] = tuple(cells[at] for at in value_at)
    return Table(name, key, tuple(header[at] for at in value_at), rows, label)


def read_cell(text: str) -> Cell:
    """A cell as a value: whole number, exact decimal, ISO date, text; missing where it is empty."""
    if not text:
        return None
    if NUMBER.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        return Decimal(text)
    return date.fromisoformat(text) if DAY.fullmatch(text) else text
