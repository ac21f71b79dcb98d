"""However a definition is damaged, it is refused with file, line and reason, or read; nothing else happens."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from submission.definition import Definition, DefinitionRefused, load_from
from submission.definition.expressions import Expression
from submission.definition.parser import ExpressionRefused, parse
from submission.definition.source import Problem
from submission.engine.compile import Compiler
from tests.spec.invented import FILES, written

DAMAGED = [name for name in FILES if name.endswith(".yaml")]
VALUES = [
    *("", "5", "-1", "2.5", "true", "null", "[1, 2]", "[a, [b]]", "{a: 1}", "{}", "[]", "word", "2026-04-01", '"{x"'),
    *("{n}", "x +", "way", "adults == 1", "'{way}'", "1..3", "2026-"),
]
PIECES = [
    *("x", "1", "2.5", "(", ")", "[", "]", "{n}", " for n in people", " if ", " else ", " == ", " and ", "not ", ","),
    *("any(", "given(", "present(", "None", " in ", ".", "'a'", "-", "/", "fares[", "=", ":", "\\", "\x00", "é", "*"),
]


@st.composite
def damage(draw: st.DrawFn) -> tuple[str, str]:
    """One file of the invented return with a line left out, doubled, moved in, or given another value."""
    name = draw(st.sampled_from(DAMAGED))
    lines = FILES[name].splitlines()
    at = draw(st.integers(0, len(lines) - 1))
    value = draw(st.sampled_from(VALUES))
    ways: dict[str, list[str]] = {
        "left out": [],
        "doubled": [lines[at], lines[at]],
        "moved in": [f"  {lines[at]}"],
        "cut": [lines[at][: len(lines[at]) // 2]],
        "another value": [re.sub(r"(:|-) .*$|:$", lambda found: f"{found[0][0]} {value}", lines[at])],
    }
    return name, "\n".join([*lines[:at], *ways[draw(st.sampled_from(sorted(ways)))], *lines[at + 1 :]]) + "\n"


@given(st.lists(damage(), min_size=1, max_size=2))
def test_a_damaged_definition_is_refused_with_its_place_or_read(damaged: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        root = written(Path(folder))
        for name, text in damaged:
            (root / name).write_text(text, encoding="utf-8")
        read, problems = outcome(root)
    assert (read is None) == bool(problems)
    assert all(problem.place.line >= 1 and problem.reason for problem in problems)
    assert read is None or Compiler(read).compile().function


def outcome(root: Path) -> tuple[Definition | None, list[Problem]]:
    try:
        return load_from(root, "trips", 2026), []
    except DefinitionRefused as refused:
        return None, refused.problems


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=30))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    with suppress(ExpressionRefused):
        assert isinstance(parse(text), Expression)
