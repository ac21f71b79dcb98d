"""Puts the application together: settings, protection, pages. Called by the server and by tests.

The one place where the parts of the service meet: `list_blueprints` names every part that has pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from bulk_upload import pages as check_pages
from submission.web import assets, errors, layout, logs, pages, protection, uploads

if TYPE_CHECKING:
    from types import TracebackType

    from flask import Blueprint

    from submission.settings import Settings

ROOT: Final = Path(__file__).parents[2]


class Service(Flask):
    """The Flask application with its settings, and with a failure log that holds no answers."""

    def __init__(self, settings: Settings) -> None:
        super().__init__("submission", template_folder=str(ROOT / "templates"), static_folder=None)
        self.settings = settings

    def log_exception(
        self, exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> None:
        logs.log_failure(exc_info)


def list_blueprints() -> tuple[Blueprint, ...]:
    """Every part of the service that has pages. A new part is one line here."""
    return (pages.blueprint, check_pages.blueprint)


def create_app(settings: Settings) -> Service:
    """The application, ready to serve."""
    app = Service(settings)
    app.config.from_mapping(_flask_config(settings))
    # Before CSRFProtect, which reads the form: a request has its id by then, and a file's page its limit.
    logs.install(app)
    uploads.install(app, settings)
    CSRFProtect(app)
    protection.install(app, settings)
    assets.install(app, settings, ROOT / "static")
    layout.install(app, settings)
    errors.install(app)
    for blueprint in list_blueprints():
        app.register_blueprint(blueprint)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask's manual has it
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "MAX_CONTENT_LENGTH": settings.max_form_bytes,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_production else "session",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A form stays good for as long as its session: nobody loses an hour's typing to a clock.
        "WTF_CSRF_TIME_LIMIT": None,
    }
