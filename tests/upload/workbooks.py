"""Makes the workbooks and other containers of the hard cases, X01 to X36, and says what must become of each.

Verdicts as in `tests.upload.generators`. Workbooks are written part by part, because the library that writes them
could not write most of these.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from bulk_upload.refusal import column_letters
from tests.upload.generators import Case, Table, field_numbers, letting, sample, utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
DOCTYPE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'

# Styles: 0 general, 1 a date, 2 a date and time of its own format, 3 money with a colour and words in quotes.
STYLES = (
    f'{START}<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="dd\\-mmm\\-yyyy hh:mm"/>'
    '<numFmt numFmtId="165" formatCode="[Red]&quot;days &quot;#,##0.00"/></numFmts><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)


def inline(text: str) -> str:
    """The inside of a cell with text of its own."""
    return f'<is><t xml:space="preserve">{escape(text)}</t></is>'


def row_xml(number: int, cells: list[str], attributes: str = "") -> str:
    """A row of texts; whole numbers are numbers, as a spreadsheet would have them."""
    written = []
    for index, cell in enumerate(cells):
        place = f"{column_letters(index)}{number}"
        if cell.isdecimal() and cell.isascii() and not cell.startswith("0"):
            written.append(f'<c r="{place}"><v>{cell}</v></c>')
        elif cell:
            written.append(f'<c r="{place}" t="inlineStr">{inline(cell)}</c>')
    return f'<row r="{number}"{attributes}>{"".join(written)}</row>'


def sheet_xml(rows: str, before: str = "", after: str = "", doctype: str = "") -> str:
    return f'{START}{doctype}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def table_xml(table: Table) -> str:
    return "".join(row_xml(number, cells) for number, cells in enumerate(table, 1))


def parts_of(*sheets: tuple[str, str, str], properties: str = "") -> dict[str, str]:
    """The parts of a workbook with these sheets: name, state, XML."""
    listed, relations = [], []
    parts = {"xl/styles.xml": STYLES}
    for index, (name, state, xml) in enumerate(sheets, 1):
        listed.append(f'<sheet name={quoteattr(name)} sheetId="{index}" state="{state}" r:id="rId{index}"/>')
        target = f"worksheets/sheet{index}.xml"
        relations.append(f'<Relationship Id="rId{index}" Type="{OFFICE}/worksheet" Target="{target}"/>')
        parts[f"xl/{target}"] = xml
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{"".join(listed)}</sheets></workbook>'
    parts["xl/workbook.xml"] = START + book
    related = f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(relations)}</Relationships>'
    parts["xl/_rels/workbook.xml.rels"] = START + related
    return parts


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def workbook(rows: str | None = None, **around: str) -> dict[str, str]:
    """The parts of a workbook with one sheet; the sample, where no rows are given."""
    return parts_of(("Data", "visible", sheet_xml(table_xml(sample()) if rows is None else rows, **around)))


def book(rows: str | None = None, **around: str) -> Callable[[], bytes]:
    return lambda: zipped(workbook(rows, **around))


def book_with(**extra: str | bytes) -> Callable[[], bytes]:
    """The sample with further parts, `__` in their names standing for / and `_dot_` for a point."""
    named = {name.replace("__", "/").replace("_dot_", "."): part for name, part in extra.items()}
    return lambda: zipped({**workbook(), **named})


def with_cell(xml: str, **around: str) -> Callable[[], bytes]:
    """Two rows below the field numbers; the first has this XML as its cell of field 13, column N."""
    row = row_xml(2, letting(field_13="@@"))
    cell = f'<c r="N2" t="inlineStr">{inline("@@")}</c>'
    assert cell in row
    return book(row_xml(1, field_numbers()) + row.replace(cell, xml) + row_xml(3, letting()), **around)


def sheets(*states: str) -> Callable[[], bytes]:
    """One sheet for each state; the first visible one holds the sample, the others one cell."""
    xml = [sheet_xml(row_xml(1, ["other"]))] * len(states)
    xml[states.index("visible")] = sheet_xml(table_xml(sample()))
    return lambda: zipped(
        parts_of(*((f"S{index}", state, text) for index, (state, text) in enumerate(zip(states, xml, strict=True), 1)))
    )


def big_sheet() -> bytes:
    """One row said 100,000 times: 100 MB in 0.3 MB."""
    return zipped({**workbook(), SHEET: sheet_xml(f"<row>{'<c><v>1</v></c>' * 65}</row>" * 100_000)})


def big_strings() -> bytes:
    return zipped({**workbook(), STRINGS: START + f'<sst xmlns="{MAIN}">' + "<si><t>a</t></si>" * 4_000_000 + "</sst>"})


def overlapping() -> bytes:
    """Two names in the directory point to one and the same packed part."""
    data = bytearray(zipped({**workbook(), "xl/worksheets/sheet2.xml": "x" * 50}))
    place = data.rindex(b"PK\x01\x02")
    first = data.index(b"PK\x01\x02")
    data[place + 42 : place + 46] = data[first + 42 : first + 46]
    return bytes(data)


def lying_size() -> bytes:
    """The directory says that the sheet unpacks to 100 bytes."""
    data = bytearray(zipped(workbook()))
    place = data.rindex(SHEET.encode()) - 46
    data[place + 24 : place + 28] = struct.pack("<I", 100)
    return bytes(data)


def flipped() -> bytes:
    """One bit of the packed sheet is wrong."""
    data = bytearray(zipped(workbook()))
    data[data.index(SHEET.encode()) + 400] ^= 1
    return bytes(data)


def symlink() -> bytes:
    out = io.BytesIO(zipped(workbook()))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def encrypted_entry() -> bytes:
    """The directory says that the sheet has a password."""
    data = bytearray(zipped(workbook()))
    place = data.rindex(SHEET.encode()) - 46
    data[place + 8] |= 1
    return bytes(data)


def named_only(name: str) -> Callable[[], bytes]:
    """A zip with this part and no workbook."""
    return lambda: zipped({"[Content_Types].xml": "<Types/>", name: "x"})


def strings_book() -> bytes:
    """Every text in the table of shared strings: plain, rich, with a reading, with escapes."""
    shared = (
        "<si><t>Plain</t></si><si><r><t>Ri</t></r><r><rPr><b/></rPr><t>ch</t></r></si>"
        "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si><si><t>_x0041_ _x005F_x0041_ a_x000A_b</t></si>"
        "<si><t/></si><si><t xml:space='preserve'>😀\n👩‍👧</t></si>"
    )
    rows = [row_xml(1, field_numbers())]
    for index in range(6):
        row = row_xml(index + 2, letting(field_13="@@"))
        cell = f'<c r="N{index + 2}" t="inlineStr">{inline("@@")}</c>'
        rows.append(row.replace(cell, f'<c r="N{index + 2}" t="s"><v>{index}</v></c>'))
    return zipped({**workbook("".join(rows)), STRINGS: f'{START}<sst xmlns="{MAIN}">{shared}</sst>'})


def said_often() -> bytes:
    """One string of 100,000 characters in each cell of some rows."""
    cells = '<c t="s"><v>0</v></c>' * 900
    rows = f"<row>{cells}</row>" * 40
    shared = f'{START}<sst xmlns="{MAIN}"><si><t>{"x" * 100_000}</t></si></sst>'
    return zipped({**workbook(row_xml(1, field_numbers()) + rows), STRINGS: shared})


def prefixed() -> bytes:
    """Each element of the sheet has a prefix, as some programs write them."""
    xml = sheet_xml(table_xml(sample())).replace("<?xml", "@?xml").replace("</", "</x:").replace("xmlns=", "xmlns:x=")
    return zipped({**workbook(), SHEET: re.sub("<(?=[a-z])", "<x:", xml).replace("@?xml", "<?xml")})


def moved() -> bytes:
    """The workbook part has another name, its targets are absolute, and capitals differ from those of the archive."""
    parts = workbook()
    related = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="/xl/workbook2.xml"/>'
    parts["_rels/.rels"] = f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>'
    parts["xl/workbook2.xml"] = parts.pop("xl/workbook.xml")
    relations = parts.pop("xl/_rels/workbook.xml.rels")
    parts["xl/_rels/workbook2.xml.rels"] = relations.replace('"worksheets/sheet1', '"/xl/Worksheets/Sheet1')
    return zipped(parts)


def since_1904() -> bytes:
    xml = sheet_xml(row_xml(1, field_numbers()) + '<row r="2"><c r="B2" s="1"><v>44654</v></c></row>')
    return zipped(parts_of(("Data", "visible", xml), properties='<workbookPr date1904="1"/>'))


def ole(text: bytes) -> Callable[[], bytes]:
    return lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3_000_000) + text + bytes(1000)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 20}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
WIDE = '<row r="1"><c r="A1" t="inlineStr">' + inline("Field number") + '</c><c r="ALN1"><v>1</v></c></row>'
MERGED = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
HIDDEN = '<cols><col min="2" max="2" hidden="1"/></cols>'
FILTERED = row_xml(1, field_numbers()) + "".join(
    row_xml(number, cells, ' hidden="1"') for number, cells in enumerate(sample()[1:], 2)
)
EMPTY_STYLED = row_xml(1, field_numbers()).replace("</row>", '<c r="XFD1" s="1"/></row>')

XLSX_CASES: dict[str, Case] = {
    "X00 plain": Case(book(), "ok"),
    "X00 prefixed": Case(prefixed, "ok"),
    "X00 moved": Case(moved, "ok"),
    "X01": Case(book(FAR), "refused too-many-columns row 1048576"),
    "X01 below data": Case(book(table_xml(sample()) + FAR), "refused too-many-columns row 1048576"),
    "X01 wide": Case(book(WIDE), "refused too-many-columns row 1"),
    "X01 empty cell": Case(book(EMPTY_STYLED + table_xml(sample())[len(row_xml(1, field_numbers())) :]), "ok"),
    "X02": Case(book(after=MERGED), "ok"),
    "X03": Case(big_sheet, "refused unsafe-workbook"),
    "X04": Case(big_strings, "refused unsafe-workbook"),
    "X05": Case(book_with(xl__media__a_dot_png=bytes(20_000_000)), "refused unsafe-workbook"),
    "X06": Case(
        lambda: zipped({**workbook(), **{f"xl/p{n}.xml": "" for n in range(2_000)}}), "refused unsafe-workbook"
    ),
    "X06 many more": Case(lambda: zipped({f"xl/{n:050}": b"" for n in range(12_000)}), "refused unsafe-workbook"),
    "X06 more than 65,535": Case(lambda: zipped({f"{n}": b"" for n in range(66_000)}), "refused unsafe-workbook"),
    "X07": Case(lambda: zipped({**workbook(), "xl/in.zip": zipped(workbook())}), "refused unsafe-workbook"),
    "X08": Case(overlapping, "refused unsafe-workbook"),
    "X09": Case(lying_size, "refused damaged-workbook"),
    "X10": Case(book(doctype=DOCTYPE), "refused unsafe-workbook"),
    "X10 in the workbook part": Case(
        lambda: zipped({**workbook(), "xl/workbook.xml": START + DOCTYPE + "<x>&e;</x>"}), "refused unsafe-workbook"
    ),
    "X11": Case(
        lambda: zipped({**workbook(), STRINGS: f'{START}{DOCTYPE}<sst xmlns="{MAIN}"><si><t>&e;</t></si></sst>'}),
        "refused unsafe-workbook",
    ),
    "X12": Case(
        with_cell(f'<c r="N2" t="inlineStr">{inline("x")}</c>', doctype=BOMB + "]>"), "refused unsafe-workbook"
    ),
    "X13": Case(
        book(doctype=f'<!DOCTYPE x [<!ENTITY q "{"q" * 50_000}">]>', after="&q;" * 1_000), "refused unsafe-workbook"
    ),
    "X14": Case(
        book_with(
            xl__externalLinks__externalLink1_dot_xml="<externalLink/>",
            xl__externalLinks___rels__externalLink1_dot_xml_dot_rels="http://example.com/other.xlsx",
        ),
        "ok",
    ),
    "X15": Case(with_cell('<c r="N2" t="str"><f>cmd|/c!A1</f><v>shown</v></c>'), "ok, other rows"),
    "X16": Case(book_with(xl__pivotCache__pivotCacheRecords1_dot_xml="<other/>"), "ok"),
    "X17": Case(book_with(customXml__item1_dot_xml="<data/>", xl__comments1_dot_xml="<comments/>"), "ok"),
    "X18": Case(book_with(xl__vbaProject_dot_bin=b"macro"), "ok"),
    "X19": Case(ole(b"Workbook"), "refused old-workbook"),
    "X20": Case(named_only("xl/workbook.bin"), "refused not-a-workbook"),
    "X21": Case(named_only("content.xml"), "refused not-a-workbook"),
    "X22": Case(named_only("Index/Document.iwa"), "refused not-a-workbook"),
    "X23": Case(ole("EncryptedPackage".encode("utf-16-le")), "refused password"),
    "X23 one part": Case(encrypted_entry, "refused password"),
    "X24 png": Case(lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "refused not-a-table"),
    "X24 pdf": Case(lambda: b"%PDF-1.7\n", "refused not-a-table"),
    "X24 html": Case(lambda: b"\xef\xbb\xbf\n<!DOCTYPE html><table>", "refused not-a-table"),
    "X24 json": Case(lambda: b'[\n {"a": 1}]', "refused not-a-table"),
    "X24 exe": Case(lambda: b"MZ\x90\x00" + bytes(60), "refused not-a-table"),
    "X24 gzip": Case(lambda: b"\x1f\x8b\x08" + bytes(60), "refused not-a-table"),
    "X24 empty zip": Case(lambda: b"PK\x05\x06" + bytes(18), "refused not-a-workbook"),
    "X24 docx": Case(named_only("word/document.xml"), "refused not-a-workbook"),
    "X24 random": Case(lambda: bytes(range(256)) * 20, "refused not-text"),
    "X25": Case(lambda: zipped(workbook())[:-200], "refused damaged-workbook"),
    "X25 half": Case(lambda: zipped(workbook())[:900], "refused damaged-workbook"),
    "X26": Case(flipped, "refused damaged-workbook"),
    "X27": Case(lambda: b"junk" * 100 + zipped(workbook()), "refused not-text"),
    "X28": Case(lambda: zipped({**workbook(), "../../etc/x": "x"}), "refused unsafe-workbook"),
    "X28 absolute": Case(lambda: zipped({**workbook(), "/etc/x": "x"}), "refused unsafe-workbook"),
    "X28 back": Case(lambda: zipped({**workbook(), "xl\\..\\..\\x": "x"}), "refused unsafe-workbook"),
    "X28 symlink": Case(symlink, "refused unsafe-workbook"),
    "X29": Case(sheets("hidden", "veryHidden", "visible"), "ok"),
    "X29 all hidden": Case(
        lambda: zipped(parts_of(("A", "hidden", sheet_xml(table_xml(sample()))))), "refused no-sheet"
    ),
    "X30": Case(sheets("visible", "visible"), "ok"),
    "X31": Case(book(FILTERED, before=HIDDEN), "ok"),
    "X32": Case(book(after=MERGED.replace("A1:XFD1048576", "N2:O2")), "ok"),
    "X33 1904": Case(since_1904, "ok, other rows"),
    "X35 strings": Case(strings_book, "ok, other rows"),
    "X35 long cell": Case(
        with_cell(f'<c r="N2" t="inlineStr">{inline("x" * 131_073)}</c>'), "refused too-much-text row 2"
    ),
    "X35 one string said often": Case(said_often, "refused too-much-text row 2"),
    "X36 rows skipped": Case(
        book(row_xml(3, field_numbers()) + row_xml(7, letting()) + row_xml(1_048_576, letting())), "ok, other rows"
    ),
    "X36 rows not in order": Case(book(row_xml(3, ["x"]) + row_xml(2, ["x"])), "refused damaged-workbook"),
    "X36 no rows": Case(book(""), "refused empty-file"),
    "X36 CSV inside": Case(lambda: zipped({"data.csv": utf8(sample())}), "refused not-a-workbook"),
}

# What the XML of one cell is read as.
CELLS: dict[str, tuple[str, str]] = {
    "X33 date": ('<c r="N2" s="1"><v>46117</v></c>', "2026-04-05"),
    "X33 date and time": ('<c r="N2" s="2"><v>46117.4375</v></c>', "2026-04-05 10:30:00"),
    "X33 text": (f'<c r="N2" t="inlineStr">{inline("5/4/26")}</c>', "5/4/26"),
    "X33 ISO": ('<c r="N2" t="d"><v>2026-04-05T00:00:00Z</v></c>', "2026-04-05"),
    "X33 30/12/1899": ('<c r="N2" s="1"><v>0</v></c>', "0"),
    "X33 1/1/1900": ('<c r="N2" s="1"><v>1</v></c>', "1900-01-01"),
    "X33 29/2/1900": ('<c r="N2" s="1"><v>60</v></c>', "1900-02-29"),
    "X33 1/3/1900": ('<c r="N2" s="1"><v>61</v></c>', "1900-03-01"),
    "X33 before all": ('<c r="N2" s="1"><v>-5</v></c>', "-5"),
    "X33 after all": ('<c r="N2" s="1"><v>99999999</v></c>', "99999999"),
    "X33 money is no date": ('<c r="N2" s="3"><v>46117</v></c>', "46117"),
    "X33 last second": ('<c r="N2" s="2"><v>46117.9999999</v></c>', "2026-04-06"),
    "X33 end of time": ('<c r="N2" s="2"><v>2958465.9</v></c>', "2958465.9"),
    "X34 text": (f'<c r="N2" t="inlineStr">{inline("08")}</c>', "08"),
    "X34 8.0": ('<c r="N2"><v>8.0</v></c>', "8"),
    "X34 true": ('<c r="N2" t="b"><v>1</v></c>', "TRUE"),
    "X34 false": ('<c r="N2" t="b"><v>0</v></c>', "FALSE"),
    "X34 #REF!": ('<c r="N2" t="e"><v>#REF!</v></c>', "#REF!"),
    "X34 formula": ('<c r="N2"><f>1+1</f><v>2</v></c>', "2"),
    "X34 formula of text": ('<c r="N2" t="str"><f>A1</f><v>a</v></c>', "a"),
    "X34 formula of blank text": ('<c r="N2" t="str"><f>A1</f><v></v></c>', ""),
    "X34 formula without value": ('<c r="N2"><f>1+1</f></c>', "=1+1"),
    "X34 NaN": ('<c r="N2"><v>NaN</v></c>', "NaN"),
    "X34 NaN as a date": ('<c r="N2" s="1"><v>NaN</v></c>', "NaN"),
    "X34 sum of pence": ('<c r="N2"><v>0.30000000000000004</v></c>', "0.3"),
    "X34 pence": ('<c r="N2"><v>133.29999999999998</v></c>', "133.3"),
    "X34 1e308": ('<c r="N2"><v>1e308</v></c>', "1e+308"),
    "X34 1e400": ('<c r="N2"><v>1e400</v></c>', "1e400"),
    "X34 UPRN": ('<c r="N2"><v>1.00104573550E11</v></c>', "100104573550"),
    "X34 15 digits": ('<c r="N2"><v>999999999999999</v></c>', "999999999999999"),
    "X34 small": ('<c r="N2"><v>1.0000000000000001E-5</v></c>', "0.00001"),
    "X34 unknown kind": ('<c r="N2" t="zz"><v>x</v></c>', "x"),
    "X35 line breaks": (f'<c r="N2" t="inlineStr">{inline("a&#10;b")}</c>'.replace("&amp;#10;", "&#10;"), "a\nb"),
    "X35 rich": ('<c r="N2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
    "X35 33,000 characters": (f'<c r="N2" t="inlineStr">{inline("x" * 33_000)}</c>', "x" * 33_000),
}
