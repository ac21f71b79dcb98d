"""Prints how long judging takes beside reading the same file with the csv module; medians of whole runs."""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

from bench.rows import CONTEXT, write_file
from bulk_upload.check import Wishes, check_file
from bulk_upload.shares import cores
from submission.definition import load
from submission.engine.judge import judge_for

TODAY = date(2026, 11, 20)
REPEATS = 5


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    began = clock()
    work()
    return clock() - began


def read_only(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def judge_file(path: Path, processes: int = 1) -> int:
    """Text to findings: every row read, judged and its findings placed; how many there are."""
    checked = check_file(path, load("lettings", 2026), CONTEXT, TODAY, Wishes(processes=processes))
    try:
        return sum(len(result.findings) for result in checked)
    finally:
        checked.opened.close()


def ratio(path: Path, rows: int) -> None:
    """By one process in its own time, then as `submission check` does it: on all cores, by the clock on the wall."""
    for processes, clock in ((1, time.process_time), (cores(), time.perf_counter)):
        work = partial(judge_file, path, processes)
        pairs = [(seconds(partial(read_only, path), clock), seconds(work, clock)) for _ in range(REPEATS)]
        reading, judging = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
        print(
            f"{rows:>7,} rows, {processes} process{'es' if processes > 1 else ''}: csv module {reading:.3f} s, "
            f"text to findings {judging:.3f} s ({rows / judging:,.0f} rows/s), "
            f"ratio {median(b / a for a, b in pairs):.1f} (at most 10)"
        )


def memory(path: Path) -> None:
    """The largest memory of a process of its own that judges the file."""
    code = f"import pathlib, bench.__main__ as b; b.judge_file(pathlib.Path({str(path)!r})); b.print_memory()"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603  # ourselves
    print(f"memory for {path.stem} rows: {done.stdout.strip()} (at most 150 MiB)")


def print_memory() -> None:
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def one_log() -> None:
    definition = load("lettings", 2026)
    judge = judge_for(definition)
    answers = dict.fromkeys(definition.inputs) | {"needstype": 1, "renewal": 0, "startdate": TODAY}
    times = [seconds(lambda: [judge.judge(answers, TODAY, CONTEXT) for _ in range(500)]) / 500 for _ in range(REPEATS)]
    print(f"one log: {median(times) * 1000:.3f} ms (under 0.2 ms)")


def command(path: Path) -> None:
    script = Path(sys.executable).with_name("submission")
    line = [str(script), "check", "lettings", "2026", str(path), "--format", "jsonl"]
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        subprocess.run(line, check=False, capture_output=True)  # noqa: S603  # our own command
        times.append(time.perf_counter() - began)
    print(f"submission check on 200 rows: {median(times):.2f} s including start (under 1 s)")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = {rows: Path(folder) / f"{rows}.csv" for rows in (200, 10_000, 100_000)}
        for rows, path in paths.items():
            write_file(path, rows)
        one_log()
        command(paths[200])
        for rows in (10_000, 100_000):
            ratio(paths[rows], rows)
            memory(paths[rows])


if __name__ == "__main__":
    main()
