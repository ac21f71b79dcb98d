"""The command line: `submission COMMAND`. Commands import what they need when they run, so that start is quick."""

from __future__ import annotations

import os

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="submission")
def main() -> None:
    """Check and send social housing lettings and sales data."""


@main.command()
def serve() -> None:
    """Run the service on HOST (127.0.0.1) and PORT (8000)."""
    from submission.settings import SettingsRefused, settings_from
    from submission.web.server import serve as serve_until_stopped

    try:
        settings = settings_from(os.environ)
    except SettingsRefused as refusal:
        raise click.UsageError(str(refusal)) from refusal
    click.echo(f"The service answers at http://{settings.host}:{settings.port} – stop it with Ctrl-C.", err=True)
    serve_until_stopped(settings)


@main.command()
def lint() -> None:
    """Refuse a wrong definition, with file, line and reason."""
