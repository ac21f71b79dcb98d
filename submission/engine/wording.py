"""Puts values into wording: money as £1,234.50, dates as 3 April 2026, codes as their labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from submission.definition import Definition
from submission.definition.expressions import Arithmetic, Expression, Given, Name
from submission.definition.model import Wording

SMALL_WORDS: Final = frozenset({"a", "and", "for", "of", "or", "the", "to"})


def render(definition: Definition, wording: Wording, shown: Sequence[Any]) -> str:
    """The text, with `shown` (one value for each expression, in order) as people write them."""
    values = iter(shown)
    return "".join(
        written(definition, part, next(values, None)) if isinstance(part, Expression) else part
        for part in wording.parts
    )


def written(definition: Definition, expression: Expression, value: Any) -> str:
    if value is not None and is_percentage(definition, expression):
        return f"{Decimal(value).normalize():f}%"
    if isinstance(expression, Name | Given):
        label = label_of_code(definition, expression.id, value)
        if label is not None:
            return label if named_by_table(definition, expression.id) else lower_first(label)
    return plain(value)


def is_percentage(definition: Definition, expression: Expression) -> bool:
    """Whether it is one, or a sum of them."""
    if isinstance(expression, Arithmetic) and expression.operator in "+-":
        return is_percentage(definition, expression.left) and is_percentage(definition, expression.right)
    return isinstance(expression, Name | Given) and definition.kind_of(expression.id) == "percentage"


def plain(value: Any) -> str:
    """A value as people write it; “not known” where there is none."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, date):
        return f"{value.day} {value:%B} {value.year}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def money(amount: Decimal) -> str:
    """Pounds, with pence unless there are none: £95, £1,234.50, -£3.20."""
    pounds = abs(amount).normalize()
    exponent = pounds.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) and exponent < 0 else 0
    return f"{'-' if amount < 0 else ''}£{pounds:,.{places}f}"


def label_of_code(definition: Definition, name: str, value: Any) -> str | None:
    """The label of a code of this question or derived value; None where it has none."""
    for question in definition.questions.get(name, ()):
        for option in question.options:
            if question.kind != "checkboxes" and option.code == value:
                return option.label
    derived = definition.derived_by_id.get(name)
    for option in derived.options if derived else ():
        if option.code == value:
            return option.label
    return None


def named_by_table(definition: Definition, name: str) -> bool:
    """Whether the labels are names, of places for example, which keep their capitals."""
    return name in definition.holder and definition.holder[name].table is not None


def lower_first(label: str) -> str:
    """A label inside a sentence: without its capital, unless it is a name or an abbreviation."""
    first, *rest = label.split()
    following = next((word for word in rest if word not in SMALL_WORDS), "")
    is_name = following[:1].isupper() or not (first[1:2].islower() or len(first) == 1)
    return label if is_name else label[0].lower() + label[1:]
