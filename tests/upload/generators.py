"""Makes the CSV files of the hard cases, C01 to C72, and says what must become of each.

Files are made, never kept: `CSV_CASES[id].make()` gives the bytes. Each verdict is one line:
- `ok`: the rows are those of `sample()`; `ok, other rows`: it is read, and a test of its own looks at the rows
- `refused CODE` or `refused CODE row N`: the file is refused as a whole
- `row N CODE`: that row has this fault, the others are read
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FIELDS = 147
OTHER_LAYOUTS = {136: "sales 2026 to 2027", 129: "lettings 2025 to 2026"}
LABEL = "Field number"

# A general needs letting of 2026 in which nothing is wrong, by field number; every blank is left out.
# fmt: off
LETTING = {
    1: "ORG1", 2: "1003", 4: "1", 6: "1", 7: "2", 8: "4", 9: "7", 10: "2026", 11: "1", 13: "123", 15: "1", 16: "15",
    19: "1 High Street", 21: "London", 23: "YO1", 24: "7HH", 25: "E07000009", 26: "1", 27: "1", 28: "1", 29: "15",
    30: "10", 31: "2024", 36: "2", 37: "1", 38: "2", 41: "42", 42: "F", 43: "1", 45: "17", 46: "442", 47: "1", 48: "41",
    49: "1", 50: "M", 51: "2", 52: "identity", 53: "2", 54: "R", 55: "2", 56: "F", 57: "3", 59: "8", 60: "18", 61: "2",
    62: "R", 63: "1", 65: "7", 66: "1", 68: "F", 69: "2", 70: "identity", 71: "6", 72: "14", 73: "2", 74: "M", 75: "3",
    77: "0", 78: "14", 79: "2", 80: "F", 81: "1", 83: "0", 84: "20", 85: "2", 86: "M", 87: "2", 88: "identity", 89: "3",
    90: "1", 91: "4", 92: "1", 93: "1", 94: "9", 95: "0", 96: "3", 97: "9", 98: "0", 99: "3", 100: "3", 104: "8",
    105: "10", 111: "11", 112: "2", 113: "31", 115: "30", 116: "11", 117: "10", 118: "EC1N", 119: "2TD",
    121: "1", 122: "1", 124: "1", 127: "1", 128: "2", 129: "2", 130: "2", 131: "1", 135: "3", 136: "2", 137: "2300",
    138: "6", 139: "4", 141: "4", 142: "863", 143: "43.32", 144: "13.14", 145: "101.11", 146: "1", 147: "34.56",
}
# fmt: on

Table = list[list[str]]


@dataclass(frozen=True, slots=True)
class Case:
    """One hard case: what makes its file, and its verdict."""

    make: Callable[[], bytes]
    verdict: str


def letting(**fields: str) -> list[str]:
    """The cells of one row, with column A; `field_13="x"` puts x in field 13."""
    values = {**LETTING, **{int(name.removeprefix("field_")): text for name, text in fields.items()}}
    return ["", *(values.get(number, "") for number in range(1, FIELDS + 1))]


def field_numbers(count: int = FIELDS) -> list[str]:
    return [LABEL, *map(str, range(1, count + 1))]


def sample() -> Table:
    """A small table: field numbers and three lettings. One holds a character beyond ASCII, a comma and a quote mark."""
    third = letting(field_13="T-3", field_19="Flat 2, “The Café”", field_14='5" pipe')
    return [field_numbers(), letting(field_13="T-1"), letting(field_13="T-2"), third]


def written(table: Table, *, delimiter: str = ",", end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    """The table as text. The writer is told CRLF, whatever the end: else it leaves other line breaks unquoted."""
    lines = []
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    for row in table:
        writer.writerow(row)
        lines.append(text.getvalue().removesuffix("\r\n"))
        text.seek(0)
        text.truncate()
    return "".join(f"{line}{end}" for line in lines)


def utf8(table: Table) -> bytes:
    return written(table).encode()


def plain() -> Table:
    """The sample in ASCII without quote marks, for files that are damaged by hand."""
    return [field_numbers(), letting(field_13="T-1"), letting(field_13="T-2"), letting(field_13="T-3")]


def with_rows(*rows: list[str]) -> bytes:
    """The field numbers, then these rows from row 2 on."""
    return utf8([field_numbers(), *rows])


def with_text(old: str, new: str) -> bytes:
    """The plain table with one piece of its text exchanged as it stands in the file."""
    text = written(plain())
    assert text.count(old) == 1, old
    return text.replace(old, new).encode()


def with_header(header: list[str]) -> bytes:
    """A header and one row with a value for each of its columns."""
    return utf8([header, ["", *["1"] * (len(header) - 1)]])


def headed(changes: dict[int, str]) -> list[str]:
    """The field numbers with some exchanged, by index."""
    return [changes.get(index, cell) for index, cell in enumerate(field_numbers())]


def one_bad_byte(row: int) -> bytes:
    """UTF-8 with an accented letter in row 2 and one byte that is not UTF-8 in the given row."""
    rows = [letting(field_13=f"T-{number}") for number in range(2, row + 1)]
    rows[0][13] = "Café"
    rows[-1][13] = "bad"
    return with_rows(*rows).replace(b"bad", b"b\xe9d")


def many_rows(count: int) -> bytes:
    """Few columns are filled, so that the file stays below the limit of size."""
    row = "," + "1," * 8 + "," * (FIELDS - 9)
    return (written([field_numbers()]) + (row + "\r\n") * count).encode()


def template() -> Table:
    """The eight rows of headings of the published template above two rows."""
    names = [
        "Section",
        "Question",
        "Additional info",
        "Values",
        "Can be empty?",
        "Type of letting",
        "Duplicate check field?",
    ]
    above = [[name, *[f"about {number}" for number in range(1, FIELDS + 1)]] for name in names]
    return [*above, *plain()[:3]]


def reordered() -> bytes:
    """The columns of the sample from last to first."""
    return utf8([[row[0], *reversed(row[1:])] for row in sample()])


def swapped(first: int, second: int) -> bytes:
    """Two columns of the sample change places, headings and all."""
    table = sample()
    for row in table:
        row[first], row[second] = row[second], row[first]
    return utf8(table)


def in_template_rows() -> bytes:
    return utf8(template())


def lines_of(end: str) -> Callable[[], bytes]:
    return lambda: written(sample(), end=end).encode()


def mixed_line_ends() -> bytes:
    ends = ("\r\n", "\n", "\r", "\r\n")
    return "".join(written([row], end=end) for row, end in zip(sample(), ends, strict=True)).encode()


def cp1252(text: str) -> Callable[[], bytes]:
    return lambda: written([field_numbers(), letting(field_19=text)]).encode("cp1252")


def in_bytes(raw: bytes) -> Callable[[], bytes]:
    """A row whose address is these bytes."""
    return lambda: written([field_numbers(), letting(field_19="@@")]).encode().replace(b"@@", raw)


def in_cell(text: str) -> Callable[[], bytes]:
    """Two rows, the first with this text as its address."""
    return lambda: with_rows(letting(field_19=text), letting())


BOM = "\ufeff"
SPACES = [[" "] * (FIELDS + 1)]
COMMAS = [[""] * (FIELDS + 1)]
MIDDLE = 60  # index of a column in the middle

CSV_CASES: dict[str, Case] = {
    "C01": Case(lambda: b"", "refused empty-file"),
    "C02": Case(lambda: utf8([field_numbers()]), "refused no-rows"),
    "C02 only blank rows": Case(lambda: utf8([field_numbers(), *COMMAS * 3]), "refused no-rows"),
    "C03": Case(BOM.encode, "refused empty-file"),
    "C03 UTF-16": Case(lambda: BOM.encode("utf-16-le"), "refused empty-file"),
    "C03 line ends only": Case(lambda: b"\r\n" * 9, "refused empty-file"),
    "C03 a million line ends": Case(lambda: b"\n" * 1_000_000, "refused no-field-numbers"),
    "C04": Case((BOM + written(sample())).encode, "ok"),
    "C05": Case(lambda: (BOM + written(sample(), delimiter="\t")).encode("utf-16-le"), "ok"),
    "C06": Case(lambda: (BOM + written(sample())).encode("utf-16-be"), "ok"),
    "C06 cut in half": Case(
        lambda: (BOM + written(plain())).encode("utf-16-be") + b"\x00", "refused undecodable row 5"
    ),
    "C07": Case(lambda: written(sample()).encode("utf-16-le"), "refused unmarked-encoding"),
    "C07 big end first": Case(lambda: written(sample()).encode("utf-16-be"), "refused unmarked-encoding"),
    "C08": Case(lambda: (BOM + written(sample())).encode("utf-32-le"), "refused utf-32"),
    "C08 big end first": Case(lambda: (BOM + written(sample())).encode("utf-32-be"), "refused utf-32"),
    "C08 unmarked": Case(lambda: written(sample()).encode("utf-32-le"), "refused unmarked-encoding"),
    "C09": Case(cp1252("Café £5 – “x”"), "ok, other rows"),
    "C10": Case(in_bytes(b"Caf\xe9 \x80\x85\x96"), "ok, other rows"),
    "C10 undefined byte": Case(in_bytes(b"Caf\xe9 \x81"), "refused undecodable row 2"),
    "C11": Case(in_bytes("Café, the Duke’s".encode("mac-roman")), "refused unclear-encoding"),
    "C11 with è": Case(in_bytes("Crèche".encode("mac-roman")), "refused undecodable row 2"),
    "C12": Case(lambda: one_bad_byte(9_999), "refused undecodable row 9999"),
    "C13": Case(in_cell("a\x00b"), "ok, other rows"),
    "C14": Case(lambda: bytes(10 * 1024 * 1024), "refused not-text"),
    "C15": Case(lines_of("\r"), "ok"),
    "C16": Case(lines_of("\r\n"), "ok"),
    "C17": Case(lines_of("\n"), "ok"),
    "C18": Case(mixed_line_ends, "ok"),
    "C19": Case(lines_of("\n\r"), "ok"),
    "C20": Case(in_cell("a\u2028b\x85c\x0bd\x0ce\x1cf"), "ok, other rows"),
    "C21": Case(in_cell("a\nb\r\nc\rd"), "ok, other rows"),
    "C22": Case(lambda: utf8([*sample()[:2], [], *sample()[2:]]), "ok, other rows"),
    "C23": Case(lambda: utf8([*sample(), *COMMAS * 200]), "ok"),
    "C24": Case(lambda: utf8([*sample(), *SPACES * 2, [" "], ["\u00a0"] * 3, ["\t"] * 148, ["\u200b"] * 148]), "ok"),
    "C25": Case(lambda: with_text("T-1", '"T-1'), "refused open-quote row 2"),
    "C25 closed by the next": Case(
        lambda: with_text("T-1", '"T-1').replace(b"T-3", b'"T-3"'), "refused open-quote row 2"
    ),
    "C25 last row": Case(lambda: with_text("T-3", '"T-3'), "refused open-quote row 4"),
    "C25 before 20,000 rows": Case(
        lambda: with_rows(letting(field_13="@"), *[letting()] * 20_000).replace(b"@", b'"@'),
        "refused open-quote row 2",
    ),
    "C26": Case(lambda: with_text("T-1", 'ab"c'), "ok, other rows"),
    "C26 text after a closing quote": Case(lambda: with_text("T-1", '"Flat 2" High Street'), "row 2 broken-quotes"),
    "C26 quotes not doubled": Case(lambda: with_text("T-1", '"said "hi, you" to"'), "row 2 broken-quotes"),
    "C27": Case(lambda: with_text(",T-1", ', "b,c"'), "ok, other rows"),
    "C27 space after quote": Case(lambda: with_text("T-1", '"b,c" '), "ok, other rows"),
    "C28": Case(lambda: with_text("T-1", '"say ""hi"""'), "ok, other rows"),
    "C29": Case(lambda: with_text("T-1", "'b,c'"), "row 2 ragged-row"),
    "C29 everywhere": Case(
        lambda: written([[f"'{cell}'" for cell in row] for row in plain()]).encode(), "refused single-quotes row 1"
    ),
    "C30": Case(lambda: written(sample(), quoting=csv.QUOTE_ALL).encode(), "ok"),
    "C31": Case(lambda: with_rows(letting(), letting()[:-1], letting()), "row 3 ragged-row"),
    "C31 by 100": Case(lambda: with_rows(letting()[:-100], letting()), "row 2 ragged-row"),
    "C32": Case(lambda: with_rows([*letting(), "x"], letting()), "row 2 ragged-row"),
    "C32 1,000 blanks": Case(lambda: utf8([row + [""] * 1_000 for row in sample()]), "ok"),
    "C32 blanks in one row": Case(lambda: utf8([*sample()[:3], sample()[3] + [" "] * 16_000]), "ok"),
    "C33": Case(lambda: b"," * 1_000_000, "refused too-many-columns row 1"),
    "C33 a value far out": Case(
        lambda: with_rows([*letting(), *[""] * 1_000, "x"], letting()), "refused too-many-columns row 2"
    ),
    "C34": Case(lambda: many_rows(200_000), "refused too-many-rows"),
    "C34 a million lines": Case(lambda: written(plain()).encode() + b",1\n" * 1_000_001, "refused too-many-rows"),
    "C35": Case(lambda: many_rows(100_001), "refused too-many-rows"),
    "C37": Case(lambda: utf8(sample()) + b" " * 64 * 1024 * 1024, "refused file-too-big"),
    "C40": Case(in_cell("x" * 131_073), "row 2 cell-too-long"),
    "C41": Case(in_cell("x" * 50_000_000), "refused line-too-long row 2"),
    "C42": Case(lambda: written(sample(), delimiter=";").encode(), "ok"),
    "C43": Case(lambda: written(sample(), delimiter="\t").encode(), "ok"),
    "C44": Case(lambda: written(sample(), delimiter="|").encode(), "ok"),
    "C45": Case(("sep=;\r\n" + written(sample(), delimiter=";")).encode, "ok"),
    "C45 against the rows": Case(
        lambda: (BOM + "sep=\t\r\n" + written(sample(), delimiter="\t")).encode("utf-16"), "ok"
    ),
    "C45 unknown": Case(("sep=~\r\n" + written(sample(), delimiter="~")).encode, "refused unknown-delimiter row 1"),
    "C46": Case(lambda: utf8(sample()[1:]), "refused no-field-numbers"),
    "C47": Case(in_template_rows, "ok, other rows"),
    "C47 older label": Case(lambda: with_header(["Bulk upload field number:", *field_numbers()[1:]]), "ok, other rows"),
    "C47 label with a semicolon after it": Case(
        lambda: written([["FIELD  NUMBERS ", *row[1:]] if row[0] else row for row in sample()], delimiter=";").encode(),
        "ok",
    ),
    "C47 words about it": Case(lambda: utf8([["Keep the field number row below"], *sample()]), "ok, other rows"),
    "C48": Case(lambda: utf8([*sample(), *sample()]), "refused two-headers row 5"),
    "C49": Case(lambda: swapped(12, 13), "ok"),
    "C50": Case(lambda: with_header(headed({6: "5"})), "refused repeated-field row 1"),
    "C51": Case(lambda: with_header(headed({MIDDLE: "999"})), "refused unknown-field row 1"),
    "C52": Case(lambda: with_header([*field_numbers(), "148"]), "refused unknown-field row 1"),
    "C52 words": Case(lambda: utf8([[*row, "Notes" if row[0] else "read me"] for row in sample()]), "ok"),
    "C52 no heading": Case(
        lambda: utf8([["Field number", "", *field_numbers()[1:]], ["", "stray", *letting()[1:]]]),
        "row 2 no-field-number",
    ),
    "C52 missing": Case(lambda: with_header(field_numbers(140)), "refused missing-field row 1"),
    "C53": Case(reordered, "ok"),
    "C54": Case(lambda: with_header(field_numbers(129)), "refused other-template row 1"),
    "C55": Case(lambda: with_header(field_numbers(136)), "refused other-template row 1"),
}
