"""“Check a lettings file”: choosing, refusals, the report, its filters and downloads. The client polices each page."""

from __future__ import annotations

import csv
import io
import re
import time
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bulk_upload import pages
from bulk_upload.page_checks import Checks
from bulk_upload.page_files import shown_name
from submission.web.app import create_app
from tests.upload.generators import letting, with_rows
from tests.upload.reported import CLEAN, TABLE
from tests.web.policing import parse, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from submission.settings import Settings
    from submission.web.app import Service
    from tests.web.policing import PolicedClient

PAGE = "/check/lettings/2026"
FAULTY = with_rows(*TABLE)
MANY = with_rows(*(letting(field_13=f"T-{number}", field_28="99", field_41="x") for number in range(120)))


@pytest.fixture
def checks(app: Service, tmp_path: Path) -> Checks:
    """The checks of the application, in a folder of the test's own."""
    found = app.extensions["checks"] = Checks(tmp_path / "checks")
    return found


@pytest.fixture
def client(client: PolicedClient, checks: Checks) -> PolicedClient:  # noqa: ARG001 - in their own folder
    return client


def sent(client: PolicedClient, content: bytes, name: str = "lettings.csv", **more: Any) -> TestResponse:
    data = {"csrf_token": client.token(PAGE), "file": (io.BytesIO(content), name), **more}
    return client.post(PAGE, data=data)


def result_of(client: PolicedClient, content: bytes, name: str = "lettings.csv") -> str:
    """The address of the result, once it is there."""
    response = sent(client, content, name)
    assert response.status_code == 303
    for _ in range(600):
        state: Any = client.get(f"{response.location}/progress").json
        if state["state"] == "ended":
            return response.location
        time.sleep(0.05)
    raise AssertionError("the check does not end")


def rows_of(client: PolicedClient, address: str, caption: str = "Findings by row") -> list[list[str]]:
    """The cells of the table with this caption."""
    document = parse(client.get(address).text)[0]
    table = next(
        table
        for table in document.iter("table")
        if caption in text_of(table.find("caption"))  # type: ignore[arg-type]
    )
    return [[text_of(cell) for cell in row] for row in table.findall("./tbody/tr")]


# choosing a file


def test_the_start_page_leads_to_the_check(client: PolicedClient) -> None:
    document = parse(client.get("/").text)[0]
    links = {text_of(link): link.get("href", "") for link in document.iter("a")}
    found = next(href for words, href in links.items() if words.startswith("Check a") and words.endswith("file"))
    assert client.get(found).status_code == 200


def test_with_several_kinds_of_file_the_start_page_leads_to_the_choice(
    client: PolicedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "choices", lambda: (("lettings", 2026), ("lettings", 2025), ("sales", 2026)))
    page = client.get("/").text
    assert "Check a lettings or sales file" in page
    assert 'href="/check"' in page


def test_every_collection_and_year_can_be_chosen(client: PolicedClient) -> None:
    assert f'href="{PAGE}"' in client.get("/check").text


def test_the_page_says_what_it_does_and_what_it_does_not(client: PolicedClient) -> None:
    page = client.get(PAGE).text
    assert "Check a lettings file" in page
    assert "2026 to 2027" in page
    assert "Nothing from your file is stored" in page
    assert "up to 64 MB" in page


