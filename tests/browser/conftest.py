"""A real browser against the real server. Skipped, with a word, where no Chromium is found.

The browser is the machine's own (`BROWSER_PATH`, or a Chromium on the path): nothing is downloaded.
"""

from __future__ import annotations

import os
import shutil
import threading
from typing import TYPE_CHECKING, Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from submission.settings import Settings
from submission.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

_NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# GOV.UK's conditional radios carry aria-expanded, which axe refuses on a radio.
_KNOWN_VIOLATION: Final = "aria-allowed-attr"
PHONE: Final[Any] = {"width": 320, "height": 640}
DESKTOP: Final[Any] = {"width": 1280, "height": 900}


def find_browser() -> str | None:
    """The path of a Chromium, if there is one."""
    return os.environ.get("BROWSER_PATH") or next((path for name in _NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips this folder's tests where there is no browser. In CI that is a failure: they must run."""
    if find_browser() or os.environ.get("CI"):
        return
    skip = pytest.mark.skip(reason="no Chromium found: install chromium-headless-shell or set BROWSER_PATH")
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(skip)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = find_browser()
    assert path, "the browser tests must run in CI and no Chromium was found"
    # No sandbox: CI runs as root in a container. Only our own pages are opened.
    return {"executable_path": path, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """The address of a running service."""
    server = make_server("127.0.0.1", 0, create_app(Settings(secret_key="a secret for tests alone")), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def either_page(request: pytest.FixtureRequest, browser: Browser, base_url: str) -> Iterator[Page]:
    """A page in a browser of its own, once with JavaScript and once without."""
    context = browser.new_context(
        base_url=base_url, viewport=DESKTOP, java_script_enabled=request.param == "with JavaScript"
    )
    page = context.new_page()
    with_console_watched(page)
    yield page
    context.close()
    assert not page_errors(page)


@pytest.fixture
def phone(browser: Browser, base_url: str) -> Iterator[Page]:
    """A page 320 pixels wide, which is also a desktop at 400 % zoom."""
    context = browser.new_context(base_url=base_url, viewport=PHONE)
    page = context.new_page()
    with_console_watched(page)
    yield page
    context.close()
    assert not page_errors(page)


@pytest.fixture
def check_access() -> Callable[[Page], None]:
    """Fails the test when axe finds anything but GOV.UK's own known violation. Needs JavaScript."""

    def check(page: Page) -> None:
        violations = Axe().run(page).response["violations"]
        faults = [found for found in violations if not _is_govuks_own(found)]
        assert not faults, "\n".join(f"{found['id']}: {found['help']} {_places(found)}" for found in faults)

    return check


@pytest.fixture
def check_fits() -> Callable[[Page], None]:
    """Fails the test when a page has to be scrolled sideways."""

    def check(page: Page) -> None:
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], f"{page.url} is {width} pixels wide"  # type: ignore[index]

    return check


def with_console_watched(page: Page) -> None:
    """Keeps what the browser complains about: scripts that fail, files that aren't there, the policy."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    _complaints[page] = faults


def page_errors(page: Page) -> list[str]:
    """What the browser has complained about on this page."""
    return _complaints.pop(page, [])


_complaints: dict[Page, list[str]] = {}


def _is_govuks_own(found: dict[str, Any]) -> bool:
    return found["id"] == _KNOWN_VIOLATION and all('type="radio"' in node["html"] for node in found["nodes"])


def _places(found: dict[str, Any]) -> list[str]:
    return [node["html"][:120] for node in found["nodes"]]
