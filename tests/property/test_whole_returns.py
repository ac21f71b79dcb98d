"""The compiled judgement of a whole return agrees with its definition, read by the reference evaluator."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submission.definition import Definition, load, names, years
from submission.definition.graph import judged_terms
from submission.definition.model import Page, Question, Rule, Sourced, Subsection
from submission.engine.judge import Judge, judge_for
from tests.evaluator import World, evaluate
from tests.property.logs import TODAY, Answers, logs
from tests.worlds import WORLD

RETURNS = [load(name, year) for name in names() for year in years(name)]
every_return = pytest.mark.parametrize("definition", RETURNS, ids=lambda one: f"{one.collection}-{one.year}")


@cache
def inspected(definition: Definition) -> Judge:
    """The judge that gives every term."""
    return Judge(definition, every_term=True)


class Judged:
    """A judged log, ready to be looked at by the evaluator."""

    def __init__(self, definition: Definition, answers: Answers):
        judge = inspected(definition)
        self.given_answers = tuple(map(answers.get, definition.inputs))
        values, asked, self.found, missing, seen = judge.run(self.given_answers, WORLD, TODAY)
        self.missing = {judge.questions[position] for position in missing}
        self.values = dict(zip(definition.outputs, values, strict=True))
        self.terms = dict(zip(judge.seen, seen, strict=True))
        self.asked = frozenset(name for name, flag in zip(definition.questions, asked, strict=True) if flag)
        self.world = World(definition, TODAY, {**self.values, **self.terms}, answers, self.asked, WORLD)

    def holds(self, *conditions: Sourced | None) -> bool:
        return all(evaluate(one.expression, self.world) is True for one in conditions if one is not None)

    def asks(self, subsection: Subsection, page: Page, question: Question) -> bool:
        return self.holds(subsection.when, page.when, question.when)

    def first(self, rules: Iterable[Rule], default: bool) -> Rule | None:
        return next((rule for rule in rules if rule.default == default and self.holds(rule.when)), None)


@every_return
@given(data=st.data())
def test_terms_and_pages_and_checks_are_what_the_definition_says(definition: Definition, data: st.DataObject) -> None:
    judged = Judged(definition, data.draw(logs(definition)))
    for term in judged_terms(definition):
        assert evaluate(term.value.expression, judged.world) == judged.terms[term.id], term.id
    asked = {
        question.id
        for subsection in definition.subsections
        for page in subsection.pages
        for question in page.questions
        if judged.asks(subsection, page, question)
    }
    assert asked == judged.asked
    fired = {definition.checks[index].id for index, _, _ in judged.found}
    for check in definition.checks:
        if check.origin in ("written", "range", "step") and not check.cells:
            assert judged.holds(check.applies, check.fails) == (check.id in fired), check.id
        if check.origin == "answer":
            name = check.on[0].field
            blank = all(judged.world.given.get(field) is None for field in definition.questions[name][0].fields)
            assert (name in judged.missing) <= judged.holds(check.applies, check.fails), name
            assert (judged.holds(check.applies, check.fails) and blank) <= (name in judged.missing), name


@every_return
@given(data=st.data())
def test_derived_values_are_what_their_rules_say(definition: Definition, data: st.DataObject) -> None:
    judged = Judged(definition, data.draw(logs(definition)))
    for name in definition.outputs:
        derived = definition.derived_by_id.get(name)
        rule = judged.first(derived.rules, default=False) if derived else None
        if rule is not None:
            expected: Any = evaluate(rule.value.expression, judged.world)
            if expected is not None:
                assert judged.values[name] == expected, name
        elif name in definition.holder:
            question = definition.holder[name]
            stands = {judged.world.given.get(name)} if question.id in judged.asked or question.keep else {None}
            default = judged.first(derived.rules, default=True) if derived else None
            stands |= {evaluate(default.value.expression, judged.world)} if default else set()
            stands |= {0} if question.kind == "checkboxes" else set()
            stands |= {None} if question.kind in ("radio", "select") else set()
            assert judged.values[name] in stands, name


@every_return
@given(data=st.data())
def test_the_programs_of_one_return_find_the_same(definition: Definition, data: st.DataObject) -> None:
    judged = Judged(definition, data.draw(logs(definition)))
    whole = judge_for(definition).run(judged.given_answers, WORLD, TODAY)
    assert whole[0] == tuple(judged.values.values())
    for program in (whole, judge_for(definition, findings_only=True).run(judged.given_answers, WORLD, TODAY)):
        found, missing = program[2], program[3]
        assert sorted(found, key=repr) == sorted(judged.found, key=repr)
        assert {tuple(definition.questions)[position] for position in missing} == judged.missing
