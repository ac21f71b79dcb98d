"""Judges a large file by several processes at once, each a share of its rows; the results come in order.

Every process reads the whole file, which is cheap, and judges each so-many-th block of rows. What the others
find comes through a pipe, a block at a time. Called by `bulk_upload.check` where a file and the machine are
large enough. A process that is lost changes nothing but the time: its rows are judged here.
"""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Final

from bulk_upload.faults import RowFault
from bulk_upload.placing import RowFinding
from submission.definition import Definition
from submission.definition.model import Check

if TYPE_CHECKING:
    from bulk_upload.check import RowResult

BLOCK: Final = 200
ROUND: Final = 10
WORTH_SHARING: Final = 4_000
MOST: Final = 4

Row = tuple[int, Sequence[str] | RowFault]
Judge = Callable[[Row], "RowResult"]
Pack = Callable[["RowResult"], tuple[Any, ...]]
Unpack = Callable[[tuple[Any, ...]], "RowResult"]


def cores() -> int:
    """How many processes may work at once on this machine, at most `MOST`."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, MOST)


def owner_of(block: int, count: int) -> int:
    """Which of `count` processes judges a block. Number 0 gathers the results too, and so judges a tenth less."""
    turn, place = divmod(block, ROUND * count)
    return place % count if place else 1 + turn % (count - 1)


@dataclass(slots=True)
class Share:
    """The rows of one process: `number` of `count`, 0 being the one that asks."""

    number: int
    count: int

    def has(self, index: int) -> bool:
        return owner_of(index // BLOCK, self.count) == self.number


@dataclass(frozen=True, slots=True)
class Task:
    """How to judge a row, and how a result is made ready for another process and back.

    `again` gives all rows from the start, by a reading of its own.
    """

    again: Callable[[], Iterator[Row]]
    judge: Judge
    pack: Pack
    unpack: Unpack


def judged(rows: Iterator[Row], task: Task, count: int) -> Iterator[RowResult]:
    """The results of `rows`, in order, by `count` processes."""
    fork = get_context("fork")
    gc.freeze()  # else the collector would write to every page that the processes share
    helpers: dict[int, Connection] = {}
    processes = []
    for number in range(1, count):
        ours, theirs = fork.Pipe(duplex=False)
        process = fork.Process(target=work, args=(task, Share(number, count), theirs), daemon=True)
        process.start()
        theirs.close()
        helpers[number] = ours
        processes.append(process)
    try:
        yield from gathered(rows, task, helpers, count)
    finally:
        gc.unfreeze()
        for process in processes:
            process.kill()
            process.join()


def gathered(rows: Iterator[Row], task: Task, helpers: dict[int, Connection], count: int) -> Iterator[RowResult]:
    waiting: Iterator[Any] = iter(())
    owner = 0
    for index, row in enumerate(rows):
        if index % BLOCK == 0:
            owner = owner_of(index // BLOCK, count)
            waiting = received(helpers, owner) if owner else waiting
        if owner == 0:
            yield task.judge(row)
            continue
        packed = next(waiting, None)
        yield task.judge(row) if packed is None else task.unpack(packed)


def received(helpers: dict[int, Connection], owner: int) -> Iterator[Any]:
    """The results of the next block of another process; none when it is gone."""
    pipe = helpers.get(owner)
    if pipe is None:
        return iter(())
    try:
        return iter(pickle.loads(pipe.recv_bytes()))  # noqa: S301  # written by our own child
    except (EOFError, OSError):
        del helpers[owner]
        return iter(())


def work(task: Task, share: Share, pipe: Connection) -> None:
    """What another process does: judges its share and sends block after block."""
    gc.disable()  # nothing that is made for a row refers to itself
    block: list[tuple[Any, ...]] = []
    mine = False
    for index, row in enumerate(task.again()):
        if index % BLOCK == 0:
            if block:
                pipe.send_bytes(pickle.dumps(block, pickle.HIGHEST_PROTOCOL))
                block = []
            mine = share.has(index)
        if mine:
            block.append(task.pack(task.judge(row)))
    pipe.send_bytes(pickle.dumps(block, pickle.HIGHEST_PROTOCOL))


def packed_finding(finding: RowFinding) -> tuple[Any, ...]:
    """A finding without what the other process has too: its definition and its check."""
    wording = None if isinstance(finding.wording, Check) else finding.wording
    where = (finding.row, finding.columns, finding.question, finding.check, finding.severity)
    return (*where, wording, finding.shown)


def unpacked_finding(definition: Definition, packed: tuple[Any, ...]) -> RowFinding:
    row, columns, question, check, severity, wording, shown = packed
    words = definition.check_by_id[check] if wording is None else wording
    return RowFinding(row, columns, question, check, severity, definition, words, shown)
