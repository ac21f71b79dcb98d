"""What an operator can set, read once from the environment when the service starts.

Nothing else reads the environment. A setting that cannot be used is refused by name, so that a
service never runs with a guess.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

MIB: Final = 1024 * 1024
LOCAL_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
_SHORTEST_SECRET: Final = 32

Environment = Literal["local", "production"]


class SettingsRefused(Exception):
    """A setting cannot be used; the message names it and says what it may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default for a developer's machine. Sizes are bytes."""

    secret_key: str
    environment: Environment = "local"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = 8
    proxies: int = 0
    trusted_hosts: tuple[str, ...] = LOCAL_HOSTS
    max_form_bytes: int = 1 * MIB
    max_upload_bytes: int = 64 * MIB
    govuk_assets: Path | None = None
    support_email: str = ""

    @property
    def is_production(self) -> bool:
        return self.environment == "production"


def settings_from(environ: Mapping[str, str]) -> Settings:
    """The settings an environment describes. Raises SettingsRefused."""
    environment = _environment(environ.get("ENVIRONMENT", "local"))
    return Settings(
        secret_key=_secret_key(environ.get("SECRET_KEY", ""), environment),
        environment=environment,
        host=environ.get("HOST", "127.0.0.1"),
        port=_whole_number(environ, "PORT", default=8000, least=1, most=65535),
        workers=_whole_number(environ, "WEB_WORKERS", default=1, least=1, most=64),
        threads=_whole_number(environ, "WEB_THREADS", default=8, least=1, most=256),
        proxies=_whole_number(environ, "TRUSTED_PROXIES", default=0, least=0, most=10),
        trusted_hosts=_trusted_hosts(environ.get("TRUSTED_HOSTS", ""), environment),
        max_upload_bytes=_whole_number(environ, "MAX_UPLOAD_MIB", default=64, least=1, most=1024) * MIB,
        govuk_assets=_folder(environ, "GOVUK_ASSETS"),
        support_email=environ.get("SUPPORT_EMAIL", ""),
    )


def _environment(text: str) -> Environment:
    environments: dict[str, Environment] = {name: name for name in get_args(Environment)}
    if text not in environments:
        raise SettingsRefused(f"ENVIRONMENT is {text!r}: it can be {' or '.join(environments)}")
    return environments[text]


def _secret_key(text: str, environment: Environment) -> str:
    if environment == "production" and len(text) < _SHORTEST_SECRET:
        raise SettingsRefused(f"SECRET_KEY needs at least {_SHORTEST_SECRET} characters in production")
    return text or secrets.token_hex(32)


def _trusted_hosts(text: str, environment: Environment) -> tuple[str, ...]:
    hosts = tuple(host.strip() for host in text.split(",") if host.strip())
    if not hosts and environment == "production":
        raise SettingsRefused("TRUSTED_HOSTS is needed in production: the host names people use, separated by commas")
    return hosts or LOCAL_HOSTS


def _whole_number(environ: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    text = environ.get(name, "") or str(default)
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise SettingsRefused(f"{name} is {text!r}: it is a whole number between {least} and {most}")
    return int(text)


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    text = environ.get(name, "")
    if text and not Path(text).is_dir():
        raise SettingsRefused(f"{name} is {text!r}: there is no such folder")
    return Path(text) if text else None
