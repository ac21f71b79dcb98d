"""Every return stays short enough to be read: its lines without wording, comments and blank lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from submission.definition import COLLECTIONS, names

MOST_LINES: Final = 2_000
WORDING: Final = re.compile(r" *(?:- )?(?:label|ask|hint|guidance|say|why|blank|title): ")


def lines_without_wording(text: str) -> Iterator[str]:
    """The lines that say what is asked and judged; a wording goes on where lines are indented further."""
    wording_at: int | None = None
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if wording_at is not None and indent > wording_at:
            continue
        wording_at = indent if WORDING.match(line) else None
        if wording_at is None:
            yield line


@pytest.mark.parametrize("collection", names())
def test_a_return_without_its_wording_stays_under_2000_lines(collection: str) -> None:
    files = sorted((COLLECTIONS / collection).glob("*.yaml"))
    counted = {path.name: len(list(lines_without_wording(path.read_text(encoding="utf-8")))) for path in files}
    assert sum(counted.values()) < MOST_LINES, counted


def test_wording_comments_and_blank_lines_are_not_counted() -> None:
    text = "a: 1\n\n# why\nquestions:\n  b:\n    label: B\n    ask: >-\n      Two\n      lines\n    kind: text\n"
    assert list(lines_without_wording(text)) == ["a: 1", "questions:", "  b:", "    kind: text"]
