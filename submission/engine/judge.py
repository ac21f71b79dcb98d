"""Judges one log: the answers as given, in; values, questions asked, findings and status, out.

Every route asks a `Judge`. It is deterministic: the same answers, context and day give the same judgement,
in whatever order the answers came, and judging a judgement's values again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from operator import itemgetter
from typing import Any, Literal

from submission.definition import Definition
from submission.definition.model import Check
from submission.engine.compile import Compiler
from submission.engine.context import NOWHERE, Context
from submission.engine.program import Frame
from submission.engine.wording import render

Value = None | bool | int | Decimal | str | date
Status = Literal["not_started", "in_progress", "completed"]
Origin = Literal["given", "derived", "inferred"]
Found = tuple[int, tuple[Any, ...], tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about one log. `fields` show it, the one to mend first. `message` says how."""

    definition: Definition
    check: Check
    fields: tuple[str, ...]
    shown: tuple[Any, ...]
    values: tuple[tuple[str, Value], ...]
    confirmed: bool = False

    @property
    def severity(self) -> Literal["setup", "error", "confirm"]:
        return "setup" if self.check.setup and self.check.severity == "error" else self.check.severity

    @property
    def message(self) -> str:
        return render(self.definition, self.check.say, self.shown)

    @property
    def fingerprint(self) -> str:
        """Stands for the check and the values it looked at: a confirmation holds only while this stays the same."""
        return fingerprint(self.check.id, self.values)


def fingerprint(check: str, values: tuple[tuple[str, Value], ...]) -> str:
    text = "|".join([check, *(f"{name}={value}" for name, value in sorted(values))])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Judgement:
    """What became of one log.

    `values`: every answer and derived value that is there. `set_aside`: answers given but not asked now;
    they come back when they are asked again. `missing`: questions asked and not answered, in form order.
    """

    definition: Definition
    given: Mapping[str, Value]
    values: Mapping[str, Value]
    asked: frozenset[str]
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]

    @cached_property
    def set_aside(self) -> Mapping[str, Value]:
        """Answers given that do not stand, because their question is not asked."""
        holder = self.definition.holder
        return {
            name: value
            for name, value in self.given.items()
            if value is not None and name not in self.values and holder[name].id not in self.asked
        }

    def origin(self, name: str) -> Origin | None:
        """Where a value comes from: given, inferred (the service answered a question) or derived."""
        if name not in self.values:
            return None
        if name not in self.definition.holder:
            return "derived"
        return "given" if self.given.get(name) == self.values[name] else "inferred"

    @property
    def status(self) -> Status:
        if not any(value is not None for value in self.given.values()):
            return "not_started"
        open_findings = any(not finding.confirmed for finding in self.findings)
        return "in_progress" if self.missing or open_findings else "completed"


class Judge:
    """The compiled judgement of one collection and year. Make one with `judge_for`."""

    def __init__(
        self,
        definition: Definition,
        findings_only: bool = False,
        every_term: bool = False,
        frame: Frame | None = None,
    ):
        self.definition = definition
        program = Compiler(definition, findings_only, every_term, frame)
        compiled = program.compile()
        self.source = compiled.source
        self.seen = program.seen
        self.values = program.values
        self.asked_at = program.asked_at
        self.run = compiled.function
        self.questions = tuple(definition.questions)
        self.decimals = frozenset(filter(definition.is_decimal, definition.inputs))

    def judge(
        self,
        answers: Mapping[str, Value],
        today: date,
        context: Context = NOWHERE,
        confirmed: frozenset[str] = frozenset(),
    ) -> Judgement:
        """The judgement of typed answers. `confirmed` holds the fingerprints of findings that somebody confirmed.

        Raises KeyError for an answer to a question that the definition does not have.
        """
        definition = self.definition
        for name in answers:
            if name not in definition.holder:
                raise KeyError(name)
        given = tuple(map(self.exact(answers).get, definition.inputs))
        values, asked, found, missing, _ = self.run(given, context, today)
        named = {name: value for name, value in zip(definition.outputs, values, strict=True) if value is not None}
        return Judgement(
            definition,
            answers,
            named,
            frozenset(name for name, is_asked in zip(definition.questions, asked, strict=True) if is_asked),
            tuple(self.finding(entry, named, answers, confirmed) for entry in sorted(found, key=itemgetter(0))),
            tuple(self.questions[position] for position in sorted(missing)),
        )

    def exact(self, answers: Mapping[str, Value]) -> Mapping[str, Value]:
        """The answers with money and percentages as decimals, also where they came as whole numbers."""
        whole = {name: Decimal(value) for name in self.decimals & answers.keys() if type(value := answers[name]) is int}
        return {**answers, **whole} if whole else answers

    def finding(
        self, entry: Found, values: Mapping[str, Value], answers: Mapping[str, Value], confirmed: frozenset[str]
    ) -> Finding:
        index, shown, marked = entry
        check = self.definition.checks[index]
        fields = marked if marked is not None else tuple(mark.field for mark in check.on)
        about = tuple((name, values.get(name, answers.get(name))) for name in fields)
        settled = check.severity == "confirm" and fingerprint(check.id, about) in confirmed
        return Finding(self.definition, check, fields, shown, about, settled)


@cache
def judge_for(definition: Definition, findings_only: bool = False) -> Judge:
    """The judge of a definition, compiled once in a process; one for findings alone cannot judge single logs."""
    return Judge(definition, findings_only)
