"""The files being checked for the browser's page: one private folder each, judged by a process of its own.

Everything about a check is in its folder, so any web process can show it, and deleting the folder leaves nothing.
Called by `bulk_upload.pages`; `bulk_upload.page_worker` is the process.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

State = Literal["waiting", "running", "ended"]

UPLOAD: Final = "upload"
ASKED: Final = "asked.json"
PROGRESS: Final = "progress.json"
OUTCOME: Final = "outcome.json"
FAILURE: Final = "failure.json"
MARKED: Final = "marked.xlsx"
TABLE: Final = "findings.csv"
_LOCK: Final = "running"
_GONE: Final = ".gone-"
_TICKET: Final = re.compile(r"[A-Za-z0-9_-]{32}")
_TICKET_BYTES: Final = 24
_PROJECT: Final = Path(__file__).parents[1]
_LOG: Final = logging.getLogger("submission.check")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants checked. `name`: the file's own, to be shown only. `received`: seconds since 1970."""

    collection: str
    year: int
    today: date
    name: str
    received: float


def write_json(path: Path, value: object) -> None:
    """Writes the file whole or not at all: somebody may be reading it."""
    part = path.with_name(f"{path.name}.{threading.get_ident()}.part")
    part.write_text(json.dumps(value, default=str), encoding="ascii")
    part.replace(path)


