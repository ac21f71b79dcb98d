"""`submission explain` and `submission catalogue`, as they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from submission.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.mark.parametrize("options", [(), ("--collection", "lettings"), ("--year", 2026), ("--source",)])
def test_a_question_is_explained(options: tuple[object, ...]) -> None:
    result = run("explain", "tenancylength", *options)
    assert result.exit_code == 0
    assert result.stdout.startswith("tenancylength – ")
    assert ("Generated Python" in result.stdout) == ("--source" in options)


def test_the_generated_python_of_an_upload_is_shown_too() -> None:
    assert "# bu-owner-exists" in run("explain", "bu-owner-exists", "--source").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("tenancylenth",), "Did you mean one of these? tenancylength"),
        (("qqqq",), "There is no question, answer, derived value, term, check or column “qqqq”.\n"),
        (("tenancy", "--collection", "letting"), "Did you mean “lettings”?"),
        (("tenancy", "--year", 2020), "There is no year 2020 of lettings. There are: 2026"),
    ],
)
def test_an_unknown_name_is_answered_with_near_ones(arguments: tuple[object, ...], says: str) -> None:
    result = run("explain", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


@pytest.mark.parametrize(("form", "begins"), [("html", "<!DOCTYPE html>"), ("csv", "\ufeffId,Severity,")])
def test_the_catalogue_is_written_to_the_terminal_or_a_file(form: str, begins: str, tmp_path: Path) -> None:
    output = tmp_path / "catalogue"
    shown = run("catalogue", "lettings", 2026, "--format", form)
    written = run("catalogue", "lettings", 2026, "--format", form, "--output", output)
    assert (shown.exit_code, written.exit_code, written.output) == (0, 0, "")
    assert shown.stdout.startswith(begins)
    assert output.read_bytes().decode() == shown.stdout_bytes.decode()


def test_a_catalogue_that_cannot_be_written_ends_with_2(tmp_path: Path) -> None:
    result = run("catalogue", "lettings", 2026, "--output", tmp_path / "no" / "folder")
    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr
