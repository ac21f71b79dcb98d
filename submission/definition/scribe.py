"""Turns the texts of a definition file into parsed pieces, and collects every problem on the way."""

from __future__ import annotations

import difflib
import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from submission.definition.expressions import And, Compare, Expression, Function, Literal
from submission.definition.model import Mark, Sourced, Wording
from submission.definition.parser import PEOPLE, ExpressionRefused, parse
from submission.definition.source import Entry, Place, Problem, fill

SPAN = re.compile(r"(?:([0-9]+)\.\.([0-9]+))")
YEARS = re.compile(r"([0-9]{4})?(-)?([0-9]{4})?")
SHOWN = re.compile(r"\{([^{}]+)\}")
COMPARED: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def near(word: object, known: Iterable[object]) -> str:
    """“ Did you mean x?” when something close to `word` is known, else nothing."""
    found = difflib.get_close_matches(str(word), [str(name) for name in known], n=1, cutoff=0.6)
    return f" Did you mean “{found[0]}”?" if found else ""


@dataclass(slots=True)
class Scribe:
    """Reads entries for one collection year. `problems` grows; nothing is raised until the end.

    `people`: everybody the return may describe.
    """

    year: int
    functions: Mapping[str, Function] = field(default_factory=dict)
    people: range = PEOPLE
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, place: Place, reason: str) -> None:
        self.problems.append(Problem(place, reason))

    def keys(self, entry: Entry, allowed: Collection[str], what: str) -> None:
        for key in entry:
            if key not in allowed:
                self.refuse(entry.place_of(key), f"{what} has no “{key}”.{near(key, allowed)}")

    def entries(self, entry: Entry, key: str) -> Entry:
        """The mapping under `key`; an empty one where there is none or something else."""
        value = entry.get(key)
        if value is not None and not isinstance(value, Entry):
            self.refuse(entry.place_of(key), f"“{key}” must be a mapping")
        return value if isinstance(value, Entry) else Entry(entry.place, {}, {})

    def bodies(self, entry: Entry, what: str) -> Iterator[tuple[Any, Entry]]:
        """The keys of a mapping of mappings, each with its own; what is no mapping is refused."""
        for key, value in entry.items():
            if isinstance(value, Entry):
                yield key, value
            else:
                self.refuse(entry.place_of(key), f"{what} “{key}” must be a mapping")

    def number(self, entry: Entry, key: str) -> int | Decimal | None:
        value = entry.get(key)
        if value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool)):
            return value
        self.refuse(entry.place_of(key), f"“{key}” must be a number")
        return None

    def items(self, entry: Entry, key: str) -> list[Any]:
        """The list under `key`; a single value counts as a list of one."""
        value = entry.get(key)
        return value if isinstance(value, list) else [] if value is None else [value]

    def in_year(self, entry: Entry) -> bool:
        """Whether its `years:` mark, if any, takes in this year."""
        mark = entry.get("years")
        if mark is None:
            return True
        match = YEARS.fullmatch(str(mark))
        if not match or not any(match.groups()):
            self.refuse(entry.place_of("years"), f"“{mark}” is not a mark of years such as 2026-, -2025 or 2025-2026")
            return True
        first, dash, last = match.groups()
        return int(first or 0) <= self.year <= int(last or (9999 if dash else first))

    def text(self, entry: Entry, key: str) -> str | None:
        value = entry.get(key)
        if value is not None and not isinstance(value, str):
            self.refuse(entry.place_of(key), f"“{key}” must be a text; put it in quotes")
            return str(value)
        return value

    def span(self, entry: Entry, key: str) -> range | None:
        """The people that `2..8` names."""
        value = entry.get(key)
        if value is None:
            return None
        match = SPAN.fullmatch(str(value))
        if not match or not 1 <= int(match[1]) <= int(match[2]) <= 50:
            self.refuse(entry.place_of(key), f"“{value}” is not a span such as 2..8")
            return None
        return range(int(match[1]), int(match[2]) + 1)

    def expression(self, entry: Entry, key: Any) -> Sourced | None:
        value = entry.get(key)
        return None if value is None else self.sourced(value, entry.place_of(key))

    def sourced(self, value: Any, place: Place) -> Sourced | None:
        text = value if isinstance(value, str) else repr(value)
        parsed = self.parse(text, place)
        return None if parsed is None else Sourced(parsed, text, place)

    def parse(self, text: str, place: Place, loop: Mapping[str, int] | None = None) -> Expression | None:
        try:
            return parse(text, self.functions, loop, self.people)
        except ExpressionRefused as refusal:
            self.refuse(place, str(refusal))
            return None

    def wording(self, entry: Entry, key: str) -> Wording | None:
        text = self.text(entry, key)
        return None if text is None else self.words(text, entry.place_of(key))

    def words(self, text: str, place: Place) -> Wording:
        parts: list[str | Expression] = []
        for index, piece in enumerate(SHOWN.split(text)):
            if index % 2 == 0:
                if piece:
                    parts.append(piece)
            elif (parsed := self.parse(piece, place)) is not None:
                parts.append(parsed)
        return Wording(text, tuple(parts))

    def marks(self, entry: Entry, key: str, known: Collection[str]) -> tuple[Mark, ...]:
        """The fields under `on`. `ecstat{n} if n <= hhmemb` stands for each person who has such a field."""
        found: list[Mark] = []
        for item in self.items(entry, key):
            place = entry.place_of(key)
            name, _, condition = str(item).partition(" if ")
            people = self.people if "{n}" in name else [0]
            marks = [(fill(name.strip(), n), n) for n in people]
            if people is self.people:
                marks = [(field, n) for field, n in marks if field in known]
            if not marks or (people is not self.people and marks[0][0] not in known):
                self.refuse(place, f"“{name}” is no question, value or cell.{near(name, known)}")
            for field_name, n in marks:
                when = self.parse(fill(condition, n), place, {"n": n}) if condition else None
                if when is None or not never(when):
                    found.append(Mark(field_name, when))
        return tuple(found)


def never(expression: Expression) -> bool:
    """Whether a condition is false whatever the answers, such as `n >= 2` for the first person."""
    if isinstance(expression, And):
        return any(never(part) for part in expression.parts)
    if (
        isinstance(expression, Compare)
        and isinstance(expression.left, Literal)
        and isinstance(expression.right, Literal)
    ):
        left, right = expression.left.value, expression.right.value
        return isinstance(left, int) and isinstance(right, int) and not COMPARED[expression.operator](left, right)
    return expression == Literal(False)
