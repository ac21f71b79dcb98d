"""What is said when a whole file is refused: nothing of it is judged or kept."""

from __future__ import annotations

from typing import Final

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_ROWS: Final = 100_000  # rows with data, below the field numbers
MOST_COLUMNS: Final = 1_000
LAST_SHEET_ROW: Final = 1_048_576
LAST_SHEET_COLUMN: Final = 16_384
LONGEST_CELL: Final = 131_072  # characters; the csv module's own limit. Readers of values stop at 32,767


class Refused(Exception):
    """`code` is stable, `message` is plain English that ends with how to mend it, `row` as a spreadsheet shows it."""

    def __init__(self, code: str, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.row = row


EMPTY: Final = "The file is empty. Check that you saved it with your data, then upload it again."
ACCEPTED: Final = "Save it as CSV UTF-8 or as an Excel workbook (.xlsx), then upload it again."


def column_letters(index: int) -> str:
    """The letters a spreadsheet shows above a column: 0 gives A, 26 gives AA."""
    letters = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters
