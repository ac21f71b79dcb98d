"""Says which columns show each answer and each check of a file, and what each column is about.

One column or another may hold an answer, depending on the row; each way in which they do is a layout of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from submission.definition import Definition
from submission.definition.model import Check, Column

Severity = Literal["setup", "error", "confirm"]


@dataclass(frozen=True, slots=True)
class Placement:
    """What is known of a check's findings before there are any: fields, columns, question, severity."""

    check: Check
    fields: tuple[str, ...]
    columns: tuple[int, ...]
    question: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns_of`: those of each answer, value and cell. `askers`: for each column, by number, the positions of the
    questions that it answers or shows findings of. `placements`: in the order of `definition.checks`. `answers`:
    those of missing answers, in the order of `definition.questions`.
    """

    definition: Definition
    columns: Mapping[int, Column]
    columns_of: Mapping[str, tuple[int, ...]]
    askers: Mapping[int, tuple[int, ...]]
    placements: tuple[Placement, ...]
    answers: tuple[Placement, ...]

    def columns_for(self, fields: Sequence[str]) -> tuple[int, ...]:
        return columns_for(fields, self.columns_of)

    def question_of(self, name: str) -> str:
        return question_of(self.definition, self.columns, name)


def columns_for(fields: Sequence[str], columns_of: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(column for name in fields for column in columns_of[name]))


def question_of(definition: Definition, columns: Mapping[int, Column], name: str) -> str:
    if name.startswith("field_"):
        return columns[int(name[6:])].question
    return definition.holder[name].id if name in definition.holder else name


def severity_of(check: Check) -> Severity:
    return "setup" if check.setup and check.severity == "error" else check.severity


@dataclass(slots=True)
class Layouts:
    """The layouts of one return, each made when the first row needs it."""

    definition: Definition
    columns: Mapping[int, Column] = field(init=False)
    held_questions: tuple[str, ...] = field(init=False)
    columns_anywhere: Mapping[str, tuple[int, ...]] = field(init=False)
    known: dict[tuple[int | None, ...], Layout] = field(default_factory=dict)

    def __post_init__(self) -> None:
        definition = self.definition
        self.columns = {column.number: column for column in definition.template.columns}
        self.held_questions = definition.held_questions
        names = (*definition.outputs, *definition.questions)
        cells = {column.field: (column.number,) for column in definition.template.columns}
        self.columns_anywhere = {name: definition.columns_of(name) for name in names} | cells

    def of(self, held: tuple[int | None, ...]) -> Layout:
        """The layout of rows in which these columns hold the answers of `held_questions`; None leaves all of them."""
        if held not in self.known:
            self.known[held] = self.made(held)
        return self.known[held]

    def made(self, held: tuple[int | None, ...]) -> Layout:
        columns_of = dict(self.columns_anywhere)
        idle: set[int] = set()
        for name, number in zip(self.held_questions, held, strict=True):
            if number is not None:
                idle.update(columns_of[name])
                columns_of[name] = (number,)
        idle.difference_update(number for number in held if number is not None)
        checks = self.definition.checks
        placements = tuple(self.placement(check, columns_of) for check in checks)
        answers = {one.fields[0]: one for one in placements if one.check.origin == "answer"}
        return Layout(
            self.definition,
            self.columns,
            columns_of,
            self.askers(columns_of, idle),
            placements,
            tuple(answers[name] for name in self.definition.questions),
        )

    def placement(self, check: Check, columns_of: Mapping[str, tuple[int, ...]]) -> Placement:
        fields = tuple(mark.field for mark in check.on)
        question = question_of(self.definition, self.columns, fields[0])
        return Placement(check, fields, columns_for(fields, columns_of), question, severity_of(check))

    def askers(self, columns_of: Mapping[str, tuple[int, ...]], idle: set[int]) -> dict[int, tuple[int, ...]]:
        """None for `idle` columns, which hold nothing in such a row."""
        position = {name: index for index, name in enumerate(self.definition.questions)}
        found: dict[int, list[int]] = {number: [] for number in self.columns}
        for name, index in position.items():
            for number in columns_of[name]:
                found[number].append(index)
        for number, column in self.columns.items():
            if number not in idle:
                found[number].append(position[column.question])
        return {number: tuple(dict.fromkeys(indexes)) for number, indexes in found.items()}
