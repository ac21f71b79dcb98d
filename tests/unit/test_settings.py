"""Settings are read once and refused by name."""

from __future__ import annotations

import pytest

from submission.settings import LOCAL_HOSTS, MIB, SettingsRefused, settings_from

PRODUCTION = {"ENVIRONMENT": "production", "SECRET_KEY": "s" * 32, "TRUSTED_HOSTS": "a.example.com, b.example.com"}


def test_an_empty_environment_gives_a_developers_machine() -> None:
    settings = settings_from({})
    assert (settings.host, settings.port, settings.trusted_hosts) == ("127.0.0.1", 8000, LOCAL_HOSTS)
    assert settings.max_upload_bytes == 64 * MIB
    assert not settings.is_production


def test_a_key_is_made_up_where_none_is_set() -> None:
    assert settings_from({}).secret_key != settings_from({}).secret_key


def test_production_takes_its_hosts_from_the_environment() -> None:
    settings = settings_from(PRODUCTION)
    assert settings.is_production
    assert settings.trusted_hosts == ("a.example.com", "b.example.com")


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"PORT": "٨٠"}, "PORT"),
        ({"WEB_WORKERS": "0"}, "WEB_WORKERS"),
        ({"ENVIRONMENT": "prod"}, "ENVIRONMENT"),
        ({"GOVUK_ASSETS": "no/such/folder"}, "GOVUK_ASSETS"),
        (PRODUCTION | {"SECRET_KEY": "short"}, "SECRET_KEY"),
        (PRODUCTION | {"TRUSTED_HOSTS": " , "}, "TRUSTED_HOSTS"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_name(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsRefused, match=named):
        settings_from(environ)
