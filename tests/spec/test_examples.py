"""Every check has cases that fail, pass and do not apply; they stand as data beside the collections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from submission.definition import COLLECTIONS, load, names, years
from submission.definition.model import Check, Definition
from submission.definition.source import Entry, read_yaml
from submission.engine.emit import Emitter
from submission.engine.judge import Judge, Judgement, judge_for
from tests.worlds import WORLD

OUTCOMES = ("fails", "passes", "silent")
TODAY = date(2026, 11, 20)


def examples_of(collection: str) -> dict[str, Entry]:
    folder = COLLECTIONS / "examples" / collection
    found: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.stem != "logs":
            found.update(dict(read_yaml(COLLECTIONS, f"examples/{collection}/{path.name}").items()))
    return found


def base_log(collection: str, name: str | None = None) -> dict[str, Any]:
    """The log of that name; the first one where none is given."""
    logs = read_yaml(COLLECTIONS, f"examples/{collection}/logs.yaml")
    return dict(logs[name or next(iter(logs))])


def returns() -> Iterator[Definition]:
    for name in names():
        for year in years(name):
            yield load(name, year)


def cases() -> Iterator[Any]:
    for definition in returns():
        for check_id, entry in examples_of(definition.collection).items():
            for outcome in entry:
                for number, change in enumerate(entry[outcome]):
                    name = f"{definition.collection}-{definition.year}-{check_id}-{outcome}-{number}"
                    yield pytest.param(definition, check_id, str(outcome), change, id=name)


def typed(definition: Definition, name: str, value: Any) -> Any:
    return Decimal(str(value)) if definition.is_decimal(name) and value is not None else value


def judged(definition: Definition, change: dict[str, Any]) -> Judgement:
    change = dict(change)
    log = base_log(definition.collection, change.pop("log", None))
    today = change.pop("today", TODAY)
    answers = {name: typed(definition, name, value) for name, value in {**log, **change}.items()}
    return judge_for(definition).judge(answers, today, WORLD)


@cache
def inspected(definition: Definition) -> Judge:
    return Judge(definition, every_term=True)


def applies(definition: Definition, check: Check, judgement: Judgement, today: date) -> bool:
    """Whether the check's own condition holds for the judged log."""
    if check.applies is None:
        return True
    judge = inspected(definition)
    values, asked, _, _, seen = judge.run(tuple(map(judgement.given.get, definition.inputs)), WORLD, today)
    emitter = Emitter(definition)
    source = emitter.test(check.applies.expression)
    scope = {**emitter.globals, "context": WORLD, "today": today, "year": definition.window}
    scope |= dict(zip(definition.outputs, values, strict=True)) | dict(zip(judge.seen, seen, strict=True))
    scope |= {f"q_{name}": flag for name, flag in zip(definition.questions, asked, strict=True)}
    scope |= {f"g_{name}": judgement.given.get(name) for name in definition.inputs}
    return bool(eval(source, scope))  # our own source, made from a linted expression


@pytest.mark.parametrize(("definition", "check_id", "outcome", "change"), list(cases()))
def test_an_example_has_the_outcome_it_says(
    definition: Definition, check_id: str, outcome: str, change: dict[str, Any]
) -> None:
    change = dict(change)
    person = change.pop("n", 2)
    check = definition.check_by_id[check_id.replace("{n}", str(person))]
    judgement = judged(definition, change)
    fired = check.id in {finding.check.id for finding in judgement.findings}
    others = sorted(finding.check.id for finding in judgement.findings)
    assert fired == (outcome == "fails"), f"fired: {others}; missing: {judgement.missing}"
    if outcome != "fails":
        assert applies(definition, check, judgement, change.get("today", TODAY)) == (outcome == "passes")


@pytest.mark.parametrize("definition", list(returns()), ids=lambda one: f"{one.collection}-{one.year}")
def test_every_written_check_has_its_cases(definition: Definition) -> None:
    examples = examples_of(definition.collection)
    lacking = []
    for check in definition.checks:
        if check.origin != "written" or check.cells:
            continue
        pattern = check.id if check.id in examples else pattern_of(check)
        entry = examples.get(pattern)
        wanted = OUTCOMES if check.applies is not None else OUTCOMES[:2]
        lacking += [f"{pattern}: {outcome}" for outcome in wanted if not entry or not entry.get(outcome)]
    assert sorted(set(lacking)) == []


def pattern_of(check: Check) -> str:
    """The id as it is written for everybody, `{n}` in place of the person's number."""
    head, _, tail = check.id.rpartition(str(check.person))
    return f"{head}{{n}}{tail}" if check.person is not None else check.id


@pytest.mark.parametrize("definition", list(returns()), ids=lambda one: f"{one.collection}-{one.year}")
def test_the_base_logs_are_complete_and_without_findings(definition: Definition) -> None:
    for name in read_yaml(COLLECTIONS, f"examples/{definition.collection}/logs.yaml"):
        judgement = judged(definition, {"log": name})
        assert (judgement.missing, [finding.message for finding in judgement.findings]) == ((), [])
        assert judgement.status == "completed"
