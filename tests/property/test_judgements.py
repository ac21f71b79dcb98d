"""What holds of every judgement, whatever the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submission.definition import Definition, load, names, years
from submission.engine.context import NOWHERE
from submission.engine.judge import Judgement, judge_for
from tests.property.logs import TODAY, Answers, answers_to, examples, logs, without_blanks
from tests.worlds import WORLD

RETURNS = [load(name, year) for name in names() for year in years(name)]
CONTEXTS = [WORLD, NOWHERE, replace(WORLD, uploading_user=4)]
every_return = pytest.mark.parametrize("definition", RETURNS, ids=lambda one: f"{one.collection}-{one.year}")


def judged(definition: Definition, answers: Mapping[str, Any], **more: Any) -> Judgement:
    return judge_for(definition).judge(answers, TODAY, more.pop("context", WORLD), **more)


def told(judgement: Judgement) -> list[tuple[str, tuple[str, ...], str, str]]:
    return [(found.check.id, found.fields, found.message, found.fingerprint) for found in judgement.findings]


def whole(judgement: Judgement) -> tuple[Any, ...]:
    """Everything that a judgement says, but for what it was given."""
    return (dict(judgement.values), judgement.asked, told(judgement), judgement.missing)


def refused(judgement: Judgement) -> set[str]:
    """The questions whose given answer is none of their options."""
    return {found.fields[0] for found in judgement.findings if found.check.origin == "option"}


def kept(judgement: Judgement) -> Answers:
    """The answers of the judged log: what stands, what is set aside, and what was given and refused."""
    fields = set(judgement.definition.holder) - refused(judgement)
    return {**judgement.given, **{name: value for name, value in judgement.values.items() if name in fields}}


@every_return
@given(data=st.data(), context=st.sampled_from(CONTEXTS))
def test_judging_a_judged_log_again_changes_nothing(definition: Definition, data: st.DataObject, context: Any) -> None:
    first = judged(definition, data.draw(logs(definition)), context=context)
    assert whole(judged(definition, kept(first), context=context)) == whole(first)


@every_return
@given(data=st.data())
def test_the_order_of_the_answers_does_not_matter(definition: Definition, data: st.DataObject) -> None:
    log = data.draw(logs(definition))
    shuffled = dict(data.draw(st.permutations(list(log.items()))))
    assert whole(judged(definition, shuffled)) == whole(judged(definition, log))


@every_return
@given(data=st.data())
def test_a_blank_answer_is_no_answer(definition: Definition, data: st.DataObject) -> None:
    log = data.draw(logs(definition))
    blanks = dict.fromkeys(set(definition.inputs) - set(log))
    assert whole(judged(definition, {**log, **blanks})) == whole(judged(definition, log))


@every_return
@given(data=st.data())
def test_the_answers_are_not_changed(definition: Definition, data: st.DataObject) -> None:
    log = data.draw(logs(definition))
    before = dict(log)
    judgement = judged(definition, MappingProxyType(log))
    assert log == before
    assert judgement.given == before


@every_return
@given(data=st.data())
def test_every_answer_stands_or_is_set_aside_or_is_said_to_be_wrong(
    definition: Definition, data: st.DataObject
) -> None:
    log = data.draw(logs(definition))
    judgement = judged(definition, log)
    for name, value in log.items():
        ways = {
            "stands": judgement.values.get(name) == value,
            "set aside": name in judgement.set_aside,
            "inferred": judgement.origin(name) == "inferred",
            "refused": name in refused(judgement),
            "emptied by a rule": name in definition.derived_by_id and name not in judgement.values,
        }
        assert any(ways.values()), name
        assert not (ways["stands"] and ways["set aside"])


@every_return
@given(data=st.data())
def test_nothing_is_missing_that_is_not_asked(definition: Definition, data: st.DataObject) -> None:
    judgement = judged(definition, data.draw(logs(definition)))
    assert set(judgement.missing) <= judgement.asked
    assert not {name for name in judgement.missing if judgement.values.get(name)}  # 0 is a box that is not ticked


@every_return
@given(data=st.data())
def test_a_log_is_completed_when_nothing_is_missing_or_open(definition: Definition, data: st.DataObject) -> None:
    log = data.draw(logs(definition))
    judgement = judged(definition, log)
    assert judgement.status == ("in_progress" if judgement.missing or judgement.findings else "completed")
    marks = frozenset(found.fingerprint for found in judgement.findings)
    confirmed = judged(definition, log, confirmed=marks)
    left = [found for found in confirmed.findings if not found.confirmed]
    assert [found.check.severity for found in left] == ["error"] * len(left)
    assert confirmed.status == ("in_progress" if judgement.missing or left else "completed")


@every_return
@given(data=st.data())
def test_a_confirmation_lapses_when_a_value_it_was_about_changes(definition: Definition, data: st.DataObject) -> None:
    log = data.draw(logs(definition))
    judgement = judged(definition, log)
    changed = without_blanks({**log, **{name: data.draw(answers_to(definition, name)) for name in about(judgement)}})
    marks = {found.check.id: found for found in judgement.findings}
    again = judged(definition, changed, confirmed=frozenset(found.fingerprint for found in marks.values()))
    for found in again.findings:
        before = marks.get(found.check.id)
        if before is not None and found.check.severity == "confirm":
            assert found.confirmed == (found.values == before.values)
            assert (found.fingerprint == before.fingerprint) == (found.values == before.values)


def about(judgement: Judgement) -> list[str]:
    """The answers that the confirm checks of a judgement are shown on."""
    confirms = [found for found in judgement.findings if found.check.severity == "confirm"]
    return sorted({name for found in confirms for name in found.fields if name in judgement.definition.holder})


@every_return
def test_a_log_without_answers_is_not_started(definition: Definition) -> None:
    assert judged(definition, {}).status == "not_started"
    assert judged(definition, dict.fromkeys(definition.inputs)).status == "not_started"


@every_return
def test_an_answer_to_no_question_is_refused(definition: Definition) -> None:
    with pytest.raises(KeyError, match="colour"):
        judged(definition, {"colour": 1})
    value = next(name for name in definition.outputs if name not in definition.holder)
    with pytest.raises(KeyError, match=value):
        judged(definition, {value: 1})


def test_answers_set_aside_come_back_when_they_are_asked_again() -> None:
    lettings = load("lettings", 2026)
    fixed_term = {**examples(lettings)[0], "tenancy": 4, "tenancylength": 5}
    lifetime = judged(lettings, {**fixed_term, "tenancy": 2})
    assert lifetime.set_aside == {"tenancylength": 5}
    assert "tenancylength" not in lifetime.values
    again = judged(lettings, {**kept(lifetime), "tenancy": 4})
    assert again.values["tenancylength"] == 5
    assert again.set_aside == {}


def test_a_judgement_tells_given_from_inferred_and_derived_values() -> None:
    lettings = load("lettings", 2026)
    judgement = judged(lettings, {**examples(lettings)[0], "renewal": 1})
    origins = {name: judgement.origin(name) for name in ("renewal", "waityear", "renttype", "tenancylength")}
    assert origins == {"renewal": "given", "waityear": "inferred", "renttype": "derived", "tenancylength": None}
