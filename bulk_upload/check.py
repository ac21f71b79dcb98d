"""Judges a file row by row: cells to answers, answers to findings, findings to the columns that show them.

`check_file` is what the command line, the browser's page and the upload's job call. Rows are given on as
they are judged; nothing but counts is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from bulk_upload import shares
from bulk_upload.cells import CellFault
from bulk_upload.data_rows import DataRows
from bulk_upload.delimited import DelimitedFile
from bulk_upload.faults import RowFault
from bulk_upload.header import Header, read_header
from bulk_upload.layout import Layouts, Severity
from bulk_upload.placing import PlacedFindings, Plain, RowFinding
from bulk_upload.programs import programs_of, renewed
from bulk_upload.read import OpenedFile, Refused, Source, open_file
from submission.definition import Definition
from submission.engine.context import Context
from submission.engine.judge import Found, judge_for

Row = tuple[int, Sequence[str] | RowFault]
Outcome = Literal["setup", "error", "confirm", "clean"]
WORST_FIRST: tuple[Severity, ...] = ("setup", "error", "confirm")
WORTH_FUSING: Final = 30_000  # rows; fusing takes as long as it saves on so many
DATED_ROWS_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted of a check. `find_repeats`: a row that repeats another is an error. `keep_values`: the judged
    values of every row, not only its findings. `processes`: how many may share the rows of a large file.
    """

    find_repeats: bool = True
    keep_values: bool = False
    processes: int = 1


WISHES: Final = Wishes()


@dataclass(slots=True)
class RowResult:
    """What became of one row. `values` are those of the judged log, in the order of `definition.outputs`, if wished.

    `left_open`: questions that the log would ask and the file cannot answer, to be finished on screen. `key`: the
    same for rows of the same letting or sale. `reference`: the log's own, as its owner calls it.
    """

    number: int
    findings: list[RowFinding]
    given: tuple[Any, ...] = ()
    values: tuple[Any, ...] = ()
    left_open: tuple[str, ...] = ()
    key: int | None = None
    reference: Any = None

    @property
    def outcome(self) -> Outcome:
        found = {finding.severity for finding in self.findings}
        return next((severity for severity in WORST_FIRST if severity in found), "clean")


