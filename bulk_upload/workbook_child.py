"""Reads the first visible sheet of a workbook, in a process of its own with limits. Run by `bulk_upload.workbook`.

The workbook comes in on standard input. Lines of JSON go out: first an object about the sheet, then for each row
that has cells a list of its number and its cells as text, last an object with notes or with a refusal.
This file imports nothing of the project, so that it starts fast and can run isolated. It reads the parts of a
workbook itself: the library for it makes a whole sheet unreadable for one bad number, turns day 60 of 1900 into
another day, and keeps `_x0041_` for A.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from datetime import date, timedelta
from math import isfinite
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree.ElementTree import Element, ParseError, iterparse
from xml.parsers import expat

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

MEMORY: Final = 1024**3
SECONDS: Final = 60
MOST_COLUMNS: Final = 1_000
LAST_ROW: Final = 1_048_576
_PACKET: Final = 64 * 1024

_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NOT_DATE: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_FORMATS: Final = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_LONGEST_FORMAT: Final = 255
_MOST_EXACT_DIGITS: Final = 15
_LAST_DAY: Final = 2_958_465  # 31 December 9999
_LONGEST_CELL: Final = 131_072
_LONGEST_ROW: Final = 4 * 1024**2
_MOST_TEXT: Final = 256 * 1024**2  # characters in all: one shared string can be said a million times


class RefusedError(Exception):
    """`code` and message, as in `bulk_upload.refusal`."""

    def __init__(self, code: str, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.row = row


class _Sheet(NamedTuple):
    name: str
    state: str
    part: str


def main() -> None:
    """Reads from standard input; whatever goes wrong becomes a line with a refusal."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with zipfile.ZipFile(sys.stdin.buffer) as archive:
            _send_workbook(archive)
    except RefusedError as refusal:
        _send({"refused": refusal.code, "message": str(refusal), "row": refusal.row})
    except MemoryError:
        _send({"refused": "memory"})
    except (DefusedXmlException, ParseError, expat.ExpatError):
        _send({"refused": "xml"})
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, EOFError, OSError, NotImplementedError):
        _send({"refused": "damaged"})
    sys.stdout.flush()


def _send(message: object) -> None:
    sys.stdout.write(json.dumps(message, separators=(",", ":")) + "\n")


