"""What the service writes about itself: one JSON object a line, with the request's id and without answers.

A line names the route, never the address; a failure names its type and the places in the code, never
its message, because both can hold what somebody typed.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, g, has_request_context, request

if TYPE_CHECKING:
    from types import TracebackType

LOGGER: Final = logging.getLogger("submission")
_REQUEST_ID: Final = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")


class JsonLines(logging.Formatter):
    """A record as one line of JSON. `extra={"facts": {...}}` is added as it is."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id", "")
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0]:
            line |= failure_facts(record.exc_info[0], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging() -> None:
    """Sends every log line of the process to standard error as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def failure_facts(kind: type[BaseException], trace: TracebackType | None) -> dict[str, object]:
    """The type of a failure and where it came through, without its message."""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return {"failure": kind.__name__, "at": places}


def log_failure(
    exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
) -> None:
    """Logs a failure that nothing handled."""
    LOGGER.error("request failed", exc_info=exc_info, extra={"facts": {"route": _route()}})


def install(app: Flask) -> None:
    """Gives each request its id and its line."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint != "assets.asset":
            LOGGER.info("request", extra={"facts": _request_facts(response)})
        return response


def _request_facts(response: Response) -> dict[str, object]:
    took = (time.perf_counter() - g.began) * 1000 if "began" in g else 0
    return {
        "method": request.method,
        "route": _route(),
        "status": response.status_code,
        "milliseconds": round(took, 1),
    }


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "unknown"
