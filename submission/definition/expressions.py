"""The expression language as a tree: what `submission.definition.parser` makes of a text.

Loops over people are unrolled and functions that a collection defines are put in place, so what remains is
small: literals, names, comparisons, logic, arithmetic, look-ups and calls. The meaning (three-valued, missing
is unknown) is written down in docs/decisions/0001-definition-language.md; `submission.engine.emit` gives it to
Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

Constant = None | bool | int | Decimal | str


@dataclass(frozen=True, slots=True)
class Expression:
    pass


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    value: Constant


@dataclass(frozen=True, slots=True)
class Name(Expression):
    id: str


@dataclass(frozen=True, slots=True)
class Given(Expression):
    """The answer of a question as it was given."""

    id: str


@dataclass(frozen=True, slots=True)
class Asked(Expression):
    """Whether a question is asked."""

    id: str


@dataclass(frozen=True, slots=True)
class Attribute(Expression):
    of: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Lookup(Expression):
    """A row of a table, or one column of it; missing where there is none."""

    table: str
    keys: tuple[Expression, ...]
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Choice(Expression):
    """`{0: 1, 1: 2}[key]`."""

    rows: tuple[tuple[Constant, Expression], ...]
    key: Expression


@dataclass(frozen=True, slots=True)
class Not(Expression):
    of: Expression


@dataclass(frozen=True, slots=True)
class And(Expression):
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or(Expression):
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Compare(Expression):
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class In(Expression):
    """Membership in a tuple of expressions, or in the table or named list `options`."""

    left: Expression
    options: tuple[Expression, ...] | Expression


@dataclass(frozen=True, slots=True)
class IsMissing(Expression):
    of: Expression


@dataclass(frozen=True, slots=True)
class IsBlank(Expression):
    """Missing, or a text of nothing but white space."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic(Expression):
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Choose(Expression):
    """`then if condition else otherwise`; `otherwise` unless the condition is true."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Count(Expression):
    """How many of the conditions are true."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call(Expression):
    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function that a collection defines: `weekly(amount): ...`."""

    parameters: tuple[str, ...]
    body: str


def children(expression: Expression) -> Iterator[Expression]:
    """The expressions directly inside this one."""
    for field in fields(expression):
        value = getattr(expression, field.name)
        if isinstance(value, Expression):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, Expression):
                    yield item
                elif isinstance(item, tuple) and isinstance(item[-1], Expression):
                    yield item[-1]


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything inside it."""
    yield expression
    for child in children(expression):
        yield from walk(child)