def _send_workbook(archive: zipfile.ZipFile) -> None:
    book = _small_part(archive, "xl/workbook.xml")
    sheets = _sheets(archive, book)
    chosen = next((sheet for sheet in sheets if sheet.state == "visible"), None)
    if chosen is None:
        raise RefusedError("no-sheet", "The workbook has no visible sheet with rows. Show the sheet and save it again.")
    notes = _sheet_notes(sheets, chosen)
    _send({"sheet": chosen.name, "notes": notes})
    sys.stdout.flush()
    properties = _first(book, "workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    reader = SheetReader(_shared_strings(archive), _date_styles(archive), since_1904=since_1904)
    namespace = _safe_namespace(archive, chosen.part)
    with archive.open(chosen.part) as stream:
        for row in reader.rows(stream, namespace):
            _send(row)
    _send({"notes": reader.notes()})


def _sheet_notes(sheets: list[_Sheet], chosen: _Sheet) -> list[str]:
    notes = []
    for sheet in sheets:
        if sheet != chosen:
            hidden = "" if sheet.state == "visible" else " is hidden and"
            notes.append(
                f"Sheet “{sheet.name}”{hidden} was not read: only the first visible sheet, “{chosen.name}”, is."
            )
    return notes


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _first(parent: Element, name: str) -> Element | None:
    return next((element for element in parent if _local(element) == name), None)


def _children(parent: Element, name: str) -> list[Element]:
    found = _first(parent, name)
    return [] if found is None else list(found)


def _small_part(archive: zipfile.ZipFile, name: str) -> Element:
    root: Element = fromstring(archive.read(name), forbid_dtd=True)
    return root


def _sheets(archive: zipfile.ZipFile, book: Element) -> list[_Sheet]:
    """Worksheets in their order; chart sheets are no tables."""
    relations = {
        relation.get("Id"): relation
        for relation in _small_part(archive, "xl/_rels/workbook.xml.rels")
        if relation.get("TargetMode") != "External"
    }
    sheets = []
    for sheet in _children(book, "sheets"):
        identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        relation = relations.get(identity)
        if relation is not None and relation.get("Type", "").endswith("/worksheet"):
            target = relation.get("Target", "")
            part = normpath(target.lstrip("/") if target.startswith("/") else join(dirname("xl/workbook.xml"), target))
            sheets.append(_Sheet(sheet.get("name", ""), sheet.get("state", "visible"), part))
    return sheets


def _safe_namespace(archive: zipfile.ZipFile, name: str) -> str:
    """Reads up to the first element, whose namespace it gives: a document type, and with it every entity, can stand
    only before it, and is refused."""
    parser = expat.ParserCreate(namespace_separator="}")
    begun: list[str] = []

    def refuse(*_: object) -> None:
        raise RefusedError("unsafe-workbook", "")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, _: begun.append(tag)
    with archive.open(name) as stream:
        while not begun and (block := stream.read(_PACKET)):
            parser.Parse(block, False)
    return "{" + begun[0].rpartition("}")[0] + "}"


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    name = next((name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
    if name is None:
        return []
    item = _safe_namespace(archive, name) + "si"
    strings = []
    with archive.open(name) as stream:
        for _, element in iterparse(stream):  # noqa: S314 - _safe_namespace has looked
            if element.tag == item:
                strings.append(_text_of(element))
                element.clear()
    return strings


def _text_of(element: Element) -> str:
    """The text of a string with or without rich parts; readings of East Asian writing are left out."""
    parts = []
    for child in element:
        name = _local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(run.text or "" for run in child if _local(run) == "t")
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if plain != text else text


def _date_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Numbers of the cell styles that show a number as a date or time."""
    try:
        styles = _small_part(archive, "xl/styles.xml")
    except KeyError:
        return frozenset()
    formats = {}
    for entry in _children(styles, "numFmts"):
        shown = _NOT_DATE.sub("", entry.get("formatCode", "")[:_LONGEST_FORMAT].lower())
        formats[entry.get("numFmtId")] = re.search("[dmyhs]", shown) is not None
    dates = set()
    for index, style in enumerate(_children(styles, "cellXfs")):
        number = style.get("numFmtId", "0")
        if formats.get(number, number.isdigit() and int(number) in _DATE_FORMATS):
            dates.add(str(index))
    return frozenset(dates)


class SheetReader:
    """Gives the rows of a sheet as [number, [cell, ...]], with every value as the text a person sees."""

    def __init__(self, strings: list[str], date_styles: frozenset[str], *, since_1904: bool) -> None:
        self._strings = strings
        self._date_styles = date_styles
        self._since_1904 = since_1904
        self._v = self._f = ""
        self._hidden_rows = self._hidden_columns = self._merged = self._without_value = 0
        self._text = 0

    def rows(self, stream: IO[bytes], namespace: str) -> Iterator[tuple[int, list[str]]]:
        """`namespace` of the sheet's elements, in braces."""
        row, column, merged = namespace + "row", namespace + "col", namespace + "mergeCell"
        self._v, self._f = namespace + "v", namespace + "f"
        number = 0
        for _, element in iterparse(stream):  # noqa: S314 - _safe_namespace has looked
            tag = element.tag
            if tag == row:
                number = self._row_number(element, number)
                cells = self._cells(element, number)
                element.clear()
                if cells:
                    yield number, cells
            elif tag == column:
                self._hidden_columns += element.get("hidden") in ("1", "true")
            elif tag == merged:
                self._merged += 1

    def notes(self) -> list[str]:
        """What a reader of the sheet would want to know, once it is read to its end."""
        notes = []
        if self._hidden_rows:
            notes.append("Rows that are hidden or filtered out were read too.")
        if self._hidden_columns:
            notes.append("Columns that are hidden were read too.")
        if self._merged:
            notes.append("Some cells are merged: only the first cell of each holds the value, the others are blank.")
        if self._without_value:
            notes.append(
                "Some formulas hold no result and were read as they are written. Save the file in a spreadsheet."
            )
        return notes

    def _row_number(self, element: Element, last: int) -> int:
        number = int(element.get("r", last + 1))
        if not last < number <= LAST_ROW:
            raise ValueError(number)
        self._hidden_rows += element.get("hidden") in ("1", "true")
        return number

    def _cells(self, row: Element, number: int) -> list[str]:
        cells: list[str] = []
        column = -1
        before = self._text
        for cell in row:
            place = cell.get("r")
            column = column + 1 if place is None else _column_of(place, number)
            text = self._value(cell)
            if not text:
                continue
            if column >= MOST_COLUMNS:
                message = f"Cell {place} holds a value far to the right of the template. Delete it, then upload again."
                raise RefusedError("too-many-columns", message, number)
            self._text += len(text)
            if len(text) > _LONGEST_CELL or self._text - before > _LONGEST_ROW or self._text > _MOST_TEXT:
                message = f"From row {number} on, the workbook holds far more text than was asked for. Shorten it."
                raise RefusedError("too-much-text", message, number)
            if column < len(cells):
                cells[column] = text
            else:
                cells.extend([""] * (column - len(cells)))
                cells.append(text)
        return cells

    def _value(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        text = formula = None
        for child in cell:
            if child.tag == self._v:
                text = child.text
            elif child.tag == self._f:
                formula = child.text or ""
        if text and kind == "n":
            return self._number(text, cell.get("s", ""))
        if text and kind == "s":
            return self._strings[int(text)]
        if kind == "inlineStr":
            inline = _first(cell, "is")
            return "" if inline is None else _text_of(inline)
        if text:
            return _READ_AS.get(kind, str)(text)
        if formula is not None and kind == "n":
            self._without_value += 1
            return f"={formula}"
        return ""

    def _number(self, text: str, style: str) -> str:
        if style in self._date_styles:
            return date_text(text.strip(), since_1904=self._since_1904)
        return number_text(text.strip())


def _column_of(place: str, row: int) -> int:
    match = _CELL.fullmatch(place)
    if match is None or int(match[2]) != row:
        raise ValueError(place)
    index = 0
    for letter in match[1]:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def number_text(text: str) -> str:
    """A number as a spreadsheet shows it: 15 digits, no exponent unless huge or tiny. What is no number stays."""
    if text.isdecimal() and len(text) <= _MOST_EXACT_DIGITS:
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    if not isfinite(number):
        return text
    if abs(number) >= 10**_MOST_EXACT_DIGITS or 0 < abs(number) < 1e-9:
        return repr(number)
    plain = f"{number:.{_MOST_EXACT_DIGITS}g}"
    if "e" in plain:
        plain = f"{number:.20f}".rstrip("0").rstrip(".")
    return plain


def date_text(text: str, *, since_1904: bool) -> str:
    """A day number as an ISO date, with the time if it has one; what is no day number stays as it stands."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not 1 <= number < (_LAST_DAY - 1_462 if since_1904 else _LAST_DAY):
        return number_text(text)
    days, seconds = divmod(round(number * 86_400), 86_400)
    if days == 60 and not since_1904:
        day = "1900-02-29"  # a day that Excel knows and the calendar does not
    else:
        start = date(1904, 1, 1) if since_1904 else date(1899, 12, 31 if days < 60 else 30)
        day = (start + timedelta(days=days)).isoformat()
    return day if not seconds else f"{day} {timedelta(seconds=seconds)!s:0>8}"


_READ_AS: Final[dict[str, Callable[[str], str]]] = {
    "b": lambda text: "TRUE" if text.strip() in ("1", "true") else "FALSE",
    "d": lambda text: text.removesuffix("Z").removesuffix("T00:00:00"),
    "str": _unescaped,
}

if __name__ == "__main__":
    main()
