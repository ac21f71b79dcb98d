"""Holds the upload's verdicts to those of the reference service, where its rows are at hand."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bulk_upload.check import Wishes, check_file
from bulk_upload.context_file import read_context
from submission.definition import load
from tests.upload import differences, differences_sales
from tests.upload.differences import Difference, Row

HERE = Path(__file__).resolve().parents[2]
ROWS = Path(os.environ.get("CONFORMANCE_ROWS", HERE.parent / "shared" / "conformance"))
DIFFERENCES = {"lettings": differences.LETTINGS, "sales": differences_sales.SALES}
EXPLAINED = {"lettings": differences.explained_answer, "sales": differences_sales.explained_answer}

pytestmark = pytest.mark.skipif(not ROWS.is_dir(), reason="no conformance rows at ../shared/conformance")

Mark = tuple[int, str]


@dataclass
class Comparison:
    """How the two agree, after the deliberate differences."""

    rows: int = 0
    same_outcome: int = 0
    ours: int = 0
    theirs: int = 0
    both: int = 0
    answers: int = 0
    same_answers: int = 0
    only_ours: Counter[Any] = field(default_factory=Counter)
    only_theirs: Counter[Any] = field(default_factory=Counter)
    other_outcome: list[Any] = field(default_factory=list)
    other_answers: Counter[Any] = field(default_factory=Counter)
    samples: dict[Any, list[int]] = field(default_factory=dict)

    def sample(self, key: Any, line: int) -> None:
        self.samples.setdefault(key, []).append(line)


def severity(name: str) -> str:
    return "error" if name == "setup" else name


def outcome(marks: set[Mark]) -> str:
    found = {mark[1] for mark in marks}
    return "error" if "error" in found else "confirm" if "confirm" in found else "clean"


def our_marks(row: Row, explained: list[Difference]) -> dict[Mark, list[str]]:
    marks: dict[Mark, list[str]] = {}
    for finding in row.result.findings:
        for column in finding.columns or (0,):
            if not any(covers(one, one.ours, finding.check, column) for one in explained):
                marks.setdefault((column, severity(finding.severity)), []).append(finding.check)
    return marks


def their_marks(row: Row, explained: list[Difference]) -> dict[Mark, list[str]]:
    marks: dict[Mark, list[str]] = {}
    for finding in row.verdict["findings"]:
        for why in finding["why"]:
            if not any(explains(one, why, finding["field"], row) for one in explained):
                marks.setdefault((finding["field"], severity(finding["severity"])), []).append(why)
    return marks


def explains(difference: Difference, why: str, column: int, row: Row) -> bool:
    if difference.same_columns:
        ours = [one.columns for one in row.result.findings if re.fullmatch(difference.ours, one.check)]
        if not any(column in columns for columns in ours):
            return False
    return covers(difference, difference.theirs, why, column)


def covers(difference: Difference, pattern: str, name: str, column: int) -> bool:
    wanted = difference.columns is None or column in difference.columns
    return wanted and re.fullmatch(pattern, name) is not None


def rows_of(collection: str, year: int) -> Iterator[Row]:
    definition = load(collection, year)
    world = read_context(ROWS / "context.json")
    assert world.today is not None
    path = ROWS / f"{collection}_{year}.csv"
    checked = check_file(path, definition, world.context, world.today, Wishes(find_repeats=False, keep_values=True))
    results = {result.number: result for result in checked}
    with (ROWS / f"{collection}_{year}_verdicts.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            verdict = json.loads(line)
            yield Row(definition, results[verdict["line"]], verdict)


@cache
def compared(collection: str, year: int) -> Comparison:
    found = Comparison()
    for row in rows_of(collection, year):
        explained = [one for one in DIFFERENCES[collection] if one.rows(row)]
        compare_marks(found, row, our_marks(row, explained), their_marks(row, explained))
        compare_answers(found, row)
    return found


def compare_marks(found: Comparison, row: Row, ours: dict[Mark, list[str]], theirs: dict[Mark, list[str]]) -> None:
    line = row.result.number
    found.rows += 1
    found.ours += len(ours)
    found.theirs += len(theirs)
    found.both += len(ours.keys() & theirs.keys())
    if outcome(set(ours)) == outcome(set(theirs)):
        found.same_outcome += 1
    else:
        found.other_outcome.append((line, outcome(set(theirs)), outcome(set(ours))))
    for mark in ours.keys() - theirs.keys():
        found.only_ours[(mark, *ours[mark])] += 1
        found.sample((mark, *ours[mark]), line)
    for mark in theirs.keys() - ours.keys():
        found.only_theirs[(mark, *theirs[mark])] += 1
        found.sample((mark, *theirs[mark]), line)


def compare_answers(found: Comparison, row: Row) -> None:
    for name, theirs in row.verdict.get("answers", {}).items():
        if theirs in ("", None) or row.fired(r"person-gap-\d"):
            continue
        found.answers += 1
        ours = row.value(name) if name in row.definition.outputs else None
        if same_answer(ours, theirs) or EXPLAINED[row.definition.collection](row, name, ours, theirs):
            found.same_answers += 1
        else:
            found.other_answers[name] += 1
            found.sample(name, row.result.number)


def same_answer(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, Decimal):
        return ours == Decimal(str(theirs))
    if isinstance(ours, date):
        return str(theirs)[:10] == ours.isoformat()
    return bool(ours == theirs) or str(ours) == str(theirs)


@pytest.mark.parametrize(("collection", "year"), [("lettings", 2026), ("sales", 2026)])
class TestConformance:
    def test_at_least_99_percent_of_rows_have_the_reference_outcome(self, collection: str, year: int) -> None:
        found = compared(collection, year)
        assert found.same_outcome >= 0.99 * found.rows, found.other_outcome[:20]

    def test_at_least_99_percent_of_the_references_findings_are_ours(self, collection: str, year: int) -> None:
        found = compared(collection, year)
        assert found.both >= 0.99 * found.theirs, found.only_theirs.most_common(20)

    def test_at_least_99_percent_of_our_findings_are_the_references(self, collection: str, year: int) -> None:
        found = compared(collection, year)
        assert found.both >= 0.99 * found.ours, found.only_ours.most_common(20)

    def test_at_least_995_in_1000_derived_answers_are_the_references(self, collection: str, year: int) -> None:
        found = compared(collection, year)
        assert found.same_answers >= 0.995 * found.answers, found.other_answers.most_common(20)


def report(collection: str, year: int, most: int = 60) -> str:
    """What still differs, for whoever mends a rule: `python -m tests.upload.test_conformance sales`."""
    found = compared(collection, year)
    lines = [
        f"outcomes {found.same_outcome} of {found.rows}; theirs {found.theirs}, ours {found.ours}, both {found.both}",
        f"answers {found.same_answers} of {found.answers}",
    ]
    counters = {"only theirs": found.only_theirs, "only ours": found.only_ours, "answers": found.other_answers}
    for title, counter in counters.items():
        lines.append(f"--- {title}")
        lines += [f"{count} {key} rows {found.samples[key][:4]}" for key, count in counter.most_common(most)]
    return "\n".join([*lines, "--- outcomes", *map(str, found.other_outcome[:most])])


if __name__ == "__main__":
    print(report(sys.argv[1] if len(sys.argv) > 1 else "lettings", 2026))
