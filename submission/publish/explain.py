"""Everything about one question, derived value, term, check or column, as text for the terminal.

Called by `submission explain`. Nothing here is written by hand: it is all read from the definition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from textwrap import wrap
from typing import Final

from submission.definition import Definition
from submission.definition.model import Check, Column, Derived, Mark, Option, Question, Rule, Sourced, Term
from submission.engine.judge import judge_for
from submission.publish.catalogue import NOT_READING, SEVERITIES, letters_of_marks, severity_of
from submission.publish.examples import Examples
from submission.publish.uses import Uses

HEADING_WIDTH: Final = 16
MOST_CODES: Final = 30
NEAR: Final = 6
CELL_MESSAGE: Final = "What a report says of a cell or a row that cannot be taken as it is."

Entry = tuple[str, str]


@dataclass
class Explainer:
    """Explains names of one definition. `width`: of the terminal. `sources`: further generated functions."""

    definition: Definition
    width: int = 100
    with_source: bool = False
    sources: tuple[str, ...] = ()
    examples: Examples = field(init=False)

    def __post_init__(self) -> None:
        self.examples = Examples(self.definition)

    @cached_property
    def uses(self) -> Uses:
        return Uses(self.definition)

    @cached_property
    def known(self) -> dict[str, Callable[[str], Iterator[Entry]]]:
        """What explains each name. Where a name is two things, the first to be listed here wins."""
        definition = self.definition
        found: dict[str, Callable[[str], Iterator[Entry]]] = {}
        groups: tuple[tuple[list[str], Callable[[str], Iterator[Entry]]], ...] = (
            (list(definition.check_by_id), self.check),
            (list(definition.questions), self.question),
            (list(definition.holder), self.question),
            (list(definition.derived_by_id), self.derived),
            ([term.id for term in definition.terms], self.term),
            ([column.field for column in definition.template.columns], self.column),
            ([name for name in definition.messages if name not in NOT_READING], self.message),
        )
        for names, explain in groups:
            for name in names:
                found.setdefault(name, explain)
        return found

    def explain(self, name: str) -> str | None:
        """The text about `name`; None where nothing is called so. `{n}` in it stands for person 2."""
        name = name.replace("{n}", "2")
        how = self.known.get(name)
        if how is None:
            return None
        entries = list(how(name))
        title, *rest = entries
        lines = [*self.wrapped(" – ".join(filter(None, title)))]
        for heading, text in rest:
            lines += self.entry(heading, text)
        if self.with_source:
            lines += ["", "Generated Python", *self.source_of(name)]
        return "\n".join(lines)

    def near(self, name: str) -> list[str]:
        """Names like this one, the nearest first."""
        close = get_close_matches(name, self.known, NEAR, 0.6)
        holding = [known for known in self.known if name.lower() in known.lower()] if len(name) > 2 else []
        return list(dict.fromkeys([*close, *holding]))[:NEAR]

    # one kind of thing each

    def question(self, name: str) -> Iterator[Entry]:
        definition = self.definition
        first = definition.questions[name][0] if name in definition.questions else definition.holder[name]
        yield name, first.label if first.id == name else definition.label_of(name)
        subsection = next(entry for entry in definition.subsections if any(p.id == first.page for p in entry.pages))
        section = definition.sections[subsection.section]
        part_of = f" “{first.label}” ({first.id})" if first.id != name else ""
        yield (
            "What it is",
            f"{'One option of the' if part_of else 'A'} question{part_of} of {subsection.title}"
            + (f", in {section}" if section != subsection.title else ""),
        )
        yield from self.wording(first)
        for entry in definition.questions[first.id]:
            yield from self.asked(entry)
        if first.optional:
            yield "Optional", "always" if first.optional.text in ("True", "true") else f"if {first.optional.text}"
        yield "Sensitivity", first.sensitivity
        yield from self.columns_of(name)
        yield from self.rules(name)
        yield from self.relations(name, first.fields)
        yield "Written in", str(first.place)

    def wording(self, question: Question) -> Iterator[Entry]:
        yield "Wording", question.ask.text
        if question.hint:
            yield "Hint", question.hint.text
        if question.guidance:
            yield "Guidance", question.guidance
        limits = [f"at least {question.minimum}"] if question.minimum is not None else []
        limits += [f"at most {question.maximum}"] if question.maximum is not None else []
        limits += [f"in steps of {question.step}"] if question.step is not None else []
        yield "Kind", ", ".join([question.kind, *limits])
        if question.kind == "checkboxes":
            yield "Options", "\n".join(f"{option.code}  {option.label}" for option in question.options)
        else:
            yield from self.codes(question.options, dict(question.offer))

    def codes(self, options: tuple[Option, ...], offer: dict[object, Sourced] | None = None) -> Iterator[Entry]:
        if not options:
            return
        only = offer or {}
        lines = [
            f"{option.code}  {option.label}" + (f" (only if {only[option.code].text})" if option.code in only else "")
            for option in options[:MOST_CODES]
        ]
        more = len(options) - len(lines)
        yield "Codes", "\n".join([*lines, *([f"and {more:,} more"] if more else [])])

    def asked(self, question: Question) -> Iterator[Entry]:
        within, page = next(
            (subsection, page)
            for subsection in self.definition.subsections
            for page in subsection.pages
            if page.id == question.page
        )
        whens = [when.text for when in (within.when, page.when, question.when) if when]
        yield f"On page {page.id}", f"asked when {' and '.join(map(bracketed, whens))}" if whens else "always asked"

    def columns_of(self, name: str) -> Iterator[Entry]:
        template = self.definition.template
        columns = [template.columns[number - 1] for number in self.definition.columns_of(name)]
        if columns:
            entries = self.definition.questions.get(name)
            only = {number: f" (only if {when.text})" for number, when in (entries[0].held_by if entries else ())}
            lines = [f"field_{one.number}, column {one.letters}{only.get(one.number, '')}" for one in columns]
            yield "Upload", "\n".join(lines)
        for reading in template.readings:
            if reading.field == name and reading.value is not None:
                yield "Read by", reading.value.text

    def rules(self, name: str) -> Iterator[Entry]:
        derived = self.definition.derived_by_id.get(name)
        for rule in derived.rules if derived else ():
            yield "Derived", rule_text(rule)

    def relations(self, name: str, others: tuple[str, ...] = ()) -> Iterator[Entry]:
        names = {name, *others}
        checks = [check for check in self.definition.checks if self.uses.is_about(check, names)]
        if checks:
            yield "Checks", "\n".join(f"{check.id} ({severity_of(check).lower()})" for check in checks)
        users = self.uses.users_of(names)
        if users:
            yield "Used by", "\n".join(users)

    def derived(self, name: str) -> Iterator[Entry]:
        derived: Derived = self.definition.derived_by_id[name]
        yield name, derived.label
        yield "What it is", "A derived value: nobody is asked for it"
        if derived.kind:
            yield "Kind", derived.kind
        yield from self.codes(derived.options)
        yield from self.rules(name)
        yield "Sensitivity", derived.sensitivity
        yield from self.columns_of(name)
        yield from self.relations(name)
        yield "Written in", str(derived.place)

    def term(self, name: str) -> Iterator[Entry]:
        term: Term = next(term for term in self.definition.terms if term.id == name)
        yield name, ""
        yield "What it is", "A term: a condition or value with a name, which isn’t stored"
        yield "Stands for", term.value.text
        yield from self.relations(name)
        yield "Written in", str(term.value.place)

    def check(self, name: str) -> Iterator[Entry]:
        check: Check = self.definition.check_by_id[name]
        yield name, severity_of(check)
        made = {
            "written": "A check",
            "answer": "A check that every question has: it needs an answer while it’s asked",
            "option": "A check that every list of options has: the answer must be one of them",
            "range": "A check that follows from the least and greatest value of its question",
            "step": "A check that follows from the steps in which its question takes numbers",
        }
        yield "What it is", made[check.origin] + (", of upload files only" if check.cells else "")
        yield "Applies when", check.applies.text if check.applies else "always"
        yield "Fails if", check.fails.text
        yield "Message", check.say.text
        if check.why:
            yield "Why we ask", check.why
        if check.confirmed_by:
            yield "Confirmed by", check.confirmed_by
        yield "Shown on", self.marks(check.on)
        if check.on_form:
            yield "On the form too", self.marks(check.on_form)
        letters = letters_of_marks(self.definition, check.on)
        if letters:
            yield "Upload", f"column{'s' if len(letters) > 1 else ''} {', '.join(letters)}"
        for outcome, heading in (("fails", "Fails, say"), ("passes", "Passes, say"), ("silent", "Doesn’t apply")):
            found = self.examples.of(check, outcome)
            if found:
                yield heading, "\n".join(found)
        yield "Written in", str(check.place)

    def marks(self, marks: tuple[Mark, ...]) -> str:
        return "\n".join(f"{mark.field}  {self.definition.label_of(mark.field)}" for mark in marks)

    def column(self, name: str) -> Iterator[Entry]:
        column: Column = next(column for column in self.definition.template.columns if column.field == name)
        yield name, column.label
        yield "What it is", f"Column {column.letters} of the upload template, for the question {column.question}"
        yield "Kind", column.kind
        yield from self.codes(column.options)
        if column.words:
            yield "Words it takes", ", ".join(column.words)
        yield from self.relations(name)

    def message(self, name: str) -> Iterator[Entry]:
        yield name, SEVERITIES["error"]
        yield "What it is", CELL_MESSAGE
        yield "Message", str(self.definition.messages[name])

    # the generated function

    def source_of(self, name: str) -> list[str]:
        """The lines of the generated Python that are about `name`, but for the long lists of all names."""
        word = re.compile(rf"(?<![\w-])(?:[gqp]_)?{re.escape(name)}(?![\w-])")
        check = self.definition.check_by_id.get(name)
        if check is not None and check.origin == "answer":
            position = list(self.definition.questions).index(check.on[0].field)
            word = re.compile(rf"missing\.append\({position}\)")
        if check is not None and check.origin == "option":
            index = self.definition.checks.index(check)
            word = re.compile(rf"add\(\({index}, ")
        sources = (judge_for(self.definition).source, *self.sources)
        lines = [line for source in sources for line in source.splitlines()]
        return [line for line in lines if word.search(line) and not line.lstrip().startswith("(")] or ["    none"]

    # how it looks

    def entry(self, heading: str, text: str) -> list[str]:
        indent = " " * HEADING_WIDTH
        start = f"{heading:<{HEADING_WIDTH}}"
        lines: list[str] = [] if len(heading) < HEADING_WIDTH else [heading]
        for paragraph in text.split("\n"):
            first = start if len(heading) < HEADING_WIDTH and not lines else indent
            lines += wrap(paragraph, self.width, initial_indent=first, subsequent_indent=indent,
                          break_on_hyphens=False, break_long_words=False)  # fmt: skip
        return lines

    def wrapped(self, text: str) -> list[str]:
        return wrap(text, self.width, break_on_hyphens=False)


def bracketed(text: str) -> str:
    return f"({text})" if re.search(r"\b(or|if)\b", text) else text


def rule_text(rule: Rule) -> str:
    """“2 when renewal == 1”."""
    word = "where nothing is given: " if rule.default else ""
    return f"{word}{rule.value.text}" + (f"  when {rule.when.text}" if rule.when else "")
