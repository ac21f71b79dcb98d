"""What is no part of the expression language is refused, with a reason."""

from __future__ import annotations

import pytest

from submission.definition.expressions import Function
from submission.definition.parser import ExpressionRefused, parse

FUNCTIONS = {"twice": Function(("amount",), "amount * 2"), "broken": Function(("x",), "x +")}
REFUSED = {
    "x ==": "“x ==” is not an expression",
    "": "“” is not an expression",
    "x = 1": "“x = 1” is not an expression",
    "import os": "“import os” is not an expression",
    "x; y": "“x; y” is not an expression",
    "lambda: 1": "“lambda: 1” is not part of the language",
    "(y := 2)": "“(y := 2)” is not part of the language",
    "[x for x in people]": "“[x for x in people]” is not part of the language",
    "{x: 1 for x in people}": "“{x: 1 for x in people}” is not part of the language",
    "[1, 2]": "“[1, 2]” is not part of the language",
    "f'{x}'": "is not part of the language",
    "x[1:2]": "“1:2” is not part of the language",
    "x ** 2": "“x ** 2” is not part of the language",
    "x // 2": "“x // 2” is not part of the language",
    "x % 2": "“x % 2” is not part of the language",
    "x | y": "“x | y” is not part of the language",
    "~x": "“~x” is not part of the language",
    "+x": "“+x” is not part of the language",
    "b'x'": "is not part of the language",
    "...": "is not part of the language",
    "2j": "is not part of the language",
    "await x": "“await x” is not part of the language",
    "max(*x)": "“*x” is not part of the language",
    "max(x, key=y)": "max() takes no named arguments",
    "max(**x)": "max() takes no named arguments",
    "x.upper()": "“x.upper” must be a name",
    "(max)(1)(2)": "must be a name",
    "owner.__class__": "“__class__” is not part of the language: a name begins with a letter",
    "__builtins__": "“__builtins__” is not part of the language: a name begins with a letter",
    "_1": "“_1” is not part of the language: a name begins with a letter",
    "rents[x].__len__": "“__len__” is not part of the language: a name begins with a letter",
    "x == None": "use “is None” or “is not None”",
    "x in (1, None)": "None is never among the values of “in”",
    "x is 1": "“is” goes with None, True or False only",
    "{y: 1}[x]": "the keys of {...} must be plain values",
    "{**y}[x]": "the keys of {...} must be plain values",
    "age{n}": "{n} is used outside a loop or a repeated element",
    "present()": "present() needs something to look for",
    "blank(x, y)": "blank() takes one argument",
    "given(x + 1)": "given() takes the name of a question",
    "asked(1)": "asked() takes the name of a question",
    "any(x)": "any() takes a list [x, y] or one loop: x for n in range(1, 9)",
    "sum([])": "sum() takes a list [x, y] or one loop: x for n in range(1, 9)",
    "count(x, y)": "count() takes a list [x, y] or one loop: x for n in range(1, 9)",
    "any(x for n in people for m in people)": "any() takes a list [x, y] or one loop",
    "any(x for n in others)": "a loop runs over people, or range(first, end) with plain numbers",
    "any(x for n in range(1, y))": "a loop runs over people, or range(first, end) with plain numbers",
    "any(x for n in range(3, 3))": "a loop runs over people, or range(first, end) with plain numbers",
    "any(x for n in range(1, 100000))": "a loop runs over people, or range(first, end) with plain numbers",
    "any(x for n, m in people)": "“(n, m)” must be a name",
    "twice(1, 2)": "twice() takes 1 arguments, not 2",
    "broken(1)": "“x +” is not an expression",
    "1e999": "must be written in full",
    "0.0000001": "must be written in full",
    "x + " * 1_000 + "1": "an expression has at most 4000 characters",
    "not " * 900 + "x": "is nested too deeply",
    "(" * 500 + "x" + ")" * 500: "is not an expression",
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=[text[:40] or "nothing" for text in REFUSED])
def test_an_expression_is_refused_for_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        parse(text, FUNCTIONS)
    assert reason in str(refused.value)


def test_a_function_that_calls_itself_stays_a_call_for_the_linter_to_refuse() -> None:
    assert parse("again(1)", {"again": Function(("x",), "again(x)")}) == parse("again(1)")
