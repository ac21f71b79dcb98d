"""Runs the application under gunicorn; `submission serve` calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from submission.web.app import create_app
from submission.web.logs import configure_logging

if TYPE_CHECKING:
    from submission.settings import Settings


class _Server(BaseApplication):
    """gunicorn without a configuration file: what it needs comes from the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in _gunicorn_config(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # Flask, which gunicorn's stubs do not take for an application
        # In the worker, not before it is forked: an application may own threads and connections.
        configure_logging()
        return create_app(self._settings)


def serve(settings: Settings) -> None:
    """Serves until it is stopped."""
    _Server(settings).run()


def _gunicorn_config(settings: Settings) -> dict[str, object]:
    return {
        "bind": f"{settings.host}:{settings.port}",
        "worker_class": "gthread",
        "workers": settings.workers,
        "threads": settings.threads,
        # Seconds. A worker that has not answered its parent for so long is replaced.
        "timeout": 120,
        "graceful_timeout": 30,
        "keepalive": 5,
        "control_socket_disable": True,
        "loglevel": "warning",
    }
