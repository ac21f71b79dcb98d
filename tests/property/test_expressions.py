"""The code that is generated from an expression means what the reference evaluator says it means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submission.definition import Definition
from submission.definition import expressions as ex
from submission.definition.functions import SIGNATURES
from submission.engine.emit import TRUTH, Emitter
from submission.engine.program import build_program
from tests.evaluator import World, evaluate
from tests.property.trees import ANSWERS, CONTEXTS, DAYS, NODES, QUESTIONS, calls, nodes, trees
from tests.spec.invented import read

PARAMETERS = [*ANSWERS, *(f"g_{name}" for name in ANSWERS), *(f"q_{name}" for name in QUESTIONS), "context", "today"]


@cache
def trips() -> Definition:
    with TemporaryDirectory() as folder:
        return read(Path(folder))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    given_answers, values = draw(st.fixed_dictionaries(ANSWERS)), draw(st.fixed_dictionaries(ANSWERS))
    asked = draw(st.frozensets(st.sampled_from(QUESTIONS)))
    return World(trips(), draw(st.sampled_from(DAYS)), values, given_answers, asked, draw(st.sampled_from(CONTEXTS)))


def generated(expression: ex.Expression) -> Any:
    """A function giving the expression's value, whether it is true, and whether it is false."""
    emit = Emitter(trips())
    emit.globals["year"] = trips().window
    tests = (expression, ex.Not(expression)) if is_condition(expression) else (ex.Literal(None),) * 2
    results = emit.value(expression), *(emit.test(test) for test in tests)
    return build_program("answer", f"def answer({', '.join(PARAMETERS)}): return ({', '.join(results)})", emit.globals)


def is_condition(expression: ex.Expression) -> bool:
    """Whether it is of type bool; the linter lets nothing else stand as a condition."""
    if isinstance(expression, ex.Choose):
        return is_condition(expression.then) and is_condition(expression.otherwise)
    if isinstance(expression, ex.Choice):
        return all(is_condition(value) for _, value in expression.rows)
    if isinstance(expression, ex.Literal):
        return expression.value is None or isinstance(expression.value, bool)
    if isinstance(expression, ex.Name | ex.Given):
        return expression.id.startswith("b")
    return isinstance(expression, TRUTH) or (
        isinstance(expression, ex.Call) and SIGNATURES[expression.function].result == "bool"
    )


def arguments(world: World) -> Mapping[str, Any]:
    named = {f"g_{name}": value for name, value in world.given.items()}
    named |= {f"q_{name}": name in world.asked for name in QUESTIONS}
    return {**world.values, **named, "context": world.context, "today": world.today}


def agree(expression: ex.Expression, world: World) -> None:
    program = generated(expression)
    value, true, false = program.function(**arguments(world))
    expected = evaluate(expression, world)
    assert same(value, expected), (value, expected, program.source)
    if is_condition(expression):
        assert (bool(true), bool(false)) == (expected is True, expected is False), program.source


def same(one: Any, other: Any) -> bool:
    """Equal, and of one type: True is not 1, 2 is not 2.00."""
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one.compare_total(other) == 0
    return bool(one == other) and type(one) is type(other)


@pytest.mark.parametrize("kind", ["bool", "number", "text", "date", "any"])
@given(data=st.data(), world=worlds())
def test_generated_code_agrees_with_the_evaluator(kind: str, data: st.DataObject, world: World) -> None:
    agree(data.draw(trees(kind, 3)), world)


@pytest.mark.parametrize("node", list(NODES), ids=lambda node: node.__name__)
@given(data=st.data(), world=worlds())
def test_generated_code_agrees_on_every_kind_of_node(
    node: type[ex.Expression], data: st.DataObject, world: World
) -> None:
    expression = data.draw(nodes(node.__name__))
    assert isinstance(expression, node)
    agree(expression, world)


@pytest.mark.parametrize("name", list(SIGNATURES))
@given(data=st.data(), world=worlds())
def test_generated_code_agrees_on_every_function(name: str, data: st.DataObject, world: World) -> None:
    agree(data.draw(calls(name, 2)), world)


def test_no_kind_of_node_is_forgotten() -> None:
    classes = [one for one in vars(ex).values() if isinstance(one, type) and issubclass(one, ex.Expression)]
    assert set(NODES) == set(classes) - {ex.Expression}


@given(st.sampled_from([3, 5, "R", None]), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
def test_a_word_in_a_cell_of_numbers_has_no_order(cell: Any, operator: str) -> None:
    definition = trips()
    expression = ex.Compare(operator, ex.Name("field_8"), ex.Literal(4))
    emit = Emitter(definition, worded=frozenset({"field_8"}))
    test, counter = emit.test(expression), emit.test(ex.Not(expression))
    found = build_program("answer", f"def answer(field_8): return {test}, {counter}", emit.globals).function(cell)
    expected = evaluate(expression, World(definition, date(2026, 6, 1), {"field_8": cell}))
    assert tuple(map(bool, found)) == (expected is True, expected is False)
