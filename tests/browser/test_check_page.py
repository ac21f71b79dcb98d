"""Checking a file as a person does it: choose, wait, read, filter, download, delete. With JavaScript and without."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from bulk_upload.page_checks import Check, Checks
from submission.settings import Settings
from submission.web.app import create_app
from tests.upload.generators import letting, with_rows
from tests.upload.reported import CLEAN, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import FilePayload, ViewportSize

DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 900}
PAGE: Final = "/check/lettings/2026"
FAULTY: Final = with_rows(*TABLE, *(letting(field_13=f"U-{number}", field_28="99") for number in range(60)))
REFUSED: Final = with_rows(CLEAN) + with_rows(CLEAN)


@pytest.fixture(scope="session")
def checks(tmp_path_factory: pytest.TempPathFactory) -> Checks:
    return Checks(tmp_path_factory.mktemp("checked") / "checks")


@pytest.fixture(scope="session")
def base_url(checks: Checks) -> Iterator[str]:
    """The address of a service whose checks the tests can reach."""
    app = create_app(Settings(secret_key="a secret for tests alone"))
    app.extensions["checks"] = checks
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def waiting(checks: Checks, content: bytes) -> Check:
    """A check whose turn does not come until `checks.running` says so."""
    checks.running = 0
    return checks.receive(lambda path: path.write_bytes(content), "lettings", 2026, date(2026, 11, 20), "lettings.csv")


@pytest.fixture(autouse=True)
def usual_number(checks: Checks) -> Iterator[None]:
    yield
    checks.running = 2


def file_of(content: bytes) -> FilePayload:
    return {"name": "lettings.csv", "mimeType": "text/csv", "buffer": content}


def checked(page: Page, content: bytes = FAULTY) -> None:
    page.goto(PAGE)
    page.locator("input[type=file]").set_input_files(file_of(content))
    page.get_by_role("button", name="Check the file").click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words, timeout=30_000)


def test_a_file_is_chosen_checked_and_its_report_filtered_and_deleted(either_page: Page) -> None:
    page = either_page
    page.goto("/")
    page.get_by_role("button", name="Check a").click()
    heading(page, "Check a file")
    page.get_by_role("main").get_by_role("link", name="lettings").click()
    page.locator("input[type=file]").set_input_files(file_of(FAULTY))
    page.get_by_role("button", name="Check the file").click()
    heading(page, "What to mend in your lettings file")
    expect(page.get_by_text("Showing 1 to 50")).to_be_visible()
    page.get_by_label("Severity").select_option("setup")
    page.get_by_role("button", name="Show these findings").click()
    expect(page.get_by_text("Showing 2 findings that match what you chose")).to_be_visible()
    page.get_by_role("link", name="Show all findings").click()
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_title(
        "What to mend in your lettings file (page 2 of 2) – Send social housing lettings and sales data"
    )
    page.get_by_role("button", name="Delete this result now").click()
    heading(page, "Your file is deleted")


def test_the_marked_file_and_the_table_are_downloaded(either_page: Page, tmp_path: Path) -> None:
    checked(either_page)
    heading(either_page, "What to mend in your lettings file")
    with either_page.expect_download() as marked:
        either_page.get_by_role("link", name="Download your file").click()
    assert marked.value.suggested_filename == "lettings-marked.xlsx"
    marked.value.save_as(tmp_path / "marked.xlsx")
    assert openpyxl.load_workbook(tmp_path / "marked.xlsx").worksheets[0]["AC4"].comment is not None
    with either_page.expect_download() as table:
        either_page.get_by_role("link", name="Download all findings").click()
    assert table.value.suggested_filename == "lettings-findings.csv"


def test_the_page_of_progress_leads_to_the_report_by_itself(either_page: Page, checks: Checks) -> None:
    check = waiting(checks, FAULTY)
    either_page.goto(f"/check/result/{check.ticket}")
    heading(either_page, "We’re checking your file")
    expect(either_page.get_by_text("Yours is next")).to_be_visible()
    checks.running = 2
    heading(either_page, "What to mend in your lettings file")


def test_a_check_can_be_cancelled(either_page: Page, checks: Checks) -> None:
    check = waiting(checks, FAULTY)
    either_page.goto(f"/check/result/{check.ticket}")
    either_page.get_by_role("button", name="Cancel and delete the file").click()
    heading(either_page, "Your file is deleted")
    assert not check.folder.exists()


def test_a_refused_file_can_be_chosen_again_where_it_was_refused(either_page: Page) -> None:
    checked(either_page, REFUSED)
    heading(either_page, "Your lettings file can’t be checked")
    either_page.locator("input[type=file]").set_input_files(file_of(with_rows(CLEAN)))
    either_page.get_by_role("button", name="Check the file").click()
    heading(either_page, "There’s nothing to mend")


def test_the_error_leads_to_the_choice_of_a_file_by_keyboard(phone: Page) -> None:
    phone.goto(PAGE)
    phone.get_by_role("button", name="Check the file").click()
    expect(phone.locator(".govuk-error-summary")).to_be_focused()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.locator("#file")).to_be_focused()


def test_a_wide_table_is_scrolled_by_keyboard_in_its_own_box(phone: Page, check_fits: Callable[[Page], None]) -> None:
    checked(phone)
    heading(phone, "What to mend in your lettings file")
    box = phone.get_by_role("region", name="Findings by row")
    box.focus()
    phone.keyboard.press("ArrowRight")
    phone.wait_for_timeout(500)
    assert box.evaluate("box => box.scrollLeft") > 0
    check_fits(phone)


@pytest.mark.parametrize("state", ["begin", "choose", "error", "waiting", "report", "filtered", "empty", "row", "clean",
                                   "refused", "stopped", "deleted"])  # fmt: skip
def test_each_state_is_accessible_and_fits(
    phone: Page,
    checks: Checks,
    state: str,
    check_access: Callable[[Page], None],
    check_fits: Callable[[Page], None],
) -> None:
    SHOW[state](phone, checks)
    check_access(phone)
    check_fits(phone)
    phone.set_viewport_size(DESKTOP)
    check_access(phone)


def show_report(page: Page, query: str = "", content: bytes = FAULTY, words: str = "What to mend") -> None:
    checked(page, content)
    expect(page.get_by_role("heading", level=1)).to_contain_text(words, timeout=30_000)
    if query:
        page.goto(page.url + query)


def show_waiting(page: Page, checks: Checks) -> None:
    page.goto(f"/check/result/{waiting(checks, FAULTY).ticket}")


def show_stopped(page: Page, checks: Checks) -> None:
    check = waiting(checks, FAULTY)
    (check.folder / "running").write_text("")
    page.goto(f"/check/result/{check.ticket}")
    heading(page, "We couldn’t finish checking your file")


def show_error(page: Page, _checks: Checks) -> None:
    page.goto(PAGE)
    page.get_by_role("button", name="Check the file").click()


SHOW: Final[dict[str, Callable[[Page, Checks], object]]] = {
    "begin": lambda page, checks: page.goto("/check"),
    "choose": lambda page, checks: page.goto(PAGE),
    "error": show_error,
    "waiting": show_waiting,
    "report": lambda page, checks: show_report(page),
    "filtered": lambda page, checks: show_report(page, "?severity=error&page=2"),
    "empty": lambda page, checks: show_report(page, "?row=9999"),
    "row": lambda page, checks: show_report(page, "?row=x"),
    "clean": lambda page, checks: show_report(page, content=with_rows(CLEAN), words="There’s nothing to mend"),
    "refused": lambda page, checks: show_report(page, content=REFUSED, words="can’t be checked"),
    "stopped": show_stopped,
    "deleted": lambda page, checks: page.goto("/check/deleted"),
}
