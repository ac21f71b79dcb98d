"""The headers that keep a page from being framed, sniffed, kept or made to run what is not ours."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, g

if TYPE_CHECKING:
    from submission.settings import Settings

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": the check of a form's token compares the referrer on https.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_YEAR_SECONDS: Final = 365 * 24 * 60 * 60


def csp_nonce() -> str:
    """The request's own nonce; a page's scripts carry it."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def content_security_policy() -> str:
    """Nothing but our own files, and scripts that carry this request's nonce."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{csp_nonce()}'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def install(app: Flask, settings: Settings) -> None:
    """Adds the headers to every response and keeps pages out of caches unless they say otherwise."""

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.extend(_HEADERS)
        response.headers["Content-Security-Policy"] = content_security_policy()
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.is_production:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}; includeSubDomains"
        return response
