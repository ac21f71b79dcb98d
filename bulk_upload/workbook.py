"""Reads a workbook through `workbook_child`, a process with limits of memory and time. Called by `bulk_upload.read`.

A crafted workbook can stop the process that parses it; here it stops only the child, and the file is refused.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import weakref
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from bulk_upload.refusal import Refused
from bulk_upload.source import OpenedFile, Source
from bulk_upload.workbook_archive import DAMAGED, refuse_bad_archive

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

SECONDS: Final = 60.0
_CHILD: Final = "bulk_upload.workbook_child"
_PROJECT: Final = Path(__file__).parents[1]
_PACKET: Final = 256 * 1024

_TOO_MUCH: Final = (
    "The workbook needs too much {} to read. Copy your rows into a new workbook, or save it as CSV UTF-8."
)
_REFUSALS: Final = {
    "damaged": ("damaged-workbook", DAMAGED),
    "memory": ("workbook-too-large", _TOO_MUCH.format("memory")),
    "time": ("workbook-too-slow", _TOO_MUCH.format("time")),
    "died": (
        "unreadable-workbook",
        "The workbook could not be read. Copy your rows into a new workbook, or save it as CSV UTF-8, then upload it.",
    ),
}


class Workbook(OpenedFile):
    """The first visible sheet of a workbook. Raises Refused when made, if the archive or its workbook part is bad."""

    def __init__(self, path: Path, seconds: float = SECONDS) -> None:
        refuse_bad_archive(path)
        self._path = path
        self._seconds = seconds
        self._reading: _Reading | None = self._begin()

    def _begin(self) -> _Reading:
        reading = _Reading(self._path, self._seconds)
        try:
            about = next(reading.messages)
        except BaseException:
            reading.end()
            raise
        weakref.finalize(self, reading.end)
        self.source = Source("xlsx", sheet=about["sheet"], notes=tuple(about["notes"]))
        return reading

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows without any value are left out. Each is at least as wide as the widest before it."""
        reading = self._reading or self._begin()
        self._reading = None
        width = 0
        try:
            for message in reading.messages:
                if isinstance(message, dict):
                    self.source = replace(self.source, notes=(*self.source.notes, *message["notes"]))
                    continue
                number, cells = message
                if len(cells) < width:
                    cells.extend([""] * (width - len(cells)))
                width = len(cells)
                yield number, cells
        finally:
            reading.end()

    def close(self) -> None:
        if self._reading is not None:
            self._reading.end()
            self._reading = None


class _Reading:
    """One run of the child. `messages` gives what it says; raises Refused if it refuses, dies or takes too long."""

    def __init__(self, path: Path, seconds: float) -> None:
        with path.open("rb") as file:
            self._child = subprocess.Popen(  # noqa: S603 - our own code, no shell
                [sys.executable, "-P", "-s", "-m", _CHILD],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": str(_PROJECT)},  # nothing else of our environment is its business
                bufsize=0,
            )
            self._said = self._child.stdout.fileno() if self._child.stdout else -1
        self._poll = select.poll()  # not select(), which cannot wait for a descriptor above 1,023
        self._poll.register(self._said, select.POLLIN)
        self._patience = seconds
        self.messages = self._messages()

    def end(self) -> None:
        """Stops the child if it still runs."""
        self.messages.close()
        _end(self._child)

    def _messages(self) -> Generator[Any]:
        ended = False
        for line in self._lines():
            message = json.loads(line)
            if isinstance(message, dict):
                if "refused" in message:
                    raise _refusal(message)
                ended = "sheet" not in message
            yield message
        if not ended:
            out_of_time = self._child.wait() == -signal.SIGXCPU
            raise Refused(*_REFUSALS["time" if out_of_time else "died"])

    def _lines(self) -> Iterator[bytes]:
        rest = b""
        while packet := self._packet():
            *lines, rest = (rest + packet).split(b"\n")
            yield from lines

    def _packet(self) -> bytes:
        """The next piece of what the child says. Only the time spent waiting for it counts, not the time between."""
        begun = monotonic()
        ready = self._poll.poll(self._patience * 1000)
        self._patience -= monotonic() - begun
        if not ready or self._patience <= 0:
            raise Refused(*_REFUSALS["time"])
        return os.read(self._said, _PACKET)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _refusal(message: dict[str, Any]) -> Refused:
    known = _REFUSALS.get(message["refused"])
    return Refused(*known) if known else Refused(message["refused"], message["message"], message["row"])
