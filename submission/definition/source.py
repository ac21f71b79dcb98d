"""Reads the YAML files of a return into mappings and lists that remember their file and line.

Scalars follow YAML 1.2: `Yes` is text, `true` a boolean, `3` a whole number, `0.01` an exact
decimal, `2026-04-01` a date; quoted scalars are text. Used by `submission.definition.build` only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

SCALARS = (
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"[-+]?[0-9]+\.[0-9]+"), Decimal),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), date.fromisoformat),
    (re.compile(r"true|false"), lambda text: text == "true"),
    (re.compile(r"null|~|"), lambda text: None),
)
TEMPLATE = re.compile(r"\{([0-9n+\-* ()]*\bn\b[0-9n+\-* ()]*)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file (relative to the collections folder) and line, from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a definition is refused."""

    place: Place
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class DefinitionRefused(Exception):
    """The definition cannot be used. `problems` says where and why, all of them."""

    def __init__(self, problems: list[Problem]):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Entry(Mapping[Any, Any]):
    """A YAML mapping that knows the place of each key."""

    __slots__ = ("_places", "_values", "place")

    def __init__(self, place: Place, values: dict[Any, Any], places: dict[Any, Place]):
        self.place = place
        self._values = values
        self._places = places

    def __getitem__(self, key: Any) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def place_of(self, key: Any) -> Place:
        return self._places.get(key, self.place)

    def filled(self, n: int) -> Entry:
        """The same entry for person `n`: `{n}` and sums such as `{36 + 6 * n}` worked out everywhere."""
        return Entry(
            self.place,
            {fill(key, n): fill(value, n) for key, value in self._values.items()},
            {fill(key, n): place for key, place in self._places.items()},
        )


def fill(value: Any, n: int) -> Any:
    """`value` with `{n}` replaced in every text inside it."""
    if isinstance(value, str):
        return TEMPLATE.sub(lambda match: str(arithmetic(match[1], n)), value) if "{" in value else value
    if isinstance(value, Entry):
        return value.filled(n)
    if isinstance(value, list):
        return [fill(item, n) for item in value]
    return value


def arithmetic(text: str, n: int) -> int:
    """The value of a sum of whole numbers and `n`, such as `36 + 6 * n`; `n` alone or with a product."""
    total = 0
    for term in re.sub(r"\s*-\s*", "+-", re.sub(r"[() ]", "", text)).split("+"):
        product = 1
        for factor in term.lstrip("-").split("*"):
            product *= n if factor == "n" else int(factor)
        total += -product if term.startswith("-") else product
    return total


def read_yaml(root: Path, name: str) -> Entry:
    """The mapping in file `name` below `root`. Raises DefinitionRefused when it is not one."""
    path = root / name
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DefinitionRefused([Problem(Place(name, 1), "this file does not exist")]) from None
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DefinitionRefused([Problem(Place(name, line), f"not YAML: {error.problem}")]) from None
    if not isinstance(node, yaml.MappingNode):
        raise DefinitionRefused([Problem(Place(name, 1), "the file must hold a mapping")])
    entry: Entry = convert(node, name)
    return entry


def convert(node: yaml.Node, file: str) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.style else scalar(node, file)
    if isinstance(node, yaml.SequenceNode):
        return [convert(item, file) for item in node.value]
    values: dict[Any, Any] = {}
    places: dict[Any, Place] = {}
    for key_node, value_node in node.value:
        key = convert(key_node, file)
        place = Place(file, key_node.start_mark.line + 1)
        if isinstance(key, list | Entry):
            raise DefinitionRefused([Problem(place, "a key must be a plain word; quote text that begins with { or [")])
        if key in values:
            raise DefinitionRefused([Problem(place, f"“{key}” is given twice")])
        values[key], places[key] = convert(value_node, file), place
    return Entry(Place(file, node.start_mark.line + 1), values, places)


def scalar(node: yaml.ScalarNode, file: str) -> Any:
    for pattern, read in SCALARS:
        if pattern.fullmatch(node.value):
            try:
                return read(node.value)
            except ValueError:
                place = Place(file, node.start_mark.line + 1)
                raise DefinitionRefused([Problem(place, f"“{node.value}” is not a date")]) from None
    return node.value
