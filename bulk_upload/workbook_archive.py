"""Looks a workbook's zip directory over before anything is unpacked. Called by `bulk_upload.workbook`.

A file of a kilobyte can unpack to gigabytes, and two programs can read one zip differently. So the directory must
be plain: few entries, each of a sensible size, none overlapping, none leading elsewhere.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
from typing import TYPE_CHECKING, Final

from bulk_upload.refusal import ACCEPTED, Refused

if TYPE_CHECKING:
    from pathlib import Path

_MOST_ENTRIES: Final = 1_000
_LARGEST_DIRECTORY: Final = 1024 * 1024
_LONGEST_END: Final = 65_536 + 22 + 20
_MEGABYTE: Final = 1024 * 1024
_LARGEST_TOTAL: Final = 1024 * _MEGABYTE
_LARGEST_SHEET: Final = 768 * _MEGABYTE  # 100,000 rows of 150 cells need about 600
_LARGEST_STRINGS: Final = 64 * _MEGABYTE
_LARGEST_OTHER: Final = 64 * _MEGABYTE
_SMALL: Final = _MEGABYTE  # an entry below this may be packed as tightly as it likes
_HIGHEST_RATIO: Final = 150
_LOCAL_HEADER: Final = 30
_WORKBOOK: Final = re.compile(r"xl/workbook\d*\.xml", re.IGNORECASE)
_OTHER_KINDS: Final = (
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a presentation"),
    ("content.xml", "an OpenDocument file (.ods)"),
    ("Index/Document.iwa", "a Numbers document"),
    ("Index.zip", "a Numbers document"),
)
_NESTED: Final = (".zip", ".xlsx", ".xlsm", ".xlsb", ".docx", ".gz", ".7z", ".rar", ".jar")

DAMAGED: Final = (
    "The workbook is damaged and cannot be opened. Open it in your spreadsheet, save it again and upload that."
)


def refuse_bad_archive(path: Path) -> None:
    """Raises Refused unless the zip is a workbook that can be unpacked safely."""
    try:
        if _directory_size(path) > _LARGEST_DIRECTORY:
            raise _unsafe("it holds far more parts than a workbook has")
        with zipfile.ZipFile(path) as archive:
            entries, directory = archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError, struct.error):
        raise Refused("damaged-workbook", DAMAGED) from None
    if len(entries) > _MOST_ENTRIES:
        raise _unsafe(f"it holds {len(entries):,} parts; a workbook has a few dozen")
    _refuse_other_kinds({entry.filename for entry in entries})
    for entry in entries:
        _refuse_entry(entry)
    _refuse_sizes(entries)
    _refuse_overlaps(entries, directory)


def _directory_size(path: Path) -> int:
    """Bytes of the directory as its end record says, or the 64-bit one before that; a large one takes long to read."""
    with path.open("rb") as file:
        start = max(file.seek(0, os.SEEK_END) - _LONGEST_END, 0)
        file.seek(start)
        end = file.read()
        place = end.rfind(b"PK\x05\x06")
        if place < 0 or place + 22 > len(end):
            raise zipfile.BadZipFile
        size: int = struct.unpack_from("<L", end, place + 12)[0]
        if place >= 20 and end.startswith(b"PK\x06\x07", place - 20):
            file.seek(struct.unpack_from("<Q", end, place - 12)[0])
            size = max(size if size != 0xFFFFFFFF else 0, struct.unpack("<Q", file.read(48)[40:])[0])
    return size


def _refuse_other_kinds(names: set[str]) -> None:
    if any(map(_WORKBOOK.fullmatch, names)):
        return
    kind = next((kind for name, kind in _OTHER_KINDS if name in names), "a zip archive")
    raise Refused("not-a-workbook", f"This file is {kind}, which is not read. {ACCEPTED}")


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if entry.flag_bits & 1:
        message = "The workbook has a password. Remove the password in your spreadsheet, save it and upload it again."
        raise Refused("password", message)
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0] or stat.S_ISLNK(entry.external_attr >> 16):
        raise _unsafe("a part of it leads outside the workbook")
    if name.lower().endswith(_NESTED):
        raise _unsafe("another archive or workbook is embedded in it")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _unsafe("it is packed in a way that spreadsheets do not use")


def _refuse_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if sum(entry.file_size for entry in entries) > _LARGEST_TOTAL:
        raise _unsafe("it unpacks to more than 1 GB")
    for entry in entries:
        if entry.file_size > _largest(entry.filename):
            raise _unsafe("a part of it unpacks to more than a workbook of 100,000 rows needs")
        if entry.file_size > _SMALL and entry.file_size > _HIGHEST_RATIO * max(entry.compress_size, 1):
            raise _unsafe("a part of it is packed far more tightly than real data can be")


def _largest(name: str) -> int:
    if name.startswith("xl/worksheets/"):
        return _LARGEST_SHEET
    return _LARGEST_STRINGS if name == "xl/sharedStrings.xml" else _LARGEST_OTHER


def _refuse_overlaps(entries: list[zipfile.ZipInfo], directory: int) -> None:
    names = {entry.filename.lower() for entry in entries}
    if len(names) != len(entries):
        raise _unsafe("two parts of it have the same name")
    starts = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    ends = [*(start for start, _ in starts[1:]), directory]
    for (start, size), end in zip(starts, ends, strict=True):
        if start + _LOCAL_HEADER + size > end:
            raise _unsafe("parts of it lie over one another")


def _unsafe(reason: str) -> Refused:
    message = f"The workbook was not opened because {reason}. Copy your rows into a new workbook, then upload that."
    return Refused("unsafe-workbook", message)
