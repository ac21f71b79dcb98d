"""The meaning of the expression language, written down a second time: it walks the tree, slowly and plainly.

Tests hold the code that `submission.engine.emit` generates to this. True, False and None are the three truth
values; None is also the missing value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import singledispatch
from typing import Any

from submission.definition import expressions as ex
from submission.definition.functions import SIGNATURES
from submission.definition.model import Definition
from submission.engine.context import NOWHERE, Context
from submission.engine.functions import IMPLEMENTATIONS, phrases


@dataclass(frozen=True, slots=True)
class World:
    """What an expression may look at. `values` hold answers, derived values, terms and cells by name."""

    definition: Definition
    today: date
    values: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    context: Context = NOWHERE


@singledispatch
def evaluate(expression: ex.Expression, world: World) -> Any:
    """The value of the expression, None where it is missing or unknown."""
    raise NotImplementedError(type(expression).__name__)


@evaluate.register
def _(expression: ex.Literal, world: World) -> Any:  # noqa: ARG001  # every node is told the world
    return expression.value


@evaluate.register
def _(expression: ex.Name, world: World) -> Any:
    if expression.id == "today":
        return world.today
    if expression.id == "year":
        return world.definition.window
    return world.values.get(expression.id)


@evaluate.register
def _(expression: ex.Given, world: World) -> Any:
    return world.given.get(expression.id)


@evaluate.register
def _(expression: ex.Asked, world: World) -> Any:
    return expression.id in world.asked


@evaluate.register
def _(expression: ex.Attribute, world: World) -> Any:
    of = evaluate(expression.of, world)
    return None if of is None else getattr(of, expression.name)


@evaluate.register
def _(expression: ex.Lookup, world: World) -> Any:
    table = world.definition.tables[expression.table]
    keys = tuple(evaluate(key, world) for key in expression.keys)
    if None in keys:
        return None
    for key, row in table.rows.items():
        if key == (keys[0] if len(keys) == 1 else keys):
            return row[table.columns.index(expression.column) if expression.column else 0]
    return None


@evaluate.register
def _(expression: ex.Choice, world: World) -> Any:
    key = evaluate(expression.key, world)
    for code, value in expression.rows:
        if key is not None and code == key:
            return evaluate(value, world)
    return None


@evaluate.register
def _(expression: ex.Not, world: World) -> bool | None:
    of = evaluate(expression.of, world)
    return None if of is None else not of


@evaluate.register
def _(expression: ex.And, world: World) -> bool | None:
    parts = [evaluate(part, world) for part in expression.parts]
    if False in parts:
        return False
    return None if None in parts else True


@evaluate.register
def _(expression: ex.Or, world: World) -> bool | None:
    parts = [evaluate(part, world) for part in expression.parts]
    if True in parts:
        return True
    return None if None in parts else False


@evaluate.register
def _(expression: ex.Compare, world: World) -> bool | None:
    return compared(expression.operator, evaluate(expression.left, world), evaluate(expression.right, world))


def compared(operator: str, left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    if operator == "==":
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    if isinstance(left, str) != isinstance(right, str):
        return None  # a word in a cell of numbers has no order among them
    if operator in ("<=", ">="):
        return bool(left == right) or compared(operator[0], left, right)
    return bool(left < right) if operator == "<" else bool(left > right)


@evaluate.register
def _(expression: ex.In, world: World) -> bool | None:
    left = evaluate(expression.left, world)
    options = expression.options
    if isinstance(options, tuple):
        values: Any = [evaluate(option, world) for option in options]
    elif isinstance(options, ex.Name) and options.id in world.definition.tables:
        values = list(world.definition.tables[options.id].rows)
    else:
        values = evaluate(options, world)
    if left is None or values is None:
        return None
    if any(value is not None and value == left for value in values):
        return True
    return None if None in values else False


@evaluate.register
def _(expression: ex.IsMissing, world: World) -> bool:
    return evaluate(expression.of, world) is None


@evaluate.register
def _(expression: ex.IsBlank, world: World) -> bool:
    of = evaluate(expression.of, world)
    return of is None or (isinstance(of, str) and of.strip() == "")


@evaluate.register
def _(expression: ex.Arithmetic, world: World) -> Any:
    left, right = evaluate(expression.left, world), evaluate(expression.right, world)
    if left is None or right is None or (expression.operator == "/" and right == 0):
        return None
    if expression.operator == "+":
        return left + right
    if expression.operator == "-":
        return left - right
    return left * right if expression.operator == "*" else Decimal(left) / Decimal(right)


@evaluate.register
def _(expression: ex.Choose, world: World) -> Any:
    holds = evaluate(expression.condition, world) is True
    return evaluate(expression.then if holds else expression.otherwise, world)


@evaluate.register
def _(expression: ex.Count, world: World) -> int:
    return len([part for part in expression.parts if evaluate(part, world) is True])


@evaluate.register
def _(expression: ex.Call, world: World) -> Any:
    signature = SIGNATURES[expression.function]
    arguments: list[Any] = []
    for index, argument in enumerate(expression.arguments):
        if signature.arguments[min(index, len(signature.arguments) - 1)] == "phrases":
            assert isinstance(argument, ex.Name)
            arguments.append(phrases(world.definition.phrases[argument.id]))
        else:
            arguments.append(evaluate(argument, world))
    if None in arguments and not signature.sees_missing:
        return None
    context = [world.context] if signature.needs_context else []
    return IMPLEMENTATIONS[expression.function](*context, *arguments)
