"""Judges one file for the browser's page, in a process of its own with limits. Started by `bulk_upload.page_checks`.

`python -m bulk_upload.page_worker FOLDER SECONDS`: reads the upload in the folder, writes there how far it is, what
it found, and the downloads. It has no standard output; what goes wrong inside it is written without any answer.
"""

from __future__ import annotations

import errno
import resource
import signal
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bulk_upload.check import check_file
from bulk_upload.marked_workbook import write_marked
from bulk_upload.page_checks import FAILURE, MARKED, PROGRESS, TABLE, UPLOAD, Check, write_json
from bulk_upload.page_results import Outcome, Recorder, Refusal, Report, lines_in, write_outcome
from bulk_upload.refusal import Refused
from bulk_upload.report import lines_of, write_csv
from bulk_upload.report_text import sentence
from submission.definition import load
from submission.engine.context import NOWHERE

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from bulk_upload.check import CheckedFile

MEMORY: Final = 1024**3
TOLD_EVERY: Final = 0.25  # seconds
DOWNLOADS_FIRST: Final = 2_000  # findings: with so few, nobody waits for the downloads


class TooLong(Exception):
    """The time is up."""


def main(folder: Path, seconds: int) -> None:
    """Judges the file, makes the downloads, deletes the file. Judging and making may take that many seconds each."""
    sys.excepthook = _write_failure
    _limit(seconds)
    try:
        _serve(folder, seconds)
    finally:
        (folder / UPLOAD).unlink(missing_ok=True)


def _serve(folder: Path, seconds: int) -> None:
    try:
        outcome = _judge(folder)
    except Refused as refused:
        outcome = Outcome(refusal=Refusal(refused.code, refused.message, refused.row))
    except TooLong:
        outcome = Outcome(stopped="time")
    except MemoryError:
        outcome = Outcome(stopped="memory")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        outcome = Outcome(stopped="disk")
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    report = outcome.report
    try:
        if report is not None and 0 < report.findings <= DOWNLOADS_FIRST:
            _make_downloads(folder)
    finally:
        write_outcome(folder, outcome)
    if report is not None and report.findings > DOWNLOADS_FIRST:
        _make_downloads(folder)


def _limit(seconds: int) -> None:
    """The timer is the limit; that of processor time is for what no timer can interrupt."""
    signal.signal(signal.SIGALRM, _time_is_up)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    resource.setrlimit(resource.RLIMIT_CPU, (2 * seconds + 10, 2 * seconds + 15))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError):  # macOS knows no limit of memory
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _time_is_up(_number: int, _frame: FrameType | None) -> None:
    raise TooLong


def _judge(folder: Path) -> Outcome:
    asked = Check(folder).asked
    definition = load(asked.collection, asked.year)
    checked = check_file(folder / UPLOAD, definition, NOWHERE, asked.today)
    recorder = Recorder(folder)
    told = time.monotonic()
    with checked.opened:
        for result in checked:
            if result.findings:
                recorder.add(lines_of(result, checked))
            if time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                write_json(folder / PROGRESS, {"rows": checked.summary.rows})
    write_json(folder / PROGRESS, {"rows": checked.summary.rows})
    return Outcome(_report(checked, recorder))


def _report(checked: CheckedFile, recorder: Recorder) -> Report:
    summary, questions = checked.summary, checked.definition.questions
    said = sentence(summary)
    notes = list(checked.notes)
    if summary.blank:
        one = summary.blank == 1
        notes.insert(0, f"{summary.blank:,} blank {'row was' if one else 'rows were'} left out.")
    facts: dict[str, Any] = {
        "outcome": summary.outcome,
        "verdict": said[0].upper() + said[1:],
        "rows": summary.rows,
        "rows_by_outcome": dict(summary.outcomes),
        "severities": dict(summary.severities),
        "notes": notes,
        "left_open": {questions[name][0].label: count for name, count in summary.left_open.most_common()},
    }
    return recorder.finish(facts)


def _make_downloads(folder: Path) -> None:
    """Each comes into being whole or not at all."""
    part = folder / "download.part"
    with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as table:
        write_csv(lines_in(folder), table)
    part.replace(folder / TABLE)
    with part.open("wb") as marked:
        write_marked(folder / UPLOAD, lines_in(folder), marked)
    part.replace(folder / MARKED)


def _write_failure(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> None:
    """The type of the failure and where it came through, for the log: a message can hold what is in the file."""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    write_json(Path(sys.argv[1]) / FAILURE, {"failure": kind.__name__, "at": places})


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
