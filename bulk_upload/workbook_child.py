"""Reads the first visible sheet of a workbook, in a process of its own with limits. Run by `bulk_upload.workbook`.

The workbook comes in on standard input. Lines of JSON go out: first an object about the sheet, then for each row
that has cells a list of its number and its cells as text, last an object with notes or with a refusal.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
import zlib
from contextlib import suppress
from typing import Final
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from defusedxml.common import DefusedXmlException

from bulk_upload.refusal import Refused
from bulk_upload.workbook_parts import DOCTYPE, Sheet, date_styles, read_book, safe_namespace, shared_strings
from bulk_upload.workbook_sheet import SheetReader

MEMORY: Final = 1024**3
SECONDS: Final = 60
_NAMED_AT_MOST: Final = 5


def main() -> None:
    """Reads from standard input; whatever goes wrong becomes a line with a refusal."""
    with suppress(ValueError):  # macOS knows no limit of memory; that of time stays
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with zipfile.ZipFile(sys.stdin.buffer) as archive:
            _send_workbook(archive)
    except Refused as refused:
        _send({"refused": refused.code, "message": refused.message, "row": refused.row})
    except MemoryError:
        _send({"refused": "memory"})
    except DefusedXmlException:
        _send({"refused": "unsafe-workbook", "message": DOCTYPE, "row": None})
    except (ParseError, expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        _send({"refused": "damaged"})
    except (KeyError, ValueError, IndexError):  # a part, a number or a string that is spoken of is not there
        _send({"refused": "damaged"})
    sys.stdout.flush()


def _send(message: object) -> None:
    sys.stdout.write(json.dumps(message, separators=(",", ":")) + "\n")


def _send_workbook(archive: zipfile.ZipFile) -> None:
    book = read_book(archive)
    chosen = next((sheet for sheet in book.sheets if sheet.state == "visible"), None)
    if chosen is None:
        raise Refused("no-sheet", "The workbook has no visible sheet with rows. Show the sheet and save it again.")
    _send({"sheet": chosen.name, "notes": _sheet_notes(book.sheets, chosen)})
    sys.stdout.flush()
    strings = shared_strings(archive, book.strings)
    reader = SheetReader(strings, date_styles(archive, book.styles), since_1904=book.since_1904)
    namespace = safe_namespace(archive, chosen.part)
    with archive.open(chosen.part) as stream:
        for row in reader.rows(stream, namespace):
            _send(row)
    _send({"notes": reader.notes()})


def _sheet_notes(sheets: list[Sheet], chosen: Sheet) -> list[str]:
    notes = []
    for sheet in [sheet for sheet in sheets if sheet != chosen][:_NAMED_AT_MOST]:
        hidden = "" if sheet.state == "visible" else " is hidden and"
        notes.append(f"Sheet “{sheet.name}”{hidden} was not read: only the first visible sheet, “{chosen.name}”, is.")
    if len(sheets) > _NAMED_AT_MOST + 1:
        notes.append(f"{len(sheets) - _NAMED_AT_MOST - 1} more sheets were not read.")
    return notes


if __name__ == "__main__":
    main()
