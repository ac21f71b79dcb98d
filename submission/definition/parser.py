"""Parses the expression language, a small subset of Python's grammar, with `ast`; nothing is ever evaluated.

`parse` gives a tree of the node classes of `submission.definition.expressions`. Called by the scribe, which
turns every text of a definition into its parts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from submission.definition.expressions import (
    And,
    Arithmetic,
    Asked,
    Attribute,
    Call,
    Choice,
    Choose,
    Compare,
    Constant,
    Count,
    Expression,
    Function,
    Given,
    In,
    IsBlank,
    IsMissing,
    Literal,
    Lookup,
    Name,
    Not,
    Or,
)

PLACEHOLDER: Final = re.compile(r"\{([a-z])\}")
COMPARISONS: Final = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
OPERATORS: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
DECIMAL: Final = re.compile(r"[0-9]+\.[0-9]+")
PEOPLE: Final = range(1, 9)
LONGEST: Final = 4_000


class ExpressionRefused(Exception):
    """The text is not an expression of the language; the message says why."""


def parse(
    text: str,
    functions: Mapping[str, Function] | None = None,
    loop: Mapping[str, int] | None = None,
    people: range = PEOPLE,
) -> Expression:
    """The tree of `text`; `loop` gives numbers to loop variables such as n. Raises ExpressionRefused."""
    try:
        return Parser(functions or {}, loop or {}, {}, people).read(tree_of(text))
    except RecursionError:
        raise ExpressionRefused(f"“{text[:40]}…” is nested too deeply") from None


def tree_of(text: str) -> ast.expr:
    """Python's own tree of the text, with names such as `__n__` for `{n}`. Raises ExpressionRefused."""
    if len(text) > LONGEST:
        raise ExpressionRefused(f"an expression has at most {LONGEST} characters")
    try:
        return ast.parse(PLACEHOLDER.sub(r"__\1__", text.strip()), mode="eval").body
    except (SyntaxError, ValueError, MemoryError):
        raise ExpressionRefused(f"“{text}” is not an expression") from None


