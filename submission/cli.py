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
@click.argument("collection", required=False)
@click.argument("year", required=False, type=int)
def lint(collection: str | None, year: int | None) -> None:
    """Refuse a wrong definition, with file, line and reason: of COLLECTION and YEAR, or of all of them."""
    from submission.definition import DefinitionRefused, load, names, years

    problems = 0
    for name in [collection] if collection else names():
        for which in [year] if year else years(name):
            try:
                definition = load(name, which)
            except DefinitionRefused as refused:
                problems += len(refused.problems)
                click.echo(refused, err=True)
            else:
                click.echo(f"{name} {which}: {len(definition.questions)} questions, {len(definition.checks)} checks")
    if problems:
        raise SystemExit(1)
