"""Style sheets, scripts and pictures under /assets.

`asset_url` puts the file's own hash into the address, so that a browser may keep it for a year and
still gets the new one on the day it changes.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Flask, Response, request, send_from_directory

if TYPE_CHECKING:
    from pathlib import Path

    from submission.settings import Settings

PREFIX: Final = "/assets"
_KEPT: Final = "public, max-age=31536000, immutable"
_KEPT_BRIEFLY: Final = "public, max-age=300"


def install(app: Flask, settings: Settings, folder: Path) -> None:
    """Serves `folder`, and the fonts and pictures of GOV.UK where the operator has them."""

    @cache
    def asset_url(name: str) -> str:
        """The address of a file in static/; raises FileNotFoundError for one that is not there."""
        version = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
        return f"{PREFIX}/{name}?v={version}"

    blueprint = Blueprint("assets", __name__, url_prefix=PREFIX)

    @blueprint.get("/<path:name>")
    def asset(name: str) -> Response:
        response = send_from_directory(_folder_of(name, folder, settings.govuk_assets), name)
        has_version = "v" in request.args or name.startswith("vendor/")
        response.headers["Cache-Control"] = _KEPT if has_version else _KEPT_BRIEFLY
        return response

    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset_url"] = asset_url


def _folder_of(name: str, own: Path, govuk: Path | None) -> Path:
    """GOV.UK's style sheet asks for /assets/fonts and /assets/images."""
    return govuk if govuk and name.startswith(("fonts/", "images/")) else own
