"""Writes a workbook row by row: text cells with a style, and comments. Used by `bulk_upload.marked_workbook`.

Written by hand, because a library writes 50,000 cells a second and keeps all comments in memory: a full file has
14 million cells. Every cell is an inline string in text format, so nothing is calculated or loses a leading zero.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from gzip import GzipFile
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

from bulk_upload.refusal import column_letters

LONGEST: Final = 32_767  # characters that a workbook's cell can hold
STYLES: Final = ("normal", "text", "setup", "error", "confirm", "bold", "wrapped")
FILLS: Final = {"setup": "FFF4A59A", "error": "FFFFD0C7", "confirm": "FFFFF1A8"}
KEPT: Final = 20_000
SHAPES_IN_A_BLOCK: Final = 1_024

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_LONE: Final = re.compile("[\ud800-\udfff]")


def writable(text: str) -> str:
    """The text in the spelling of workbooks: control characters, and what looks like their spelling, are escaped."""
    if text.isascii() and text.isprintable() and "_x" not in text:
        return text[:LONGEST]
    text = _LONE.sub("\ufffd", text[:LONGEST])
    return _UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


class _Strings(dict[str, str]):
    """The element of a text, written once for texts that come again, as codes do."""

    def __missing__(self, text: str) -> str:
        element = f'<is><t xml:space="preserve">{escape(writable(text))}</t></is></c>'
        if len(self) < KEPT:
            self[text] = element
        return element


class _Spool:
    """What a part of the workbook will hold, kept on disk, packed: a full sheet is ten times as large as its file."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - `close` closes it
        self._packed = GzipFile(fileobj=self._file, mode="wb", compresslevel=1)

    def write(self, text: str) -> None:
        self._packed.write(text.encode())

    def copy_to(self, part: IO[bytes]) -> None:
        self._packed.close()
        self._file.seek(0)
        with GzipFile(fileobj=self._file, mode="rb") as body:
            copyfileobj(body, part, 1 << 20)

    def close(self) -> None:
        self._packed.close()
        self._file.close()


@dataclass(frozen=True, slots=True)
class Styled:
    """A text with one of STYLES."""

    text: str
    style: str


Cell = str | int | Styled


