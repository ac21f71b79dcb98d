"""One table in fourteen spellings gives the same rows, and no bytes at all can do worse than be refused."""

from __future__ import annotations

import csv
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulk_upload.data_rows import DataRows
from bulk_upload.faults import RowFault
from bulk_upload.header import read_header
from bulk_upload.read import Refused, open_file
from tests.upload.generators import BOM, Table, plain, sample, utf8, written
from tests.upload.workbooks import book, table_xml, workbook, zipped

if TYPE_CHECKING:
    from collections.abc import Callable

FIELDS = 4
SPELLINGS: dict[str, Callable[[Table], bytes]] = {
    "UTF-8": lambda table: written(table).encode(),
    "UTF-8 with mark": lambda table: (BOM + written(table)).encode(),
    "UTF-16, little end first": lambda table: (BOM + written(table)).encode("utf-16-le"),
    "UTF-16, big end first": lambda table: (BOM + written(table)).encode("utf-16-be"),
    "Windows-1252": lambda table: written(table).encode("cp1252"),
    "LF": lambda table: written(table, end="\n").encode(),
    "CR": lambda table: written(table, end="\r").encode(),
    "LFCR": lambda table: written(table, end="\n\r").encode(),
    "all quoted": lambda table: written(table, quoting=csv.QUOTE_ALL).encode(),
    "semicolons": lambda table: written(table, delimiter=";").encode(),
    "tabs": lambda table: written(table, delimiter="\t").encode(),
    "vertical bars": lambda table: written(table, delimiter="|").encode(),
    "sep=": lambda table: ("sep=;\r\n" + written(table, delimiter=";")).encode("cp1252"),
    "workbook": lambda table: book(table_xml(table))(),
}
# Characters of Windows-1252 that no two of them make into UTF-8 by chance.
CELL = st.text(alphabet="aB10 ,;|\t\"'\n£–ö", max_size=12)
ROWS = st.lists(st.lists(CELL, min_size=FIELDS, max_size=FIELDS), min_size=1, max_size=6)


def rows_of(data: bytes, fields: int = FIELDS) -> dict[int, list[str]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(data)
        with open_file(path) as opened:
            rows = opened.rows()
            found = DataRows(rows, read_header(rows, fields))
            return {
                number: ["fault"] if isinstance(cells, RowFault) else [cell.strip() for cell in cells]
                for number, cells in found
            }


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_one_table_in_fourteen_spellings_gives_the_same_rows(rows: Table) -> None:
    cells = [[cell.strip() for cell in row] for row in rows]
    expected = {number: row for number, row in enumerate(cells, 2) if any(row)}
    table = [["Field number", *map(str, range(1, FIELDS + 1))], *(["", *row] for row in rows)]
    if not expected:
        return
    for name, spelled in SPELLINGS.items():
        assert rows_of(spelled(table)) == expected, name


def is_read_or_refused(data: bytes) -> bool:
    """Any other exception is a fault of ours."""
    try:
        rows_of(data, fields=147)
    except Refused as refused:
        return refused.message.endswith(".")
    return True


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert is_read_or_refused(data)


def damaged(data: bytes, place: int, change: bytes, drop: int) -> bytes:
    place %= len(data)
    return data[:place] + change + data[place + drop :]


DAMAGE = st.tuples(st.integers(min_value=0), st.binary(max_size=4), st.integers(min_value=0, max_value=4))


@settings(deadline=None, max_examples=300)
@given(st.lists(DAMAGE, min_size=1, max_size=3))
def test_a_damaged_csv_file_is_read_or_refused(damages: list[tuple[int, bytes, int]]) -> None:
    data = utf8(sample())
    for damage in damages:
        data = damaged(data, *damage)
    assert is_read_or_refused(data)


@settings(deadline=None, max_examples=60)
@given(st.lists(DAMAGE, min_size=1, max_size=2))
def test_a_damaged_workbook_is_read_or_refused(damages: list[tuple[int, bytes, int]]) -> None:
    data = zipped(workbook(table_xml(plain())))
    for damage in damages:
        data = damaged(data, *damage)
    assert is_read_or_refused(data)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(workbook())), DAMAGE)
def test_a_workbook_with_a_damaged_part_is_read_or_refused(part: str, damage: tuple[int, bytes, int]) -> None:
    parts: dict[str, str | bytes] = dict(workbook(table_xml(plain())))
    text = parts[part]
    parts[part] = damaged(text.encode() if isinstance(text, str) else text, *damage)
    assert is_read_or_refused(zipped(parts))


@pytest.mark.parametrize("name", SPELLINGS)
def test_text_beyond_ascii_survives_each_spelling(name: str) -> None:
    address = "Café £5 – “x”, the Duke’s"
    table = [["Field number", "1", "2", "3", "4"], ["", "1", address, "", "x"]]
    assert rows_of(SPELLINGS[name](table)) == {2: ["1", address, "", "x"]}


def test_memory_stays_flat_however_long_the_file(tmp_path: Path) -> None:
    """Rows are read from a file of 30 MB in less than a fifth of its size."""
    line = written(plain()[1:2])
    path = tmp_path / "upload"
    path.write_text(written(plain()[:1]) + line * (30_000_000 // len(line)), newline="")
    tracemalloc.start()
    with open_file(path) as opened:
        rows = opened.rows()
        for _ in DataRows(rows, read_header(rows, 147)):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000
