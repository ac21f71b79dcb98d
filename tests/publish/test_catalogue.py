"""The rule catalogue holds every check once, as a page and as a table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from functools import cache

import html5lib
import pytest

from submission.definition import load
from submission.publish.catalogue import READING, UPLOAD, rules_of, write_csv, write_html

LETTINGS = load("lettings", 2026)
HTML = "{http://www.w3.org/1999/xhtml}"


@cache
def page() -> str:
    out = io.StringIO()
    write_html(LETTINGS, out)
    return out.getvalue()


@cache
def table() -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    write_csv(LETTINGS, out)
    return list(csv.DictReader(io.StringIO(out.getvalue().removeprefix("\ufeff"), newline="")))


def test_every_check_stands_in_it_once() -> None:
    found = Counter(rule.id for rule in rules_of(LETTINGS))
    assert set(LETTINGS.check_by_id) <= set(found)
    assert set(found.values()) == {1}


def test_the_page_is_sound_html_with_an_anchor_for_every_check() -> None:
    document = html5lib.HTMLParser(strict=True).parse(page())
    ids = Counter(element.get("id") for element in document.iter() if element.get("id"))
    assert set(ids.values()) == {1}
    assert set(LETTINGS.check_by_id) <= set(ids)
    links = {element.get("href") for element in document.iter(f"{HTML}a")}
    assert {link.removeprefix("#") for link in links if link} <= set(ids)


def test_the_page_is_complete_in_itself_and_can_be_found_one_s_way_in() -> None:
    document = html5lib.parse(page())
    assert document.get("lang") == "en-GB"
    assert len(list(document.iter(f"{HTML}h1"))) == 1
    tables = list(document.iter(f"{HTML}table"))
    assert all(one.find(f"{HTML}caption") is not None for one in tables)
    assert all(head.get("scope") for head in document.iter(f"{HTML}th"))
    assert not [one for one in document.iter() if one.get("src") or one.tag == f"{HTML}script"]


def test_it_is_the_same_every_time() -> None:
    out = io.StringIO()
    write_html(LETTINGS, out)
    assert out.getvalue() == page()


def test_a_written_check_is_shown_with_its_rule_its_message_and_its_examples() -> None:
    rule = next(row for row in table() if row["Id"] == "rent-above-soft-max")
    check = LETTINGS.check_by_id["rent-above-soft-max"]
    assert (rule["Severity"], rule["Made"]) == ("To confirm", "written")
    assert (rule["Fails"], rule["Message"], rule["Why"]) == (check.fails.text, check.say.text, check.why)
    assert rule["Failing"]
    assert rule["Passing"]
    assert rule["Questions"].startswith("brent, ")


@pytest.mark.parametrize(
    ("name", "subsection", "made"),
    [
        ("answer-tenancy", "Tenancy information", "automatic"),
        ("bu-owner-exists", UPLOAD, "written"),
        ("not-a-date", READING, "automatic"),
    ],
)
def test_checks_stand_in_the_part_they_belong_to(name: str, subsection: str, made: str) -> None:
    rule = next(row for row in table() if row["Id"] == name)
    assert (rule["Subsection"], rule["Made"]) == (subsection, made)


def test_the_parts_follow_the_form() -> None:
    titles = list(dict.fromkeys(row["Subsection"] for row in table()))
    assert titles == [*(part.title for part in LETTINGS.subsections), UPLOAD, READING]
