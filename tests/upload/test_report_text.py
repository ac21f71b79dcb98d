"""The report a person reads: verdict, how the file was read, the commonest faults, the rows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from bulk_upload.report_text import MOST_ROWS_SHOWN, TextReport, columns_named, printable
from tests.upload.generators import letting, with_rows
from tests.upload.reported import CLEAN, again, checked

if TYPE_CHECKING:
    from pathlib import Path


def report(path: Path, *rows: list[str], world: bool = True, width: int = 100, colour: bool = False) -> str:
    text = TextReport(checked(path, *rows, world=world), path.name, width, colour)
    text.read()
    out = io.StringIO()
    text.write(out)
    return out.getvalue()


def test_the_verdict_comes_first_in_one_sentence(tmp_path: Path) -> None:
    first, second, *_ = report(tmp_path / "logs.csv").splitlines()
    assert first == "logs.csv: of 4 rows, 2 have set-up errors, 1 has errors and 1 is clean."
    assert second == "A row with a set-up error can’t become a log: mend those first."


def test_a_clean_file_has_nothing_to_mend(tmp_path: Path) -> None:
    text = report(tmp_path / "logs.csv", CLEAN)
    assert text.startswith("logs.csv: 1 row, clean.\nThere’s nothing to mend.\n")
    assert "row with something" not in text


def test_it_says_how_the_file_was_read(tmp_path: Path) -> None:
    text = report(tmp_path / "logs.csv")
    assert "- Checked as Social housing lettings, 2026 to 2027, as on 20 November 2026.\n" in text
    assert "- 1 row with nothing in the columns of the template was left out.\n" in text
    assert "looked up" not in text


def test_it_says_that_nothing_was_looked_up_without_a_context(tmp_path: Path) -> None:
    assert "weren’t looked up, because no --context file" in report(tmp_path / "logs.csv", world=False)


def test_a_row_shows_its_number_its_reference_and_its_columns(tmp_path: Path) -> None:
    text = report(tmp_path / "logs.csv")
    assert (
        "\nRow 4, tenant code =T-4\n  Column AC (Number of bedrooms) – error\n    “Number of bedrooms” is 99." in text
    )
    assert "\nRow 6, tenant code T-1\n  The whole row – set-up error\n    This row repeats row 2" in text


def test_the_findings_of_a_row_go_from_the_worst_and_from_left_to_right(tmp_path: Path) -> None:
    row = letting(field_131="2", field_28="99", field_42="Z", field_1="1003")
    places = [line for line in report(tmp_path / "logs.csv", row).splitlines() if line.startswith("  Column")]
    letters = [line.split()[1] for line in places if line.split()[1] in ("B", "AC", "AQ")]
    assert letters == ["B", "AC", "AQ"]


def test_the_commonest_faults_are_counted_with_an_example_and_their_check(tmp_path: Path) -> None:
    rows = [letting(field_13=f"T-{number}", field_131="2", field_28="99") for number in range(12)]
    text = report(tmp_path / "logs.csv", *rows)
    assert "What to mend\n------------\n\n  1. Column AC (Number of bedrooms) – error, 12 rows, the first in " in text
    assert "     For example, row 2: “Number of bedrooms” is 99." in text
    assert "     Check: range-beds\n" in text


def test_it_shows_500_rows_and_says_how_to_see_the_others(tmp_path: Path) -> None:
    rows = [letting(field_13=f"T-{number}", field_131="2", field_28="99") for number in range(MOST_ROWS_SHOWN + 2)]
    text = report(tmp_path / "logs.csv", *rows)
    assert text.count("\nRow ") == MOST_ROWS_SHOWN
    assert "The first 500 of 502 rows with something to mend" in text
    assert "2 more rows have something to mend. To see all of them: --format csv --output findings.csv" in text


def test_no_line_is_wider_than_the_terminal(tmp_path: Path) -> None:
    assert max(map(len, report(tmp_path / "logs.csv", width=60).splitlines())) <= 60


def test_colour_is_only_for_terminals(tmp_path: Path) -> None:
    assert "\x1b" not in report(tmp_path / "logs.csv")
    assert "\x1b[31merror\x1b[0m" in report(tmp_path / "logs.csv", colour=True)


def test_what_stands_in_a_cell_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    row = letting(field_13="T\x1b[2J", field_131="2", field_28="99")
    assert "\x1b" not in report(tmp_path / "logs.csv", row)
    assert printable("a\x07b\nc’") == "a b c’"


def test_columns_of_one_name_stand_together() -> None:
    columns = {"AD": "Void date", "AE": "Void date", "I": "Start date"}
    assert columns_named(columns) == "Columns AD and AE (Void date) and I (Start date)"
    assert columns_named(dict.fromkeys("ABCDEFGH", "Age")) == "Columns A, B, C, D, E and F (Age) and 2 more columns"


def test_it_points_to_the_explanation_of_a_check_that_has_one(tmp_path: Path) -> None:
    path = tmp_path / "logs.csv"
    assert "submission explain range-beds\n" in report(path, letting(field_131="2", field_28="99"))
    path.write_bytes(with_rows(CLEAN).replace(b"T-1", b'"T"-1'))
    text = TextReport(again(path), path.name)
    assert text.read().checks == {"broken-quotes": 1}
    assert "submission explain" not in "".join(text.lines())