class RowChecker:
    """Judges rows of one file. Not shared between threads."""

    def __init__(self, definition: Definition, context: Context, today: date, wishes: Wishes = WISHES):
        self.find_repeats = wishes.find_repeats
        self.definition = definition
        self.context = context
        self.today = today
        self.programs = programs_of(definition, wishes.keep_values)
        judge = self.programs.judge
        self.run = judge.run
        self.faults: list[CellFault] = []
        self.read = renewed(self.programs.read, self.faults)
        self.check_cells = self.programs.check
        self.fused: Callable[..., Any] | None = None
        self.seen: dict[int, int] = {}
        self.reference_at = definition.inputs.index(definition.reference) if definition.reference else None
        self.layouts = Layouts(definition)
        self.value_position = {name: index for index, name in enumerate(judge.values)}
        self.asked_at = judge.asked_at

    def check_row(self, number: int, cells: Sequence[str]) -> RowResult:
        """The result of one row of cells, in field order."""
        result = self.judge_row(number, cells)
        self.note_repeat(result)
        return result

    def judge(self, row: Row) -> RowResult:
        number, cells = row
        return self.faulty_row(number, cells) if isinstance(cells, RowFault) else self.judge_row(number, cells)

    def judge_row(self, number: int, cells: Sequence[str]) -> RowResult:
        """The same without a look at other rows, by the one function that makes findings of cells."""
        if self.fused is None:
            return self.judge_apart(number, cells)
        values, asked, found, missing, key, reference, held = self.fused(cells, self.context, self.today)
        result = RowResult(number, [], key=hash(key), reference=reference)
        faults: list[CellFault] = []
        if self.faults:
            faults = list(self.faults)
            self.faults.clear()
            if self.start_is_unreadable(faults):
                return self.judge_apart(number, cells)
        if not (faults or found or missing):
            return result
        if asked is None:
            values, asked = self.looked_up(self.read(cells, self.context)[0])
            self.faults.clear()
        self.place(
            result,
            PlacedFindings(self, self.layouts.of(held), number, cells, asked, values, True, findings=result.findings),
            faults,
            found,
            missing,
        )
        return result

    def fuse(self) -> None:
        """From here on one function takes all steps, so that values are not kept; for a large file."""
        self.fused = renewed(self.programs.fused, self.faults)

    def place(
        self,
        result: RowResult,
        placed: PlacedFindings,
        faults: Sequence[CellFault],
        found: Sequence[Found],
        missing: Sequence[int],
    ) -> None:
        placed.add_faults(faults)
        placed.add_errors(found)
        placed.add_missing(missing)
        placed.add_confirms(found)
        result.left_open = tuple(placed.left_open)

    def judge_apart(self, number: int, cells: Sequence[str]) -> RowResult:
        """The same step by step: where the values are wished too, or something is to be put right in between."""
        given, fields, key, held = self.read(cells, self.context)
        faults = None
        if self.faults:
            faults = list(self.faults)
            self.faults.clear()
        began = not (faults and self.start_is_unreadable(faults))
        if not began:
            given = self.with_first_day(given)
        values, asked, found, missing, seen = self.run(given, self.context, self.today)
        over_cells = self.check_cells(fields, given, seen, self.context, self.today)
        reference = None if self.reference_at is None else given[self.reference_at]
        result = RowResult(number, [], given, values or (), key=hash(key), reference=reference)
        if not (faults or found or missing or over_cells):
            return result
        if asked is None:
            values, asked = self.looked_up(given)
        placed = PlacedFindings(
            self, self.layouts.of(held), number, cells, asked, values, began, findings=result.findings
        )
        self.place(result, placed, faults or (), [*found, *over_cells], missing)
        return result

    def looked_up(self, given: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[bool, ...]]:
        """Values and flags, as the program for findings gives them, of a log in which that program found nothing."""
        whole = judge_for(self.definition)
        values, asked, *_ = whole.run(given, self.context, self.today)
        by_name = dict(zip(whole.values, values, strict=True))
        flags = dict(zip(self.asked_at, asked, strict=True))
        return tuple(by_name[name] for name in self.value_position), tuple(flags[at] for at in range(len(flags)))

    def note_repeat(self, result: RowResult) -> None:
        """Adds a finding about the row as a whole where an earlier one says the same: no cell is wrong by itself."""
        if not self.find_repeats or result.key is None:
            return
        first = self.seen.setdefault(result.key, result.number)
        if first != result.number:
            message = Plain(str(self.definition.messages["duplicate-row"]).replace("{row}", str(first)))
            result.findings.append(
                RowFinding(result.number, (), "", "duplicate-row", "setup", self.definition, message)
            )

    def start_is_unreadable(self, faults: Sequence[CellFault]) -> bool:
        """Whether the start date is given and no date; one of which a part is blank counts as not given."""
        columns = self.definition.columns_of(self.definition.starts_by)
        return any(fault.columns == columns for fault in faults)

    def with_first_day(self, given: tuple[Any, ...]) -> tuple[Any, ...]:
        """The answers with the year's first day as an unreadable start date, so that the rest is judged too."""
        at = self.definition.inputs.index(self.definition.starts_by)
        return (*given[:at], self.definition.window.opens, *given[at + 1 :])

    def faulty_row(self, number: int, fault: RowFault) -> RowResult:
        """The result of a row whose cells cannot be told apart."""
        finding = RowFinding(number, (), "", fault.code, "error", self.definition, Plain(fault.message))
        return RowResult(number, [finding])


@dataclass(slots=True)
class Summary:
    """Counts of a checked file. `rows` are those with data; `checks` counts rows by check."""

    rows: int = 0
    blank: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    left_open: Counter[str] = field(default_factory=Counter)

    def count(self, result: RowResult) -> None:
        self.rows += 1
        if not result.findings:
            self.outcomes["clean"] += 1
            if not result.left_open:
                return
        else:
            self.outcomes[result.outcome] += 1
        for finding in result.findings:
            self.severities[finding.severity] += 1
            self.checks[finding.check] += 1
        self.left_open.update(result.left_open)

    @property
    def outcome(self) -> Outcome:
        return next((severity for severity in WORST_FIRST if self.outcomes[severity]), "clean")


