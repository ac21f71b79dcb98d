"""What the definition language says, shown by returns of a few lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copy

import pytest

from submission.definition import COLLECTIONS, Definition, DefinitionRefused, load_from
from submission.engine.judge import judge_for

HEAD = """
collection: tiny
title: A tiny return
log: visit
years:
  2026:
    opens: 2026-04-01
    ends: 2027-03-31
    submission deadline: 2027-06-04
    new logs end: 2027-07-03
    edits end: 2027-07-31
sections: {setup: Set up}
subsections: [visit]
"""


def tiny(root: Path, visit: str, head: str = "") -> Definition:
    """The return that has this one subsection."""
    (root / "tiny").mkdir()
    copy(COLLECTIONS / "shared.yaml", root)
    (root / "tiny" / "collection.yaml").write_text(HEAD + head, encoding="utf-8")
    (root / "reference").symlink_to(COLLECTIONS / "reference")
    (root / "tiny" / "template.yaml").write_text("columns: 0\n", encoding="utf-8")
    about = "subsection: visit\nsection: setup\ntitle: Visit\n"
    (root / "tiny" / "visit.yaml").write_text(about + visit, encoding="utf-8")
    return load_from(root, "tiny", 2026)


PEOPLE = """
pages:
- repeat: 1..3
  pages:
  - page: person_{n}
    questions:
      age{n}: {label: "Age of person {n}", ask: How old are they?, kind: whole number}
terms:
  adult_{n}: "age{n} >= 18"
derived:
  adults: {label: Adults, is: "count(adult_{n} for n in people)"}
"""


def test_a_return_says_how_many_people_it_describes(tmp_path: Path) -> None:
    definition = tiny(tmp_path, PEOPLE, "people: 3\n")
    assert [term.id for term in definition.terms] == ["adult_1", "adult_2", "adult_3"]


ROOMS = """
pages:
- page: stay
  questions:
    floor: {label: Floor, ask: Which floor?, kind: radio, codes: {1: First, 2: Second}}
    room:
      label: Room
      ask: Which room?
      kind: radio
      codes: {11: Red, 12: Blue, 21: Green}
      offer: floor_of[code] == floor
tables:
  floor_of: {rows: {11: 1, 12: 1, 21: 2}}
"""


def test_one_condition_says_of_every_code_when_it_is_an_option(tmp_path: Path) -> None:
    judge = judge_for(tiny(tmp_path, ROOMS))
    rooms = [judge.judge({"floor": 2, "room": room}, date(2026, 11, 20)).values.get("room") for room in (11, 12, 21)]
    assert rooms == [None, None, 21]


GUESTS = """
pages:
- page: guest
  questions:
    sex: {like: sex_registered_at_birth, of: the guest, hint: As on the certificate.}
"""


def test_a_question_like_a_shared_one_is_asked_of_somebody_else(tmp_path: Path) -> None:
    (question,) = tiny(tmp_path, GUESTS).questions["sex"]
    assert question.label == "Guest’s sex registered at birth"
    assert question.ask.text == "What sex was the guest registered as at birth?"
    assert question.hint is not None
    assert question.hint.text == "As on the certificate."
    assert [option.code for option in question.options] == ["F", "M", "R"]


def test_a_question_like_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionRefused, match="Did you mean “age_known”"):
        tiny(tmp_path, GUESTS.replace("sex_registered_at_birth", "age_know"))


GREETINGS = """
pages:
- page: address
  questions:
    postcode_full: {label: Postcode, ask: What is the postcode?, kind: postcode}
    town: {label: Town, ask: Which town?, kind: text}
checks:
  whole-postcode: {like: postcode-format, on: [postcode_full, town]}
"""


def test_a_check_like_a_shared_one_says_only_what_differs(tmp_path: Path) -> None:
    check = tiny(tmp_path, GREETINGS).check_by_id["whole-postcode"]
    assert [mark.field for mark in check.on] == ["postcode_full", "town"]
    assert check.fails.text == "not postcode_shaped(postcode_full)"


def test_a_check_like_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionRefused, match="Did you mean “postcode-format”"):
        tiny(tmp_path, GREETINGS.replace("like: postcode-format", "like: postcode-forma"))
