"""The command line: `submission COMMAND`. Commands import what they need when they run, so that start is quick.

They end with 0 when all is well, 1 when something was found, 2 when they could not do what was asked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import click

if TYPE_CHECKING:
    from bulk_upload.check import CheckedFile, Summary
    from bulk_upload.refusal import Refused
    from submission.definition import Definition

FOUND: Final = 1
WIDEST: Final = 120
NOT_A_TERMINAL: Final = 100


class Stopped(click.ClickException):
    """The command cannot do what was asked; the message says why."""

    exit_code = 2


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
        raise SystemExit(FOUND)


@main.command()
@click.argument("collection")
@click.argument("year", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--context", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Organisations, schemes and users to look up, as JSON.")  # fmt: skip
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="Check as on this day, such as 2026-11-20. Else the context's day, or the real one.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "jsonl", "csv"]), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the report to a file.")
@click.option("--no-repeats", is_flag=True, help="Do not look for rows that repeat another row.")
def check(
    collection: str,
    year: int,
    file: Path,
    context: Path | None,
    today: datetime | None,
    form: str,
    output: Path | None,
    no_repeats: bool,
) -> None:
    """Check FILE (CSV or Excel), an upload file of COLLECTION and YEAR, such as: check lettings 2026 logs.csv

    Ends with 0 when nothing is found, 1 when something is, 2 when the file is refused or the command is wrong.
    """
    from bulk_upload.check import Wishes, check_file
    from bulk_upload.context_file import ContextRefused, World, read_context
    from bulk_upload.refusal import Refused
    from bulk_upload.shares import cores
    from submission.engine.context import NOWHERE

    definition = definition_of(collection, year)
    try:
        world = read_context(context) if context else World(NOWHERE, None)
    except ContextRefused as refused:
        raise Stopped(str(refused)) from None
    day = today.date() if today else world.today or real_today()
    if output is not None and output.exists() and output.samefile(file):
        raise click.UsageError("--output is the file to be checked. Give the report another name.")
    try:
        wishes = Wishes(find_repeats=not no_repeats, processes=cores())
        checked = check_file(file, definition, world.context, day, wishes)
        with checked.opened, written_to(output) as out:
            summary = REPORTS[form](checked, file, out)
    except Refused as refused:
        if form == "jsonl":
            report_refusal(refused, output)
        where = f", row {refused.row}" if refused.row else ""
        raise Stopped(f"{file} is refused ({refused.code}{where}). {refused.message}") from None
    except OSError as error:
        raise stopped_by(error, file) from None
    if summary.outcome != "clean":
        raise SystemExit(FOUND)


def report_text(checked: CheckedFile, file: Path, out: TextIO) -> Summary:
    from bulk_upload.report_text import TextReport

    report = TextReport(checked, file.name, width_of(out), out.isatty() and "NO_COLOR" not in os.environ)
    with progress(out, mixes=False) as tell:
        summary = report.read(tell)
    report.write(out)
    return summary


def report_jsonl(checked: CheckedFile, file: Path, out: TextIO) -> Summary:  # noqa: ARG001 - as the other reports
    from bulk_upload.report import write_jsonl

    with progress(out) as tell:
        return write_jsonl(checked, out, tell)


def report_csv(checked: CheckedFile, file: Path, out: TextIO) -> Summary:  # noqa: ARG001 - as the other reports
    from bulk_upload.report import lines_of_file, write_csv

    with progress(out) as tell:
        write_csv(lines_of_file(checked, tell), out)
    return checked.summary


REPORTS: Final[dict[str, Callable[[CheckedFile, Path, TextIO], Summary]]] = {
    "text": report_text,
    "jsonl": report_jsonl,
    "csv": report_csv,
}


@main.command()
@click.argument("name")
@click.option("--collection", metavar="NAME", help="Such as lettings. Else every collection is searched.")
@click.option("--year", type=int, metavar="YEAR", help="Such as 2026. Else the latest.")
@click.option("--source", is_flag=True, help="Show the generated Python too.")
def explain(name: str, collection: str | None, year: int | None, source: bool) -> None:
    """Say everything about NAME: a question, answer, derived value, term, check or column (field_12).

    In the name of what repeats for each person, {n} may stand for the number: age{n} explains age2.
    """
    from submission.definition import names, years
    from submission.publish.explain import Explainer

    known: list[str] = []
    for which in [collection] if collection else names():
        definition = definition_of(which, year or latest(which, years))
        explainer = Explainer(definition, width_of(sys.stdout), source, upload_sources(definition) if source else ())
        found = explainer.explain(name)
        if found is not None:
            click.echo(found)
            return
        known += explainer.near(name)
    hint = f" Did you mean one of these? {', '.join(dict.fromkeys(known))}" if known else ""
    raise Stopped(f"There is no question, answer, derived value, term, check or column “{name}”.{hint}")


def upload_sources(definition: Definition) -> tuple[str, ...]:
    """The generated Python that reads a row of a file and judges its cells."""
    from bulk_upload.columns import ColumnCompiler
    from submission.engine.judge import judge_for

    compiler = ColumnCompiler(definition, judge_for(definition).seen)
    read, names = compiler.compile_read()
    return (read.source, compiler.compile_check(names).source)


@main.command()
@click.argument("collection")
@click.argument("year", type=int)
@click.option("--format", "form", type=click.Choice(["html", "csv"]), default="html", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the catalogue to a file.")
def catalogue(collection: str, year: int, form: str, output: Path | None) -> None:
    """Write down every check of COLLECTION and YEAR."""
    from submission.publish.catalogue import FORMATS

    definition = definition_of(collection, year)
    try:
        with written_to(output) as out:
            FORMATS[form](definition, out)
    except OSError as error:
        raise stopped_by(error, output) from None


def definition_of(collection: str, year: int) -> Definition:
    """Raises Stopped, with the near names, where there is no such collection or year."""
    from submission.definition import DefinitionRefused, load, names, years
    from submission.definition.scribe import near

    if collection not in names():
        there = ", ".join(names())
        raise Stopped(f"There is no collection “{collection}”.{near(collection, names())} There are: {there}.")
    if year not in years(collection):
        there = ", ".join(map(str, years(collection)))
        raise Stopped(f"There is no year {year} of {collection}. There are: {there}.")
    try:
        return load(collection, year)
    except DefinitionRefused as refused:
        raise Stopped(f"The definition of {collection} {year} is wrong:\n{refused}") from None


def latest(collection: str, years: Callable[[str], list[int]]) -> int:
    """The newest year; one that does not exist for a collection that does not: `definition_of` says so."""
    from submission.definition import names

    return years(collection)[-1] if collection in names() else 0


def real_today() -> date:
    """The day where the command runs."""
    return datetime.now(UTC).astimezone().date()


# writing


def width_of(out: TextIO) -> int:
    from shutil import get_terminal_size

    return min(get_terminal_size().columns, WIDEST) if out.isatty() else NOT_A_TERMINAL


@contextmanager
def written_to(path: Path | None) -> Iterator[TextIO]:
    """Standard output as UTF-8, or the file, which comes into being whole or not at all. Raises OSError."""
    if path is None:
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
        yield sys.stdout
        sys.stdout.flush()
    elif path.exists() and not path.is_file():  # a pipe, or /dev/null, is written into; a folder refuses
        with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as out:
            yield out
    else:
        target = path.resolve()
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as out:
                yield out
            part.replace(target)
        except OSError as error:
            told = str(path) if error.filename == str(part) else error.filename
            raise OSError(error.errno, error.strerror, told) from None
        finally:
            part.unlink(missing_ok=True)


def report_refusal(refused: Refused, output: Path | None) -> None:
    """For programs that read JSON lines: why the file was refused, as their last object."""
    from bulk_upload.report import write_refusal

    with written_to(output) as out:
        write_refusal(refused, out)


def stopped_by(error: OSError, file: Path | None) -> Stopped:
    """What to say of a file that cannot be read or written, or of a reader that has gone away."""
    if isinstance(error, BrokenPipeError):
        # What is still in the buffer has nowhere to go: without this Python complains while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Stopped("Whoever read the output stopped before its end, so it is not complete.")
    return Stopped(f"{error.filename or file or 'The output'}: {error.strerror or error}")


@contextmanager
def progress(out: TextIO, *, mixes: bool = True) -> Iterator[Callable[[int], None] | None]:
    """Tells how far a long file is, on a terminal. `mixes`: the report is being written to `out` meanwhile."""
    if not sys.stderr.isatty() or (mixes and out.isatty()):
        yield None
        return
    try:
        yield lambda rows: click.echo(f"\r{rows:,} rows checked", nl=False, err=True)
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)
