"""Style sheets and scripts, and what is GOV.UK's alone."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from submission.web.app import ROOT, create_app

if TYPE_CHECKING:
    from pathlib import Path

    from submission.settings import Settings
    from tests.web.policing import PolicedClient

VENDOR = ROOT / "static" / "vendor" / "govuk-frontend-6.3.0"


def test_every_asset_of_a_page_is_there_and_may_be_kept(client: PolicedClient) -> None:
    addresses = re.findall(r'(?:href|src)="(/assets/[^"]+)"', client.get("/").text)
    assert len(addresses) >= 4
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/assets/none.css", "/assets/../pyproject.toml", "/assets/vendor"])
def test_nothing_else_is_served(client: PolicedClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_vendored_files_are_those_of_the_note() -> None:
    note = (VENDOR / "README.md").read_text()
    for name in ("govuk-frontend.min.css", "govuk-frontend.min.js", "govuk-frontend.plain.min.css"):
        digest = hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()
        assert re.search(rf"\| `{re.escape(name)}` .*`{digest}` \|", note)


def test_outside_govuk_there_is_no_crest_and_no_typeface(client: PolicedClient) -> None:
    page = client.get("/").text
    assert "plain.min.css" in page
    assert "Crown copyright" not in page
    assert "GDS Transport" not in (VENDOR / "govuk-frontend.plain.min.css").read_text()


def test_on_govuk_the_crest_and_typeface_come_from_the_operators_folder(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "light.woff2").write_bytes(b"font")
    client = create_app(replace(settings, govuk_assets=tmp_path)).test_client()
    page = client.get("/").text
    assert "plain.min.css" not in page
    assert "Crown copyright" in page
    assert client.get("/assets/fonts/light.woff2").data == b"font"
