"""The frame of every page: GOV.UK's templates, and what templates/layout.html needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import current_app, g
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from submission.web.protection import csp_nonce

if TYPE_CHECKING:
    from flask import Flask

    from submission.settings import Settings

SERVICE_NAME: Final = "Send social housing lettings and sales data"
_VENDOR: Final = "vendor/govuk-frontend-6.3.0"


def install(app: Flask, settings: Settings) -> None:
    """Lets templates load GOV.UK's macros and gives the layout its facts."""
    own = app.jinja_loader
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([loader for loader in (own, govuk) if loader])
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        serviceName=SERVICE_NAME,
        serviceUrl="/",
        is_on_govuk=settings.govuk_assets is not None,
        govuk_style=f"{_VENDOR}/govuk-frontend{'' if settings.govuk_assets else '.plain'}.min.css",
        govuk_script=f"{_VENDOR}/govuk-frontend.min.js",
        support_email=settings.support_email,
        max_upload_mib=settings.max_upload_bytes // (1024 * 1024),
    )

    @app.context_processor
    def facts_of_the_request() -> dict[str, object]:
        return {"cspNonce": csp_nonce(), "request_id": g.get("request_id", ""), "blueprints": current_app.blueprints}
