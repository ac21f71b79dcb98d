"""What a definition is, once read: frozen records, the same for every route.

Ids are statutory field names where there is one. Expressions are parsed. Everything is in the order
in which the form asks it. Made by `submission.definition.build`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal

from submission.definition.expressions import Constant, Expression, Function
from submission.definition.source import Place
from submission.definition.tables import Table

Severity = Literal["error", "confirm"]
Sensitivity = Literal["none", "personal", "special"]
Origin = Literal["written", "answer", "option", "range", "step"]
DECIMAL_KINDS: Final = frozenset({"money", "percentage"})


@dataclass(frozen=True, slots=True)
class Sourced:
    """Something written: its expression, the text as written and where it stands."""

    expression: Expression
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Window:
    """The dates of one collection year. Both ends of `opens`..`ends` belong to it."""

    year: int
    title: str
    opens: date
    ends: date
    submission_deadline: date
    new_logs_end: date
    edits_end: date
    quarterly_cut_offs: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One code of a question. `after_or`: the first one behind the "or" divider."""

    code: Constant
    label: str
    after_or: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """A text with expressions in it; `parts` are texts and expressions in turn."""

    text: str
    parts: tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as one page asks it.

    `fields`: the answers it holds, itself but for checkboxes (one per option).
    `when`: in addition to its page. `offer`: codes that are options only under a condition.
    `held_by`: where one of several columns holds it, depending on the row, each with its condition over cells.
    `past`: a date whose year, when written with two digits, is of the last century if it would be after the window.
    """

    id: str
    label: str
    ask: Wording
    kind: str
    page: str
    place: Place
    fields: tuple[str, ...]
    hint: Wording | None = None
    guidance: str | None = None
    options: tuple[Option, ...] = ()
    table: str | None = None
    minimum: Constant = None
    maximum: Constant = None
    prefix: Wording | None = None
    suffix: Wording | None = None
    optional: Sourced | None = None
    when: Sourced | None = None
    offer: tuple[tuple[Constant, Sourced], ...] = ()
    keep: bool = False
    sensitivity: Sensitivity = "personal"
    blank: str | None = None
    person: int | None = None
    columns: tuple[int, ...] = ()
    marks: tuple[int, ...] = ()
    held_by: tuple[tuple[int, Sourced], ...] = ()
    step: int | Decimal | None = None
    past: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    id: str
    subsection: str
    questions: tuple[Question, ...]
    place: Place
    when: Sourced | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Subsection:
    id: str
    section: str
    title: str
    pages: tuple[Page, ...]
    when: Sourced | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One way a value comes about: `value` while `when` holds. `default`: only where no answer was given."""

    value: Sourced
    when: Sourced | None
    default: bool


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that follows from others; of a field of its own, or of a question's answer."""

    id: str
    rules: tuple[Rule, ...]
    place: Place
    label: str = ""
    kind: str | None = None
    options: tuple[Option, ...] = ()
    marks: tuple[int, ...] = ()
    sensitivity: Sensitivity = "personal"


