"""`submission check`: its reports, how it ends, and what it refuses."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from submission.cli import main
from tests.upload.generators import letting, with_rows
from tests.upload.reported import CLEAN, TABLE, write_world

if TYPE_CHECKING:
    from click.testing import Result

INSTALLED = Path(sys.executable).with_name("submission")


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    path = tmp_path / "logs.csv"
    path.write_bytes(with_rows(*TABLE))
    return path


@pytest.fixture
def world(tmp_path: Path) -> Path:
    return write_world(tmp_path / "world.json")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def check(file: Path, *options: object) -> Result:
    return run("check", "lettings", 2026, file, *options)


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_file_with_findings_ends_with_1(logs: Path, world: Path) -> None:
    result = check(logs, "--context", world)
    assert result.exit_code == 1
    assert result.stdout.startswith("logs.csv: of 4 rows, 2 have set-up errors, 1 has errors and 1 is clean.\n")
    assert result.stderr == ""


def test_a_clean_file_ends_with_0(logs: Path, world: Path) -> None:
    logs.write_bytes(with_rows(CLEAN))
    result = check(logs, "--context", world)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "logs.csv: 1 row, clean.")


def test_a_refused_file_ends_with_2_and_says_why(logs: Path) -> None:
    logs.write_bytes(with_rows())
    result = check(logs)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: {logs} is refused (no-rows). The file has no rows below its field numbers." in result.stderr


def test_programs_read_of_a_refusal_as_json(logs: Path) -> None:
    logs.write_bytes(with_rows(CLEAN, ["Field number", *map(str, range(1, 148))]))
    result = check(logs, "--format", "jsonl")
    assert result.exit_code == 2
    refused = objects(result)[-1]["refused"]
    assert (refused["code"], refused["row"]) == ("two-headers", 3)
    assert "(two-headers, row 3)" in result.stderr


def test_json_lines_end_with_the_summary(logs: Path, world: Path) -> None:
    result = check(logs, "--context", world, "--format", "jsonl")
    *findings, last = objects(result)
    assert [found["row"] for found in findings] == [4, 4, 5, 6]
    assert last["summary"]["looked_up"]["organisations"] is True


def test_the_table_is_written_to_a_file(logs: Path, world: Path, tmp_path: Path) -> None:
    output = tmp_path / "findings.csv"
    result = check(logs, "--context", world, "--format", "csv", "--output", output)
    assert (result.exit_code, result.output) == (1, "")
    assert output.read_bytes().startswith(b"\xef\xbb\xbfRow,Reference,")
    with output.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Row"], row["Column"], row["Reference"]) for row in rows[:2]] == [
        ("4", "AQ", "'=T-4"),
        ("4", "AC", "'=T-4"),
    ]


def test_repeats_need_not_be_looked_for(logs: Path, world: Path) -> None:
    result = check(logs, "--context", world, "--no-repeats")
    assert "repeats row 2" not in result.stdout
    assert "Rows that repeat another row weren’t looked for." in result.stdout


def test_without_a_context_it_says_so(logs: Path) -> None:
    assert "weren’t looked up, because no --context file was given" in " ".join(check(logs).stdout.split())


def test_the_day_is_the_one_given_else_the_contexts(logs: Path, world: Path) -> None:
    assert "as on 20 November 2026" in check(logs, "--context", world).stdout
    assert "as on 1 December 2026" in check(logs, "--context", world, "--today", "2026-12-01").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("letings", 2026), "There is no collection “letings”. Did you mean “lettings”? There are: lettings"),
        (("lettings", 2019), "There is no year 2019 of lettings. There are: 2026"),
        (("lettings", "soon"), "'soon' is not a valid integer"),
    ],
)
def test_what_it_does_not_know_it_answers_with_what_there_is(
    arguments: tuple[object, ...], says: str, logs: Path
) -> None:
    result = run("check", *arguments, logs)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--today", "2026-02-30"), "2026-02-30"),
        (("--today", "tomorrow"), "tomorrow"),
        (("--format", "xml"), "'xml' is not one of 'text', 'jsonl', 'csv'"),
        (("--context", "nowhere.json"), "nowhere.json"),
        (("--output", "no/such/folder/report.txt"), "Error: no/such/folder/report.txt: No such file or directory"),
        (("--output", "/"), "Error: /: "),
    ],
)
def test_a_wrong_option_ends_with_2(options: tuple[str, ...], says: str, logs: Path) -> None:
    result = check(logs, *options)
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    result = check(tmp_path / "none.csv")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_a_context_that_cannot_be_read_ends_with_2(logs: Path, tmp_path: Path) -> None:
    context = tmp_path / "context.json"
    context.write_text("[", encoding="utf-8")
    result = check(logs, "--context", context)
    assert result.exit_code == 2
    assert "is not JSON" in result.stderr


def test_the_report_never_replaces_the_file_it_is_about(logs: Path) -> None:
    before = logs.read_bytes()
    result = check(logs, "--output", logs)
    assert result.exit_code == 2
    assert "--output is the file to be checked" in result.stderr
    assert logs.read_bytes() == before


def test_a_refused_file_leaves_an_earlier_report_alone(logs: Path, tmp_path: Path) -> None:
    output = tmp_path / "report.csv"
    output.write_text("an earlier report", encoding="utf-8")
    logs.write_bytes(with_rows(CLEAN, ["Field number", *map(str, range(1, 148))]))
    assert check(logs, "--format", "csv", "--output", output).exit_code == 2
    assert output.read_text(encoding="utf-8") == "an earlier report"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_the_output_may_be_something_other_than_a_file(logs: Path) -> None:
    assert check(logs, "--output", os.devnull).exit_code == 1
    assert not Path(os.devnull).is_file()


def test_it_starts_without_the_web() -> None:
    script = (
        "import sys; from submission.cli import main; main(['check', '--help'], standalone_mode=False);"
        "import bulk_upload.check, bulk_upload.report_text, submission.definition;"
        "print(sorted({'flask', 'jinja2', 'openpyxl', 'gunicorn'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(not INSTALLED.exists(), reason="the command is not installed beside this Python")
def test_the_installed_command_does_the_same(logs: Path, world: Path) -> None:
    command = [*map(str, (INSTALLED, "check", "lettings", 2026, logs, "--context", world, "--format", "jsonl"))]
    ran = subprocess.run(command, capture_output=True, check=False)
    assert ran.returncode == 1
    assert json.loads(ran.stdout.decode("utf-8").splitlines()[-1])["summary"]["rows"] == 4


@pytest.mark.skipif(not INSTALLED.exists(), reason="the command is not installed beside this Python")
def test_a_reader_that_goes_away_is_told_from_findings(logs: Path) -> None:
    rows = [letting(field_13=f"T-{number}", field_28="99") for number in range(2_000)]
    logs.write_bytes(with_rows(*rows))
    command = [*map(str, (INSTALLED, "check", "lettings", 2026, logs, "--format", "jsonl"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.readline()
        ran.stdout.close()
        said = ran.stderr.read().decode()
    assert ran.returncode == 2
    assert said == "Error: Whoever read the output stopped before its end, so it is not complete.\n"
