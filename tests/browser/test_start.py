"""The start page and the pages around it, as a person sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_start_page_is_read_with_and_without_javascript(either_page: Page) -> None:
    either_page.goto("/")
    heading = either_page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Send social housing lettings and sales data")


def test_the_footer_leads_to_the_accessibility_statement_by_keyboard(either_page: Page) -> None:
    either_page.goto("/")
    link = either_page.get_by_role("link", name="Accessibility statement")
    link.focus()
    either_page.keyboard.press("Enter")
    expect(either_page.get_by_role("heading", level=1)).to_have_text("Accessibility statement")


def test_the_first_tab_stop_skips_to_the_content(phone: Page) -> None:
    phone.goto("/")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="Skip to main content")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("main")).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/accessibility", "/cookies", "/privacy"])
def test_a_page_is_accessible_and_fits_a_small_phone(
    phone: Page, path: str, check_access: Callable[[Page], None], check_fits: Callable[[Page], None]
) -> None:
    phone.goto(path)
    check_access(phone)
    check_fits(phone)