def read_json(path: Path) -> Any:
    """What stands in the file; None where there is none yet."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None


@dataclass(frozen=True, slots=True)
class Check:
    """One file, its folder and the process that judges it."""

    folder: Path

    @property
    def ticket(self) -> str:
        """Its unguessable name: who knows it may read the result."""
        return self.folder.name

    @property
    def log_name(self) -> str:
        """What a log may say of it: nobody finds the result by this."""
        return hashlib.sha256(self.ticket.encode()).hexdigest()[:16]

    @property
    def asked(self) -> Asked:
        """Raises FileNotFoundError when it has just been deleted."""
        facts = json.loads((self.folder / ASKED).read_bytes())
        return Asked(**{**facts, "today": date.fromisoformat(facts["today"])})

    @property
    def state(self) -> State:
        if (self.folder / OUTCOME).exists():
            return "ended"
        if not (self.folder / _LOCK).exists():
            return "waiting"
        return "running" if self.has_process else "ended"

    @property
    def has_process(self) -> bool:
        """Whether its process lives: the lock goes with the process, however that ends."""
        try:
            with (self.folder / _LOCK).open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        return False

    @property
    def rows(self) -> int:
        """Rows judged so far."""
        return (read_json(self.folder / PROGRESS) or {"rows": 0})["rows"]  # type: ignore[no-any-return]  # we wrote it

    def touch(self) -> None:
        """Somebody has looked at it: its time begins again."""
        os.utime(self.folder)

    def start(self, seconds: int, then: Callable[[], object]) -> None:
        """Starts its process, which holds the lock from its first moment to its last; `then` is called after that."""
        part = self.folder / f"{_LOCK}.part"
        with part.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            child = subprocess.Popen(  # noqa: S603 - our own code, no shell
                [sys.executable, "-P", "-s", "-m", "bulk_upload.page_worker", str(self.folder), str(seconds)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Nothing else of our environment is its business. Whatever it spools stays in its folder.
                env={"PYTHONPATH": str(_PROJECT), "TMPDIR": str(self.folder)},
                pass_fds=(lock.fileno(),),
                start_new_session=True,
            )
            lock.write(str(child.pid))
            lock.flush()
            part.replace(self.folder / _LOCK)
        threading.Thread(target=self._see_to_its_end, args=(child, then), daemon=True).start()

    def _see_to_its_end(self, child: subprocess.Popen[bytes], then: Callable[[], object]) -> None:
        began = time.monotonic()
        code = child.wait()
        facts = {"check": self.log_name, "exit": code, "seconds": round(time.monotonic() - began, 2)}
        failure = read_json(self.folder / FAILURE) or {}
        level = logging.ERROR if failure else logging.INFO
        _LOG.log(level, "file judged", extra={"facts": {**facts, "rows": self.rows, **failure}})
        then()

    def delete(self) -> None:
        """Ends its process and removes everything about it. From the first step on nobody finds it."""
        gone = Check(self.folder.with_name(_GONE + self.ticket))
        try:
            self.folder.rename(gone.folder)
        except FileNotFoundError:  # somebody else was quicker
            return
        gone.remove()

    def remove(self) -> None:
        while self.has_process:
            with suppress(ProcessLookupError, ValueError):  # it has just ended
                os.killpg(int((self.folder / _LOCK).read_text()), signal.SIGKILL)
            time.sleep(0.01)
        shutil.rmtree(self.folder, ignore_errors=True)  # another web process may be removing it too


class Checks:
    """All checks of a machine. `running`: how many are judged at a time. `seconds`: how long one may take.

    `idle`: seconds after which a check nobody looks at is deleted.
    """

    def __init__(self, base: Path, running: int = 2, seconds: int = 120, idle: int = 3600) -> None:
        self.base = base
        self.running = running
        self.seconds = seconds
        self.idle = idle
        self._swept = 0.0

    def receive(self, save: Callable[[Path], object], collection: str, year: int, today: date, name: str) -> Check:
        """Takes a file, which `save` writes to the path it is given, and starts to judge it when its turn comes."""
        self._prepare()
        check = Check(self.base / secrets.token_urlsafe(_TICKET_BYTES))
        check.folder.mkdir(mode=0o700)
        try:
            save(check.folder / UPLOAD)
            asked = asdict(Asked(collection, year, today, name, time.time()))
            write_json(check.folder / ASKED, {**asked, "today": today.isoformat()})
        except BaseException:
            check.remove()
            raise
        facts = {"check": check.log_name, "bytes": (check.folder / UPLOAD).stat().st_size}
        _LOG.info("file received", extra={"facts": facts})
        self.advance()
        return check

    def find(self, ticket: str) -> Check | None:
        """The check of this name; None where there is none, and for what can be no name."""
        check = Check(self.base / ticket) if _TICKET.fullmatch(ticket) else None
        return check if check and (check.folder / ASKED).exists() else None

    def advance(self) -> None:
        """Starts the checks whose turn it is, the oldest first."""
        with self._alone():
            waiting = self._waiting()
            free = self.running - sum(check.has_process for check in self._all()) if waiting else 0
            for check in waiting[: max(0, free)]:
                check.start(self.seconds, self.advance)

    def count_before(self, check: Check) -> int:
        """How many files wait before this one."""
        waiting = self._waiting()
        return waiting.index(check) if check in waiting else 0

    def sweep(self) -> None:
        """Deletes what nobody has looked at for long. It looks at most once a minute."""
        if time.monotonic() - self._swept < min(60, self.idle) and self._swept:
            return
        self._swept = time.monotonic()
        for folder in self._folders():
            with suppress(FileNotFoundError):  # another web process sweeps too
                if folder.name.startswith(_GONE):
                    Check(folder).remove()
                elif time.time() - folder.stat().st_mtime > self.idle:
                    Check(folder).delete()

    def _waiting(self) -> list[Check]:
        found: list[tuple[float, Check]] = []
        for check in self._all():
            with suppress(FileNotFoundError):  # deleted while we look
                if check.state == "waiting":
                    found.append((check.asked.received, check))
        return [check for _, check in sorted(found, key=lambda pair: (pair[0], pair[1].ticket))]

    def _all(self) -> list[Check]:
        return [Check(folder) for folder in self._folders() if (folder / ASKED).exists()]

    def _folders(self) -> list[Path]:
        return [entry for entry in self.base.iterdir() if entry.is_dir()] if self.base.is_dir() else []

    def _prepare(self) -> None:
        """Makes the folder of all checks; refuses one that somebody else could have laid out for us."""
        self.base.mkdir(mode=0o700, exist_ok=True)
        facts = self.base.lstat()
        if self.base.is_symlink() or facts.st_uid != os.getuid() or facts.st_mode & 0o077:
            raise PermissionError(f"{self.base} is open to others: remove it")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one web process at a time decides whose turn it is."""
        self._prepare()
        with (self.base / "turn").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def usual_base() -> Path:
    """Where the checks of this user's services are: in the folder for temporary files, which TMPDIR names."""
    return Path(tempfile.gettempdir()) / f"submission-checks-{os.getuid()}"
