"""Tables that a spreadsheet opens as they are. Used by the rule catalogue and by the report of a checked file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

BYTE_ORDER_MARK: Final = "\ufeff"  # Excel takes a file for UTF-8 only where it begins with this
_STARTS_A_FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")


def write_table(headings: Sequence[str], rows: Iterable[Sequence[str | int]], out: TextIO) -> None:
    """`out` is UTF-8 without translation of line ends. Rows are written as they come."""
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])


def harmless(text: str) -> str:
    """The text as a spreadsheet will not take it for a formula: an apostrophe stands before what would begin one."""
    return f"'{text}" if text[:1] in _STARTS_A_FORMULA or text.lstrip()[:1] in _STARTS_A_FORMULA else text
