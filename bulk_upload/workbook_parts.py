"""The parts of a workbook around its cells: its sheets, shared strings and date styles. Called by `workbook_child`.

A document type, and with it every entity, is refused wherever XML is read.
"""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree.ElementTree import Element, iterparse
from xml.parsers import expat

from defusedxml.ElementTree import fromstring

from bulk_upload.refusal import Refused
from bulk_upload.workbook_values import unescaped

if TYPE_CHECKING:
    import zipfile

_PACKET: Final = 64 * 1024
_NOT_DATE: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_FORMATS: Final = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_LONGEST_FORMAT: Final = 255
_LONGEST_NAME: Final = 31

DOCTYPE: Final = (
    "The workbook declares a document type, as no spreadsheet does. Copy your rows into a new one, then upload that."
)


class Sheet(NamedTuple):
    """`state`: visible, hidden or veryHidden. `part`: where its XML is in the archive."""

    name: str
    state: str
    part: str


class Book(NamedTuple):
    """Where the parts of a workbook are. A part that it does not have is None."""

    sheets: list[Sheet]
    strings: str | None
    styles: str | None
    since_1904: bool


def read_book(archive: zipfile.ZipFile) -> Book:
    """What the workbook part and its relations say. Raises KeyError where a part is missing."""
    main = _target(_relations(archive, ""), "officeDocument") or "xl/workbook.xml"
    book = small_part(archive, main)
    relations = _relations(archive, main)
    properties = first_child(book, "workbookPr")
    sheets = []
    for sheet in children(book, "sheets"):
        identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        kind, part = relations.get(identity, ("", ""))
        if kind == "worksheet":  # a chart sheet is no table
            sheets.append(Sheet(sheet.get("name", "")[:_LONGEST_NAME], sheet.get("state", "visible"), part))
    return Book(
        sheets,
        _target(relations, "sharedStrings") or _named(archive, "xl/sharedStrings.xml"),
        _target(relations, "styles") or _named(archive, "xl/styles.xml"),
        properties is not None and properties.get("date1904") in ("1", "true"),
    )


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Of one part, or of the whole package for "": kind and target part, by id. What lies outside is left out."""
    folder, _, name = part.rpartition("/")
    found = _named(archive, join(folder, "_rels", f"{name}.rels"))
    relations = {}
    for relation in small_part(archive, found) if found else ():
        target = relation.get("Target", "")
        if relation.get("TargetMode") != "External":
            path = normpath(target.lstrip("/") if target.startswith("/") else join(dirname(part), target))
            kind = relation.get("Type", "").rpartition("/")[2]
            relations[relation.get("Id", "")] = kind, _named(archive, path) or path
    return relations


def _target(relations: dict[str, tuple[str, str]], kind: str) -> str | None:
    return next((part for found, part in relations.values() if found == kind), None)


def _named(archive: zipfile.ZipFile, name: str) -> str | None:
    """The part as the archive names it: some programs do not write the same capitals everywhere."""
    return next((entry for entry in archive.namelist() if entry.lower() == name.lower()), None)


def local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def first_child(parent: Element, name: str) -> Element | None:
    return next((element for element in parent if local(element) == name), None)


def children(parent: Element, name: str) -> list[Element]:
    found = first_child(parent, name)
    return [] if found is None else list(found)


def small_part(archive: zipfile.ZipFile, name: str) -> Element:
    root: Element = fromstring(archive.read(name), forbid_dtd=True)
    return root


def safe_namespace(archive: zipfile.ZipFile, name: str) -> str:
    """Reads up to the first element, whose namespace it gives: a document type, and with it every entity, can stand
    only before it, and is refused."""
    parser = expat.ParserCreate(namespace_separator="}")
    begun: list[str] = []

    def refuse(*_: object) -> None:
        raise Refused("unsafe-workbook", DOCTYPE)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, _: begun.append(tag)
    with archive.open(name) as stream:
        while not begun and (block := stream.read(_PACKET)):
            parser.Parse(block, False)
    return "{" + begun[0].rpartition("}")[0] + "}"


def shared_strings(archive: zipfile.ZipFile, name: str | None) -> list[str]:
    if name is None:
        return []
    item = safe_namespace(archive, name) + "si"
    strings = []
    with archive.open(name) as stream:
        for _, element in iterparse(stream):  # noqa: S314 - safe_namespace has looked
            if element.tag == item:
                strings.append(text_of(element))
                element.clear()
    return strings


def text_of(element: Element) -> str:
    """The text of a string with or without rich parts; readings of East Asian writing are left out."""
    parts = []
    for child in element:
        name = local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(run.text or "" for run in child if local(run) == "t")
    return unescaped("".join(parts))


def date_styles(archive: zipfile.ZipFile, name: str | None) -> frozenset[str]:
    """Numbers of the cell styles that show a number as a date or time."""
    if name is None:
        return frozenset()
    styles = small_part(archive, name)
    formats = {}
    for entry in children(styles, "numFmts"):
        shown = _NOT_DATE.sub("", entry.get("formatCode", "")[:_LONGEST_FORMAT].lower())
        formats[entry.get("numFmtId")] = re.search("[dmyhs]", shown) is not None
    dates = set()
    for index, style in enumerate(children(styles, "cellXfs")):
        number = style.get("numFmtId", "0")
        if formats.get(number, number.isdigit() and int(number) in _DATE_FORMATS):
            dates.add(str(index))
    return frozenset(dates)