class CheckedFile:
    """A file being judged. Iterate over it for a `RowResult` for each row with data; then `summary` is complete.

    Raises Refused, at once or while rows are read, when the file as a whole cannot be taken.
    """

    def __init__(
        self, opened: OpenedFile, definition: Definition, context: Context, today: date, wishes: Wishes = WISHES
    ):
        self.opened = opened
        self.wishes = wishes
        self.path: Path | None = None
        self.rows_expected = 0
        self.definition = definition
        self.header, self.rows = laid_out(opened, definition)
        self.checker = RowChecker(definition, context, today, wishes)
        self.summary = Summary()

    @property
    def source(self) -> Source:
        return self.opened.source

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed or left out while reading, in whole sentences."""
        return (*self.opened.source.notes, *self.header.notes)

    def __iter__(self) -> Iterator[RowResult]:
        checker, summary = self.checker, self.summary
        for result in self.judged():
            checker.note_repeat(result)
            summary.count(result)
            yield result
        summary.blank = self.rows.blank

    def judged(self) -> Iterator[RowResult]:
        """The result of each row by itself."""
        rows = self.rows_of_this_year()
        if self.rows_expected >= WORTH_FUSING and not self.wishes.keep_values:
            self.checker.fuse()
        if self.path is None:
            return map(self.checker.judge, rows)
        task = shares.Task(partial(self.read_again, self.path), self.checker.judge, pack, self.unpack)
        return shares.judged(rows, task, self.wishes.processes)

    def read_again(self, path: Path) -> Iterator[Row]:
        """All rows, by a reading of its own: two processes cannot share an open file."""
        with open_file(path) as opened:
            _, rows = laid_out(opened, self.definition)
            yield from rows

    def unpack(self, packed: tuple[Any, ...]) -> RowResult:
        number, findings, left_open, key, reference = packed
        found = [shares.unpacked_finding(self.definition, finding) for finding in findings]
        return RowResult(number, found, left_open=left_open, key=key, reference=reference)

    def rows_of_this_year(self) -> Iterator[tuple[int, Sequence[str] | RowFault]]:
        """All rows, once the first ones have shown that the file is not one of another year."""
        rows = iter(self.rows)
        first: list[tuple[int, Sequence[str] | RowFault]] = []
        others: dict[int, int] = {}
        for row in rows:
            first.append(row)
            began = self.start_of(row[1])
            if began is not None and year_of(self.definition, began) != self.definition.year:
                others[row[0]] = year_of(self.definition, began)
            elif began is not None:
                others.clear()
                break
            if len(first) >= DATED_ROWS_LOOKED_AT:
                break
        if others:
            raise wrong_year(self.definition, others)
        yield from first
        yield from rows

    def start_of(self, cells: Sequence[str] | RowFault) -> date | None:
        if isinstance(cells, RowFault):
            return None
        given, *_ = self.checker.read(cells, self.checker.context)
        self.checker.faults.clear()
        began = given[self.definition.inputs.index(self.definition.starts_by)]
        return began if isinstance(began, date) else None


def laid_out(opened: OpenedFile, definition: Definition) -> tuple[Header, DataRows]:
    """The header of a file and the rows below it, in field order. Raises Refused."""
    rows = opened.rows()
    template = definition.template
    header = read_header(rows, len(template.columns), dict(template.other_layouts))
    return header, DataRows(rows, header)


def pack(result: RowResult) -> tuple[Any, ...]:
    """What another process needs of a result."""
    findings = [shares.packed_finding(finding) for finding in result.findings]
    return result.number, findings, result.left_open, result.key, result.reference


def year_of(definition: Definition, day: date) -> int:
    """The collection year a date belongs to: years begin where this one begins."""
    opens = definition.window.opens
    return day.year if (day.month, day.day) >= (opens.month, opens.day) else day.year - 1


def wrong_year(definition: Definition, others: dict[int, int]) -> Refused:
    row, year = next(iter(others.items()))
    message = (
        f"This file is for another year: row {row} begins in the collection year {year} to {year + 1}, and no row in "
        f"{definition.window.title}. Choose the right year, or correct the dates, then upload it again."
    )
    return Refused("wrong-year", message, row)


def check_file(
    path: Path, definition: Definition, context: Context, today: date, wishes: Wishes = WISHES
) -> CheckedFile:
    """Opens and begins to judge a file. Raises Refused. Close `opened` when done."""
    opened = open_file(path)
    checked = CheckedFile(opened, definition, context, today, wishes)
    if isinstance(opened, DelimitedFile):
        checked.rows_expected = opened.most_rows()
    if checked.rows_expected >= shares.WORTH_SHARING and wishes.processes > 1 and not wishes.keep_values:
        checked.path = path
    return checked