class Sheet:
    """One sheet, written to a file of its own until the workbook is put together. Rows must come in order.

    `widths`: of the first columns, in characters. `frozen`: rows and columns that stay in sight.
    """

    def __init__(self, name: str, widths: Sequence[int] = (), frozen: tuple[int, int] = (0, 0)) -> None:
        self.name = name
        self.comments = 0
        self.last = 0
        self._letters: list[str] = []
        self._strings = _Strings()
        self._rows, self._notes, self._shapes = _Spool(), _Spool(), _Spool()
        self._head = f'{_XML}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{_views(*frozen)}{_columns(widths)}'

    def write(self, number: int, cells: Sequence[Cell]) -> None:
        """Row `number` with these cells from column A on; a blank one is left out."""
        while len(self._letters) < len(cells):
            self._letters.append(column_letters(len(self._letters)))
        strings = self._strings
        parts = [
            f'<c r="{letters}{number}" s="1" t="inlineStr">{strings[cell]}'
            if isinstance(cell, str)
            else self._unusual(f"{letters}{number}", cell)
            for letters, cell in zip(self._letters, cells, strict=False)
            if cell
        ]
        self._rows.write(f'<row r="{number}">{"".join(parts)}</row>')
        self.last = number

    def _unusual(self, place: str, cell: int | Styled) -> str:
        if isinstance(cell, int):
            return f'<c r="{place}"><v>{cell}</v></c>'
        style = STYLES.index(cell.style)
        if not cell.text:
            return f'<c r="{place}" s="{style}"/>'
        return f'<c r="{place}" s="{style}" t="inlineStr">{self._strings[cell.text]}'

    def append(self, cells: Sequence[Cell]) -> None:
        self.write(self.last + 1, cells)

    def comment(self, number: int, index: int, text: str) -> None:
        """A comment on the cell in row `number`, column `index` from 0."""
        self.comments += 1
        place = f"{column_letters(index)}{number}"
        body = f'<text><t xml:space="preserve">{escape(writable(text))}</t></text>'
        self._notes.write(f'<comment ref="{place}" authorId="0">{body}</comment>')
        lines = 2 + sum(1 + len(line) // 40 for line in text.split("\n"))
        anchor = f"{index + 1}, 15, {max(number - 2, 0)}, 10, {index + 5}, 31, {max(number - 2, 0) + lines}, 4"
        self._shapes.write(
            f'<v:shape id="_x0000_s{SHAPES_IN_A_BLOCK + self.comments}" type="#_x0000_t202" '
            f'style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
            '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
            '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
            f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
            f"<x:AutoFill>False</x:AutoFill><x:Row>{number - 1}</x:Row><x:Column>{index}</x:Column>"
            "</x:ClientData></v:shape>"
        )

    def put_into(self, archive: zipfile.ZipFile, number: int) -> None:
        """Writes the sheet as part `number` of the workbook, and ends it."""
        # Numbers stand here as text on purpose: without ignoredErrors each cell would wear a green corner.
        tail = '</sheetData><ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>'
        tail += '<legacyDrawing r:id="rId1"/></worksheet>' if self.comments else "</worksheet>"
        _copy(archive, f"xl/worksheets/sheet{number}.xml", self._head + "<sheetData>", self._rows, tail)
        if self.comments:
            shapes_at, notes_at = f"../drawings/vmlDrawing{number}.vml", f"../comments{number}.xml"
            relations = _relations([("rId1", "vmlDrawing", shapes_at), ("rId2", "comments", notes_at)])
            archive.writestr(f"xl/worksheets/_rels/sheet{number}.xml.rels", relations)
            notes = f'{_XML}<comments xmlns="{_MAIN}"><authors><author>Submission</author></authors><commentList>'
            _copy(archive, f"xl/comments{number}.xml", notes, self._notes, "</commentList></comments>")
            blocks = range(1, 2 + self.comments // SHAPES_IN_A_BLOCK)
            shapes = _SHAPES.replace("{blocks}", ",".join(map(str, blocks)))
            _copy(archive, f"xl/drawings/vmlDrawing{number}.vml", shapes, self._shapes, "</xml>")
        self.close()

    def close(self) -> None:
        for spool in (self._rows, self._notes, self._shapes):
            spool.close()


def save(sheets: Sequence[Sheet], out: BinaryIO) -> None:
    """Puts the sheets together and ends them."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.writestr("[Content_Types].xml", _content_types(sheets))
        archive.writestr("_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")]))
        archive.writestr("xl/workbook.xml", _book(sheets))
        parts = [(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in _numbers(sheets)]
        parts.append((f"rId{len(sheets) + 1}", "styles", "styles.xml"))
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(parts))
        archive.writestr("xl/styles.xml", _styles())
        for number, sheet in enumerate(sheets, 1):
            sheet.put_into(archive, number)


def _numbers(sheets: Sequence[Sheet]) -> range:
    return range(1, len(sheets) + 1)


def _copy(archive: zipfile.ZipFile, name: str, head: str, body: _Spool, tail: str) -> None:
    with archive.open(name, "w") as part:
        part.write(head.encode())
        body.copy_to(part)
        part.write(tail.encode())


def _views(rows: int, columns: int) -> str:
    if not rows and not columns:
        return ""
    pane = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
    split = (f' xSplit="{columns}"' if columns else "") + (f' ySplit="{rows}"' if rows else "")
    first = f"{column_letters(columns)}{rows + 1}"
    return (
        f'<sheetViews><sheetView workbookViewId="0"><pane{split} topLeftCell="{first}" '
        f'activePane="{pane}" state="frozen"/></sheetView></sheetViews>'
    )


def _columns(widths: Sequence[int]) -> str:
    if not widths:
        return ""
    columns = (f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, 1))
    return f"<cols>{''.join(columns)}</cols>"


def _relations(relations: Iterable[tuple[str, str, str]]) -> str:
    found = (f'<Relationship Id="{one}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for one, kind, to in relations)
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(found)}</Relationships>'


def _content_types(sheets: Sequence[Sheet]) -> str:
    parts = [("xl/workbook.xml", "sheet.main"), ("xl/styles.xml", "styles")]
    parts += [(f"xl/worksheets/sheet{number}.xml", "worksheet") for number in _numbers(sheets)]
    parts += [(f"xl/comments{number}.xml", "comments") for number, sheet in enumerate(sheets, 1) if sheet.comments]
    overrides = (f'<Override PartName="/{part}" ContentType="{_KIND}.{kind}+xml"/>' for part, kind in parts)
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="vml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>{"".join(overrides)}</Types>'
    )


def _book(sheets: Sequence[Sheet]) -> str:
    entries = (
        f'<sheet name={quoteattr(sheet.name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, 1)
    )
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView activeTab="0"/></bookViews>'
        f"<sheets>{''.join(entries)}</sheets></workbook>"
    )


def _styles() -> str:
    """The formats in the order of STYLES."""
    solid = (
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill></fill>'
        for colour in FILLS.values()
    )
    text = '<xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1"{more}'
    plain, bold, wrapped = "/>", ' applyFont="1"/>', ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    formats = [
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
        text.format(font=0, fill=0, more=plain),
        *(text.format(font=0, fill=fill, more=' applyFill="1"/>') for fill in range(2, 2 + len(FILLS))),
        text.format(font=1, fill=0, more=bold),
        text.format(font=0, fill=0, more=wrapped),
    ]
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    return (
        f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        f'<fills count="{2 + len(FILLS)}"><fill><patternFill patternType="none"/></fill>'
        f'<fill><patternFill patternType="gray125"/></fill>{"".join(solid)}</fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(formats)}">{"".join(formats)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


_SHAPES: Final = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout><v:shapetype id="_x0000_t202" '
    'coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
