"""What keeps strangers out: headers, hosts, tokens and limits of size."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from flask import request

from submission.web.app import create_app
from submission.web.uploads import takes_a_file

if TYPE_CHECKING:
    from submission.settings import Settings
    from submission.web.app import Service
    from tests.web.policing import PolicedClient


def test_the_policy_lets_nothing_in_but_our_own_files(client: PolicedClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'nonce-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_each_page_has_a_nonce_of_its_own(client: PolicedClient) -> None:
    first, second = (client.get("/").headers["Content-Security-Policy"] for _ in range(2))
    assert first != second


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ],
)
def test_every_page_has_the_header(client: PolicedClient, header: str, value: str) -> None:
    assert client.get("/").headers[header] == value
    assert client.get("/no-such-page").headers[header] == value


def test_only_production_asks_browsers_to_stay_on_https(client: PolicedClient, settings: Settings) -> None:
    production = create_app(replace(settings, environment="production")).test_client()
    assert "Strict-Transport-Security" in production.get("/").headers
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_an_unknown_host_is_refused(client: PolicedClient) -> None:
    response = client.get("/", headers={"Host": "elsewhere.example.com"})
    assert response.status_code == 400


def test_a_form_without_its_token_is_refused_with_a_page(app: Service, client: PolicedClient) -> None:
    @app.post("/form")
    def form() -> str:
        return "taken"

    response = client.post("/form", data={"answer": "1"})
    assert response.status_code == 400
    assert "That page was open for too long" in response.text


@pytest.fixture
def upload_client(settings: Settings) -> PolicedClient:
    """An application that takes files of up to 1 MiB on one page and forms of up to 1 KiB elsewhere."""
    app = create_app(replace(settings, max_form_bytes=1024, max_upload_bytes=1024 * 1024))
    app.config["WTF_CSRF_ENABLED"] = False

    @app.post("/form", endpoint="form")
    def form() -> str:
        return str(len(request.form))

    @app.post("/file", endpoint="file")
    @takes_a_file
    def file() -> str:
        return str(len(request.files["file"].read()))

    return app.test_client()  # type: ignore[return-value]  # no page here is policed


def sent_file(size: int) -> dict[str, object]:
    return {"file": (io.BytesIO(b"x" * size), "lettings.csv")}


def test_a_page_that_takes_a_file_takes_one_of_the_largest_size(upload_client: PolicedClient) -> None:
    assert upload_client.post("/file", data=sent_file(1024 * 1024)).text == str(1024 * 1024)


def test_a_larger_file_is_refused_with_a_page_that_says_the_limit(upload_client: PolicedClient) -> None:
    response = upload_client.post("/file", data=sent_file(1024 * 1024 + 100_000))
    assert response.status_code == 413
    assert "up to 1 MB" in response.text
    assert response.headers["X-Request-Id"]


def test_a_page_that_takes_no_file_stays_small(upload_client: PolicedClient) -> None:
    assert upload_client.post("/form", data=sent_file(10_000)).status_code == 413
