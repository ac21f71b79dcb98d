"""A small invented file with one fault of each kind, and the world it is checked in."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Final

from bulk_upload.check import CheckedFile, check_file
from bulk_upload.context_file import world_of
from submission.definition import load
from tests.upload.generators import letting, with_rows

if TYPE_CHECKING:
    from pathlib import Path

TODAY: Final = date(2026, 11, 20)
WORLD: Final = {
    "today": "2026-11-20",
    "uploading_organisation": "1003",
    "uploading_user": "agent@example.com",
    "organisations": [
        {
            "id": number,
            "code": str(1000 + number),
            "name": f"Example {kind} {number}",
            "provider_type": kind,
            "holds_own_stock": number != 3,
            "rent_periods": list(range(1, 12)),
            "data_sharing_agreement_signed": "2025-04-01",
        }
        for number, kind in ((1, "LA"), (3, "PRP"))
    ],
    "managing_agents": [{"owner": "1001", "agent": "1003"}],
    "users": [{"email": "agent@example.com", "organisation": "1003", "role": "data_coordinator"}],
    "postcodes": {"EC1N": "E09000007", "YO1": "E07000009"},
}
CLEAN: Final = letting(field_13="T-1", field_131="2")
BLANK: Final = [""] * len(CLEAN)
# Row 2 is clean, row 3 blank; row 4 has two errors and a reference that looks like a formula; row 5 can't be placed
# and repeats row 2 but for that; row 6 repeats row 2.
FAULTY: Final = letting(field_13="=T-4", field_131="2", field_28="99", field_42="Z")
UNPLACED: Final = letting(field_13="T-5", field_131="2", field_10="")
TABLE: Final = (CLEAN, BLANK, FAULTY, UNPLACED, CLEAN)


def checked(path: Path, *rows: list[str], world: bool = True) -> CheckedFile:
    """The file with these rows from row 2 on, about to be judged."""
    path.write_bytes(with_rows(*(rows or TABLE)))
    return again(path, world=world)


def again(path: Path, *, world: bool = True) -> CheckedFile:
    context = world_of(WORLD if world else {}).context
    return check_file(path, load("lettings", 2026), context, TODAY)


def write_world(path: Path) -> Path:
    path.write_text(json.dumps(WORLD), encoding="utf-8")
    return path
