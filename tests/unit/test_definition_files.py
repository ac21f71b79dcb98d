"""How the files of a definition are read: the scalars of YAML, repeated elements, and tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from submission.definition.source import DefinitionRefused, Place, fill, read_yaml
from submission.definition.tables import read_cell, read_table


def parsed(folder: Path, text: str) -> Any:
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    return read_yaml(folder, "one.yaml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Yes", "Yes"),
        ("No", "No"),
        ("on", "on"),
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("3", 3),
        ("-3", -3),
        ("007", 7),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        ("12:30", "12:30"),
        ("0.10", Decimal("0.10")),
        ("2026-04-01", date(2026, 4, 1)),
        ("'3'", "3"),
        ('"true"', "true"),
        ("null", None),
        ("~", None),
        ("", None),
        ("[1, two]", [1, "two"]),
        ("2026-", "2026-"),
        ("2..8", "2..8"),
    ],
)
def test_a_scalar_is_read_as_yaml_1_2_has_it(written: str, value: Any, tmp_path: Path) -> None:
    found = parsed(tmp_path, f"key: {written}\n")["key"]
    assert (found, type(found)) == (value, type(value))


def test_an_exact_decimal_keeps_its_places(tmp_path: Path) -> None:
    assert str(parsed(tmp_path, "key: 2.50\n")["key"]) == "2.50"


def test_a_folded_text_is_text(tmp_path: Path) -> None:
    assert parsed(tmp_path, "key: >-\n  12\n  13\n")["key"] == "12 13"


def test_every_key_knows_its_line(tmp_path: Path) -> None:
    entry = parsed(tmp_path, "one: 1\n\ntwo:\n  three: 3\n")
    assert [str(entry.place_of(key)) for key in entry] == ["one.yaml:1", "one.yaml:3"]
    assert entry["two"].place_of("three") == Place("one.yaml", 4)
    assert entry["two"].place_of("four") == Place("one.yaml", 4)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1\na: 2\n", "one.yaml:2: “a” is given twice"),
        ("a: [1\n", "one.yaml:2: not YAML"),
        ("- 1\n", "one.yaml:1: the file must hold a mapping"),
        ("", "one.yaml:1: the file must hold a mapping"),
        ("a: 2026-13-01\n", "one.yaml:1: “2026-13-01” is not a date"),
        ("? [1, 2]\n: 3\n", "one.yaml:1: a key must be a plain word"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        parsed(tmp_path, text)
    assert str(refused.value).startswith(reason)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("age{n}", "age3"),
        ("{36 + 6 * n}", "54"),
        ("column {36 + 6 * n}", "column 54"),
        ("{n - 1} of {n}", "2 of 3"),
        ("{age}", "{age}"),
        ("any(age{m} for m in people)", "any(age{m} for m in people)"),
        (7, 7),
        (["{n}", "x{n}"], ["3", "x3"]),
    ],
)
def test_n_is_filled_in_everywhere(text: Any, filled: Any) -> None:
    assert fill(text, 3) == filled


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("12", 12),
        ("-1", -1),
        ("2.50", Decimal("2.50")),
        ("2026-04-01", date(2026, 4, 1)),
        ("E06000001", "E06000001"),
        ("1.", "1."),
        (" 1", " 1"),
    ],
)
def test_a_cell_of_a_table_is_a_number_a_date_or_text(text: str, value: Any) -> None:
    assert read_cell(text) == value
    assert type(read_cell(text)) is type(value)


def table(folder: Path, text: str, *key: str, label: str | None = None) -> Any:
    path = folder / "one.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path, "one", key, label)


def test_a_table_of_several_keys_gives_rows_by_all_of_them(tmp_path: Path) -> None:
    found = table(tmp_path, "a,x,b,y\n1,2,3,4\n1,5,4,6\n", "a", "b")
    assert found.columns == ("x", "y")
    assert found.rows == {(1, 3): (2, 4), (1, 4): (5, 6)}


def test_a_table_labels_its_keys_by_one_of_its_columns(tmp_path: Path) -> None:
    found = table(tmp_path, "code,place,name\n1,north,North Beach\n", "code", label="name")
    assert found.labels() == {1: "North Beach"}
    assert table(tmp_path, "code,name\n1,North Beach\n", "code").labels() == {1: "North Beach"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2\n1,3\n", "one.csv line 3 repeats the key 1"),
        ("x,b\n1,2\n", "one.csv has no column “a”"),
        ("", "one.csv has no column “a”"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=reason):
        table(tmp_path, text, "a")
