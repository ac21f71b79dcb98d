"""Types of expressions, so that the linter can refuse `age == "F"` before anybody meets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import singledispatchmethod
from typing import Final

from submission.definition import expressions as ex
from submission.definition.functions import SIGNATURES
from submission.definition.model import Definition, Option
from submission.definition.scribe import near

RECORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "organisation": {
        "id": "any",
        "code": "text",
        "name": "text",
        "provider_type": "text",
        "holds_own_stock": "bool",
        "rent_periods": "list",
        "agreement_signed": "bool",
        "merge_date": "date",
        "absorbed_by": "any",
        "available_from": "date",
    },
    "scheme": {
        "id": "any",
        "code": "text",
        "name": "text",
        "owner_id": "any",
        "confirmed": "bool",
        "available_from": "date",
    },
    "location": {
        "id": "any",
        "code": "text",
        "postcode": "text",
        "name": "text",
        "local_authority": "text",
        "mobility_type": "text",
        "type_of_unit": "number",
        "confirmed": "bool",
        "available_from": "date",
    },
    "user": {"id": "any", "email": "text", "organisation_id": "any", "role": "text"},
    "year": {"opens": "date", "ends": "date", "new_logs_end": "date", "edits_end": "date"},
}
KIND_TYPES: Final = {
    "whole number": "number",
    "money": "number",
    "percentage": "number",
    "date": "date",
    "text": "text",
    "postcode": "text",
    "uprn": "text",
    "flag": "bool",
    "checkboxes": "number",
}


def type_of_value(value: object) -> str:
    if value is None:
        return "any"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | Decimal):
        return "number"
    return "date" if isinstance(value, date) else "text"


def common(types: set[str]) -> str:
    """The one type of several values; `any` where they differ."""
    known = types - {"any"}
    return known.pop() if len(known) == 1 else "any"


@dataclass(slots=True)
class Typist:
    """Gives each expression its type and tells `refuse` what is wrong with it. `names` grows as terms are typed."""

    definition: Definition
    refuse: Callable[[str], None]
    names: dict[str, str] = field(default_factory=dict)
    codes: dict[str, frozenset[object]] = field(default_factory=dict)
    cells: bool = False

    @singledispatchmethod
    def type(self, expression: ex.Expression) -> str:
        raise NotImplementedError(type(expression).__name__)

    @type.register
    def _(self, expression: ex.Literal) -> str:
        return type_of_value(expression.value)

    @type.register
    def _(self, expression: ex.Name) -> str:
        name = expression.id
        if name.startswith("field_") or name == "cell":
            if not self.cells:
                self.refuse(f"“{name}” is a cell of an upload; it is not known here")
            elif name != "cell" and not 1 <= int(name[6:]) <= len(self.definition.template.columns):
                self.refuse(f"the template has no column {name[6:]}")
            return "any"
        if name not in self.names:
            self.refuse(f"“{name}” is not known.{near(name, self.names)}")
            return "any"
        return self.names[name]

    @type.register(ex.Given)
    @type.register(ex.Asked)
    def _(self, expression: ex.Given | ex.Asked) -> str:
        asked = isinstance(expression, ex.Asked)
        known = self.definition.questions if asked else self.definition.holder
        if expression.id not in known:
            self.refuse(f"“{expression.id}” is not a question.{near(expression.id, known)}")
            return "any"
        return "bool" if asked else self.names.get(expression.id, "any")

    @type.register
    def _(self, expression: ex.Attribute) -> str:
        of = self.type(expression.of)
        if of not in RECORDS:
            if of != "any" or not any(expression.name in record for record in RECORDS.values()):
                self.refuse(f"{'nothing has' if of == 'any' else f'a {of} has no'} “.{expression.name}”")
            return "any"
        if expression.name not in RECORDS[of]:
            self.refuse(f"a {of} has no “.{expression.name}”.{near(expression.name, RECORDS[of])}")
        return RECORDS[of].get(expression.name, "any")

    @type.register
    def _(self, expression: ex.Lookup) -> str:
        table = self.definition.tables.get(expression.table)
        for key in expression.keys:
            self.type(key)
        if table is None:
            self.refuse(f"there is no table “{expression.table}”.{near(expression.table, self.definition.tables)}")
            return "any"
        if len(expression.keys) != len(table.key):
            self.refuse(f"table “{table.name}” has {len(table.key)} keys ({', '.join(table.key)})")
        if expression.column is not None and expression.column not in table.columns:
            self.refuse(f"table “{table.name}” has no column “{expression.column}”.")
            return "any"
        if expression.column is None and table.columns:
            self.refuse(f"say which column of table “{table.name}” is meant: {', '.join(table.columns)}")
            return "any"
        at = table.columns.index(expression.column) if expression.column else 0
        return common({type_of_value(row[at]) for row in table.rows.values()})

    @type.register
    def _(self, expression: ex.Choice) -> str:
        self.known_codes(expression.key, [code for code, _ in expression.rows])
        self.type(expression.key)
        return common({self.type(value) for _, value in expression.rows})

    @type.register
    def _(self, expression: ex.Not) -> str:
        return self.condition(expression.of)

    @type.register(ex.And)
    @type.register(ex.Or)
    @type.register(ex.Count)
    def _(self, expression: ex.And | ex.Or | ex.Count) -> str:
        for part in expression.parts:
            self.condition(part)
        return "number" if isinstance(expression, ex.Count) else "bool"

    @type.register
    def _(self, expression: ex.Compare) -> str:
        left, right = self.type(expression.left), self.type(expression.right)
        if "any" not in (left, right) and left != right:
            self.refuse(f"a {left} is compared with a {right}")
        if expression.operator not in ("==", "!=") and left in ("bool", "list"):
            self.refuse(f"a {left} has no order")
        for name, value in ((expression.left, expression.right), (expression.right, expression.left)):
            if expression.operator in ("==", "!=") and isinstance(value, ex.Literal):
                self.known_codes(name, [value.value])
        return "bool"

    @type.register
    def _(self, expression: ex.In) -> str:
        left = self.type(expression.left)
        options = expression.options
        if isinstance(options, tuple):
            types = {self.type(option) for option in options}
            if left != "any" and types - {"any", left}:
                self.refuse(f"a {left} is looked for among {', '.join(sorted(types))}")
            self.known_codes(expression.left, [item.value for item in options if isinstance(item, ex.Literal)])
        elif isinstance(options, ex.Name) and options.id in self.definition.tables:
            return "bool"
        elif self.type(options) not in ("list", "any"):
            self.refuse("“in” needs a tuple, a table or a list")
        return "bool"

    @type.register(ex.IsMissing)
    @type.register(ex.IsBlank)
    def _(self, expression: ex.IsMissing | ex.IsBlank) -> str:
        self.type(expression.of)
        return "bool"

    @type.register
    def _(self, expression: ex.Arithmetic) -> str:
        for side in (expression.left, expression.right):
            if (found := self.type(side)) not in ("number", "any"):
                self.refuse(
                    f"“{expression.operator}” needs numbers, not a {found}; dates have days_before() and the like"
                )
        return "number"

    @type.register
    def _(self, expression: ex.Choose) -> str:
        self.condition(expression.condition)
        return common({self.type(expression.then), self.type(expression.otherwise)})

    @type.register
    def _(self, expression: ex.Call) -> str:
        signature = SIGNATURES.get(expression.function)
        if signature is None:
            known = [*SIGNATURES, *self.definition.functions]
            self.refuse(f"there is no function {expression.function}().{near(expression.function, known)}")
            return "any"
        wanted, given = signature.arguments, expression.arguments
        if len(given) < len(wanted) or (len(given) > len(wanted) and not signature.repeats):
            self.refuse(f"{signature.name}() takes {len(wanted)} arguments, not {len(given)}")
        for index, argument in enumerate(given):
            want = wanted[min(index, len(wanted) - 1)] if wanted else "any"
            if want == "phrases":
                self.phrases(argument)
            elif (found := self.type(argument)) not in ("any", want) and want != "any":
                self.refuse(f"{signature.name}() takes a {want} there, not a {found}")
        return signature.result

    def phrases(self, argument: ex.Expression) -> None:
        known = self.definition.phrases
        if not isinstance(argument, ex.Name) or argument.id not in known:
            name = argument.id if isinstance(argument, ex.Name) else "that"
            self.refuse(f"there is no list of phrases “{name}”.{near(name, known)}")

    def condition(self, expression: ex.Expression) -> str:
        found = self.type(expression)
        if found not in ("bool", "any"):
            self.refuse(f"a condition is needed where a {found} stands")
        return "bool"

    def known_codes(self, of: ex.Expression, codes: list[object]) -> None:
        if isinstance(of, ex.Name | ex.Given) and of.id in self.codes:
            for code in codes:
                if code is not None and code not in self.codes[of.id]:
                    self.refuse(f"“{of.id}” has no code {code!r}")


def codes_of(options: tuple[Option, ...]) -> frozenset[object]:
    return frozenset(option.code for option in options)
