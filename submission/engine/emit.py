"""Gives expressions their meaning in Python source, where None is the missing value.

Logic is three-valued, but the generated code never holds a third truth value where it is not asked for:
`conjuncts(x, True)` are plain Python tests that all hold exactly when `x` is true, `conjuncts(x, False)`
when it is false; when neither holds, it is unknown. `value(x)` gives the value itself, or None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import singledispatchmethod
from typing import Any, Final

from submission.definition import expressions as ex
from submission.definition.functions import SIGNATURES
from submission.definition.model import Definition
from submission.engine.functions import IMPLEMENTATIONS, PLACES, amount, divide, is_blank, phrases
from submission.engine.shapes import common_limit, folded, guarded, joined, nullable, said_by, summands, two_valued

FALSE_OF: Final = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
# Functions of one Python expression. Their arguments are plain names, or bound to them, and are there.
WRITTEN_OUT: Final = {
    "starts_with": "{0}.startswith({1})",
    "days_between": "({1} - {0}).days",
    "min": "({0} if {0} <= {1} else {1})",
    "merged_by": "({0}.merge_date is not None and {0}.merge_date <= {1})",
    "not_yet_active": "(not not {0}.absorbed and {0}.available_from is not None and {0}.available_from > {1})",
    "same_organisation": "({0}.id == {1}.id)",
    "directory_loaded": "({0}.directory is not None)",
    "uprns_loaded": "({0}.uprns is not None)",
    "organisation": "({0}.directory.organisations.get({1}) if {0}.directory else None)",
    "scheme": "({0}.directory.schemes.get({1}) if {0}.directory else None)",
    "location": "({0}.directory.locations.get({1}) if {0}.directory else None)",
    "user": "({0}.directory.users.get({1}) if {0}.directory else None)",
    "find_organisation": "({0}.directory.by_code.get({1}) if {0}.directory else {1})",
}
TRUTH: Final = (ex.Not, ex.And, ex.Or, ex.Compare, ex.In, ex.IsMissing, ex.IsBlank, ex.Asked)


@dataclass(slots=True)
class Emitter:
    """Writes the expressions of one definition. `globals` are the names that the generated code needs.

    `worded`: cells that may hold a word instead of a number, which has no order among numbers.
    """

    definition: Definition
    globals: dict[str, Any] = field(default_factory=dict)
    worded: frozenset[str] = frozenset()
    asked: dict[str, str] = field(default_factory=dict)
    given: Mapping[str, str] | None = None
    temporaries: int = 0

    def test(self, *expressions: ex.Expression | None) -> str:
        """Python that holds when all these conditions are true; absent ones always are."""
        return joined([part for one in expressions if one is not None for part in self.conjuncts(one, True)])

    def truth(self, expression: ex.Expression) -> str:
        """Python that gives True when the condition is true, and False when it is false or unknown."""
        test = self.test(expression)
        return f"({test})" if isinstance(expression, TRUTH) else f"{test}"

    def amount(self, expression: ex.Expression) -> str:
        """Python that gives a number as a Decimal, for fields that hold one."""
        if isinstance(expression, ex.Literal):
            value = expression.value
            return self.constant(Decimal(value) if isinstance(value, int) else value)
        if self.is_decimal(expression):
            return self.value(expression)
        self.globals["amount"] = amount
        return f"amount({self.value(expression)})"

    def temporary(self) -> str:
        self.temporaries += 1
        return f"_{self.temporaries}"

    def constant(self, value: object) -> str:
        if isinstance(value, Decimal):
            name = "D_" + str(value).replace(".", "_").replace("-", "minus_")
            self.globals[name] = value
            return name
        return repr(value)

    def bound(self, expression: ex.Expression) -> tuple[list[str], str]:
        """Tests that the value is there, and how to speak of it once they hold."""
        if not nullable(expression):
            return [], self.value(expression)
        if isinstance(expression, ex.Name | ex.Given):
            text = self.value(expression)
            return [f"{text} is not None"], text
        if isinstance(expression, ex.Attribute) and isinstance(expression.of, ex.Name):
            text = f"{expression.of.id}.{expression.name}"
            return [f"{expression.of.id} is not None", f"{text} is not None"], text
        name = self.temporary()
        return [f"({name} := {self.value(expression)}) is not None"], name

    # truth

    @singledispatchmethod
    def conjuncts(self, expression: ex.Expression, truth: bool) -> list[str]:
        """A condition that is a value: a flag, an attribute, a function's result."""
        if isinstance(expression, ex.Name | ex.Given):
            text = self.value(expression)
            return [text if truth else f"{text} is False"]
        return [f"{self.value(expression)} is {truth}"]

    @conjuncts.register
    def _(self, expression: ex.Call, truth: bool) -> list[str]:
        tests, text = self.call(expression)
        if SIGNATURES[expression.function].result != "bool":
            return [f"{guarded(tests, text)} is {truth}"]
        return [*tests, text if truth else f"not {text}"]

    @conjuncts.register
    def _(self, expression: ex.Attribute, truth: bool) -> list[str]:
        tests, text = self.bound(expression.of)
        return [*tests, f"{text}.{expression.name} is {truth}"]

    @conjuncts.register
    def _(self, expression: ex.Literal, truth: bool) -> list[str]:
        return [] if expression.value is truth else ["False"]

    @conjuncts.register
    def _(self, expression: ex.Asked, truth: bool) -> list[str]:
        text = self.asked.get(expression.id, f"q_{expression.id}")
        return [text if truth else f"not {text}"]

    @conjuncts.register
    def _(self, expression: ex.Not, truth: bool) -> list[str]:
        return self.conjuncts(expression.of, not truth)

    @conjuncts.register(ex.And)
    @conjuncts.register(ex.Or)
    def _(self, expression: ex.And | ex.Or, truth: bool) -> list[str]:
        if isinstance(expression, ex.And) == truth:
            return [part for one in expression.parts for part in self.conjuncts(one, truth)]
        return self.either([self.conjuncts(one, truth) for one in expression.parts])

    def either(self, choices: list[list[str]]) -> list[str]:
        if any(not choice for choice in choices):
            return []
        missing: set[str] = set()
        texts = []
        for choice in choices:
            if "False" not in choice:
                texts.append(joined([test for test in choice if not said_by(test, missing)]))
            if len(choice) == 1:
                missing.add(choice[0].removesuffix(" is None"))
        return [f"({' or '.join(texts)})"] if texts else ["False"]

    @conjuncts.register
    def _(self, expression: ex.Compare, truth: bool) -> list[str]:
        left, right, operator = expression.left, expression.right, expression.operator
        if isinstance(left, ex.Literal) and isinstance(right, ex.Literal):
            return [] if folded(operator, left.value, right.value) == truth else ["False"]
        operator = operator if truth else FALSE_OF[operator]
        if isinstance(right, ex.Literal) and operator == "==":
            if isinstance(left, ex.Attribute) and not isinstance(right.value, bool):
                tests, text = self.bound(left.of)
                return [*tests, f"{text}.{left.name} == {self.constant(right.value)}"]
            if isinstance(right.value, bool):
                if isinstance(left, TRUTH):
                    return self.conjuncts(left, right.value)
                return [f"{self.value(left)} is {right.value}"]
            return [f"{self.value(left)} == {self.constant(right.value)}"]
        (left_tests, left_text), (right_tests, right_text) = self.bound(left), self.bound(right)
        ordered = [
            f"{side.id} not in {self.words(side.id)}"
            for side in (left, right)
            if operator not in ("==", "!=") and isinstance(side, ex.Name) and side.id in self.worded
        ]
        return [*left_tests, *right_tests, *ordered, f"{left_text} {operator} {right_text}"]

    def words(self, name: str) -> str:
        """The words a cell may hold, as a constant."""
        column = self.definition.template.columns[int(name.removeprefix("field_")) - 1]
        return repr(set(column.words))

    @conjuncts.register
    def _(self, expression: ex.In, truth: bool) -> list[str]:
        options = expression.options
        if isinstance(options, tuple) and not all(isinstance(option, ex.Literal) for option in options):
            parts = tuple(ex.Compare("==", expression.left, option) for option in options)
            return self.conjuncts(ex.Or(parts), truth)
        tests, text = self.bound(expression.left)
        if isinstance(options, tuple):
            values = [option.value for option in options if isinstance(option, ex.Literal)]
            among = "{" + ", ".join(sorted(self.constant(value) for value in values)) + "}" if values else "()"
        elif isinstance(options, ex.Name) and options.id in self.definition.tables:
            among = self.table(options.id)
        else:
            more, among = self.bound(options)
            tests = [*tests, *more]
        return [*tests, f"{text} {'in' if truth else 'not in'} {among}"]

    @conjuncts.register
    def _(self, expression: ex.IsMissing, truth: bool) -> list[str]:
        if not nullable(expression.of):
            return ["False"] if truth else []
        return [f"{self.value(expression.of)} {'is' if truth else 'is not'} None"]

    @conjuncts.register
    def _(self, expression: ex.IsBlank, truth: bool) -> list[str]:
        self.globals["is_blank"] = is_blank
        return [f"{'' if truth else 'not '}is_blank({self.value(expression.of)})"]

    @conjuncts.register
    def _(self, expression: ex.Choose, truth: bool) -> list[str]:
        chosen, test = self.conjuncts(expression.condition, True), self.conjuncts(expression.then, truth)
        other = self.conjuncts(expression.otherwise, truth)
        if other == ["False"]:
            return [*chosen, *test]
        if not chosen:
            return test
        if "False" in chosen:
            return other
        return [f"({joined(test)} if {joined(chosen)} else {joined(other)})"]

    # values

    def value(self, expression: ex.Expression) -> str:
        """Python that gives the value, or None where it is missing or unknown."""
        if isinstance(expression, TRUTH):
            if two_valued(expression):
                return f"({self.test(expression)})"
            return f"(True if {self.test(expression)} else False if {self.test(ex.Not(expression))} else None)"
        return self.plain(expression)

    @singledispatchmethod
    def plain(self, expression: ex.Expression) -> str:
        raise NotImplementedError(type(expression).__name__)

    @plain.register
    def _(self, expression: ex.Literal) -> str:
        return self.constant(expression.value)

    @plain.register
    def _(self, expression: ex.Name) -> str:
        return expression.id

    @plain.register
    def _(self, expression: ex.Given) -> str:
        return self.given_name(expression.id)

    def given_name(self, name: str) -> str:
        """How the program calls the answer as given; “None” where nothing can give it."""
        return f"g_{name}" if self.given is None else self.given.get(name, "None")

    @plain.register
    def _(self, expression: ex.Attribute) -> str:
        tests, text = self.bound(expression.of)
        return guarded(tests, f"{text}.{expression.name}")

    @plain.register
    def _(self, expression: ex.Lookup) -> str:
        keys = ", ".join(self.value(key) for key in expression.keys)
        key = keys if len(expression.keys) == 1 else f"({keys})"
        return f"{self.table(expression.table, expression.column)}.get({key})"

    def table(self, name: str, column: str | None = None) -> str:
        """The name of a dictionary from key to the value in one column."""
        table = self.definition.tables[name]
        text = f"T_{name}_{column}" if column else f"T_{name}"
        if text not in self.globals:
            at = table.columns.index(column) if column else 0
            self.globals[text] = {key: row[at] for key, row in table.rows.items()}
        return text

    @plain.register
    def _(self, expression: ex.Choice) -> str:
        if all(isinstance(value, ex.Literal) for _, value in expression.rows):
            rows = {code: value.value for code, value in expression.rows if isinstance(value, ex.Literal)}
            name = f"C_{len([known for known in self.globals if known.startswith('C_')])}"
            self.globals[name] = rows
            return f"{name}.get({self.value(expression.key)})"
        key = self.temporary()
        rows_text = "".join(
            f"{self.value(value)} if {key} == {self.constant(code)} else " for code, value in expression.rows
        )
        return f"(None if ({key} := {self.value(expression.key)}) is None else {rows_text}None)"

    @plain.register
    def _(self, expression: ex.Arithmetic) -> str:
        if expression.operator == "+":
            return self.sum(expression)
        (left_tests, left), (right_tests, right) = self.bound(expression.left), self.bound(expression.right)
        exact = self.is_decimal(expression.left) and isinstance(expression.right, ex.Literal) and expression.right.value
        if expression.operator == "/" and not exact:
            self.globals["divide"] = divide
            return guarded([*left_tests, *right_tests], f"divide({left}, {right})")
        return guarded([*left_tests, *right_tests], f"({left} {expression.operator} {right})")

    def sum(self, expression: ex.Arithmetic) -> str:
        """A sum of many, with one test that all are there; of the first few people, it ends with the last of them."""
        parts = summands(expression)
        limit = common_limit(parts)
        if limit is not None:
            return self.sum_up_to(limit, [part.then for part in parts if isinstance(part, ex.Choose)])
        bound = [self.bound(part) for part in parts]
        return guarded([test for tests, _ in bound for test in tests], f"({' + '.join(text for _, text in bound)})")

    def sum_up_to(self, limit: ex.Expression, parts: list[ex.Expression]) -> str:
        """The sum of the first so many parts, as `limit` says; the others are not looked at."""
        tests, last = self.bound(limit)
        text = "0"
        for number, part in reversed(list(enumerate(parts, 1))):
            (one_tests, one), rest = self.bound(part), self.temporary()
            there = joined([*one_tests, f"({rest} := {text}) is not None"])
            text = f"(({one} + {rest} if {there} else None) if {number} <= {last} else 0)"
        return text if not tests else f"({text} if {joined(tests)} else 0)"

    def is_decimal(self, expression: ex.Expression) -> bool:
        """Whether a number is a Decimal for certain, whose quotients are exact decimals again."""
        if isinstance(expression, ex.Name):
            return self.definition.is_decimal(expression.id)
        if isinstance(expression, ex.Arithmetic):
            return expression.operator == "/" or self.is_decimal(expression.left) or self.is_decimal(expression.right)
        return isinstance(expression, ex.Call) and expression.function == "round_half_up"

    @plain.register
    def _(self, expression: ex.Choose) -> str:
        chosen = self.conjuncts(expression.condition, True)
        then, otherwise = self.value(expression.then), self.value(expression.otherwise)
        return f"({then} if {joined(chosen)} else {otherwise})"

    @plain.register
    def _(self, expression: ex.Count) -> str:
        parts = [joined(self.conjuncts(part, True)) for part in expression.parts]
        return f"({' + '.join(f'(1 if {part} else 0)' for part in parts if part != 'False') or '0'})"

    @plain.register
    def _(self, expression: ex.Call) -> str:
        return guarded(*self.call(expression))

    def call(self, expression: ex.Call) -> tuple[list[str], str]:
        """Tests that the arguments are there, and the call."""
        signature = SIGNATURES[expression.function]
        tests: list[str] = []
        texts = ["context"] if signature.needs_context else []
        for index, argument in enumerate(expression.arguments):
            if index < len(signature.arguments) and signature.arguments[index] == "phrases":
                texts.append(self.phrases(argument))
            elif signature.sees_missing:
                texts.append(self.value(argument))
            else:
                more, text = self.bound(argument)
                tests += more
                texts.append(text)
        return tests, self.called(expression, texts)

    def called(self, expression: ex.Call, texts: list[str]) -> str:
        """A call; the simplest functions are written out."""
        name = expression.function
        places = expression.arguments[-1] if expression.arguments else None
        if name == "round_half_up" and self.is_decimal(expression.arguments[0]) and isinstance(places, ex.Literal):
            self.globals |= {"HALF_UP": ROUND_HALF_UP, f"PLACES_{places.value}": PLACES[int(str(places.value))]}
            return f"{texts[0]}.quantize(PLACES_{places.value}, HALF_UP)"
        if name == "whole_pence" and self.is_decimal(expression.arguments[0]):
            self.globals["PLACES_2"] = PLACES[2]
            return "({0}.same_quantum(PLACES_2) or {0} == {0}.quantize(PLACES_2))".format(*texts)
        if name in WRITTEN_OUT and (name != "min" or len(texts) == 2):
            return WRITTEN_OUT[name].format(*texts)
        self.globals[f"f_{name}"] = IMPLEMENTATIONS[name]
        return f"f_{name}({', '.join(texts)})"

    def phrases(self, argument: ex.Expression) -> str:
        name = argument.id if isinstance(argument, ex.Name) else ""
        self.globals[f"P_{name}"] = phrases(self.definition.phrases[name])
        return f"P_{name}"