@dataclass(frozen=True, slots=True)
class Term:
    """A named condition or value that is not stored."""

    id: str
    value: Sourced


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a finding is shown: a question, derived value or cell, always or under a condition."""

    field: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check. It fires when `applies` (None: always) and `fails` are both true.

    `setup`: a finding of it is about set-up answers alone. `cells`: it looks at upload cells.
    """

    id: str
    severity: Severity
    applies: Sourced | None
    fails: Sourced
    on: tuple[Mark, ...]
    say: Wording
    place: Place
    on_form: tuple[Mark, ...] = ()
    why: str | None = None
    confirmed_by: str | None = None
    person: int | None = None
    origin: Origin = "written"
    setup: bool = False
    cells: bool = False
    subsection: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the upload template. `part`: 0, 1, 2 for day, month, year or the halves of a postcode."""

    number: int
    label: str
    question: str
    kind: str
    options: tuple[Option, ...] = ()
    words: tuple[str, ...] = ()
    part: int | None = None
    person: int | None = None

    @property
    def field(self) -> str:
        return f"field_{self.number}"

    @property
    def letters(self) -> str:
        """The column's letters in the published layout, where column A holds labels."""
        return letters_of(self.number + 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """How an upload gives the answer of `field`: from its cells as they are, or by an expression over cells.

    `choices`: the columns of which one holds it, each with its condition over cells.
    """

    field: str
    kind: str
    columns: tuple[int, ...] = ()
    codes: tuple[tuple[Constant, Constant], ...] = ()
    value: Sourced | None = None
    choices: tuple[tuple[int, Sourced], ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """The upload file of a year: its columns in order of their numbers, and what else is said of it."""

    columns: tuple[Column, ...]
    readings: tuple[Reading, ...]
    duplicate_key: tuple[int, ...] = ()
    duplicate_sum: tuple[int, ...] = ()
    upper: tuple[int, ...] = ()
    other_layouts: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Definition:
    """A return for one collection year."""

    collection: str
    title: str
    log: str
    reference: str
    starts_by: str
    window: Window
    sections: Mapping[str, str]
    subsections: tuple[Subsection, ...]
    derived: tuple[Derived, ...]
    terms: tuple[Term, ...]
    checks: tuple[Check, ...]
    template: Template
    tables: Mapping[str, Table]
    phrases: Mapping[str, tuple[str, ...]]
    functions: Mapping[str, Function]
    messages: Mapping[str, str | Mapping[str, str]]
    version: str
    years: Mapping[int, Window] = field(default_factory=dict)

    @property
    def year(self) -> int:
        return self.window.year

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        return tuple(page for subsection in self.subsections for page in subsection.pages)

    @cached_property
    def questions(self) -> Mapping[str, tuple[Question, ...]]:
        """Every question by id, with one entry for each page that asks it."""
        found: dict[str, tuple[Question, ...]] = {}
        for page in self.pages:
            for question in page.questions:
                found[question.id] = (*found.get(question.id, ()), question)
        return found

    @cached_property
    def holder(self) -> Mapping[str, Question]:
        """The question (as first asked) that holds each answer."""
        return {name: questions[0] for questions in self.questions.values() for name in questions[0].fields}

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The fields a judgement takes: every answer that may be given, in order."""
        return tuple(self.holder)

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """The fields of a judged log: the inputs, then the derived values that are no question."""
        return self.inputs + tuple(value.id for value in self.derived if value.id not in self.holder)

    @cached_property
    def derived_by_id(self) -> Mapping[str, Derived]:
        return {value.id: value for value in self.derived}

    @cached_property
    def check_by_id(self) -> Mapping[str, Check]:
        return {check.id: check for check in self.checks}

    @cached_property
    def setup_questions(self) -> frozenset[str]:
        return frozenset(
            question.id
            for subsection in self.subsections
            if subsection.section == "setup"
            for page in subsection.pages
            for question in page.questions
        )

    @cached_property
    def held_questions(self) -> tuple[str, ...]:
        """The questions whose answer stands in one of several columns, depending on the row."""
        return tuple(name for name, entries in self.questions.items() if entries[0].held_by)

    def kind_of(self, name: str) -> str | None:
        """The kind of an answer or derived value."""
        if name in self.holder:
            return self.holder[name].kind
        return self.derived_by_id[name].kind if name in self.derived_by_id else None

    def is_decimal(self, name: str) -> bool:
        """Whether an answer or derived value is a number with decimals, held exactly."""
        return self.kind_of(name) in DECIMAL_KINDS

    def label_of(self, name: str) -> str:
        """The plain label of an answer, derived value or cell; the id itself where there is none."""
        if name in self.holder:
            question = self.holder[name]
            labels = {str(option.code): option.label for option in question.options}
            return labels.get(name, question.label) if question.kind == "checkboxes" else question.label
        if name.startswith("field_"):
            return self.template.columns[int(name[6:]) - 1].label
        return (self.derived_by_id[name].label if name in self.derived_by_id else "") or name

    def columns_of(self, name: str) -> tuple[int, ...]:
        """The template columns that show a finding about this question, answer, derived value or cell."""
        if name.startswith("field_"):
            return (int(name[6:]),)
        question = self.questions[name][0] if name in self.questions else self.holder.get(name)
        if question is not None:
            return question.columns or question.marks
        return self.derived_by_id[name].marks if name in self.derived_by_id else ()


def letters_of(position: int) -> str:
    """A spreadsheet's letters for a column, counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
