"""A generated Python function and its source. Used by the judgement and by an upload's columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Program:
    """A generated function: its source, for inspection, and the function itself."""

    source: str
    function: Any


def build_program(name: str, source: str, names: dict[str, Any]) -> Program:
    """Runs generated source, which defines `name`, with just the names that it needs."""
    scope = {"__builtins__": {"range": range, "len": len, "str": str}, **names}
    exec(compile(source, f"<{name}>", "exec"), scope)  # noqa: S102  # our own source, made from a linted definition
    return Program(source, scope[name])
