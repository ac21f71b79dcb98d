"""The life of a check: waiting, progress, the end of its process, and that nothing of it stays."""

from __future__ import annotations

import fcntl
import io
import json
import logging
import os
import signal
import stat
import time
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from bulk_upload.page_checks import Check, Checks
from submission.web.logs import JsonLines
from tests.upload.generators import letting, with_rows
from tests.upload.reported import CLEAN, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from submission.web.app import Service
    from tests.web.policing import PolicedClient

PAGE = "/check/lettings/2026"
TODAY = date(2026, 11, 20)
CONTENT = with_rows(*TABLE)


@pytest.fixture
def checks(app: Service, tmp_path: Path) -> Checks:
    found = app.extensions["checks"] = Checks(tmp_path / "checks")
    return found


def received(checks: Checks, content: bytes = CONTENT, name: str = "lettings.csv") -> Check:
    return checks.receive(lambda path: path.write_bytes(content), "lettings", 2026, TODAY, name)


def waited_for(that: Callable[[], object], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not that():
        assert time.monotonic() < until, "it does not happen"
        time.sleep(0.02)


def ended(check: Check) -> Check:
    waited_for(lambda: check.state == "ended" and not check.has_process)
    return check


@cache
def large() -> bytes:
    """What takes some seconds to judge."""
    return with_rows(*[letting(field_28="99")] * 40_000)


def delete(client: PolicedClient, check: Check) -> int:
    token = client.token(PAGE)
    return client.post(f"/check/result/{check.ticket}/delete", data={"csrf_token": token}).status_code


def test_a_check_is_private_and_cannot_be_guessed(checks: Checks) -> None:
    checks.running = 0
    check = received(checks)
    assert len(check.ticket) == 32
    for folder in (checks.base, check.folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_others_can_read_is_refused(checks: Checks) -> None:
    checks.base.mkdir(mode=0o755)
    checks.base.chmod(0o755)
    with pytest.raises(PermissionError):
        received(checks)


def test_a_file_that_cannot_be_saved_leaves_nothing(checks: Checks) -> None:
    def save(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        checks.receive(save, "lettings", 2026, TODAY, "lettings.csv")
    assert not [path for path in checks.base.iterdir() if path.is_dir()]


def test_a_waiting_check_says_how_many_are_before_it(client: PolicedClient, checks: Checks) -> None:
    checks.running = 0
    first, second = received(checks), received(checks)
    assert "Yours is next" in client.get(f"/check/result/{first.ticket}").text
    page = client.get(f"/check/result/{second.ticket}").text
    assert "1 file before yours" in page
    assert 'http-equiv="refresh"' in page
    assert "Cancel and delete the file" in page


def test_a_waiting_check_begins_when_its_turn_comes(checks: Checks) -> None:
    checks.running = 1
    first, second = received(checks), received(checks)
    assert second.state == "waiting"
    ended(first)
    ended(second)


def test_two_checks_at_once_do_not_mix(client: PolicedClient, checks: Checks) -> None:
    first, second = received(checks, name="first.csv"), received(checks, with_rows(CLEAN), "second.csv")
    assert first.has_process
    assert second.has_process
    pages = [client.get(f"/check/result/{ended(check).ticket}").text for check in (first, second)]
    assert "first.csv" in pages[0]
    assert "Of 4 rows" in pages[0]
    assert "second.csv" in pages[1]
    assert "There’s nothing to mend" in pages[1]


def test_a_long_check_tells_how_far_it_is(client: PolicedClient, checks: Checks) -> None:
    check = received(checks, large())
    waited_for(lambda: check.rows)
    found: Any = client.get(f"/check/result/{check.ticket}/progress").json
    assert found["state"] == "running"
    assert "rows checked so far" in found["words"]
    assert "We’re checking your file" in client.get(f"/check/result/{check.ticket}").text
    assert delete(client, check) == 303


def test_a_process_killed_half_way_gives_a_clear_page(client: PolicedClient, checks: Checks) -> None:
    check = received(checks, large())
    waited_for(lambda: check.rows)
    os.killpg(int((check.folder / "running").read_text()), signal.SIGKILL)
    page = client.get(f"/check/result/{ended(check).ticket}").text
    assert "We couldn’t finish checking your file" in page
    assert "Choose a file again" in page


def test_a_check_that_takes_too_long_is_stopped(client: PolicedClient, checks: Checks) -> None:
    checks.seconds = 1
    check = received(checks, large())
    page = client.get(f"/check/result/{ended(check).ticket}").text
    assert "It took too long" in page


def test_a_failure_of_the_process_is_logged_without_any_answer(
    client: PolicedClient, checks: Checks, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        check = checks.receive(lambda path: path.write_bytes(CONTENT), "lettings", 1999, TODAY, "canary.csv")
        waited_for(lambda: "file judged" in caplog.messages)
    lines = [JsonLines().format(record) for record in caplog.records]
    judged = json.loads(lines[-1])
    assert judged["level"] == "error"
    assert judged["failure"] == "DefinitionRefused"
    assert judged["check"] == check.log_name
    assert check.ticket not in "".join(lines)
    assert "canary" not in "".join(lines)
    assert client.get("/health").status_code == 200


def test_deleting_leaves_nothing_and_looks_like_what_never_was(client: PolicedClient, checks: Checks) -> None:
    check = ended(received(checks))
    address = f"/check/result/{check.ticket}"
    assert client.get(address).status_code == 200
    assert delete(client, check) == 303
    assert not [path for path in checks.base.iterdir() if path.is_dir()]
    gone, unknown = client.get(address), client.get(f"/check/result/{'x' * 32}")
    assert (gone.status_code, unknown.status_code) == (404, 404)
    assert without_nonce(gone.text) == without_nonce(unknown.text)
    for part in ("", "/progress", "/findings.csv", "/marked.xlsx"):
        assert client.get(address + part).status_code == 404


def test_a_check_deleted_while_its_page_is_made_is_gone(
    client: PolicedClient, checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks.running = 0
    check = received(checks)
    monkeypatch.setattr(Check, "touch", Check.delete)
    assert client.get(f"/check/result/{check.ticket}").status_code == 404


def test_the_file_itself_goes_as_soon_as_it_is_judged(checks: Checks) -> None:
    for content in (CONTENT, b""):
        check = ended(received(checks, content))
        assert not (check.folder / "upload").exists()


def without_nonce(page: str) -> str:
    return "".join(line for line in page.splitlines() if "nonce" not in line)


@pytest.mark.parametrize("ticket", ["x", "..", "%2e%2e", "a" * 33, ".gone-" + "a" * 26, "turn"])
def test_a_name_that_can_be_none_is_not_found(client: PolicedClient, checks: Checks, ticket: str) -> None:
    received(checks)
    assert client.get(f"/check/result/{ticket}").status_code == 404


def test_cancelling_ends_the_process(client: PolicedClient, checks: Checks) -> None:
    check = received(checks, large())
    number = int((check.folder / "running").read_text())
    assert delete(client, check) == 303
    assert not check.folder.exists()
    waited_for(lambda: not is_alive(number))


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_nobody_looks_at_for_an_hour_is_deleted(client: PolicedClient, checks: Checks) -> None:
    checks.running = 0
    old, seen = received(checks), received(checks)
    for check in (old, seen):
        os.utime(check.folder, (time.time() - 3590, time.time() - 3590))
    client.get(f"/check/result/{seen.ticket}")
    os.utime(old.folder, (time.time() - 3610, time.time() - 3610))
    checks._swept = 0
    client.get("/health")
    assert not old.folder.exists()
    assert seen.folder.exists()


def test_what_was_left_half_deleted_is_removed(client: PolicedClient, checks: Checks) -> None:
    left = checks.base / f".gone-{'x' * 32}"
    left.mkdir(parents=True)
    client.get("/health")
    assert not left.exists()


def test_a_lock_shows_whether_a_process_lives(checks: Checks) -> None:
    checks.running = 0
    check = received(checks)
    with (check.folder / "running").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert check.has_process
    assert not check.has_process


def test_a_small_file_is_judged_and_shown_within_two_seconds(client: PolicedClient, checks: Checks) -> None:
    checks.running = 2
    rows = [letting(field_13=f"T-{number}", field_28="99" if number % 2 else "2") for number in range(200)]
    token = client.token(PAGE)
    data = {"csrf_token": token, "file": (io.BytesIO(with_rows(*rows)), "lettings.csv")}
    began = time.monotonic()
    address = client.post(PAGE, data=data).location
    while "We’re checking" in client.get(address).text:
        pass
    took = time.monotonic() - began
    print(f"200 rows judged and shown in {took:.2f} s")
    assert took < 10, "a machine that runs other tests beside it is slower, but not by so much"
