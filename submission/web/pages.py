"""The pages that are the same for everybody: start, accessibility, cookies, privacy, and /health for machines."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def start() -> str:
    return render_template("pages/start.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@blueprint.get("/cookies")
def cookies() -> str:
    return render_template("pages/cookies.html")


@blueprint.get("/privacy")
def privacy() -> str:
    return render_template("pages/privacy.html")


@blueprint.get("/health")
def health() -> dict[str, str]:
    """Says that the process answers; nothing else is looked at."""
    return {"status": "ok"}
