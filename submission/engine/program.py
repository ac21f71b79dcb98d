"""A generated Python function and its source. Used by the judgement and by an upload's columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Program:
    """A generated function: its source, for inspection, and the function itself."""

    source: str
    function: Any


@dataclass(frozen=True, slots=True)
class Frame:
    """What an upload puts around a judgement, so that cells become findings in one function.

    `head`: its first lines, which read the cells; `given`: how the answers read are called, None where there is
    none; `tail`: writes the lines that look at cells and values; `results`: what it gives besides. `names`: the
    global names of all these, `worded`: cells that may hold a word.
    """

    head: list[str]
    given: Mapping[str, str]
    tail: Callable[[Any], list[str]]
    results: str
    names: dict[str, Any]
    worded: frozenset[str]


def build_program(name: str, source: str, names: dict[str, Any]) -> Program:
    """Runs generated source, which defines `name`, with just the names that it needs."""
    scope = {"__builtins__": {"range": range, "len": len, "str": str}, **names}
    exec(compile(source, f"<{name}>", "exec"), scope)  # noqa: S102  # our own source, made from a linted definition
    return Program(source, scope[name])
