"""What can be seen of an expression or of tests without knowing their values. Called by `submission.engine.emit`."""

from __future__ import annotations

from typing import Any

from submission.definition import expressions as ex
from submission.definition.graph import AMBIENT


def joined(tests: list[str]) -> str:
    """The tests as one Python expression; each is written once."""
    return "False" if "False" in tests else " and ".join(dict.fromkeys(tests)) or "True"


def summands(expression: ex.Expression) -> list[ex.Expression]:
    """The parts of a sum of sums."""
    if isinstance(expression, ex.Arithmetic) and expression.operator == "+":
        return [*summands(expression.left), *summands(expression.right)]
    return [expression]


def common_limit(parts: list[ex.Expression]) -> ex.Expression | None:
    """What `n` is held to in a sum of `x for n in people if n <= limit`; None for any other sum."""
    limits = set()
    for number, part in enumerate(parts, 1):
        condition = part.condition if isinstance(part, ex.Choose) and part.otherwise == ex.Literal(0) else None
        if not isinstance(condition, ex.Compare) or condition.operator != "<=":
            return None
        if condition.left != ex.Literal(number):
            return None
        limits.add(condition.right)
    return limits.pop() if len(limits) == 1 and len(parts) > 1 else None


def guarded(tests: list[str], text: str) -> str:
    return f"({text} if {joined(tests)} else None)" if tests else text


def nullable(expression: ex.Expression) -> bool:
    """Whether the value can be missing."""
    if isinstance(expression, ex.Literal):
        return expression.value is None
    if isinstance(expression, ex.Name):
        return expression.id not in AMBIENT
    if isinstance(expression, ex.Attribute) and expression.of == ex.Name("year"):
        return False
    if isinstance(expression, ex.Choose):
        return nullable(expression.then) or nullable(expression.otherwise)
    return not (isinstance(expression, ex.Count) or two_valued(expression))


def two_valued(expression: ex.Expression) -> bool:
    """Whether a condition is never unknown."""
    if isinstance(expression, ex.Not):
        return two_valued(expression.of)
    if isinstance(expression, ex.And | ex.Or):
        return all(two_valued(part) for part in expression.parts)
    if isinstance(expression, ex.Literal):
        return isinstance(expression.value, bool)
    return isinstance(expression, ex.IsMissing | ex.IsBlank | ex.Asked)


def folded(operator: str, left: Any, right: Any) -> bool:
    """A comparison of two constants, worked out."""
    results = {"==": bool(left == right), "!=": bool(left != right)}
    if operator in results:
        return results[operator]
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator])


def said_by(test: str, missing: set[str]) -> bool:
    """Whether a test that something is there follows from the “it is missing, or” in front of it."""
    return test.endswith(" is not None") and test.removesuffix(" is not None") in missing
