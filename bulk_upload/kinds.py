"""Tells by its first bytes what kind of file this is, and refuses the kinds that hold no table we read.

The name is never looked at: a picture called rents.csv is a picture.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from bulk_upload.refusal import ACCEPTED, EMPTY, MOST_BYTES, Refused

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["csv", "xlsx"]

_HEAD: Final = 4096
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"Rar!\x1a", "a compressed archive"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed archive"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a word processor document"),
)
_MARKUP: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|\?xml|svg|!--)", re.IGNORECASE)
_JSON: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*(?:[\[{\]]|"[^"]*"\s*[,\]]\s*$))')
_ENCRYPTED_STREAM: Final = "EncryptedPackage".encode("utf-16-le")


def kind_of(path: Path) -> Kind:
    """csv or xlsx, by content; a file of any other kind, an empty one or one too big is Refused."""
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty-file", EMPTY)
    if size > MOST_BYTES:
        message = f"The file is bigger than {MOST_BYTES // 1024**2} MB. Split it into smaller files and upload each."
        raise Refused("file-too-big", message)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "xlsx"
    if head.startswith(_OLE):
        raise _ole_refusal(path)
    name = _name_of_other_kind(head)
    if name is not None:
        raise Refused("not-a-table", f"This file is {name}, not a table. {ACCEPTED}")
    return "csv"


def _name_of_other_kind(head: bytes) -> str | None:
    for start, name in _OTHER_KINDS:
        if head.startswith(start) and (start != b"MZ" or b"\x00" in head):
            return name
    if _MARKUP.match(head):
        return "a web page or XML document"
    if _JSON.match(head):
        return "a JSON document"
    return None


def _ole_refusal(path: Path) -> Refused:
    """Excel puts a workbook with a password into the old container that .xls files use."""
    if _holds(path, _ENCRYPTED_STREAM):
        message = "The workbook has a password. Remove the password in your spreadsheet, save it and upload it again."
        return Refused("password", message)
    return Refused("old-workbook", f"This file is an old Excel workbook (.xls) or another old Office file. {ACCEPTED}")


def _holds(path: Path, sought: bytes) -> bool:
    tail = b""
    with path.open("rb") as file:
        while block := file.read(1024 * 1024):
            if sought in tail + block:
                return True
            tail = block[-len(sought) :]
    return False
