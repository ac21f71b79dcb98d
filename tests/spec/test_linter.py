"""The linter refuses a wrong definition, and says file, line and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from submission.definition import DefinitionRefused, load_from
from tests.spec.invented import Change, line_of, problems, read, written

SETUP, PEOPLE = "trips/setup.yaml", "trips/people.yaml"
HEAD, TEMPLATE = "trips/collection.yaml", "trips/template.yaml"
CHECK = "    when: present(people_count)\n    error if: adults == 0\n    on: [people_count]\n"
SAY = "    say: There are {people_count} people and no adult. Check the ages.\n"
TERM = "  setup_done: present(set_off, way)\n"
WAY = '      codes: {1: Train, 2: Coach, "--": or, 9: Another way}\n'


@dataclass(frozen=True, slots=True)
class Fault:
    """A change that makes the return wrong. `at`: text on the line that is named; `reason`: part of what is said."""

    file: str
    old: str
    new: str
    at: str
    reason: str


def check(body: str, at: str, reason: str) -> Fault:
    """A fault inside the invented check."""
    return Fault(PEOPLE, CHECK + SAY, body, at, reason)


FAULTS: Mapping[str, Fault] = {
    "a question has an unknown key": Fault(
        SETUP,
        "      when: way == 9\n",
        "      whenn: way == 9\n",
        "whenn:",
        "a question has no “whenn”. Did you mean “when”?",
    ),
    "a page has an unknown key": Fault(SETUP, "  when: present(set_off)", "  whn: x", "whn", "a page has no “whn”"),
    "a subsection has an unknown key": Fault(
        SETUP, "title: Set up", "titel: Set up", "titel", "a subsection has no “titel”"
    ),
    "a collection has an unknown key": Fault(HEAD, "log: trip\n", "logg: trip\n", "logg", "Did you mean “log”?"),
    "a template has an unknown key": Fault(
        TEMPLATE, "columns: 18", "columns: 18\ncolums: 1", "colums", "a template has no “colums”"
    ),
    "a check has an unknown key": check(
        CHECK + SAY + "    sey: Twice\n", "sey:", "a check has no “sey”. Did you mean “say”?"
    ),
    "a derived value has an unknown key": Fault(
        PEOPLE,
        "kind: money, is: paid",
        "knd: money, is: paid",
        "knd",
        "a derived value has no “knd”. Did you mean “kind”?",
    ),
    "an unknown field in a condition": Fault(
        PEOPLE,
        TERM,
        "  setup_done: present(set_of, way)\n",
        "set_of,",
        "“set_of” is not known. Did you mean “set_off”?",
    ),
    "an unknown code": Fault(SETUP, "when: way == 9", "when: way == 8", "way == 8", "“way” has no code 8"),
    "an unknown code in a tuple": Fault(
        SETUP, "when: way == 9", "when: way in (9, 7)", "way in", "“way” has no code 7"
    ),
    "an unknown code as the key of a choice": Fault(
        PEOPLE, "is: paid / people_count", 'is: "{1: 2, 3: 4}[way]"', "per_head", "“way” has no code 3"
    ),
    "a number compared with a text": check(
        CHECK.replace("adults == 0", "adults == '0'") + SAY, "adults == '0'", "a number is compared with a text"
    ),
    "a date compared with a number": Fault(
        PEOPLE, TERM, "  setup_done: set_off > 2026\n", "set_off > 2026", "a date is compared with a number"
    ),
    "a number where a condition is needed": Fault(
        SETUP, "  when: present(set_off)", "  when: way + 1", "way + 1", "a condition is needed where a number stands"
    ),
    "arithmetic with a date": Fault(
        PEOPLE, "is: paid / people_count", "is: set_off + 1", "per_head", "“+” needs numbers, not a date"
    ),
    "texts added up": Fault(
        PEOPLE, "is: paid / people_count", "is: way_other + 'x'", "per_head", "“+” needs numbers, not a text"
    ),
    "an order among flags": Fault(
        PEOPLE, TERM, "  setup_done: (way == 1) < (way == 2)\n", "(way == 1)", "a bool has no order"
    ),
    "an unknown function": Fault(
        PEOPLE, TERM, "  setup_done: presents(way)\n", "presents", "there is no function presents()."
    ),
    "a function of another name": Fault(
        PEOPLE, TERM, "  setup_done: uper(way_other) == 'X'\n", "uper", "Did you mean “upper”?"
    ),
    "too many arguments": Fault(
        PEOPLE, TERM, "  setup_done: upper(way_other, 2) == 'X'\n", "upper", "upper() takes 1 arguments, not 2"
    ),
    "one number to find the smallest of": Fault(
        PEOPLE, TERM, "  setup_done: min(way) == 1\n", "min(way)", "min() takes 2 arguments, not 1"
    ),
    "an argument of another type": Fault(
        PEOPLE, TERM, "  setup_done: upper(way) == 'X'\n", "upper", "upper() takes a text there, not a number"
    ),
    "an unknown list of phrases": Fault(
        PEOPLE,
        TERM,
        "  setup_done: mentions(way_other, watr)\n",
        "watr",
        "there is no list of phrases “watr”. Did you mean “water”?",
    ),
    "an unknown table": Fault(
        PEOPLE,
        TERM,
        "  setup_done: discounts[way] == 1\n",
        "discounts",
        "there is no table “discounts”. Did you mean “discount”?",
    ),
    "an unknown column of a table": Fault(
        PEOPLE, TERM, "  setup_done: fares[way].adlt == 1\n", "adlt", "table “fares” has no column “adlt”"
    ),
    "a table without its column": Fault(
        PEOPLE,
        TERM,
        "  setup_done: fares[way] == 1\n",
        "fares[way]",
        "say which column of table “fares” is meant: child, adult",
    ),
    "too few keys for a table": Fault(
        PEOPLE, TERM, "  setup_done: tides[way].height == 1\n", "tides", "table “tides” has 2 keys (beach, month)"
    ),
    "an unknown attribute": Fault(
        PEOPLE, TERM, "  setup_done: present(year.open)\n", "year.open", "a year has no “.open”. Did you mean “opens”?"
    ),
    "an attribute of a number": Fault(
        PEOPLE, TERM, "  setup_done: present(way.opens)\n", "way.opens", "a number has no “.opens”"
    ),
    "an attribute that nothing has": Fault(
        TEMPLATE, "error if: field_6 is None", "error if: field_6.colour is None", "colour", "nothing has “.colour”"
    ),
    "given() of something that nobody answers": Fault(
        PEOPLE, TERM, "  setup_done: given(adults) == 1\n", "given", "“adults” is not a question"
    ),
    "asked() of something that is no question": Fault(
        PEOPLE, TERM, "  setup_done: asked(swimming)\n", "asked(", "“swimming” is not a question"
    ),
    "a circle of terms": Fault(
        PEOPLE,
        TERM,
        "  setup_done: here\n  here: there\n  there: here and present(way)\n",
        "here: there",
        "these need each other: term here -> term there -> term here",
    ),
    "a circle of a question and a value": Fault(
        PEOPLE, "    when: people_count >= {n}\n", "    when: adults >= {n}\n", "person_{n}", "derived adults"
    ),
    "two questions on one column": Fault(
        SETUP, "column: 5\n", "column: 4\n", "way_other:", "column 4 belongs to “way” already, not to “way_other”"
    ),
    "a column that nobody holds": Fault(
        TEMPLATE, "columns: 18", "columns: 19", "columns:", "no question holds column 19"
    ),
    "something that is no column": Fault(
        SETUP, "column: 5\n", "column: five\n", "column: five", "“five” is not a column number"
    ),
    "a question without wording": Fault(
        SETUP, "      ask: How did they travel?\n", "", "    way:", "question “way” has no “ask”"
    ),
    "a question with blank wording": Fault(
        SETUP, "ask: How was that?", 'ask: ""', "way_other:", "question “way_other” has no “ask”"
    ),
    "a question without a label": Fault(
        SETUP, "      label: Way of travel\n", "", "    way:", "question “way” has no “label”"
    ),
    "a question without codes": Fault(SETUP, WAY, "", "    way:", "question “way” has no codes"),
    "codes that are no mapping": Fault(
        SETUP, WAY, "      codes: [1, 2]\n", "codes: [1", "codes are a mapping of code to label, or a name"
    ),
    "a code twice": Fault(
        SETUP, WAY, "      codes: {1: Train, 1: Coach, 9: Other}\n", "codes: {1", "“1” is given twice"
    ),
    "an unknown kind": Fault(
        SETUP, "kind: money", "kind: moneys", "paid:", "“paid” has the unknown kind “moneys”. Did you mean “money”?"
    ),
    "an unknown code list": Fault(
        SETUP, WAY, "      codes: yes_know\n", "yes_know", "there is no code list “yes_know”. Did you mean “yes_no”?"
    ),
    "an unknown sensitivity": Fault(
        SETUP,
        "      kind: text\n",
        "      kind: text\n      sensitivity: secret\n",
        "secret",
        "sensitivity is one of none, personal, special",
    ),
    "an option offered that is none": Fault(
        SETUP, WAY, WAY + "      offer: {5: present(set_off)}\n", "    way:", "“way” offers the unknown code 5"
    ),
    "a check without fields": check(
        CHECK.replace("    on: [people_count]\n", "") + SAY, "no-adult:", "check “no-adult” names no field under “on”"
    ),
    "a check on something unknown": check(
        CHECK.replace("[people_count]", "[people_cont]") + SAY,
        "people_cont]",
        "“people_cont” is no question, value or cell. Did you mean “people_count”?",
    ),
    "a check that says nothing": check(CHECK, "no-adult:", "check “no-adult” has no “say”"),
    "a check that can never fail": check(
        CHECK.replace("adults == 0", "False") + SAY, "error if: False", "check “no-adult” can never fail"
    ),
    "a check without a condition to fail": check(
        CHECK.replace("    error if: adults == 0\n", "") + SAY, "no-adult:", "has neither “error if” nor “confirm if”"
    ),
    "a check of two severities": check(
        CHECK + "    confirm if: adults == 1\n" + SAY, "no-adult:", "has both “error if” and “confirm if”"
    ),
    "a confirm check that nothing confirms": check(
        CHECK.replace("error if", "confirm if") + SAY, "no-adult:", "confirm check “no-adult” has no “confirmed by”"
    ),
    "a check that is no mapping": check("    adults == 0\n", "no-adult:", "check “no-adult” must be a mapping"),
    "an unknown name in a message": check(
        CHECK + SAY.replace("{people_count}", "{peple_count}"), "no-adult:", "“peple_count” is not known"
    ),
    "a message that looks at a cell of an upload": check(
        CHECK + SAY.replace("{people_count}", "{field_8}"), "no-adult:", "“field_8” is a cell of an upload"
    ),
    "a condition that looks at a cell of an upload": Fault(
        SETUP, "when: way == 9", "when: field_4 == 9", "field_4", "“field_4” is a cell of an upload"
    ),
    "a cell behind the last column": Fault(
        TEMPLATE, "when: field_4 == 1", "when: field_99 == 1", "field_99", "the template has no column 99"
    ),
    "an upload that looks at answers": Fault(
        SETUP, "      column: 5\n", "      upload: paid\n      column: 5\n", "upload: paid", "“paid” is not known"
    ),
    "a page that is never reached": Fault(
        SETUP, "  when: present(set_off)", "  when: false", "page: beach", "page “beach” can never be reached"
    ),
    "a page that asks nothing": Fault(
        PEOPLE,
        "pages:\n- page: people\n",
        "pages:\n- page: empty\n- page: people\n",
        "page: empty",
        "page “empty” asks nothing",
    ),
    "two pages of one name": Fault(
        SETUP, "- page: beach\n", "- page: way # again\n", "# again", "there are two pages “way”"
    ),
    "two checks of one name": Fault(
        TEMPLATE, "bu-beach-typed", "no-adult", "no-adult", "there are two checks “no-adult”"
    ),
    "an item of pages that is no page": Fault(
        PEOPLE, "- page: people\n  questions:", "- questions:", "- questions:", "an item of pages needs “page:”"
    ),
    "a derived value without a label": Fault(
        PEOPLE,
        'adults: {label: Adults, is: "count',
        'adults: {is: "count',
        "adults: {",
        "derived value “adults” has no label",
    ),
    "a derived value without a rule": Fault(
        PEOPLE, "kind: money, is: paid / people_count", "kind: money", "per_head", "has either “is” or “default”"
    ),
    "a value that is no code of its question": Fault(
        PEOPLE, "  per_head:", "  way: {is: 4, when: paid > 1}\n  per_head:", "  way:", "“way” has no code 4"
    ),
    "a value of another type than its question": Fault(
        PEOPLE,
        "  per_head:",
        "  paid: {is: set_off}\n  per_head:",
        "  paid:",
        "“paid” is a number, but is given a date",
    ),
    "a term called like a question": Fault(
        PEOPLE, TERM, TERM + "  way: present(set_off)\n", "  way:", "“way” is a question already"
    ),
    "an id that is no plain word": Fault(
        PEOPLE, TERM, TERM + "  Ready-Now: present(set_off)\n", "Ready-Now", "“Ready-Now” can’t be the id of a term"
    ),
    "an id that we use ourselves": Fault(
        PEOPLE, TERM, TERM + "  found: present(set_off)\n", "found:", "“found” can’t be the id of a term"
    ),
    "an unknown section": Fault(
        PEOPLE,
        "section: people\ntitle",
        "section: peple\ntitle",
        "section: peple",
        "there is no section “peple”. Did you mean “people”?",
    ),
    "a key twice": Fault(
        SETUP, "      max: 500\n", "      max: 500\n      max: 600\n", "max: 600", "“max” is given twice"
    ),
    "no YAML": Fault(SETUP, "column: 7\n", "column: 7: 8\n", "column: 7: 8", "not YAML"),
    "a day that is none": Fault(
        HEAD, "ends: 2027-03-31", "ends: 2027-02-30", "2027-02-30", "“2027-02-30” is not a date"
    ),
    "a year without its dates": Fault(
        HEAD, "    ends: 2027-03-31\n", "", "title: 2026", "year 2026 needs the date “ends”"
    ),
    "a mark of years that is none": Fault(
        SETUP,
        "      max: 500\n",
        "      max: 500\n      years: from 2026\n",
        "from 2026",
        "“from 2026” is not a mark of years",
    ),
    "a span of people that is none": Fault(
        PEOPLE, "repeat: 1..8", "repeat: 8..1", "repeat:", "“8..1” is not a span such as 2..8"
    ),
    "wording that is no text": Fault(
        SETUP, "ask: How was that?", "ask: 12", "ask: 12", "“ask” must be a text; put it in quotes"
    ),
    "questions that are no mapping": Fault(
        SETUP,
        "      column: 7\n",
        "      column: 7\n- page: odd\n  questions: one\n",
        "questions: one",
        "“questions” must be a mapping",
    ),
    "an expression that is none": Fault(
        SETUP, "when: way == 9", "when: way =", "way =", "“way =” is not an expression"
    ),
    "a function that is no expression": Fault(
        HEAD, "twice(amount): amount * 2", "twice(amount): amount *", "twice(amount)", "“amount *” is not an expression"
    ),
    "a table that is not there": Fault(
        HEAD, "{file: tides,", "{file: tidess,", "tides:", "table “tides” cannot be read"
    ),
    "a table whose key is no column": Fault(
        HEAD, "key: [beach, month]", "key: [beach, mont]", "tides:", "has no column “mont”"
    ),
    "a row too short for its table": Fault(
        HEAD, "2: [3, 6.10]", "2: [3]", "fares:", "a row of table “fares” has another length than its columns"
    ),
    "a limit that is no number": Fault(SETUP, "max: 500", "max: a lot", "max: a lot", "“max” must be a number"),
    "a number of columns that is none": Fault(
        TEMPLATE, "columns: 18", "columns: many", "columns: many", "“columns” must be a number"
    ),
    "another layout that is no number": Fault(
        TEMPLATE,
        "columns: 18",
        "columns: 18\nother layouts: {x: sales}",
        "{x: sales}",
        "“x” is not a number of columns",
    ),
    "a table that is no mapping": Fault(
        HEAD, "phrases:\n", "  odd: 3\nphrases:\n", "odd: 3", "table “odd” must be a mapping"
    ),
    "a year that is no mapping": Fault(
        HEAD, "sections:\n", "  2028: soon\nsections:\n", "2028: soon", "year “2028” must be a mapping"
    ),
    "checkboxes without options": Fault(
        PEOPLE,
        "      codes: {swimming: Swam, digging: Dug in the sand}\n",
        "",
        "    swam:",
        "question “swam” has no codes",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
def test_a_fault_is_refused_with_file_line_and_reason(fault: Fault, tmp_path: Path) -> None:
    found = problems(tmp_path, Change(fault.file, fault.old, fault.new))
    expected = (fault.file, line_of(tmp_path, fault.file, fault.at))
    reasons = [problem.reason for problem in found if (problem.place.file, problem.place.line) == expected]
    assert any(fault.reason in reason for reason in reasons), [str(problem) for problem in found]


def test_the_invented_return_has_no_fault(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        Change(SETUP, "when: way == 9", "when: way == 8"),
        Change(PEOPLE, "error if: adults == 0", "error if: adlts == 0"),
        Change(TEMPLATE, "field_6 is None", "field_66 is None"),
    )
    assert len(found) == 3
    assert [problem.place.file for problem in found] == [SETUP, PEOPLE, TEMPLATE]


def test_a_problem_reads_as_file_line_and_reason(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, Change(SETUP, "when: way == 9", "when: way == 8"))
    assert str(found) == f"trips/setup.yaml:{line_of(tmp_path, SETUP, 'way == 8')}: “way” has no code 8"


def test_a_table_that_repeats_a_key_is_refused_with_the_line_of_the_table(tmp_path: Path) -> None:
    found = problems(tmp_path, Change("reference/tides.csv", "1,7,3,neap", "1,6,3,neap"))
    assert found[0].place.file == HEAD
    assert "tides.csv line 3 repeats the key (1, 6)" in found[0].reason


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, Change(HEAD, "[setup, people]", "[setup, people, animals]"))
    assert [str(problem) for problem in found] == ["trips/animals.yaml:1: this file does not exist"]


def test_a_file_that_holds_a_list_is_refused(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / TEMPLATE).write_text("- one\n", encoding="utf-8")
    with pytest.raises(DefinitionRefused, match=r"trips/template.yaml:1: the file must hold a mapping"):
        load_from(root, "trips", 2026)


def test_an_unknown_collection_is_refused_with_the_near_one(tmp_path: Path) -> None:
    with pytest.raises(DefinitionRefused, match=r"there is no collection “tripes”\. Did you mean “trips”\?"):
        load_from(written(tmp_path), "tripes", 2026)


def test_an_unknown_year_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(DefinitionRefused, match=r"there is no year 2030; there is 2026, 2027"):
        read(tmp_path, year=2030)
