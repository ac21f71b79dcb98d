"""What is said of a checked file: a line for each finding and column, as JSON lines and as a table.

Called by the command line and by the browser's page. `report_text` says the same to a person, `marked_workbook`
in the user's own file. Rows are written as they are judged, so that memory stays flat.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TextIO

from bulk_upload.check import WORST_FIRST, CheckedFile, RowResult, Summary
from bulk_upload.refusal import Refused
from submission.publish.spreadsheet import write_table

SEVERITY_NAMES: Final = {"setup": "set-up error", "error": "error", "confirm": "to confirm"}
CSV_HEADINGS: Final = (
    "Row",
    "Reference",
    "Column",
    "Field number",
    "Name of the column",
    "Question",
    "Check",
    "Severity",
    "Message",
)
_AS_JSON: Final = json.JSONEncoder(ensure_ascii=False).encode
TOLD_EVERY: Final = 1_000
FIRST_ROWS: Final = 5

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One finding on one column. `field` and `column` (the letters in the user's own file) are None, `label` and
    `question` empty when it is about the whole row. `reference`: the row's own reference, such as its tenancy code.
    `further`: the line before it began the same finding, which this one shows on another column.
    """

    row: int
    field: int | None
    column: str | None
    label: str
    question: str
    check: str
    severity: str
    message: str
    reference: str | None
    further: bool = False


def lines_of(result: RowResult, checked: CheckedFile) -> Iterator[ReportLine]:
    """The lines of one row, finding by finding."""
    if not result.findings:
        return
    reference = reference_of(result)
    columns, letters = checked.definition.template.columns, checked.header.columns
    for finding in result.findings:
        about = (finding.check, finding.severity, finding.message, reference)
        if not finding.columns:
            yield ReportLine(result.number, None, None, "", finding.question, *about)
        for position, number in enumerate(finding.columns):
            column = columns[number - 1]
            where = (number, letters[number - 1], column.label, column.question)
            yield ReportLine(result.number, *where, *about, further=position > 0)


def reference_of(result: RowResult) -> str | None:
    """What the row's owner calls it; None where its cells could not be read or it has none."""
    return None if result.reference is None else str(result.reference)


def lines_of_file(checked: CheckedFile, tell: Tell | None = None) -> Iterator[ReportLine]:
    """Judges the whole file. `tell` hears now and then how many rows are judged. Raises Refused."""
    for result in checked:
        if tell is not None and checked.summary.rows % TOLD_EVERY == 0:
            tell(checked.summary.rows)
        yield from lines_of(result, checked)


# JSON lines


def write_jsonl(checked: CheckedFile, out: TextIO, tell: Tell | None = None) -> Summary:
    """An object for each line as it is found, then the summary. Raises Refused: `write_refusal` says so in JSON."""
    for line in lines_of_file(checked, tell):
        write_object(out, object_of(line))
    write_object(out, {"summary": summary_of(checked)})
    return checked.summary


def write_object(out: TextIO, value: dict[str, Any]) -> None:
    out.write(_AS_JSON(value) + "\n")


def write_refusal(refused: Refused, out: TextIO) -> None:
    write_object(out, {"refused": {"code": refused.code, "row": refused.row, "message": refused.message}})


def object_of(line: ReportLine) -> dict[str, Any]:
    return {
        "row": line.row,
        "field": line.field,
        "column": line.column,
        "question": line.question or None,
        "check": line.check,
        "severity": line.severity,
        "message": line.message,
    }


def summary_of(checked: CheckedFile) -> dict[str, Any]:
    """The counts of a file that was judged to its end, and what they rest on."""
    summary, definition, context = checked.summary, checked.definition, checked.checker.context
    return {
        "collection": definition.collection,
        "year": definition.year,
        "definition": definition.version,
        "today": checked.checker.today.isoformat(),
        "outcome": summary.outcome,
        "rows": summary.rows,
        "blank_rows": summary.blank,
        "rows_by_outcome": {outcome: summary.outcomes[outcome] for outcome in (*WORST_FIRST, "clean")},
        "severities": {severity: summary.severities[severity] for severity in WORST_FIRST},
        "checks": dict(summary.checks.most_common()),
        "left_open": dict(summary.left_open.most_common()),
        "looked_up": {
            "organisations": context.directory is not None,
            "schemes": context.directory is not None,
            "users": context.directory is not None,
            "postcodes": bool(context.postcodes),
            "uprns": context.uprns is not None,
        },
        "repeats_looked_for": checked.checker.find_repeats,
        "notes": list(checked.notes),
    }


# a table


def write_csv(findings: Iterable[ReportLine], out: TextIO) -> None:
    """The lines as a table that Excel opens as it is; `out` is UTF-8 without translation of line ends."""
    write_table(CSV_HEADINGS, map(row_of, findings), out)


def row_of(line: ReportLine) -> tuple[str | int, ...]:
    where = (line.row, line.reference or "", line.column or "", "" if line.field is None else line.field)
    return (*where, line.label, line.question, line.check, SEVERITY_NAMES[line.severity], line.message)


# the commonest faults


@dataclass(slots=True)
class Fault:
    """What several rows share: a check that failed on the same column. `count`: findings; `rows`: the first ones.

    `columns`: letters and labels of all columns that show it, the first one first.
    """

    check: str
    severity: str
    message: str
    count: int = 0
    rows: list[int] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)


class Faults:
    """Groups lines by check and first column. Memory grows with the number of groups only."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str | None], Fault] = {}
        self._last: Fault | None = None

    def __len__(self) -> int:
        return len(self._found)

    def add(self, line: ReportLine) -> None:
        """Counts a finding once, however many columns show it."""
        if line.further and self._last is not None and self._last.check == line.check:
            self._name_column(self._last, line)
            return
        key = (line.check, line.column)
        fault = self._found.get(key)
        if fault is None:
            fault = self._found[key] = Fault(line.check, line.severity, line.message)
        fault.count += 1
        if len(fault.rows) < FIRST_ROWS:
            fault.rows.append(line.row)
        self._name_column(fault, line)
        self._last = fault

    @staticmethod
    def _name_column(fault: Fault, line: ReportLine) -> None:
        if line.column is not None:
            fault.columns.setdefault(line.column, line.label)

    def commonest(self, number: int) -> list[Fault]:
        """The most frequent ones; of the same frequency, those that were met first."""
        return sorted(self._found.values(), key=lambda fault: -fault.count)[:number]
