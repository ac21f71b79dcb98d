"""Opens an uploaded file by its content, never by its name: `open_file(path)`, then `rows()`.

Called by the check. Memory stays flat: a row is given on before the next one is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_upload.data_rows import refuse_too_many_rows
from bulk_upload.delimited import DelimitedFile
from bulk_upload.kinds import kind_of
from bulk_upload.refusal import MOST_ROWS, Refused
from bulk_upload.source import OpenedFile, Source
from bulk_upload.workbook import Workbook

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OpenedFile", "Refused", "Source", "open_file"]


def open_file(path: Path) -> OpenedFile:
    """The file, ready to give its rows; Refused where it is no table that can be read or has too many rows."""
    if kind_of(path) == "xlsx":
        return Workbook(path)
    opened = DelimitedFile(path)
    if opened.most_rows() > MOST_ROWS:
        refuse_too_many_rows(opened.rows())
    return opened
