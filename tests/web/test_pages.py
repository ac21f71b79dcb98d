"""The pages that are the same for everybody, and the errors. The client polices each page it fetches."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from flask import abort
from werkzeug.exceptions import TooManyRequests

from submission.web.logs import JsonLines

if TYPE_CHECKING:
    from submission.web.app import Service
    from tests.web.policing import PolicedClient


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/", "Send social housing lettings and sales data"),
        ("/accessibility", "Accessibility statement"),
        ("/cookies", "Cookies"),
        ("/privacy", "Privacy"),
    ],
)
def test_a_page_is_fit_to_be_shown(client: PolicedClient, path: str, heading: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert heading in response.text


def test_health_answers_as_json(client: PolicedClient) -> None:
    response = client.get("/health")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 422, 429, 500, 503])
def test_an_error_has_a_page_of_its_own_and_keeps_its_status(app: Service, client: PolicedClient, status: int) -> None:
    @app.get("/fails")
    def fails() -> str:
        abort(status)

    response = client.get("/fails")
    assert response.status_code == status
    assert "<h1" in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_a_failure_shows_a_page_and_its_log_line_holds_no_answer(
    app: Service, client: PolicedClient, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/fails/<name>")
    def fails(name: str) -> str:
        raise ValueError(f"canary {name}")

    with caplog.at_level(logging.INFO):
        response = client.get("/fails/canary?answer=canary", headers={"X-Request-Id": "canary"})
    assert response.status_code == 500
    lines = [JsonLines().format(record) for record in caplog.records]
    failure = json.loads(lines[0])
    assert failure["failure"] == "ValueError"
    assert failure["route"] == "/fails/<name>"
    assert any("fails" in place for place in failure["at"])
    assert "canary" not in "".join(lines)


def test_each_request_has_an_id_in_its_answer_and_its_log_line(
    client: PolicedClient, caplog: pytest.LogCaptureFixture
) -> None:
    given = "0123456789abcdef0123456789abcdef"
    with caplog.at_level(logging.INFO):
        response = client.get("/cookies", headers={"X-Request-Id": given})
        line = json.loads(JsonLines().format(caplog.records[-1]))
    assert response.headers["X-Request-Id"] == given
    assert line["request"] == given
    assert (line["route"], line["status"]) == ("/cookies", 200)


def test_too_many_tries_says_when_to_come_back(app: Service, client: PolicedClient) -> None:
    @app.get("/busy")
    def busy() -> str:
        raise TooManyRequests(retry_after=60)

    assert client.get("/busy").headers["Retry-After"] == "60"
