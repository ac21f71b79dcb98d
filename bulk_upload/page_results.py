"""What was found in a file, kept in the check's folder so that any page of it can be shown at once.

The process that judges writes (`Recorder`, `write_outcome`), `bulk_upload.pages` reads (`read_outcome`, `Findings`).
Findings are lines of JSON; three numbers for each of them (where its lines begin, its row, its group) are the index.
A group is what findings share that one can filter by: check, severity and columns.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal

from bulk_upload.page_checks import OUTCOME, read_json, write_json
from bulk_upload.report import Fault, Faults, ReportLine
from bulk_upload.report_text import urgency

if TYPE_CHECKING:
    from pathlib import Path

PER_PAGE: Final = 50
COMMONEST: Final = 20
WHOLE_ROW: Final = "row"
_LINES: Final = "findings.jsonl"
_INDEX: Final = "findings.index"
_TYPES: Final = ("Q", "I", "I")  # where a finding's lines begin, its row, its group

Stopped = Literal["", "time", "memory", "disk"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the file as a whole was refused."""

    code: str
    message: str
    row: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """`columns`: letters and names, by which one may look for its findings; none for the whole row."""

    check: str
    severity: str
    columns: dict[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """What is said of a file that was judged to its end, besides its findings."""

    outcome: str
    verdict: str
    rows: int
    rows_by_outcome: dict[str, int]
    severities: dict[str, int]
    notes: list[str]
    left_open: dict[str, int]
    findings: int = 0
    kinds_of_fault: int = 0
    faults: list[Fault] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: with a report, with a refusal, or stopped for what it needed too much of."""

    report: Report | None = None
    refusal: Refusal | None = None
    stopped: Stopped = ""


def write_outcome(folder: Path, outcome: Outcome) -> None:
    write_json(folder / OUTCOME, asdict(outcome))


def read_outcome(folder: Path) -> Outcome | None:
    """None while there is none, and where the process died before it could say."""
    facts = read_json(folder / OUTCOME)
    if facts is None:
        return None
    refusal = Refusal(**facts["refusal"]) if facts["refusal"] else None
    return Outcome(_report(facts["report"]) if facts["report"] else None, refusal, facts["stopped"])


def _report(facts: dict[str, Any]) -> Report:
    faults = [Fault(**fault) for fault in facts.pop("faults")]
    groups = [Group(**group) for group in facts.pop("groups")]
    return Report(**facts, faults=faults, groups=groups)


class Recorder:
    """Writes the findings of a file as they are found. `folder`: the check's."""

    def __init__(self, folder: Path) -> None:
        self.faults = Faults()
        self._folder = folder
        self._out: BinaryIO = (folder / _LINES).open("wb")
        self._index = tuple(array(kind) for kind in _TYPES)
        self._groups: dict[tuple[str, str, tuple[str, ...]], tuple[int, dict[str, str]]] = {}
        self._counts: Counter[int] = Counter()

    def add(self, lines: Iterable[ReportLine]) -> None:
        """The lines of one row. Its worst findings come first, then those further left in a spreadsheet."""
        findings: list[list[ReportLine]] = []
        for line in lines:
            self.faults.add(line)
            if line.further:
                findings[-1].append(line)
            else:
                findings.append([line])
        for finding in sorted(findings, key=urgency):
            self._add(finding)

    def _add(self, finding: list[ReportLine]) -> None:
        first = finding[0]
        columns = {line.column: line.label for line in finding if line.column is not None}
        group, _ = self._groups.setdefault((first.check, first.severity, tuple(columns)), (len(self._groups), columns))
        self._counts[group] += 1
        for numbers, number in zip(self._index, (self._out.tell(), first.row, group), strict=True):
            numbers.append(number)
        for line in finding:
            self._out.write(json.dumps(astuple(line)).encode() + b"\n")

    def finish(self, report: dict[str, Any]) -> Report:
        """The index is written, and the report's facts have the groups and the commonest faults beside them."""
        self._out.close()
        with (self._folder / _INDEX).open("wb") as out:
            for numbers in self._index:
                numbers.tofile(out)
        groups = [
            Group(check, severity, columns, self._counts[number])
            for (check, severity, _), (number, columns) in self._groups.items()
        ]
        faults = self.faults.commonest(COMMONEST)
        return Report(
            **report, findings=len(self._index[0]), kinds_of_fault=len(self.faults), faults=faults, groups=groups
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings to show; what is empty does not matter. `column`: letters, or `row` for the whole row."""

    check: str = ""
    column: str = ""
    severity: str = ""
    row: int | None = None

    def takes(self, group: Group) -> bool:
        return (
            self.check in ("", group.check)
            and self.severity in ("", group.severity)
            and (not self.column or self.column in (group.columns or (WHOLE_ROW,)))
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as it is shown. `columns`: letters and names."""

    row: int
    reference: str
    check: str
    severity: str
    message: str
    columns: list[tuple[str, str]]


class Findings:
    """The findings of a check, by their position."""

    def __init__(self, folder: Path, report: Report) -> None:
        self._lines = folder / _LINES
        self._groups = report.groups
        self._count = report.findings
        with (folder / _INDEX).open("rb") as index:
            arrays = [array(kind) for kind in _TYPES]
            for numbers in arrays:
                numbers.fromfile(index, self._count)
        self._starts, self._rows, self._group_of = arrays

    def select(self, wanted: Wanted) -> Sequence[int]:
        """The positions of the findings that are wanted, in the order of their rows."""
        positions = range(self._count)
        if wanted.row is not None:
            positions = range(bisect_left(self._rows, wanted.row), bisect_right(self._rows, wanted.row))
        groups = {number for number, group in enumerate(self._groups) if wanted.takes(group)}
        if len(groups) == len(self._groups):
            return positions
        return [position for position in positions if self._group_of[position] in groups]

    def at(self, positions: Iterable[int]) -> list[Finding]:
        with self._lines.open("rb") as file:
            return [self._finding(file, position) for position in positions]

    def _finding(self, file: BinaryIO, position: int) -> Finding:
        file.seek(self._starts[position])
        ends = self._starts[position + 1] if position + 1 < self._count else -1
        lines = file.read(ends - self._starts[position] if ends >= 0 else -1).splitlines()
        return _finding_of([_line(line) for line in lines])


def lines_in(folder: Path) -> Iterator[ReportLine]:
    """Every line that was recorded, for the downloads."""
    with (folder / _LINES).open("rb") as file:
        yield from map(_line, file)


def _line(text: bytes) -> ReportLine:
    return ReportLine(*json.loads(text))


def _finding_of(lines: list[ReportLine]) -> Finding:
    first = lines[0]
    columns = [(line.column, line.label) for line in lines if line.column is not None]
    return Finding(first.row, first.reference or "", first.check, first.severity, first.message, columns)


def columns_by_label(columns: Iterable[tuple[str, str]]) -> list[tuple[list[str], str]]:
    """Letters that stand under one name, together: “I, J and K” of a date."""
    return [([letters for letters, _ in same], label) for label, same in groupby(columns, key=lambda pair: pair[1])]