@pytest.mark.parametrize("path", ["/check/lettings/1999", "/check/nothing/2026", "/check/lettings/last"])
def test_a_collection_or_year_that_is_not_there_is_not_found(client: PolicedClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("data", [{}, {"file": (io.BytesIO(b""), "")}])
def test_no_file_is_an_error_beside_the_field(client: PolicedClient, data: dict[str, Any]) -> None:
    page = client.post(PAGE, data={**data, "csrf_token": client.token(PAGE)}).text
    assert "<title>Error: Check a lettings file" in re.sub(r"\s+", " ", page).replace("<title> ", "<title>")
    assert 'href="#file"' in page
    assert page.count("Choose a file to check") == 2


def test_a_file_without_the_pages_token_is_refused(client: PolicedClient, checks: Checks) -> None:
    response = client.post(PAGE, data={"file": (io.BytesIO(FAULTY), "lettings.csv")})
    assert response.status_code == 400
    assert "That page was open for too long" in response.text
    assert not checks.base.exists()


def test_a_file_that_is_too_large_is_refused_with_a_page(settings: Settings, tmp_path: Path) -> None:
    app = create_app(settings)
    app.extensions["checks"] = Checks(tmp_path / "checks")
    app.config["WTF_CSRF_ENABLED"] = False
    size = settings.max_upload_bytes + 1024 * 1024
    response = app.test_client().post(PAGE, data={"file": (io.BytesIO(bytes(size)), "lettings.csv")})
    assert response.status_code == 413
    assert "up to 64 MB" in response.text
    assert not (tmp_path / "checks").exists()


# the whole file


def test_a_refused_file_says_why_and_where_and_takes_another(client: PolicedClient) -> None:
    page = client.get(result_of(client, with_rows(CLEAN) + with_rows(CLEAN))).text
    assert "Your lettings file can’t be checked" in page
    assert "row 3" in page
    assert "Delete the one that does not belong" in page
    assert f'action="{PAGE}"' in page
    assert 'href="#file"' in page


def test_an_empty_file_is_refused(client: PolicedClient) -> None:
    assert "The file is empty" in client.get(result_of(client, b"")).text


def test_a_clean_file_has_nothing_to_mend(client: PolicedClient) -> None:
    address = result_of(client, with_rows(CLEAN))
    page = client.get(address).text
    assert "There’s nothing to mend" in page
    assert "govuk-panel" in page
    assert "weren’t looked up" in page
    assert client.get(f"{address}/findings.csv").status_code == 404


# the report


def test_the_report_begins_with_the_verdict_and_the_counts(client: PolicedClient) -> None:
    address = result_of(client, FAULTY)
    page = client.get(address).text
    assert "Of 4 rows, 2 have set-up errors, 1 has errors and 1 is clean." in page
    assert [row[:2] for row in rows_of(client, address, "How much")] == [["Set-up error", "2"], ["Error", "2"]]
    assert "1 blank row was left out." in page


def test_the_report_gives_row_reference_column_message_and_severity(client: PolicedClient) -> None:
    first = rows_of(client, result_of(client, FAULTY))[0]
    assert first[:3] == ["4", "=T-4", "AC Number of bedrooms"]
    assert "It must be between 1 and 12" in first[3]
    assert first[4] == "Error"


def test_the_commonest_faults_are_counted_and_lead_to_their_findings(client: PolicedClient) -> None:
    address = result_of(client, MANY)
    assert rows_of(client, address, "commonest")[1][:2] == ["AC Number of bedrooms", "120"]
    document = parse(client.get(address).text)[0]
    show = next(link for link in document.iter("a") if text_of(link).startswith("Show findings of range-beds"))
    assert "Showing 1 to 50 of 120 findings that match what you chose, of 240" in client.get(show.get("href", "")).text


def test_findings_are_shown_fifty_to_a_page(client: PolicedClient) -> None:
    address = result_of(client, MANY)
    shown = [rows_of(client, f"{address}?page={page}") for page in range(1, 6)]
    assert [len(rows) for rows in shown] == [50, 50, 50, 50, 40]
    assert [row[0] for row in shown[4]][-1] == "121"
    assert "(page 2 of 5)" in client.get(f"{address}?page=2").text
    assert rows_of(client, f"{address}?page=99") == shown[4]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("severity=setup", ["5", "6"]),
        ("check=range-beds", ["4"]),
        ("column=AC", ["4"]),
        ("column=row", ["6"]),
        ("row=4", ["4", "4"]),
        ("row=4&column=AC&severity=error", ["4"]),
    ],
)
def test_findings_are_filtered(client: PolicedClient, query: str, rows: list[str]) -> None:
    assert [row[0] for row in rows_of(client, f"{result_of(client, FAULTY)}?{query}")] == rows


def test_a_filter_stays_on_the_next_page(client: PolicedClient) -> None:
    page = client.get(f"{result_of(client, MANY)}?check=range-beds&row=").text
    assert "?check=range-beds&amp;page=2#findings" in page
    assert '<option value="range-beds" selected' in page


def test_a_filter_that_nothing_matches_says_so(client: PolicedClient) -> None:
    page = client.get(f"{result_of(client, FAULTY)}?row=999").text
    assert "No findings match what you chose" in page


def test_a_row_that_is_no_number_is_an_error_beside_its_field(client: PolicedClient) -> None:
    page = client.get(f"{result_of(client, FAULTY)}?row=four").text
    assert "The row must be a whole number" in page
    assert 'href="#row"' in page


# downloads


def test_the_findings_are_downloaded_as_a_table(client: PolicedClient) -> None:
    response = client.get(f"{result_of(client, FAULTY)}/findings.csv")
    assert response.headers["Content-Disposition"] == "attachment; filename=lettings-findings.csv"
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Row", "Reference", "Column"]
    assert [row[0] for row in rows[1:]] == ["4", "4", "5", "6"]
    assert rows[1][1] == "'=T-4"


def test_the_users_own_file_is_downloaded_with_its_cells_marked(client: PolicedClient) -> None:
    response = client.get(f"{result_of(client, FAULTY)}/marked.xlsx")
    assert "lettings-marked.xlsx" in response.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).worksheets[0]
    assert sheet["N4"].value == "=T-4"
    comment = sheet["AC4"].comment
    assert comment is not None
    assert "It must be between 1 and 12" in comment.text


@pytest.mark.parametrize(
    ("name", "shown", "download"),
    [
        ("x" * 300 + ".csv", "x" * 99 + "…", "x" * 99 + "-findings.csv"),
        ("../../etc/lettings.csv", "lettings.csv", "lettings-findings.csv"),
        ("a\u202egnp.csv", "a gnp.csv", "a gnp-findings.csv"),
        ("<b>x</b>.csv", "b&gt;.csv", "b-findings.csv"),
        ("CON.csv", "CON.csv", "CON-findings.csv"),
        ("no-ending", "no-ending", "no-ending-findings.csv"),
        ("Café 🏠.csv", "Café 🏠.csv", "Caf%C3%A9%20%F0%9F%8F%A0-findings.csv"),
    ],
)
def test_a_files_name_is_text_and_no_more(client: PolicedClient, name: str, shown: str, download: str) -> None:
    address = result_of(client, FAULTY, name)
    assert f">{shown}</bdi>" in client.get(address).text
    header = client.get(f"{address}/findings.csv").headers["Content-Disposition"]
    assert header.startswith("attachment; ")
    assert download in header.replace('"', "")
    assert "\n" not in header


def test_the_folders_of_another_system_are_left_out_too() -> None:
    assert shown_name("C:\\Desktop\\lettings.csv") == "lettings.csv"
    assert shown_name("\x00") == "Your file"
