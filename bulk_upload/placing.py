"""Says which columns show the findings of a row, and in which words. Called by `bulk_upload.check` for each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bulk_upload.cells import ALWAYS_SHOWN, CellFault
from bulk_upload.layout import Layout, Placement, Severity
from submission.definition import Definition
from submission.definition.model import Check, Column
from submission.engine.judge import Found
from submission.engine.reading import Fault, is_blank
from submission.engine.wording import lower_first, render

if TYPE_CHECKING:
    from bulk_upload.check import RowChecker

LISTED_OPTIONS = 9


@dataclass(frozen=True, slots=True)
class Plain:
    """A message that is one already."""

    message: str

    def text(self, _: Definition) -> str:
        return self.message


@dataclass(slots=True)
class CellWords:
    """What is said of a cell: that it cannot be read, and why; or, without a fault, that it is none of the codes."""

    column: int
    cell: str
    fault: Fault | None = None

    def text(self, definition: Definition) -> str:
        column = definition.template.columns[self.column - 1]
        if self.fault is None:
            return option_message(definition, column, self.cell)
        text = str(definition.messages.get(self.fault.code) or "“{Label}” can’t be read. {hint}.")
        return worded(text, column, self.cell, hint=self.fault.hint)


@dataclass(slots=True)
class RowFinding:
    """One finding about one row. `columns` show it, by field number; none when it is about the whole row.

    `wording` is put into words when somebody asks for the message: a check's with the values `shown`, or its own.
    """

    row: int
    columns: tuple[int, ...]
    question: str
    check: str
    severity: Severity
    definition: Definition
    wording: Check | CellWords | Plain
    shown: tuple[Any, ...] = ()

    @property
    def message(self) -> str:
        if isinstance(self.wording, Check):
            return render(self.definition, self.wording.say, self.shown)
        return self.wording.text(self.definition)


@dataclass(slots=True)
class PlacedFindings:
    """Gathers the findings of one row and says which columns show them.

    A cell that cannot be read shows that alone. A question without an answer is marked on its first column, unless
    something else is wrong there; where no cell could answer it, or cells were filled and say nothing (zeros under
    every reason), it is left open. Confirm checks are shown on the first column of each answer that has a part in
    them, where nothing is wrong. `began`: the start date could be read; if not, what depends on it is not said.
    """

    checker: RowChecker
    layout: Layout
    row: int
    cells: Sequence[str]
    asked: tuple[bool, ...]
    values: tuple[Any, ...]
    began: bool
    left_open: list[str] = field(default_factory=list)
    findings: list[RowFinding] = field(default_factory=list)
    unreadable: set[int] = field(default_factory=set)
    wrong: set[int] = field(default_factory=set)

    def add(
        self,
        columns: tuple[int, ...],
        question: str,
        check: str,
        severity: Severity,
        wording: Check | CellWords | Plain,
        shown: tuple[Any, ...] = (),
    ) -> None:
        self.findings.append(
            RowFinding(self.row, columns, question, check, severity, self.checker.definition, wording, shown)
        )

    def add_faults(self, faults: Sequence[CellFault]) -> None:
        definition = self.checker.definition
        for fault in faults:
            first = self.layout.columns[fault.columns[0]]
            askers = self.layout.askers[first.number]  # none where the column holds nothing in such a row
            asked = self.is_asked(askers)
            if not (asked or (first.words and askers) or fault.fault.code in ALWAYS_SHOWN):
                continue
            self.unreadable.update(fault.columns)
            self.wrong.update(fault.columns)
            severity: Severity = "setup" if first.question in definition.setup_questions else "error"
            wording = CellWords(first.number, fault.text, fault.fault)
            self.add(fault.columns, first.question, fault.fault.code, severity, wording)

    def add_errors(self, found: Sequence[Found]) -> None:
        layout = self.layout
        for index, shown, marked in found:
            place = layout.placements[index]
            fields = place.fields if marked is None else marked
            if place.severity == "confirm" or self.needs_start(fields):
                continue
            columns = self.shown_on(place, place.columns if marked is None else layout.columns_for(marked))
            if columns:
                self.wrong.update(columns)
                question = place.question if marked is None else layout.question_of(marked[0])
                if place.check.origin == "option":
                    wording = CellWords(columns[0], self.cells[columns[0] - 1])
                    self.add(columns, question, place.check.id, place.severity, wording)
                else:
                    self.add(columns, question, place.check.id, place.severity, place.check, shown)

    def shown_on(self, place: Placement, columns: tuple[int, ...]) -> tuple[int, ...]:
        """The columns of an error; where a given value is wrong, those of them that hold one."""
        if self.unreadable:
            columns = tuple(column for column in columns if column not in self.unreadable)
        if place.check.origin in ("option", "range", "step") and len(columns) > 1:
            return tuple(column for column in columns if not is_blank(self.cells[column - 1])) or columns
        return columns

    def needs_start(self, fields: Sequence[str]) -> bool:
        return not self.began and self.checker.definition.starts_by in fields

    def add_missing(self, missing: Sequence[int]) -> None:
        for position in sorted(missing):
            place = self.layout.answers[position]
            columns = place.columns
            if not self.wrong.isdisjoint(columns):
                continue
            if not columns or self.says_nothing(place.question, columns):
                self.left_open.append(place.question)
            else:
                self.wrong.add(columns[0])
                self.add(columns[:1], place.question, place.check.id, place.severity, place.check)

    def says_nothing(self, question: str, columns: tuple[int, ...]) -> bool:
        """Whether the cells of a choice of several are filled, with zeros, so that none is chosen."""
        several = len(self.checker.definition.questions[question][0].fields) > 1
        return several and not all(is_blank(self.cells[column - 1]) for column in columns)

    def add_confirms(self, found: Sequence[Found]) -> None:
        layout = self.layout
        for index, shown, marked in found:
            place = layout.placements[index]
            fields = place.fields if marked is None else marked
            if place.severity != "confirm" or self.needs_start(fields):
                continue
            part = [name for name in fields if self.has_a_part(name)]
            held = [layout.columns_of[name] for name in part]
            columns = tuple(dict.fromkeys(one[0] for one in held if one and self.wrong.isdisjoint(one)))
            if columns:
                question = layout.question_of(part[0])
                self.add(columns, question, place.check.id, "confirm", place.check, shown)

    def is_asked(self, questions: Sequence[int]) -> bool:
        """Whether any of these questions, by position, is asked."""
        return any(self.asked[self.checker.asked_at[position]] for position in questions)

    def has_a_part(self, name: str) -> bool:
        """Whether an answer is asked, by its own question or one that shares its column, or is there all the same."""
        columns = self.layout.columns_of[name]
        if columns and self.is_asked(self.layout.askers[columns[0]]):
            return True
        value_at = self.checker.value_position.get(name)
        return value_at is not None and self.values[value_at] is not None


def option_message(definition: Definition, column: Column, cell: str) -> str:
    """What is said of a code that is none of the question's, in terms of the file's own codes."""
    entries = definition.questions[column.question]
    plain = len(entries) == 1 and not entries[0].offer and 0 < len(column.options) <= LISTED_OPTIONS
    key = "option-cell" if plain else "option-cell-other"
    first = {option.label: option.code for option in reversed(column.options)}  # 2 and 0 may both mean no
    codes = alternatives([f"{first[label]} ({lower_first(label)})" for label in reversed(first)])
    return worded(str(definition.messages[key]), column, cell, codes=codes)


def worded(text: str, column: Column, value: str, **more: str) -> str:
    """A general message with a column's label and the value of its cell."""
    shown = value.strip()
    words = {"Label": column.label, "value": shown[:60] + "…" if len(shown) > 60 else shown, **more}
    for word, replacement in words.items():
        text = text.replace(f"{{{word}}}", replacement)
    return text


def alternatives(items: list[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return " or ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""
