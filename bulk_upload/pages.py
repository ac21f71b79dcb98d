"""“Check a lettings file” in the browser: choose a file, see how far it is, read the report. Nobody signs in.

The pages know no question and no rule: which collections and years there are comes from the definitions. A check is
found by its unguessable name in the address; one that never was and one that is deleted look the same.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.exceptions import NotFound

from bulk_upload.page_checks import MARKED, TABLE, Check, Checks, usual_base
from bulk_upload.page_files import download_name, shown_name
from bulk_upload.page_results import PER_PAGE, WHOLE_ROW, Findings, Outcome, Report, Wanted, read_outcome
from bulk_upload.page_results import columns_by_label as by_label
from bulk_upload.placing import alternatives
from bulk_upload.report import SEVERITY_NAMES
from bulk_upload.report_text import counted
from submission.definition import Definition, load, names, years
from submission.web.uploads import takes_a_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.blueprints import BlueprintSetupState
    from werkzeug.wrappers import Response as AnyResponse

    from bulk_upload.page_checks import Asked

blueprint = Blueprint("check", __name__, url_prefix="/check")

FIELD: Final = "file"
FILTERS: Final = ("severity", "row", "column", "check")
# Seconds. A small file is judged in less, and its report is then the first page that is seen.
PATIENCE: Final = 1.7
_STEP: Final = 0.03
_MEANINGS: Final = {
    "setup": "A row with one of these can’t become a log. Mend them first.",
    "error": "The answer is missing, can’t be read, or can’t be right. Mend it.",
    "confirm": "The answer looks unusual. Correct it, or confirm it once the file is uploaded.",
}
_TAGS: Final = {"setup": "govuk-tag--red", "error": "govuk-tag--orange", "confirm": "govuk-tag--yellow"}
_TABLE_TYPE: Final = "text/csv"
_MARKED_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.record
def prepare(state: BlueprintSetupState) -> None:
    """Gives the application its checks, and the templates what they need to show them."""
    state.app.extensions.setdefault("checks", Checks(usual_base()))
    state.app.jinja_env.globals.update(severity_names=SEVERITY_NAMES, severity_tags=_TAGS, counted=counted)
    state.app.jinja_env.filters["by_label"] = by_label


@blueprint.before_app_request
def sweep() -> None:
    """Any request, that of a machine asking for /health too, is an occasion to delete what is forgotten."""
    if request.blueprint != "assets":
        checks().sweep()


@blueprint.app_context_processor
def add_start() -> dict[str, object]:
    """Where the start page's button leads: straight to the page of the file, if there is but one kind."""
    found = choices()
    kinds = alternatives(list(dict.fromkeys(name for name, _ in found)))
    address = url_for("check.choose", collection=found[0][0], year=found[0][1]) if len(found) == 1 else "/check"
    return {"check_start": {"text": f"Check a {kinds} file", "href": address}}


# choosing a file


@blueprint.get("")
def begin() -> str:
    return render_template("check/begin.html", definitions=[load(*choice) for choice in choices()])


@blueprint.get("/<collection>/<int:year>")
def choose(collection: str, year: int) -> str:
    return show_choice(definition_of(collection, year))


@blueprint.post("/<collection>/<int:year>")
@takes_a_file
def receive(collection: str, year: int) -> AnyResponse | str:
    definition = definition_of(collection, year)
    file = request.files.get(FIELD)
    if file is None or not file.filename:
        return show_choice(definition, "Choose a file to check")
    today = datetime.now(UTC).astimezone().date()
    check = checks().receive(file.save, collection, year, today, shown_name(file.filename))
    return redirect(url_for("check.show", ticket=check.ticket), 303)


# what becomes of it


@blueprint.get("/result/<ticket>")
def show(ticket: str) -> AnyResponse | str:
    """The page of a check, whatever its state: how far it is, why the file was refused, or the report."""
    check = check_of(ticket)
    asked = check.asked
    definition = load(asked.collection, asked.year)
    wait_for(check, asked)
    if check.state != "ended":
        return render_template("check/progress.html", check=check, asked=asked, **progress_of(check))
    outcome = read_outcome(check.folder) or Outcome()
    if outcome.refusal:
        return show_choice(definition, outcome.refusal.message, check=check, asked=asked, refusal=outcome.refusal)
    if outcome.report is None:
        return render_template("check/stopped.html", check=check, asked=asked, stopped=outcome.stopped)
    return show_report(check, asked, definition, outcome.report)


@blueprint.get("/result/<ticket>/progress")
def progress(ticket: str) -> dict[str, object]:
    """For the script of the page that shows how far the check is."""
    return progress_of(check_of(ticket))


@blueprint.get("/result/<ticket>/findings.csv")
def download_table(ticket: str) -> Response:
    return download(ticket, TABLE, _TABLE_TYPE, "findings.csv")


@blueprint.get("/result/<ticket>/marked.xlsx")
def download_marked(ticket: str) -> Response:
    return download(ticket, MARKED, _MARKED_TYPE, "marked.xlsx")


@blueprint.post("/result/<ticket>/delete")
def delete(ticket: str) -> AnyResponse:
    """Ends a check that still runs, and deletes the file and all that was found in it."""
    check_of(ticket).delete()
    checks().advance()
    return redirect(url_for("check.deleted"), 303)


@blueprint.get("/deleted")
def deleted() -> str:
    return render_template("check/deleted.html")


