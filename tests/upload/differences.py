"""Where this service deliberately judges otherwise than the reference, check by check, with the reason.

`number` is that of the list of deliberate differences in the lettings facts. A difference takes out of the
comparison: our findings of the checks that match `ours`, the reference's findings whose reason matches
`theirs`, both only in rows where `rows` holds, and only on `columns` where these are given; with `same_columns` the
reference's only where one of ours stands on the same column.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bulk_upload.check import RowResult
from submission.definition.model import Definition

NOTHING = r"(?!)"
ANYTHING = r".*"


@dataclass(frozen=True)
class Row:
    """A judged row with what the reference said of it."""

    definition: Definition
    result: RowResult
    verdict: dict[str, Any]

    def value(self, name: str) -> Any:
        return self.result.values[self.definition.outputs.index(name)]

    def given(self, name: str) -> Any:
        return self.result.given[self.definition.inputs.index(name)]

    def fired(self, pattern: str) -> bool:
        return any(re.fullmatch(pattern, finding.check) for finding in self.result.findings)


@dataclass(frozen=True)
class Difference:
    number: int
    reason: str
    ours: str = NOTHING
    theirs: str = NOTHING
    rows: Callable[[Row], bool] = lambda row: True
    columns: frozenset[int] | None = None
    same_columns: bool = False


def authority_from_postcode(row: Row) -> bool:
    return bool(row.given("la") != row.value("la"))


def asks(row: Row, pattern: str) -> bool:
    """Whether the reference asks to confirm a check of this kind in the row."""
    return any(re.fullmatch(pattern, name) for name in row.verdict["checks_to_confirm"])


RENT_COLUMNS = frozenset({11, 25, 28, 142})

LETTINGS = (
    Difference(
        9,
        "A person gap is an error that names the person; the reference drops the people behind it.",
        ours=ANYTHING,
        theirs=ANYTHING,
        rows=lambda row: row.fired(r"person-gap-\d"),
    ),
    Difference(
        9,
        "A second partner or a code that is no partner code is an error; the reference rewrites it.",
        ours=r"one-partner-only-\d|option-relat\d",
        theirs="not_answered",
        same_columns=True,
    ),
    Difference(14, "The previous authority is checked against its list.", ours="option-prevloc"),
    Difference(
        18, "The renewal codes of the referral are not offered to other lettings.", ours="option-referral-register"
    ),
    Difference(
        22,
        "The authority found from the postcode is kept; the reference puts the typed one back, even when blank.",
        ours=r"rent-.*|brent-.*|la-.*|same-la-.*|answer-la",
        theirs=r".*(above|below)_hard_m.*|.*la_not_valid_for_date.*|.*same_la.*|.*not_in_england.*",
        rows=authority_from_postcode,
    ),
    Difference(
        22,
        "The same: the rent confirm check is made with the other authority.",
        theirs="confirmation",
        rows=lambda row: authority_from_postcode(row) and "rent_value_check" in row.verdict["checks_to_confirm"],
        columns=RENT_COLUMNS,
    ),
    Difference(
        22,
        "The same, where no charge is confirmed on these columns.",
        theirs="confirmation",
        rows=lambda row: authority_from_postcode(row) and not asks(row, r".*charg.*"),
        columns=frozenset({4, 141}),
    ),
    Difference(
        22,
        "The same, where no date is confirmed on this column.",
        theirs="confirmation",
        rows=lambda row: authority_from_postcode(row) and not asks(row, r".*date.*"),
        columns=frozenset({8}),
    ),
    Difference(
        12,
        "An impossible date says so on itself; in the reference it becomes a day in antiquity that trips other checks.",
        theirs=r".*before_tenancy_start|.*after_void_date|.*twenty_years.*|.*la_not_valid_for_date|.*mrc_?date.*",
        rows=lambda row: row.fired("no-such-day|not-a-date|not-a-year"),
    ),
    Difference(
        7,
        "No charges are needed where the household pays none; the reference looks at the rent instead.",
        theirs=r".*charges\.(related_to_missing_charge|missing_charges)",
        rows=lambda row: row.value("household_charge") == 1,
    ),
    Difference(24, "A postcode next to “not known” is shown.", ours="previous-postcode-contradicts-not-known"),
    Difference(
        8,
        "Errors on disabled access needs are shown on their own columns, not on the pregnancy column.",
        ours="answer-housingneeds|access-need-none-value",
        theirs="not_answered",
        rows=lambda row: row.fired("access-need-none-value") and row.value("preg_occ") is not None,
        columns=frozenset({93, 98}),
    ),
)
