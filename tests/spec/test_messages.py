"""What the checks say: shown with the values of their own failing examples, nothing left out and nothing left over."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from submission.definition import Definition, load, names, years
from submission.definition.model import Check
from submission.engine.context import NOWHERE
from submission.engine.judge import Finding, judge_for
from tests.property.logs import TODAY
from tests.spec.test_examples import base_log, examples_of, judged, typed

RETURNS = [load(name, year) for name in names() for year in years(name)]
every_return = pytest.mark.parametrize("definition", RETURNS, ids=lambda one: f"{one.collection}-{one.year}")


def changes(definition: Definition) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every case that stands beside the checks: check, outcome, and what is changed in a complete log."""
    for check_id, entry in examples_of(definition.collection).items():
        for outcome in entry:
            for change in entry[outcome]:
                yield check_id, outcome, dict(change)


def failing() -> Iterator[Any]:
    for definition in RETURNS:
        for number, (check_id, outcome, change) in enumerate(changes(definition)):
            if outcome == "fails":
                check = definition.check_by_id[check_id.replace("{n}", str(change.pop("n", 2)))]
                yield pytest.param(definition, check, change, id=f"{definition.collection}-{check.id}-{number}")


def finding_of(definition: Definition, check: Check, change: dict[str, Any]) -> Finding:
    return next(found for found in judged(definition, change).findings if found.check is check)


@pytest.mark.parametrize(("definition", "check", "change"), list(failing()))
def test_a_message_shows_every_value_and_ends_with_a_full_stop(
    definition: Definition, check: Check, change: dict[str, Any]
) -> None:
    found = finding_of(definition, check, change)
    assert not re.search(r"\bNone\b|\bTrue\b|\bFalse\b|[{}]|Decimal|datetime", found.message), found.message
    assert ("not known" in found.message) <= (None in found.shown or "not known" in check.say.text), found.message
    assert None not in found.shown, found.message
    assert found.message.endswith(".")
    assert "  " not in found.message
    assert found.fields


@every_return
def test_no_two_checks_say_the_same(definition: Definition) -> None:
    said: dict[str, set[str]] = defaultdict(set)
    for check in definition.checks:
        if check.origin == "written":
            said[without_person(check.say.text)].add(without_person(check.id))
    assert [ids for ids in said.values() if len(ids) > 1] == []


def without_person(text: str) -> str:
    """The text as it stands for everybody: without the number of a person."""
    return re.sub(r"\b[1-8]\b|(?<=[a-z_])[1-8]\b|(?<=-)[1-8]\b", "n", text)


@every_return
def test_every_message_is_a_sentence(definition: Definition) -> None:
    wrong = [check.id for check in definition.checks if not re.fullmatch(r"(?s)\S.*[.?]", check.say.text)]
    assert wrong == []


@every_return
def test_every_confirm_check_says_why_it_asks(definition: Definition) -> None:
    confirms = [check for check in definition.checks if check.severity == "confirm"]
    assert [check.id for check in confirms if not (check.why or "").strip().endswith(".")] == []


@every_return
def test_a_judgement_without_a_directory_says_nothing_of_it(definition: Definition) -> None:
    """A file checked without a context is not told that its organisations are unknown."""
    log = base_log(definition.collection)
    answers = {name: typed(definition, name, value) for name, value in log.items()}
    judgement = judge_for(definition).judge(answers, TODAY, NOWHERE)
    assert [found.message for found in judgement.findings] == []
