"""The rule catalogue: every check of a return, written or made from its questions, as a page or a table.

The order is that of the form and the ids are stable, so that two years or two versions can be compared line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import Final, TextIO

from submission.definition import Definition
from submission.definition.model import Check, Mark
from submission.publish.examples import Examples
from submission.publish.spreadsheet import write_table

TEMPLATES: Final = Path(__file__).parents[2] / "templates" / "catalogue"
UPLOAD: Final = "Only in an upload file"
READING: Final = "While a file is read"
NOT_READING: Final = frozenset({"answer", "option", "range", "step"})
SEVERITIES: Final = {"setup": "Set-up error", "error": "Error", "confirm": "To confirm"}
ALWAYS: Final = "always"


@dataclass(frozen=True, slots=True)
class Rule:
    """One check as it is published. `questions` and `columns` show its findings; `made`: from a question, by itself."""

    id: str
    severity: str
    section: str
    subsection: str
    made: bool
    questions: tuple[str, ...]
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    applies: str
    fails: str
    message: str
    why: str = ""
    failing: str = ""
    passing: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The rules of one subsection, those that are written first."""

    number: int
    title: str
    section: str
    written: tuple[Rule, ...]
    made: tuple[Rule, ...]


def rules_of(definition: Definition) -> list[Rule]:
    """Every check once: those of the subsections in the order of the form, those of an upload, those of reading."""
    examples = Examples(definition)
    places = {subsection.id: number for number, subsection in enumerate(definition.subsections)}
    last = len(places)
    checks = sorted(
        definition.checks,
        key=lambda check: (places.get(check.subsection or "", last), check.origin != "written"),
    )
    return [*(rule_of(definition, check, examples) for check in checks), *reading_rules(definition)]


def rule_of(definition: Definition, check: Check, examples: Examples) -> Rule:
    subsection = next((entry for entry in definition.subsections if entry.id == check.subsection), None)
    failing, passing = (examples.of(check, outcome)[:1] for outcome in ("fails", "passes"))
    return Rule(
        id=check.id,
        severity=severity_of(check),
        section=definition.sections[subsection.section] if subsection else UPLOAD,
        subsection=subsection.title if subsection else UPLOAD,
        made=check.origin != "written",
        questions=tuple(mark.field for mark in check.on),
        labels=tuple(dict.fromkeys(definition.label_of(mark.field) for mark in check.on)),
        columns=letters_of_marks(definition, check.on),
        applies=check.applies.text if check.applies else ALWAYS,
        fails=check.fails.text,
        message=check.say.text,
        why=check.why or "",
        failing="".join(failing),
        passing="".join(passing),
    )


def severity_of(check: Check) -> str:
    return SEVERITIES["setup" if check.setup and check.severity == "error" else check.severity]


def letters_of_marks(definition: Definition, marks: tuple[Mark, ...]) -> tuple[str, ...]:
    """The letters of the published template's columns that show a finding."""
    numbers = dict.fromkeys(number for mark in marks for number in definition.columns_of(mark.field))
    return tuple(definition.template.columns[number - 1].letters for number in numbers)


def reading_rules(definition: Definition) -> Iterator[Rule]:
    """What is said of cells and rows that cannot be taken as they are."""
    for name, message in definition.messages.items():
        if isinstance(message, str) and name not in NOT_READING:
            nothing: tuple[str, ...] = ()
            about = (SEVERITIES["error"], READING, READING, True, nothing, nothing, nothing)
            yield Rule(name, *about, ALWAYS, "the cell or the row cannot be taken as it is", message)


def parts_of(rules: list[Rule]) -> list[Part]:
    parts = []
    for number, (title, found) in enumerate(groupby(rules, key=lambda rule: rule.subsection), 1):
        of_part = tuple(found)
        written = tuple(rule for rule in of_part if not rule.made)
        made = tuple(rule for rule in of_part if rule.made)
        parts.append(Part(number, title, of_part[0].section, written, made))
    return parts


def write_csv(definition: Definition, out: TextIO) -> None:
    headings = [heading.name.replace("_", " ").capitalize() for heading in fields(Rule)]
    write_table(headings, map(cells_of, rules_of(definition)), out)


def cells_of(rule: Rule) -> tuple[str, ...]:
    return tuple(cell_of(getattr(rule, column.name)) for column in fields(Rule))


def cell_of(value: str | bool | tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return "automatic" if value else "written"
    return value if isinstance(value, str) else ", ".join(value)


def write_html(definition: Definition, out: TextIO) -> None:
    """One page that needs no other file."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - the table needs none of it

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    rules = rules_of(definition)
    page = environment.get_template("page.html")
    out.writelines(page.generate(definition=definition, rules=rules, parts=parts_of(rules)))


FORMATS: Final[dict[str, Callable[[Definition, TextIO], None]]] = {"html": write_html, "csv": write_csv}
