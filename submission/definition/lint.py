"""The linter: refuses a definition that could not be judged, with file, line and reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Final

from submission.definition.expressions import Expression, Literal
from submission.definition.graph import Circle, cell_terms, judged_terms, ordered
from submission.definition.model import Check, Definition, Mark, Question, Sourced, Wording
from submission.definition.source import Place, Problem
from submission.definition.types import KIND_TYPES, Typist, codes_of, common, type_of_value

# The first letter and an underscore are how generated code tells a page from a question: p_joint, q_joint.
WORD: Final = re.compile(r"(?!field_)[a-z](?!_)[a-z0-9_]*")
RESERVED: Final = frozenset(
    "today year context given found add missing cell cells fields values asked terms people key range len str "
    "is_blank divide".split()
)


@dataclass(slots=True)
class Linter:
    definition: Definition
    problems: list[Problem] = field(default_factory=list)
    place: Place = field(default_factory=lambda: Place("", 0))
    typist: Typist = field(init=False)

    def __post_init__(self) -> None:
        self.typist = Typist(self.definition, self.refuse)

    def refuse(self, reason: str) -> None:
        problem = Problem(self.place, reason)
        if problem not in self.problems:
            self.problems.append(problem)

    def run(self) -> list[Problem]:
        self.ids()
        self.name_answers()
        if self.name_values():
            self.structure()
            self.checks()
            self.readings()
        return self.problems

    def ids(self) -> None:
        """Every id is a plain word of its own: the compiled judgement uses it as a name."""
        seen: dict[str, str] = {}
        for what, name, place in self.named():
            self.place = place
            if not WORD.fullmatch(name) or name in RESERVED or iskeyword(name):
                self.refuse(
                    f"“{name}” can’t be the id of a {what}: use small letters, digits and _, and no word we use"
                )
            if name in seen:
                self.refuse(f"“{name}” is a {seen[name]} already")
            seen[name] = what

    def named(self) -> Iterator[tuple[str, str, Place]]:
        for entries in self.definition.questions.values():
            if entries[0].id not in entries[0].fields:
                yield "question", entries[0].id, entries[0].place
            for name in entries[0].fields:
                yield "question", name, entries[0].place
        for derived in self.definition.derived:
            if derived.id not in self.definition.holder:
                yield "derived value", derived.id, derived.place
        for term in self.definition.terms:
            yield "term", term.id, term.value.place

    def name_answers(self) -> None:
        """Types and codes of everything that a person may answer."""
        typist = self.typist
        typist.names.update({"today": "date", "year": "year"})
        for entries in self.definition.questions.values():
            first = entries[0]
            codes = frozenset().union(*(codes_of(entry.options) for entry in entries))
            for name in first.fields:
                typist.names[name] = KIND_TYPES.get(first.kind) or common({type_of_value(code) for code in codes})
                if first.kind in ("radio", "select"):
                    typist.codes[name] = codes
        for derived in self.definition.derived:
            if derived.options:
                typist.codes.setdefault(derived.id, codes_of(derived.options))

    def name_values(self) -> bool:
        """Types of terms and derived values, in the order of a judgement; False where that is a circle."""
        definition, typist = self.definition, self.typist
        cells = cell_terms(definition)
        try:
            nodes = ordered(definition, definition.terms)
        except Circle as circle:
            self.place = self.place_of(circle.members[0])
            self.refuse(f"these need each other: {' -> '.join(circle.members)}")
            return False
        terms = {term.id: term for term in definition.terms}
        for node in nodes:
            if node.kind == "term":
                typist.cells = node.id in cells
                typist.names[node.id] = self.type(terms[node.id].value)
            elif node.kind == "derived":
                derived = definition.derived_by_id[node.id]
                typist.names[node.id] = common({self.type(rule.value) for rule in derived.rules})
        typist.cells = False
        return True

    def place_of(self, key: str) -> Place:
        kind, _, name = key.partition(" ")
        places = {f"term {term.id}": term.value.place for term in self.definition.terms}
        places |= {f"derived {derived.id}": derived.place for derived in self.definition.derived}
        places |= {f"page {page.id}": page.place for page in self.definition.pages}
        places |= {f"question {name}": entries[0].place for name, entries in self.definition.questions.items()}
        return places.get(key, Place(f"{kind} {name}", 1))

    def type(self, sourced: Sourced) -> str:
        self.place = sourced.place
        return self.typist.type(sourced.expression)

    def condition(self, sourced: Sourced | None) -> None:
        if sourced is not None:
            self.place = sourced.place
            self.typist.condition(sourced.expression)

    def structure(self) -> None:
        seen_pages: set[str] = set()
        for subsection in self.definition.subsections:
            self.condition(subsection.when)
            for page in subsection.pages:
                self.place = page.place
                if page.id in seen_pages:
                    self.refuse(f"there are two pages “{page.id}”")
                seen_pages.add(page.id)
                if not page.questions:
                    self.refuse(f"page “{page.id}” asks nothing")
                self.reachable(page.when or subsection.when, page.place, page.id)
                self.condition(page.when)
                for question in page.questions:
                    self.question(question)
        for derived in self.definition.derived:
            self.derived(derived.id)

    def reachable(self, when: Sourced | None, place: Place, page: str) -> None:
        if when is not None and when.expression == Literal(False):
            self.place = place
            self.refuse(f"page “{page}” can never be reached")

    def question(self, question: Question) -> None:
        self.place = question.place
        if question.kind in ("radio", "select", "checkboxes") and not question.options:
            self.refuse(f"question “{question.id}” has no codes")
        if len(codes_of(question.options)) != len(question.options):
            self.refuse(f"question “{question.id}” has a code twice")
        for wording in (question.ask, question.hint, question.prefix, question.suffix):
            self.wording(wording, question.place)
        self.condition(question.when)
        self.condition(question.optional)
        for code, told in question.offer:
            self.condition(told)
            self.place = question.place
            if code not in self.typist.codes.get(question.id, ()):
                self.refuse(f"“{question.id}” offers the unknown code {code!r}")

    def derived(self, name: str) -> None:
        derived = self.definition.derived_by_id[name]
        self.place = derived.place
        if name not in self.definition.holder and not derived.label:
            self.refuse(f"derived value “{name}” has no label")
        for rule in derived.rules:
            self.condition(rule.when)
            found = self.type(rule.value)
            wanted = self.typist.names.get(name, "any")
            if "any" not in (found, wanted) and found != wanted:
                self.refuse(f"“{name}” is a {wanted}, but is given a {found}")
            value = rule.value.expression
            codes = self.typist.codes.get(name)
            if codes and isinstance(value, Literal) and value.value is not None and value.value not in codes:
                self.refuse(f"“{name}” has no code {value.value!r}")

    def wording(self, wording: Wording | None, place: Place) -> None:
        self.place = place
        for part in wording.parts if wording else ():
            if isinstance(part, Expression):
                self.typist.type(part)

    def checks(self) -> None:
        for check in self.definition.checks:
            self.typist.cells = check.cells
            if check.origin == "written":
                self.condition(check.applies)
                self.condition(check.fails)
                if check.fails.expression == Literal(False):
                    self.refuse(f"check “{check.id}” can never fail")
            for mark in self.marks(check):
                self.place = check.place
                if mark.when is not None:
                    self.typist.condition(mark.when)
            self.wording(check.say, check.place)
        self.typist.cells = False

    def marks(self, check: Check) -> Iterator[Mark]:
        yield from check.on
        yield from check.on_form

    def readings(self) -> None:
        """An upload's answers come from cells alone: never from other answers, which are not known yet."""
        allowed = cell_terms(self.definition)
        self.typist.cells = True
        names, self.typist.names = (
            self.typist.names,
            {name: kind for name, kind in self.typist.names.items() if name in allowed or name in ("today", "year")},
        )
        for reading in self.definition.template.readings:
            if reading.value is not None:
                self.type(reading.value)
            for _, when in reading.choices:
                self.condition(when)
            if reading.field not in self.definition.holder:
                self.refuse(f"“upload” speaks of “{reading.field}”, which is no answer")
        self.typist.names, self.typist.cells = names, False


def lint(definition: Definition) -> list[Problem]:
    """Everything wrong with the definition; empty when it can be judged."""
    linter = Linter(definition)
    problems = linter.run()
    if not problems:
        ordered(definition, judged_terms(definition))
    return problems
