"""What every test of the web shares: settings, the application, and a client that polices each page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from submission.settings import Settings
from submission.web.app import Service, create_app
from tests.web.policing import PolicedClient

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key="a secret for tests alone")


@pytest.fixture
def app(settings: Settings) -> Service:
    """The application; a test may add routes of its own before the first request."""
    service = create_app(settings)
    service.test_client_class = PolicedClient
    return service


@pytest.fixture
def client(app: Service) -> Iterator[PolicedClient]:
    """Fetches pages and fails the test when a page isn't fit to be shown."""
    with app.test_client() as client:
        yield cast("PolicedClient", client)
