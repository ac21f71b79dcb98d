"""Builds the checks of a definition: those that are written, and those that every question brings along."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from submission.definition.expressions import (
    And,
    Asked,
    Compare,
    Count,
    Expression,
    IsMissing,
    Literal,
    Name,
    Not,
    Or,
)
from submission.definition.graph import looks_at_cells
from submission.definition.model import Check, Mark, Question, Severity, Sourced, Wording
from submission.definition.scribe import Scribe
from submission.definition.source import Entry, Place

CHECK_KEYS: Final = frozenset({"when", "on", "say", "why", "for", "years", "mark"}) | {
    "error if",
    "confirm if",
    "on form",
    "confirmed by",
}


@dataclass(slots=True)
class CheckBuilder:
    """`known`: every field a finding may be shown on. `setup`: those of the set-up section. `cells`: terms on cells."""

    scribe: Scribe
    known: Collection[str]
    setup: Collection[str]
    cells: Collection[str]
    messages: Mapping[str, Any]

    def written(self, name: str, body: Entry, place: Place, subsection: str | None, person: int | None) -> Check | None:
        scribe = self.scribe
        scribe.keys(body, CHECK_KEYS, "a check")
        severity: Severity = "error" if "error if" in body else "confirm"
        if "error if" in body and "confirm if" in body:
            scribe.refuse(place, f"check “{name}” has both “error if” and “confirm if”; make it two checks")
        fails = scribe.expression(body, f"{severity} if")
        if fails is None:
            scribe.refuse(place, f"check “{name}” has neither “error if” nor “confirm if”")
            return None
        on = scribe.marks(body, "on", self.known)
        if not on:
            scribe.refuse(place, f"check “{name}” names no field under “on”")
        say = scribe.wording(body, "say")
        if say is None or not say.text.strip():
            scribe.refuse(place, f"check “{name}” has no “say”")
        confirmed_by = scribe.text(body, "confirmed by")
        if severity == "confirm" and confirmed_by is None:
            scribe.refuse(place, f"confirm check “{name}” has no “confirmed by”")
        applies = scribe.expression(body, "when")
        on = self.narrowed(body, on)
        return Check(
            id=name,
            severity=severity,
            applies=applies,
            fails=fails,
            on=on,
            say=say or Wording("", ()),
            place=place,
            on_form=scribe.marks(body, "on form", self.known),
            why=scribe.text(body, "why"),
            confirmed_by=confirmed_by,
            person=person,
            setup=all(mark.field in self.setup for mark in on),
            cells=any(looks_at_cells(part.expression, self.cells) for part in (applies, fails) if part),
            subsection=subsection,
        )

    def narrowed(self, body: Entry, on: tuple[Mark, ...]) -> tuple[Mark, ...]:
        """The marks under the condition `mark:` gives, in which `cell` stands for each marked field."""
        text = self.scribe.text(body, "mark")
        if text is None:
            return on
        place = body.place_of("mark")
        marks = []
        for mark in on:
            parsed = self.scribe.parse(text, place)
            when = replaced(parsed, Name("cell"), Name(mark.field)) if parsed else None
            marks.append(Mark(mark.field, And((mark.when, when)) if mark.when and when else when))
        return tuple(marks)

    def made(self, questions: Mapping[str, tuple[Question, ...]], subsections: Mapping[str, str]) -> Iterator[Check]:
        """The checks that questions bring along: answered, among the options, within the limits."""
        for entries in questions.values():
            question = entries[0]
            subsection = subsections[question.page]
            yield self.answered(question, entries, subsection)
            if question.kind in ("radio", "select"):
                yield self.among_options(question, subsection)
            if question.minimum is not None or question.maximum is not None:
                yield self.within_limits(question, subsection)
            if question.step is not None:
                yield self.in_steps(question, question.step, subsection)

    def answered(self, question: Question, entries: tuple[Question, ...], subsection: str) -> Check:
        optional = tuple(entry.optional.expression for entry in entries if entry.optional)
        applies: Expression = Asked(question.id)
        text = f"asked({question.id})"
        if optional:
            applies = And((applies, *(Not(condition) for condition in optional)))
            text += "".join(f" and not ({entry.optional.text})" for entry in entries if entry.optional)
        if question.kind == "checkboxes":
            ticked = Count(tuple(Compare("==", Name(name), Literal(1)) for name in question.fields))
            fails: Expression = Compare("==", ticked, Literal(0))
            written = "count([{}]) == 0".format(", ".join(f"{name} == 1" for name in question.fields))
        else:
            fails, written = IsMissing(Name(question.id)), f"{question.id} is None"
        message = question.blank or self.message("answer", question.kind)
        return self.automatic("answer", question, subsection, (applies, text), (fails, written), message)

    def among_options(self, question: Question, subsection: str) -> Check:
        applies = (And((Asked(question.id), Not(IsMissing(Name(question.id))))), f"present({question.id})")
        fails = (Literal(False), f"{question.id} is not one of its options")
        return self.automatic("option", question, subsection, applies, fails, self.message("option", question.kind))

    def within_limits(self, question: Question, subsection: str) -> Check:
        name = Name(question.id)
        low, high = question.minimum, question.maximum
        limits = [
            *([(Compare("<", name, Literal(low)), f"{question.id} < {low}")] if low is not None else []),
            *([(Compare(">", name, Literal(high)), f"{question.id} > {high}")] if high is not None else []),
        ]
        which = "both" if len(limits) == 2 else "min" if high is None else "max"
        fails = (Or(tuple(limit for limit, _ in limits)), " or ".join(text for _, text in limits))
        applies = (And((Asked(question.id), Not(IsMissing(name)))), f"asked({question.id}) and present({question.id})")
        return self.automatic("range", question, subsection, applies, fails, self.message("range", which))

    def in_steps(self, question: Question, step: int | Decimal, subsection: str) -> Check:
        text = f"round_half_up({question.id} / {step}, 0) * {step} != {question.id}"
        fails = self.scribe.sourced(text, question.place)
        which = "whole" if step == 1 else "places" if step < 1 else "multiple"
        applies = (
            And((Asked(question.id), Not(IsMissing(Name(question.id))))),
            f"asked({question.id}) and present({question.id})",
        )
        message = self.message("step", which)
        expression = fails.expression if fails else Literal(False)
        return self.automatic("step", question, subsection, applies, (expression, text), message)

    def message(self, origin: str, which: str) -> str:
        texts = self.messages.get(origin, "")
        if isinstance(texts, Mapping):
            return str(texts.get(which) or texts.get("other", ""))
        return str(texts)

    def automatic(
        self,
        origin: Any,
        question: Question,
        subsection: str,
        applies: tuple[Expression, str],
        fails: tuple[Expression, str],
        message: str,
    ) -> Check:
        place = question.place
        text = worded(message, question)
        if not text.strip():
            self.scribe.refuse(place, f"shared.yaml has no message “{origin}” for questions of kind “{question.kind}”")
        return Check(
            id=f"{origin}-{question.id}".replace("_", "-"),
            severity="error",
            applies=Sourced(*applies, place),
            fails=Sourced(*fails, place),
            on=(Mark(question.id),),
            say=self.scribe.words(text, place),
            place=place,
            person=question.person,
            origin=origin,
            setup=question.id in self.setup,
            subsection=subsection,
        )


def worded(message: str, question: Question) -> str:
    """A general message with this question's own words in it."""
    label = question.label[:1].lower() + question.label[1:] if question.label[1:2].islower() else question.label
    words = {
        "label": label,
        "Label": question.label,
        "ask": question.ask.text,
        "min": shown(question.minimum, question.kind),
        "max": shown(question.maximum, question.kind),
        "step": shown(question.step, question.kind),
        "places": digits(question.step),
        "value": f"{{{question.fields[0] if question.fields else question.id}}}",
    }
    for word, text in words.items():
        message = message.replace(f"{{{word}}}", text)
    return message


def digits(step: int | Decimal | None) -> str:
    """How many digits a multiple of `step` may have after the point: `1 digit`, `2 digits`."""
    count = len(str(step or "").partition(".")[2])
    return f"{count} digit{'' if count == 1 else 's'}"


def shown(limit: object, kind: str) -> str:
    """A limit as its kind is written: £15,000, 25%, 3."""
    before, after = {"money": ("£", ""), "percentage": ("", "%")}.get(kind, ("", ""))
    return "" if limit is None else f"{before}{limit:,}{after}"


def replaced(expression: Expression, old: Expression, new: Expression) -> Expression:
    """The expression with `new` in place of `old`."""
    if expression == old:
        return new
    changes: dict[str, object] = {}
    for name in expression.__dataclass_fields__:
        value = getattr(expression, name)
        if isinstance(value, Expression):
            changes[name] = replaced(value, old, new)
        elif isinstance(value, tuple):
            changes[name] = tuple(replaced(item, old, new) if isinstance(item, Expression) else item for item in value)
    return type(expression)(**{name: getattr(expression, name) for name in expression.__dataclass_fields__} | changes)
