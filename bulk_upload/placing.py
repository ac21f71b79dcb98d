"""Says which columns show the findings of a row, and in which words. Called by `bulk_upload.check` for each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from bulk_upload.cells import ALWAYS_SHOWN, CellFault
from submission.definition import Definition
from submission.definition.model import Check, Column
from submission.engine.reading import is_blank
from submission.engine.wording import lower_first, render

if TYPE_CHECKING:
    from bulk_upload.check import RowChecker

Severity = Literal["setup", "error", "confirm"]
LISTED_OPTIONS = 9


@dataclass(slots=True)
class RowFinding:
    """One finding about one row. `columns` show it, by field number; none when it is about the whole row."""

    row: int
    columns: tuple[int, ...]
    question: str
    check: str
    severity: Severity
    definition: Definition
    wording: Check | str
    shown: tuple[Any, ...] = ()

    @property
    def message(self) -> str:
        if isinstance(self.wording, str):
            return self.wording
        return render(self.definition, self.wording.say, self.shown)


@dataclass(slots=True)
class PlacedFindings:
    """Gathers the findings of one row and says which columns show them.

    A cell that cannot be read shows that alone. A question without an answer is marked on its first column, unless
    something else is wrong there; where no cell could answer it, or cells were filled and say nothing (zeros under
    every reason), it is left open. Confirm checks are shown on the first column of each answer that has a part in
    them, where nothing is wrong. `began`: the start date could be read; if not, what depends on it is not said.
    """

    checker: RowChecker
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
        self, columns: tuple[int, ...], name: str, check: str, severity: Severity, wording: Check | str, shown: Any = ()
    ) -> None:
        self.findings.append(
            RowFinding(self.row, columns, name, check, severity, self.checker.definition, wording, shown)
        )

    def add_faults(self, faults: Sequence[CellFault]) -> None:
        checker = self.checker
        for fault in faults:
            first = checker.columns[fault.columns[0]]
            asked = any(self.asked[index] for index in checker.askers[first.number])
            if not (asked or first.words or fault.fault.code in ALWAYS_SHOWN):
                continue
            self.unreadable.update(fault.columns)
            self.wrong.update(fault.columns)
            setup = first.question in checker.definition.setup_questions
            message = fault_message(checker.definition, first, fault)
            self.add(fault.columns, first.question, fault.fault.code, "setup" if setup else "error", message)

    def add_errors(self, found: Sequence[tuple[int, tuple[Any, ...], tuple[str, ...] | None]]) -> None:
        for index, shown, marked in found:
            check = self.checker.definition.checks[index]
            fields = marked if marked is not None else [mark.field for mark in check.on]
            if check.severity == "confirm" or self.needs_start(fields):
                continue
            columns = self.shown_on(check, fields)
            if columns:
                self.wrong.update(columns)
                name = self.question_of(next(iter(fields)))
                wording = self.option_message(columns[0]) if check.origin == "option" else check
                self.add(columns, name, check.id, "setup" if check.setup else "error", wording, shown)

    def option_message(self, number: int) -> str:
        """What is said of a code that is none of the question's, in terms of the file's own codes."""
        definition, column = self.checker.definition, self.checker.columns[number]
        entries = definition.questions[column.question]
        plain = len(entries) == 1 and not entries[0].offer and 0 < len(column.options) <= LISTED_OPTIONS
        key = "option-cell" if plain else "option-cell-other"
        codes = alternatives([f"{option.code} ({lower_first(option.label)})" for option in column.options])
        return worded(str(definition.messages[key]), column, self.cells[number - 1], codes=codes)

    def shown_on(self, check: Check, fields: Sequence[str]) -> tuple[int, ...]:
        """The columns of an error; where a given value is wrong, those of them that hold one."""
        columns = [
            column
            for column in dict.fromkeys(column for name in fields for column in self.checker.columns_of[name])
            if column not in self.unreadable
        ]
        if check.origin in ("option", "range"):
            return tuple(column for column in columns if not is_blank(self.cells[column - 1])) or tuple(columns)
        return tuple(columns)

    def needs_start(self, fields: Sequence[str]) -> bool:
        return not self.began and self.checker.definition.starts_by in fields

    def question_of(self, name: str) -> str:
        definition = self.checker.definition
        if name.startswith("field_"):
            return self.checker.columns[int(name[6:])].question
        return definition.holder[name].id if name in definition.holder else name

    def add_missing(self, missing: Sequence[str]) -> None:
        for name in missing:
            columns = self.checker.columns_of[name]
            check = self.checker.definition.checks[self.checker.answer_check[name]]
            if self.wrong.intersection(columns):
                continue
            if not columns or self.says_nothing(name, columns):
                self.left_open.append(name)
            else:
                self.wrong.update(columns[:1])
                self.add(columns[:1], name, check.id, "setup" if check.setup else "error", check)

    def says_nothing(self, name: str, columns: tuple[int, ...]) -> bool:
        """Whether the cells of a choice of several are filled, with zeros, so that none is chosen."""
        several = len(self.checker.definition.questions[name][0].fields) > 1
        return several and not all(is_blank(self.cells[column - 1]) for column in columns)

    def add_repeat(self, first: int) -> None:
        """It is about the row as a whole: no cell of it is wrong by itself."""
        message = str(self.checker.definition.messages["duplicate-row"]).replace("{row}", str(first))
        self.add((), "", "duplicate-row", "setup", message)

    def add_confirms(self, found: Sequence[tuple[int, tuple[Any, ...], tuple[str, ...] | None]]) -> None:
        checker = self.checker
        for index, shown, marked in found:
            check = checker.definition.checks[index]
            fields = marked if marked is not None else [mark.field for mark in check.on]
            if check.severity != "confirm" or self.needs_start(fields):
                continue
            part = [name for name in fields if self.has_a_part(name)]
            firsts = [checker.columns_of[name][:1] for name in part]
            columns = tuple(dict.fromkeys(column for first in firsts for column in first if column not in self.wrong))
            if columns:
                self.add(columns, self.question_of(part[0]), check.id, "confirm", check, shown)

    def has_a_part(self, name: str) -> bool:
        """Whether an answer is asked, by its own question or one that shares its column, or is there all the same."""
        checker = self.checker
        columns = checker.columns_of[name]
        if columns and any(self.asked[index] for index in checker.askers[columns[0]]):
            return True
        value_at = checker.value_position.get(name)
        return value_at is not None and self.values[value_at] is not None


def fault_message(definition: Definition, column: Column, fault: CellFault) -> str:
    text = str(definition.messages.get(fault.fault.code) or "“{Label}” can’t be read. {hint}.")
    return worded(text, column, fault.text, hint=fault.fault.hint)


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
