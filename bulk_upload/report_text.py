"""The report a person reads in the terminal: verdict, how the file was read, the commonest faults, then the rows.

Called by the command line. The verdict stands first, so the first rows with findings are kept until the file
is judged; nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Final, TextIO

from bulk_upload.check import CheckedFile, Summary
from bulk_upload.report import SEVERITY_NAMES, Fault, Faults, ReportLine, Tell, lines_of_file

if TYPE_CHECKING:
    from submission.definition import Definition

MOST_ROWS_SHOWN: Final = 500
COMMONEST: Final = 10
MOST_COLUMNS_NAMED: Final = 6
COLOURS: Final = {"setup": "\x1b[1;31m", "error": "\x1b[31m", "confirm": "\x1b[33m"}
BOLD: Final = "\x1b[1m"
PLAIN: Final = "\x1b[0m"
WHAT_IT_MEANS: Final = {
    "setup": "A row with a set-up error can’t become a log: mend those first.",
    "error": "Mend the errors, then check the file again.",
    "confirm": "Some answers look unusual: correct them, or confirm that they’re right.",
    "clean": "There’s nothing to mend.",
}
NOT_LOOKED_UP: Final = (
    "Organisations, schemes, locations and users weren’t looked up, because no --context file was given. "
    "Their codes may still be refused when you upload the file."
)


@dataclass(slots=True)
class TextReport:
    """Gathers the lines of a file, then writes them. `width`: characters a line may have."""

    checked: CheckedFile
    name: str
    width: int = 100
    colour: bool = False
    faults: Faults = field(default_factory=Faults)
    shown: list[ReportLine] = field(default_factory=list)
    rows_shown: int = 0
    rows_found: int = 0
    last_row: int = 0

    def read(self, tell: Tell | None = None) -> Summary:
        """Judges the file to its end. Raises Refused."""
        for line in lines_of_file(self.checked, tell):
            self.add(line)
        return self.checked.summary

    def add(self, line: ReportLine) -> None:
        self.faults.add(line)
        if line.row != self.last_row:
            self.last_row = line.row
            self.rows_found += 1
        if self.rows_found <= MOST_ROWS_SHOWN:
            self.rows_shown = self.rows_found
            self.shown.append(line)

    def write(self, out: TextIO) -> None:
        out.writelines(line + "\n" for line in self.lines())

    def lines(self) -> Iterator[str]:
        yield from self.verdict()
        yield from self.reading()
        if self.rows_found:
            yield from self.commonest()
            yield from self.rows()

    # the verdict

    def verdict(self) -> Iterator[str]:
        summary = self.checked.summary
        yield from self.paragraph(printable(f"{self.name}: {sentence(summary)}"), mark=BOLD)
        yield from self.paragraph(WHAT_IT_MEANS[summary.outcome])

    def reading(self) -> Iterator[str]:
        yield ""
        for note in self.assumed():
            yield from self.paragraph(printable(note), "- ", "  ")

    def assumed(self) -> Iterator[str]:
        checked = self.checked
        definition, today = checked.definition, checked.checker.today
        as_on = f"as on {today.day} {today:%B} {today.year}"
        yield f"Checked as {definition.title}, {definition.window.title}, {as_on}."
        if checked.checker.context.directory is None:
            yield NOT_LOOKED_UP
        if not checked.checker.find_repeats:
            yield "Rows that repeat another row weren’t looked for."
        if checked.summary.blank:
            blank = counted(checked.summary.blank, "row")
            yield f"{blank} with nothing in the columns of the template {were(checked.summary.blank)} left out."
        yield from checked.notes
        yield from left_open(checked.summary, definition)

    # the commonest faults

    def commonest(self) -> Iterator[str]:
        faults = self.faults.commonest(COMMONEST)
        heading = "What to mend" if len(self.faults) <= COMMONEST else f"The {COMMONEST} commonest faults"
        rest = f" (of {len(self.faults):,})" if len(self.faults) > COMMONEST else ""
        yield from self.heading(heading + rest)
        for number, fault in enumerate(faults, 1):
            yield from self.fault(number, fault)
        definition = self.checked.definition
        explained = [one.check for one in faults if one.check in {*definition.check_by_id, *definition.messages}]
        if explained:
            yield ""
            yield from self.paragraph(f"To read more about one of them: submission explain {explained[0]}")

    def fault(self, number: int, fault: Fault) -> Iterator[str]:
        label = f"{number:>3}. "
        indent = " " * len(label)
        place = columns_named(fault.columns)
        yield ""
        yield from self.paragraph(f"{place} – {self.severity(fault.severity)}, {times(fault)}", label, indent)
        yield from self.paragraph(printable(f"For example, row {fault.rows[0]}: {fault.message}"), indent, indent)
        yield f"{indent}Check: {fault.check}"

    # the rows

    def rows(self) -> Iterator[str]:
        more = self.rows_found - self.rows_shown
        title = "The rows" if not more else f"The first {self.rows_shown:,} of {self.rows_found:,} rows"
        yield from self.heading(f"{title} with something to mend")
        for _, lines in groupby(self.shown, key=lambda line: line.row):
            yield from self.row(list(lines))
        if more:
            yield ""
            yield from self.paragraph(
                f"{counted(more, 'more row')} {have(more)} something to mend. "
                "To see all of them: --format csv --output findings.csv"
            )

    def row(self, lines: list[ReportLine]) -> Iterator[str]:
        first = lines[0]
        label = self.checked.definition.label_of(self.checked.definition.reference)
        reference = f", {label.lower()} {first.reference}" if first.reference else ""
        yield ""
        yield self.marked(printable(f"Row {first.row}{reference}"), BOLD)
        findings: list[list[ReportLine]] = []
        for line in lines:
            if not line.further or not findings:
                findings.append([])
            findings[-1].append(line)
        for finding in sorted(findings, key=urgency):
            yield from self.finding(finding)

    def finding(self, lines: list[ReportLine]) -> Iterator[str]:
        first = lines[0]
        place = columns_named({line.column: line.label for line in lines if line.column})
        yield from self.paragraph(f"{place} – {self.severity(first.severity)}", "  ", "    ")
        yield from self.paragraph(printable(first.message), "    ", "    ")

    # how it looks

    def heading(self, text: str) -> Iterator[str]:
        yield ""
        yield self.marked(text, BOLD)
        yield "-" * len(text)

    def severity(self, severity: str) -> str:
        return self.marked(SEVERITY_NAMES[severity], COLOURS[severity])

    def marked(self, text: str, mark: str) -> str:
        return f"{mark}{text}{PLAIN}" if self.colour else text

    def paragraph(self, text: str, first: str = "", indent: str = "", mark: str = "") -> Iterator[str]:
        lines = wrap(text, self.width, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False)
        for line in lines:
            yield self.marked(line, mark) if mark else line


def urgency(lines: list[ReportLine]) -> tuple[int, int, str]:
    """Puts what is worst first, then from left to right as in a spreadsheet."""
    first = lines[0]
    letters = first.column or ""
    return (list(SEVERITY_NAMES).index(first.severity), len(letters), letters)


def sentence(summary: Summary) -> str:
    """What became of the rows: “of 20 rows, 2 have set-up errors, 3 have errors and 15 are clean.”"""
    total = counted(summary.rows, "row")
    if summary.outcome == "clean":
        return f"{total}, all clean." if summary.rows > 1 else f"{total}, clean."
    said = {"setup": "{} set-up errors", "error": "{} errors", "confirm": "{} answers to confirm", "clean": "{} clean"}
    parts = []
    for outcome, words in said.items():
        count = summary.outcomes[outcome]
        if count:
            verb = have(count) if outcome != "clean" else "is" if count == 1 else "are"
            parts.append(f"{count:,} {words.format(verb)}")
    return f"of {total}, {listed(parts)}."


def left_open(summary: Summary, definition: Definition) -> Iterator[str]:
    """What the file cannot answer, to be finished on screen."""
    if not summary.left_open:
        return
    named = [
        f"“{definition.questions[question][0].label}” in {counted(count, 'row')}"
        for question, count in summary.left_open.most_common(MOST_COLUMNS_NAMED)
    ]
    more = len(summary.left_open) - len(named)
    named += [counted(more, "other question")] if more else []
    yield f"Some answers are still open once the logs are made, to be given on screen: {listed(named)}."


def columns_named(columns: dict[str, str]) -> str:
    """“Column M (Tenant code)”; “Columns AD, AE and AF (Void date), I, J and K (Tenancy start date)”."""
    if not columns:
        return "The whole row"
    by_label: dict[str, list[str]] = {}
    for letters, label in list(columns.items())[:MOST_COLUMNS_NAMED]:
        by_label.setdefault(label, []).append(letters)
    named = [f"{listed(letters)} ({label})" for label, letters in by_label.items()]
    more = len(columns) - MOST_COLUMNS_NAMED
    named += [counted(more, "more column")] if more > 0 else []
    return f"Column {named[0]}" if len(columns) == 1 else f"Columns {listed(named)}"


def times(fault: Fault) -> str:
    rows = listed([str(row) for row in fault.rows])
    which = "row" if len(fault.rows) == 1 else "rows"
    if fault.count <= len(fault.rows):
        return f"{which} {rows}"
    return f"{fault.count:,} rows, the first in {which} {rows}"


def printable(text: str) -> str:
    """The text without characters that would act on a terminal, and on one line."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def have(count: int) -> str:
    return "has" if count == 1 else "have"


def were(count: int) -> str:
    return "was" if count == 1 else "were"


def listed(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