@dataclass(frozen=True, slots=True)
class Parser:
    """Turns Python's tree into ours. `loop` holds the numbers of loop variables, `arguments` those of a function."""

    functions: Mapping[str, Function]
    loop: Mapping[str, int]
    arguments: Mapping[str, Expression]
    people: range

    def read(self, node: ast.expr) -> Expression:
        method = getattr(self, f"read_{type(node).__name__.lower()}", None)
        if method is None:
            raise ExpressionRefused(f"“{plain(node)}” is not part of the language")
        result: Expression = method(node)
        return result

    def name_of(self, node: ast.expr) -> str:
        if not isinstance(node, ast.Name):
            raise ExpressionRefused(f"“{plain(node)}” must be a name")
        name = node.id
        for variable, number in self.loop.items():
            name = name.replace(f"__{variable}__", str(number))
        if left := re.search(r"__([a-z])__", name):
            raise ExpressionRefused(f"{{{left[1]}}} is used outside a loop or a repeated element")
        return public(name)

    def read_constant(self, node: ast.Constant) -> Expression:
        value = node.value
        if isinstance(value, float):
            text = ast.unparse(node)
            if not DECIMAL.fullmatch(text):
                raise ExpressionRefused(f"“{text}” must be written in full, with digits before and after its point")
            return Literal(Decimal(text))
        if value is None or isinstance(value, bool | int | str):
            return Literal(value)
        raise ExpressionRefused(f"“{plain(node)}” is not part of the language")

    def read_name(self, node: ast.Name) -> Expression:
        if node.id in self.loop:
            return Literal(self.loop[node.id])
        return self.arguments.get(node.id) or Name(self.name_of(node))

    def read_attribute(self, node: ast.Attribute) -> Expression:
        of = self.read(node.value)
        if isinstance(of, Lookup) and of.column is None:
            return Lookup(of.table, of.keys, public(node.attr))
        return Attribute(of, public(node.attr))

    def read_subscript(self, node: ast.Subscript) -> Expression:
        if isinstance(node.value, ast.Dict):
            rows = tuple(
                (self.constant(key), self.read(value))
                for key, value in zip(node.value.keys, node.value.values, strict=True)
            )
            return Choice(rows, self.read(node.slice))
        keys = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return Lookup(self.name_of(node.value), tuple(self.read(key) for key in keys))

    def constant(self, node: ast.expr | None) -> Constant:
        literal = self.read(node) if node is not None else None
        if not isinstance(literal, Literal):
            raise ExpressionRefused("the keys of {...} must be plain values")
        return literal.value

    def read_boolop(self, node: ast.BoolOp) -> Expression:
        parts = tuple(self.read(value) for value in node.values)
        return And(parts) if isinstance(node.op, ast.And) else Or(parts)

    def read_unaryop(self, node: ast.UnaryOp) -> Expression:
        of = self.read(node.operand)
        if isinstance(node.op, ast.Not):
            return Not(of)
        if isinstance(node.op, ast.USub):
            if isinstance(of, Literal) and isinstance(of.value, int | Decimal):
                return Literal(-of.value)
            return Arithmetic("-", Literal(0), of)
        raise ExpressionRefused(f"“{plain(node)}” is not part of the language")

    def read_binop(self, node: ast.BinOp) -> Expression:
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            raise ExpressionRefused(f"“{plain(node)}” is not part of the language")
        return Arithmetic(operator, self.read(node.left), self.read(node.right))

    def read_ifexp(self, node: ast.IfExp) -> Expression:
        return Choose(self.read(node.test), self.read(node.body), self.read(node.orelse))

    def read_compare(self, node: ast.Compare) -> Expression:
        parts, left = [], node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            parts.append(self.comparison(left, operator, right))
            left = right
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Expression:
        if isinstance(operator, ast.Is | ast.IsNot):
            return self.identity(left, operator, right)
        if isinstance(operator, ast.In | ast.NotIn):
            member = In(self.read(left), self.options(right))
            return member if isinstance(operator, ast.In) else Not(member)
        compared = Compare(COMPARISONS[type(operator)], self.read(left), self.read(right))
        if Literal(None) in (compared.left, compared.right):
            raise ExpressionRefused("use “is None” or “is not None” to ask whether something is missing")
        return compared

    def identity(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Expression:
        to = self.read(right)
        if not isinstance(to, Literal) or not (to.value is None or isinstance(to.value, bool)):
            raise ExpressionRefused("“is” goes with None, True or False only")
        of = self.read(left)
        same = IsMissing(of) if to == Literal(None) else Compare("==", of, to)
        return same if isinstance(operator, ast.Is) else Not(same)

    def options(self, node: ast.expr) -> tuple[Expression, ...] | Expression:
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            items = tuple(self.read(item) for item in node.elts)
            if Literal(None) in items:
                raise ExpressionRefused("None is never among the values of “in”; use “is None”")
            return items
        return self.read(node)

    def read_call(self, node: ast.Call) -> Expression:
        name = self.name_of(node.func)
        if node.keywords:
            raise ExpressionRefused(f"{name}() takes no named arguments")
        special: Callable[[list[ast.expr]], Expression] | None = getattr(self, f"call_{name}", None)
        if special is not None:
            return special(node.args)
        arguments = tuple(self.read(argument) for argument in node.args)
        if name in self.functions:
            return self.expand(name, arguments)
        return Call(name, arguments)

    def expand(self, name: str, arguments: tuple[Expression, ...]) -> Expression:
        function = self.functions[name]
        if len(arguments) != len(function.parameters):
            raise ExpressionRefused(f"{name}() takes {len(function.parameters)} arguments, not {len(arguments)}")
        others = {key: value for key, value in self.functions.items() if key != name}
        given = dict(zip(function.parameters, arguments, strict=True))
        return Parser(others, {}, given, self.people).read(tree_of(function.body))

    def call_present(self, nodes: list[ast.expr]) -> Expression:
        if not nodes:
            raise ExpressionRefused("present() needs something to look for")
        parts = tuple(Not(IsMissing(self.read(node))) for node in nodes)
        return parts[0] if len(parts) == 1 else And(parts)

    def call_blank(self, nodes: list[ast.expr]) -> Expression:
        return IsBlank(self.only(nodes, "blank"))

    def call_given(self, nodes: list[ast.expr]) -> Expression:
        return Given(self.only_name(nodes, "given"))

    def call_asked(self, nodes: list[ast.expr]) -> Expression:
        return Asked(self.only_name(nodes, "asked"))

    def call_any(self, nodes: list[ast.expr]) -> Expression:
        return Or(self.each(nodes, "any", Literal(False)))

    def call_all(self, nodes: list[ast.expr]) -> Expression:
        return And(self.each(nodes, "all", Literal(True)))

    def call_count(self, nodes: list[ast.expr]) -> Expression:
        return Count(self.each(nodes, "count", Literal(False)))

    def call_sum(self, nodes: list[ast.expr]) -> Expression:
        total, *rest = self.each(nodes, "sum", Literal(0))
        for part in rest:
            total = Arithmetic("+", total, part)
        return total

    def only(self, nodes: list[ast.expr], name: str) -> Expression:
        if len(nodes) != 1:
            raise ExpressionRefused(f"{name}() takes one argument")
        return self.read(nodes[0])

    def only_name(self, nodes: list[ast.expr], name: str) -> str:
        of = self.only(nodes, name)
        if not isinstance(of, Name):
            raise ExpressionRefused(f"{name}() takes the name of a question")
        return of.id

    def each(self, nodes: list[ast.expr], name: str, left_out: Expression) -> tuple[Expression, ...]:
        """The unrolled parts of `name(x for n in range(1, 9) if c)` or `name([x, y])`."""
        if len(nodes) == 1 and isinstance(nodes[0], ast.List | ast.Tuple) and nodes[0].elts:
            return tuple(self.read(node) for node in nodes[0].elts)
        if len(nodes) != 1 or not isinstance(nodes[0], ast.GeneratorExp) or len(nodes[0].generators) != 1:
            raise ExpressionRefused(f"{name}() takes a list [x, y] or one loop: x for n in range(1, 9)")
        generator = nodes[0].generators[0]
        variable = self.name_of(generator.target)
        parts = []
        for number in self.numbers(generator.iter):
            inner = Parser(self.functions, {**self.loop, variable: number}, self.arguments, self.people)
            part = inner.read(nodes[0].elt)
            for condition in generator.ifs:
                part = Choose(inner.read(condition), part, left_out)
            parts.append(part)
        return tuple(parts)

    def numbers(self, node: ast.expr) -> range:
        if isinstance(node, ast.Name) and node.id == "people":
            return self.people
        bounds = [self.read(argument) for argument in node.args] if isinstance(node, ast.Call) else []
        ends = [bound.value for bound in bounds if isinstance(bound, Literal) and isinstance(bound.value, int)]
        if len(ends) == 2 and len(bounds) == 2 and ends[0] < ends[1] <= ends[0] + 50:
            return range(*ends)
        raise ExpressionRefused("a loop runs over people, or range(first, end) with plain numbers")


def public(name: str) -> str:
    """The name, unless it begins with an underscore: such names are Python's own."""
    if name.startswith("_"):
        raise ExpressionRefused(f"“{name}” is not part of the language: a name begins with a letter")
    return name


def plain(node: ast.expr) -> str:
    """The node's text as it was written."""
    return re.sub(r"__([a-z])__", r"{\1}", ast.unparse(node))
