"""How large a request may be: small for every page, a file's size for the pages that say they take one.

@blueprint.post("/check/lettings")
@takes_a_file
def check() -> ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import Flask, current_app, request

if TYPE_CHECKING:
    from submission.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])

# The rest of the form beside the file: boundaries, names, the token.
_FORM_AROUND_A_FILE: Final = 64 * 1024
_CHUNK: Final = 64 * 1024
# Bytes of a refused request that are read and thrown away: some four times the largest file.
_MOST_DRAINED: Final = 256 * 1024 * 1024

_takes_a_file: set[Callable[..., Any]] = set()


def takes_a_file(view: View) -> View:
    """Lets a view's requests be as large as a file. Stands directly above the function."""
    _takes_a_file.add(view)
    return view


def install(app: Flask, settings: Settings) -> None:
    """Raises the limit before anything reads the request."""

    @app.before_request
    def raise_limit() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        if view in _takes_a_file:
            request.max_content_length = settings.max_upload_bytes + _FORM_AROUND_A_FILE


def drain() -> None:
    """Reads and drops what is left of a request that was refused for its size.

    A browser that is still sending when the server hangs up shows a broken connection, not the page
    that says how large a file may be. A request beyond all measure is cut off all the same.
    """
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or _MOST_DRAINED, _MOST_DRAINED)
    while left > 0:
        chunk = stream.read(min(_CHUNK, left))
        if not chunk:
            return
        left -= len(chunk)