@blueprint.errorhandler(404)
def show_gone(_error: NotFound) -> Response:
    return make_response(render_template("check/gone.html", minutes=checks().idle // 60), 404)


@blueprint.errorhandler(FileNotFoundError)
def show_deleted_meanwhile(error: FileNotFoundError) -> Response:
    """A check that is deleted while its page is made is gone like any other. Any other missing file is a failure."""
    ticket = (request.view_args or {}).get("ticket")
    if ticket is None or checks().find(ticket):
        raise error
    return show_gone(NotFound())


# finding things


@cache
def choices() -> tuple[tuple[str, int], ...]:
    """Every collection with each of its years, the newest first."""
    return tuple((name, year) for name in names() for year in sorted(years(name), reverse=True))


def definition_of(collection: str, year: int) -> Definition:
    if (collection, year) not in choices():
        raise NotFound
    return load(collection, year)


def checks() -> Checks:
    found: Checks = current_app.extensions["checks"]
    return found


def check_of(ticket: str) -> Check:
    """The check, with its time begun again. Raises NotFound."""
    check = checks().find(ticket)
    if check is None:
        raise NotFound
    check.touch()
    return check


def wait_for(check: Check, asked: Asked) -> None:
    """Waits a moment for a file that has only just come, so that most people see no page but the report."""
    until = asked.received + PATIENCE
    while time.time() < until and check.state == "running":
        time.sleep(_STEP)


# showing them


def show_choice(definition: Definition, fault: str = "", **more: Any) -> str:
    errors = [{"text": fault, "href": f"#{FIELD}"}] if fault else []
    return render_template("check/choose.html", definition=definition, errors=errors, idle=checks().idle, **more)


def progress_of(check: Check) -> dict[str, object]:
    """The state of a check and the words for it."""
    state = check.state
    if state == "waiting":
        checks().advance()
        before = checks().count_before(check)
        place = f"{counted(before, 'file')} before yours" if before else "Yours is next"
        return {"state": state, "words": f"Other files are being checked. {place}."}
    return {"state": state, "words": f"{counted(check.rows, 'row')} checked so far." if check.rows else "Reading it."}


def show_report(check: Check, asked: Asked, definition: Definition, report: Report) -> str:
    findings = Findings(check.folder, report)
    wanted, fault = wanted_from(request.args.get("row", "").strip())
    positions: Sequence[int] = [] if fault else findings.select(wanted)
    pages = max(1, -(-len(positions) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    first = (page - 1) * PER_PAGE
    return render_template(
        "check/report.html",
        check=check,
        asked=asked,
        definition=definition,
        report=report,
        meanings=_MEANINGS,
        whole_row=WHOLE_ROW,
        errors=[{"text": fault, "href": "#row"}] if fault else [],
        wanted=wanted,
        found=findings.at(positions[first : first + PER_PAGE]),
        first=first + 1,
        total=len(positions),
        page=page,
        pages=pages,
        pagination=pagination(check, page, pages),
        filters=filters_of(report),
        minutes=checks().idle // 60,
        has_table=(check.folder / TABLE).exists(),
        has_marked=(check.folder / MARKED).exists(),
        is_marking=check.has_process,
    )


def wanted_from(row: str) -> tuple[Wanted, str]:
    """The filter in the address, and what is wrong with its row number, if anything."""
    check, column, severity = (request.args.get(name, "") for name in ("check", "column", "severity"))
    if row and not (row.isascii() and row.isdecimal() and len(row) <= 9):
        return Wanted(check, column, severity), "The row must be a whole number, such as 12"
    return Wanted(check, column, severity, int(row) if row else None), ""


def filters_of(report: Report) -> dict[str, list[dict[str, str]]]:
    """What one can choose in the filter: only what was found."""
    tested = sorted({group.check for group in report.groups})
    columns = {letters: label for group in report.groups for letters, label in group.columns.items()}
    ordered = sorted(columns, key=lambda letters: (len(letters), letters))
    whole = [{"value": WHOLE_ROW, "text": "The whole row"}] if any(not group.columns for group in report.groups) else []
    return {
        "check": [{"value": check, "text": check} for check in tested],
        "column": whole + [{"value": letters, "text": f"{letters} – {columns[letters]}"} for letters in ordered],
        "severity": [
            {"value": severity, "text": f"{name[0].upper()}{name[1:]} ({report.severities[severity]:,})"}
            for severity, name in SEVERITY_NAMES.items()
            if report.severities.get(severity)
        ],
    }


def pagination(check: Check, page: int, pages: int) -> dict[str, object]:
    """For GOV.UK's component: first and last page, and those around this one."""

    def address(number: int) -> str:
        kept = {name: request.args[name] for name in FILTERS if request.args.get(name)}
        return f"{url_for('check.show', ticket=check.ticket)}?{urlencode({**kept, 'page': number})}#findings"

    near = [number for number in range(1, pages + 1) if number in (1, pages) or abs(number - page) <= 1]
    items: list[dict[str, object]] = []
    for before, number in zip([0, *near], near, strict=False):
        if number > before + 1:
            items.append({"ellipsis": True})
        items.append({"number": number, "href": address(number), "current": number == page})
    found: dict[str, object] = {"items": items, "landmarkLabel": "Pages of findings"}
    if page > 1:
        found["previous"] = {"href": address(page - 1)}
    if page < pages:
        found["next"] = {"href": address(page + 1)}
    return found


def download(ticket: str, name: str, kind: str, ending: str) -> Response:
    check = check_of(ticket)
    if not (check.folder / name).exists():
        abort(404)
    called = download_name(check.asked.name, ending)
    return send_file(check.folder / name, mimetype=kind, as_attachment=True, download_name=called, max_age=None)
