"""Pages for what goes wrong outside a form: each says what happened and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Flask, Response, make_response, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from submission.web.uploads import drain

if TYPE_CHECKING:
    from werkzeug.sansio.response import Response as AnyResponse

# Statuses with a page of their own; others get the page of their family.
_PAGES: Final = frozenset({400, 403, 404, 413, 422, 429, 500})


def install(app: Flask) -> None:
    """Shows a page for every status that is raised and for every failure that nothing handled."""
    app.register_error_handler(HTTPException, show_error)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(SecurityError, refuse_host)
    app.register_error_handler(RequestEntityTooLarge, show_too_large)


def show_error(error: HTTPException) -> AnyResponse:
    """The page of the error's status."""
    if error.response is not None:
        return error.response
    status = error.code or 500
    page = status if status in _PAGES else 500 if status >= 500 else 400
    response = make_response(render_template(f"errors/{page}.html"), status)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def show_stale_form(_error: CSRFError) -> Response:
    """A form whose session is gone, or one that was not ours."""
    return make_response(render_template("errors/stale_form.html"), 400)


def show_too_large(error: RequestEntityTooLarge) -> AnyResponse:
    """Takes the rest of the request first, or the browser never sees the page."""
    drain()
    return show_error(error)


def refuse_host(_error: SecurityError) -> Response:
    """Plain text: with an unknown host there is no address to put into a page."""
    return Response("This address isn’t one of the service’s.\n", status=400, mimetype="text/plain")
