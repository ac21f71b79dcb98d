"""The command line: `submission COMMAND`. Commands import what they need when they run, so that start is quick."""

from __future__ import annotations

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="submission")
def main() -> None:
    """Check and send social housing lettings and sales data."""


@main.command()
def serve() -> None:
    """Run the service in a browser."""


@main.command()
def lint() -> None:
    """Refuse a wrong definition, with file, line and reason."""
