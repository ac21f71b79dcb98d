"""Invented lettings rows: about half are clean or to confirm, the others have one to four faults."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from bulk_upload.context_file import world_of
from submission.engine.context import Context

FIELDS = 147
CONTEXT: Context = world_of(
    {
        "organisations": [
            {
                "id": number,
                "code": str(1000 + number),
                "name": f"Example Homes {number}",
                "provider_type": kind,
                "rent_periods": list(range(1, 12)),
                "data_sharing_agreement_signed": "2025-04-01",
            }
            for number, kind in ((1, "LA"), (2, "PRP"))
        ],
        "users": [{"id": 1, "email": "user@example.com", "organisation": "1002", "role": "data_coordinator"}],
        "postcodes": {"M1": "E08000003", "LS1": "E08000035"},
        "uploading_organisation": "1002",
        "uploading_user": "user@example.com",
    }
).context
FAULTS = (
    (11, "9"),
    (16, "99"),
    (23, "ZZ"),
    (26, ""),
    (28, "40"),
    (29, "31"),
    (36, "4"),
    (41, "abc"),
    (43, "1.5"),
    (46, "9999"),
    (90, ""),
    (100, "7"),
    (113, "x"),
    (121, ""),
    (135, "5"),
    (138, "one"),
    (141, ""),
    (142, "1e3"),
    (143, "-5"),
    (145, "£9,999"),
)


def row(chance: random.Random, number: int) -> list[str]:
    """One letting as cells of field 1 to 147."""
    cells = {
        1: "1002",
        2: "1002",
        4: "1",
        7: "2",
        8: str(chance.randint(1, 28)),
        9: str(chance.randint(4, 11)),
        10: "2026",
        11: chance.choice("12"),
        13: f"T{number:07d}",
        14: f"P{chance.randint(1, 9999)}",
        15: "1",
        16: "15",
        19: f"{chance.randint(1, 400)} Example Street",
        21: "Manchester",
        23: "M1",
        24: "1AE",
        25: "E08000003",
        26: "1",
        27: "2",
        28: chance.choice("123"),
        29: "1",
        30: "4",
        31: "2026",
        36: "2",
        37: "1",
        38: "4",
        40: "5",
        41: str(chance.randint(18, 64)),
        42: chance.choice("FM"),
        43: "1",
        45: "1",
        46: "826",
        47: "1",
        90: "2",
        93: "2",
        98: "1",
        100: "2",
        111: "10",
        112: "2",
        113: "18",
        115: "3",
        116: "1",
        117: "1",
        118: "LS1",
        119: "4AP",
        121: "2",
        127: "1",
        128: "2",
        129: "2",
        130: "2",
        132: "8",
        135: "1",
        136: "1",
        137: str(chance.randint(200, 700)),
        138: "9",
        139: "3",
        141: "1",
        142: f"{chance.randint(7000, 8800) / 100:.2f}",
        143: "0",
        144: "0.00",
        145: "0",
    }
    for person in range(2, 2 + chance.choice((0, 0, 0, 1, 1, 2, 3, 5))):
        first = 36 + 6 * person
        child = chance.random() < 0.6
        age = chance.randint(1, 15) if child else chance.randint(18, 60)
        partner = "1" if person == 2 and not child else "2"
        situation = "9" if child else "1"
        values = (str(age), partner, chance.choice("FM"), "1", "", situation)
        cells |= dict(zip(range(first, first + 6), values, strict=True))
        cells[137] = "900" if not child else cells[137]
    if chance.random() < 0.5:
        for field, text in chance.sample(FAULTS, chance.choice((1, 1, 2, 4))):
            cells[field] = text
    return [cells.get(field, "") for field in range(1, FIELDS + 1)]


def write_file(path: Path, rows: int, seed: int = 2026) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same invented rows each time, nothing secret
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Field number", *range(1, FIELDS + 1)])
        for number in range(1, rows + 1):
            writer.writerow(["", *row(chance, number)])
