"""A new question is one entry: the form, the upload, the report and the catalogue follow."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bulk_upload.check import CheckedFile, Wishes, check_file
from bulk_upload.report import lines_of_file
from submission.definition import COLLECTIONS, Definition, load, load_from
from submission.definition.source import read_yaml
from submission.engine.context import NOWHERE
from submission.engine.judge import judge_for
from submission.publish.catalogue import write_csv
from tests.upload.generators import LETTING

ENTRY = """\
- page: garden
  questions:
    garden:
      label: Garden
      ask: Does the property have a garden?
      kind: radio
      codes: yes_no
      column: 148
"""
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    """The lettings return with the entry in it, and a template of one column more."""
    root = tmp_path_factory.mktemp("more") / "collections"
    shutil.copytree(COLLECTIONS, root)
    for file, old, new in (
        ("tenancy_information", "pages:\n", f"pages:\n{ENTRY}"),
        ("template", "columns: 147", "columns: 148"),
    ):
        path = root / f"lettings/{file}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_from(root, "lettings", 2026)


def complete() -> dict[str, Any]:
    return dict(read_yaml(COLLECTIONS, "examples/lettings/logs.yaml")["general_needs"])


def uploaded(definition: Definition, folder: Path, cell: str) -> CheckedFile:
    """A file of one letting with this in column 148."""
    header = ["Field number", *map(str, range(1, 149))]
    row = ["", *(LETTING.get(number, "") for number in range(1, 148)), cell]
    path = folder / "lettings.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, row])
    return check_file(path, definition, NOWHERE, TODAY, Wishes(keep_values=True))


def test_the_entry_has_at_most_ten_lines() -> None:
    assert ENTRY.count("\n") <= 10


def test_the_question_is_asked_and_missing_while_blank(definition: Definition) -> None:
    judgement = judge_for(definition).judge(complete(), TODAY)
    assert "garden" in judgement.asked
    assert judgement.missing == ("garden",)
    assert judgement.status == "in_progress"
    assert judge_for(definition).judge({**complete(), "garden": 2}, TODAY).missing == ()


def test_an_answer_that_is_no_option_is_refused(definition: Definition) -> None:
    judgement = judge_for(definition).judge({**complete(), "garden": 3}, TODAY)
    messages = {finding.check.id: finding.message for finding in judgement.findings}
    assert messages["option-garden"] == "“3” isn’t one of the answers to “Garden”. Choose one of those listed."
    assert "garden" not in judgement.values


def test_column_148_of_a_file_holds_the_answer(definition: Definition, tmp_path: Path) -> None:
    (result,) = uploaded(definition, tmp_path, "2")
    assert dict(zip(definition.outputs, result.values, strict=True))["garden"] == 2
    assert "garden" not in {finding.question for finding in result.findings}


@pytest.mark.parametrize(("cell", "check"), [("", "answer-garden"), ("3", "option-garden"), ("x", "option-garden")])
def test_the_report_points_at_column_148(definition: Definition, tmp_path: Path, cell: str, check: str) -> None:
    lines = list(lines_of_file(uploaded(definition, tmp_path, cell)))
    (line,) = [line for line in lines if line.question == "garden"]
    assert (line.row, line.field, line.column, line.label, line.check) == (2, 148, "ES", "Garden", check)
    assert "“Garden”" in line.message


def test_the_catalogue_lists_its_checks_and_no_others_change(definition: Definition) -> None:
    with_it, without = (catalogue(one) for one in (definition, load("lettings", 2026)))
    more = [row for row in with_it if row not in without]
    assert [row[0] for row in more] == ["answer-garden", "option-garden"]
    assert [row for row in with_it if row not in more] == without


def catalogue(definition: Definition) -> list[list[str]]:
    out = io.StringIO()
    write_csv(definition, out)
    return list(csv.reader(io.StringIO(out.getvalue())))
