"""Writes the line of a generated function that makes a check's finding. Used for a judgement and for upload cells."""

from __future__ import annotations

from collections.abc import Iterable

from submission.definition.expressions import Expression
from submission.definition.model import Check, Mark
from submission.engine.emit import Emitter


def check_line(emit: Emitter, index: int, check: Check, applies: Expression | None) -> str:
    """Adds (number of the check, values for its message, fields that show it) to what is found when it fires."""
    test = emit.test(applies, check.fails.expression)
    return f"if {test}: add(({index}, {shown(emit, check)}, {marks(emit, check.on)}))  # {check.id}"


def shown(emit: Emitter, check: Check) -> str:
    """The values that its message speaks of."""
    return listed(emit.value(part) for part in check.say.parts if isinstance(part, Expression))


def marks(emit: Emitter, on: tuple[Mark, ...]) -> str:
    """The fields that show it, where that depends on the answers; None for all of them."""
    if all(mark.when is None for mark in on):
        return "None"
    return listed(
        repr(mark.field) if mark.when is None else f"*(({mark.field!r},) if {emit.test(mark.when)} else ())"
        for mark in on
    )


def listed(parts: Iterable[str]) -> str:
    """A tuple of the parts, which may be none."""
    return f"({''.join(f'{part}, ' for part in parts)})"
