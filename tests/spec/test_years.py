"""The next year is a small change to the same files: an element says in which years it exists."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from submission.definition import COLLECTIONS, Definition, load, load_from, years
from submission.engine.judge import judge_for
from tests.spec.invented import Change, problems
from tests.spec.invented import read as read_trips

YEAR_2027 = """\
  2027:
    title: 2027 to 2028
    opens: 2027-04-01
    ends: 2028-03-31
    submission deadline: 2028-06-02
    new logs end: 2028-07-01
    edits end: 2028-07-29
sections:
"""
QUESTION = """\
pages:
- page: garden
  years: 2027-
  questions:
    garden:
      label: Garden
      ask: Does the property have a garden?
      kind: radio
      codes: yes_no
"""
CHECK = """\
checks:
  a-check-of-old:
    years: -2026
    error if: joint == 3
    on: [joint]
    say: Say whether it’s a joint tenancy.
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the collections in which lettings has a further year, with one question more and one check less."""
    root = tmp_path_factory.mktemp("years") / "collections"
    shutil.copytree(COLLECTIONS, root)
    shutil.copy(root / "reference/rent_ranges_2026.csv", root / "reference/rent_ranges_2027.csv")
    changed(root / "lettings/collection.yaml", "sections:\n", YEAR_2027)
    subsection = root / "lettings/tenancy_information.yaml"
    changed(subsection, "pages:\n", QUESTION)
    changed(subsection, "\nchecks:\n", "\n" + CHECK)
    return root


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@cache
def of_year(root: Path, year: int) -> Definition:
    return load_from(root, "lettings", year)


def test_a_collection_has_the_years_its_file_names(root: Path) -> None:
    assert years("lettings", root) == [*years("lettings"), 2027]


def test_a_question_of_a_later_year_is_asked_from_then_on(root: Path) -> None:
    before, after = of_year(root, 2026), of_year(root, 2027)
    assert set(after.questions) - set(before.questions) == {"garden"}
    assert set(before.questions) == set(load("lettings", 2026).questions)
    assert [page.id for page in after.pages if page.id not in {page.id for page in before.pages}] == ["garden"]


def test_a_check_of_earlier_years_is_made_until_then(root: Path) -> None:
    before, after = of_year(root, 2026), of_year(root, 2027)
    assert set(before.check_by_id) - set(after.check_by_id) == {"a-check-of-old"}
    assert set(after.check_by_id) - set(before.check_by_id) == {"answer-garden", "option-garden"}
    assert set(before.check_by_id) - set(load("lettings", 2026).check_by_id) == {"a-check-of-old"}


def test_each_year_has_its_own_window_and_tables(root: Path) -> None:
    before, after = of_year(root, 2026), of_year(root, 2027)
    assert (before.window.opens.year, after.window.opens.year) == (2026, 2027)
    assert after.window.title == "2027 to 2028"
    assert set(after.years) == set(before.years) == {2026, 2027}


def test_both_years_can_be_judged(root: Path) -> None:
    assert "g_garden" not in judge_for(of_year(root, 2026)).source
    assert "g_garden" in judge_for(of_year(root, 2027)).source


# The element is in the returns of the years listed.
MARKS = {
    "2026-": [2026, 2027],
    "-2026": [2026],
    "2027-": [2027],
    "2026-2027": [2026, 2027],
    "2027": [2027],
    "-2025": [],
}


@pytest.mark.parametrize(("mark", "expected"), MARKS.items())
def test_a_mark_of_years_takes_in_both_its_ends(mark: str, expected: list[int], tmp_path: Path) -> None:
    change = Change("trips/setup.yaml", "      max: 500\n", f'      max: 500\n      years: "{mark}"\n')
    free = Change("trips/people.yaml", "is: paid / people_count", "is: people_count * 1.5")
    held = Change("trips/people.yaml", "      column: 8\n", "      columns: [8, 7]\n")
    for year in (2026, 2027):
        folder = tmp_path / str(year)
        if year in expected:
            assert "paid" in read_trips(folder, change, free, year=year).questions
        else:
            reasons = [problem.reason for problem in problems(folder, change, free, year=year)]
            assert reasons == ["no question holds column 7"]
            assert "paid" not in read_trips(folder / "held", change, free, held, year=year).questions


PLACES = {
    "a page": ("trips/setup.yaml", "- page: beach\n", "- page: beach\n  years: 2027-\n"),
    "a check": ("trips/people.yaml", "    error if: adults == 0\n", "    error if: adults == 0\n    years: 2027-\n"),
    "a derived value": ("trips/people.yaml", "{label: Adults, is:", "{label: Adults, years: 2027-, is:"),
    "a term": ("trips/people.yaml", "adult{n}: age{n} >= 18", "adult{n}: {years: 2027-, is: 'age{n} >= 18'}"),
    "an option": ("trips/setup.yaml", "2: Coach", "2: {label: Coach, years: 2027-}"),
    "a table": ("trips/collection.yaml", "discount:\n", "discount:\n    years: 2027-\n"),
}


@pytest.mark.parametrize(("file", "old", "new"), PLACES.values(), ids=list(PLACES))
def test_every_part_may_say_its_years(file: str, old: str, new: str, tmp_path: Path) -> None:
    change = Change(file, old, new)
    assert problems(tmp_path / "later", change, year=2027) == []
    later = read_trips(tmp_path / "later", change, year=2027)
    marked = Change(file, old, new.replace("2027-", "2026-"))
    assert [check.id for check in read_trips(tmp_path / "both", marked).checks] == [check.id for check in later.checks]


def test_an_option_of_a_later_year_is_not_offered_before(tmp_path: Path) -> None:
    change = Change("trips/setup.yaml", "2: Coach", "2: {label: Coach, years: 2027-}")
    codes = {
        year: [option.code for option in read_trips(tmp_path / str(year), change, year=year).holder["way"].options]
        for year in (2026, 2027)
    }
    assert codes == {2026: [1, 9], 2027: [1, 2, 9]}
