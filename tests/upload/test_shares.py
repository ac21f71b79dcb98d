"""A large file judged by several processes gives what one process gives, whatever becomes of the others."""

from __future__ import annotations

import csv
import itertools
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.rows import CONTEXT, write_file
from bulk_upload import check, shares
from bulk_upload.check import RowResult, Wishes, check_file
from submission.definition import load

TODAY = date(2026, 11, 20)
ROWS = shares.WORTH_SHARING + 350


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows of which one far down repeats an early one that another process has."""
    path = tmp_path_factory.mktemp("shares") / "large.csv"
    write_file(path, ROWS)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[shares.BLOCK + 5], ",,,\r\n"]), encoding="utf-8")
    return path


def said(results: Iterator[RowResult]) -> list[Any]:
    return [
        (result.number, result.reference, result.left_open, [(f.columns, f.check, f.message) for f in result.findings])
        for result in results
    ]


def judged(path: Path, processes: int) -> tuple[list[Any], Any]:
    checked = check_file(path, load("lettings", 2026), CONTEXT, TODAY, Wishes(processes=processes))
    with checked.opened:
        return said(iter(checked)), checked.summary


@pytest.fixture(scope="module")
def by_one(large_file: Path) -> tuple[list[Any], Any]:
    return judged(large_file, 1)


@pytest.mark.parametrize("processes", [2, 3])
def test_several_processes_find_the_same_in_the_same_order(
    large_file: Path, by_one: tuple[list[Any], Any], processes: int
) -> None:
    assert judged(large_file, processes) == by_one


def test_a_row_that_repeats_one_of_another_process_is_found(by_one: tuple[list[Any], Any]) -> None:
    *_, last = by_one[0]
    assert [check for _, check, _ in last[3]] == ["duplicate-row"]


def test_the_rows_of_a_process_that_is_lost_are_judged_all_the_same(
    large_file: Path, by_one: tuple[list[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = shares.work

    def lost_after_a_block(task: shares.Task, share: shares.Share, pipe: Any) -> None:
        sent = iter([True])
        send = pipe.send_bytes

        def send_once(block: bytes) -> None:
            if not next(sent, False):
                os._exit(1)
            send(block)

        class Breaking:
            send_bytes = staticmethod(send_once)

        work(task, share, Breaking())  # type: ignore[arg-type]  # all that it uses of a connection

    monkeypatch.setattr(shares, "work", lost_after_a_block)
    assert judged(large_file, 2) == by_one


@pytest.mark.parametrize("collection", ["lettings", "sales"])
def test_the_one_function_for_all_steps_finds_what_the_steps_find(collection: str, large_file: Path) -> None:
    definition = load(collection, 2026)
    fused = check.RowChecker(definition, CONTEXT, TODAY)
    fused.fuse()
    apart = check.RowChecker(definition, CONTEXT, TODAY, Wishes(keep_values=True))
    width = len(definition.template.columns)
    with large_file.open(encoding="utf-8", newline="") as file:
        rows = [(line[1:] + [""] * width)[:width] for line in itertools.islice(csv.reader(file), 1, 800)]
    impossible = [*rows[0][:7], "31", *rows[0][8:]]
    found = [said(iter([one.check_row(3, cells) for cells in [*rows, impossible]])) for one in (fused, apart)]
    assert fused.fused is not None
    assert found[0] == found[1]


def test_a_small_file_is_judged_by_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "judged", lambda *_: pytest.fail("it was shared"))
    path = tmp_path / "small.csv"
    write_file(path, 20)
    assert len(judged(path, 2)[0]) == 20
