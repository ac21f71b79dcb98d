"""A tiny invented return, about trips to the seaside, for tests of the definition language.

`written` puts its files into a folder, with parts of their text replaced; `load_from` reads it from there.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from submission.definition import COLLECTIONS, Definition, DefinitionRefused, load_from
from submission.definition.source import Problem

COLLECTION: Final = """\
collection: trips
title: Trips to the seaside
log: trip
starts by: set_off
years:
  2026:
    title: 2026 to 2027
    opens: 2026-04-01
    ends: 2027-03-31
    submission deadline: 2027-06-04
    new logs end: 2027-07-03
    edits end: 2027-07-31
  2027:
    title: 2027 to 2028
    opens: 2027-04-01
    ends: 2028-03-31
    submission deadline: 2028-06-04
    new logs end: 2028-07-03
    edits end: 2028-07-31
sections:
  setup: Set up this trip
  people: About the people
subsections: [setup, people]
tables:
  tides: {file: tides, key: [beach, month]}
  beaches: {file: beaches, key: code, label: name}
  discount:
    rows: {1: 10, 2: 20}
  fares:
    columns: [child, adult]
    rows:
      1: [2.50, 5]
      2: [3, 6.10]
phrases:
  water: [sea, salt water]
functions:
  twice(amount): amount * 2
  fare(way): twice(fares[way].adult)
"""

SETUP: Final = """\
subsection: setup
section: setup
title: Set up
pages:
- page: set_off
  questions:
    set_off:
      label: Day of the trip
      ask: When was the trip?
      kind: date
      columns: [1, 2, 3]
- page: way
  questions:
    way:
      label: Way of travel
      ask: How did they travel?
      kind: radio
      codes: {1: Train, 2: Coach, "--": or, 9: Another way}
      column: 4
    way_other:
      label: Other way of travel
      ask: How was that?
      kind: text
      when: way == 9
      column: 5
- page: beach
  when: present(set_off)
  questions:
    beach:
      label: Beach
      ask: Which beach did they go to?
      kind: select
      codes: beaches
      column: 6
    paid:
      label: Money spent
      ask: How much did they spend?
      kind: money
      min: 0
      max: 500
      optional: true
      column: 7
"""

PEOPLE: Final = """\
subsection: people
section: people
title: People
when: setup_done
terms:
  setup_done: present(set_off, way)
  adult{n}: age{n} >= 18
pages:
- page: people
  questions:
    people_count:
      label: Number of people
      ask: How many people went?
      kind: whole number
      min: 1
      max: 8
      cell words: [R]
      column: 8
    swam:
      label: What they did
      ask: What did they do?
      kind: checkboxes
      codes: {swimming: Swam, digging: Dug in the sand}
      columns: {swimming: 9, digging: 10}
- repeat: 1..8
  pages:
  - page: person_{n}
    when: people_count >= {n}
    questions:
      age{n}:
        label: Age of person {n}
        ask: How old is person {n}?
        kind: whole number
        column: "{10 + n}"
    checks:
      age-{n}:
        confirm if: age{n} > 100
        on: age{n}
        confirmed by: age_check
        say: Person {n} is {age{n}} years old. Check this.
derived:
  adults: {label: Adults, is: "count(adult{n} for n in people)"}
  per_head: {label: Money for each person, kind: money, is: paid / people_count}
checks:
  no-adult:
    when: present(people_count)
    error if: adults == 0
    on: [people_count]
    say: There are {people_count} people and no adult. Check the ages.
"""

TEMPLATE: Final = """\
columns: 18
checks:
  bu-beach-typed:
    when: field_4 == 1
    error if: field_6 is None
    on: [field_6]
    say: The beach is blank. Give the code of the beach.
"""

TABLES: Final = {
    "reference/tides.csv": "beach,month,height,name\n1,6,2.5,spring\n1,7,3,neap\n2,6,4,spring\n",
    "reference/beaches.csv": "code,name\n1,North Beach\n2,South Beach\n",
}
FILES: Final = {
    "trips/collection.yaml": COLLECTION,
    "trips/setup.yaml": SETUP,
    "trips/people.yaml": PEOPLE,
    "trips/template.yaml": TEMPLATE,
} | TABLES


@dataclass(frozen=True, slots=True)
class Change:
    """One replacement in a file of the return; `old` stands there just once."""

    file: str
    old: str
    new: str


def written(root: Path, *changes: Change) -> Path:
    """The folder with the return's files in it, changed."""
    files = dict(FILES)
    for change in changes:
        assert files[change.file].count(change.old) == 1, change
        files[change.file] = files[change.file].replace(change.old, change.new)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    shutil.copy(COLLECTIONS / "shared.yaml", root)
    shutil.copytree(COLLECTIONS / "reference", root / "reference", dirs_exist_ok=True)
    return root


def read(root: Path, *changes: Change, year: int = 2026) -> Definition:
    return load_from(written(root, *changes), "trips", year)


def problems(root: Path, *changes: Change, year: int = 2026) -> list[Problem]:
    """Why the changed return is refused; nothing where it is not."""
    try:
        read(root, *changes, year=year)
    except DefinitionRefused as refused:
        return refused.problems
    return []


def line_of(root: Path, file: str, text: str) -> int:
    """The line of a file, from 1, on which `text` stands first."""
    lines = (root / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
