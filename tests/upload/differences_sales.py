"""Where this service deliberately judges a sale otherwise than the reference; see `tests.upload.differences`.

`number` is that of the list of deliberate differences in the sales facts.
"""

from __future__ import annotations

from typing import Any

from tests.upload.differences import Difference, Row

IMPOSSIBLE_DATE = "no-such-day|not-a-date|not-a-year"


def columns_of_person(n: int) -> frozenset[int]:
    """The columns about person 3 to 6."""
    return frozenset(range(29 + 6 * n, 35 + 6 * n))


def not_described(n: int) -> Any:
    return lambda row: row.value(f"details_known_{n}") is None


def discounted(row: Row) -> bool:
    return bool(row.value("ownershipsch") == 2)


SALES = (
    Difference(
        5,
        "The price, share and mortgage of a staircasing are compared; the reference never gets there.",
        ours="staircasing-money-adds-up",
    ),
    Difference(
        7,
        "The length of a mortgage is needed only where it is asked.",
        theirs=r".*mortlen\.invalid",
        rows=lambda row: row.value("mortgage") in (None, 0),
    ),
    Difference(
        8,
        "An impossible date says so on itself; in the reference it becomes a day in antiquity that trips other checks.",
        theirs=r".*before_(last_transaction|saledate)|.*after_initial_purchase|.*la_not_valid_for_date",
        rows=lambda row: row.fired(IMPOSSIBLE_DATE),
    ),
    Difference(
        9, "A previous authority or estate fee that is none is refused.", ours="option-prevloc|.*-management-fee"
    ),
    Difference(
        11,
        "A bad property postcode marks its own columns only; the reference copies it into the previous home's.",
        theirs="postcode",
        rows=discounted,
        columns=frozenset({73, 74}),
    ),
    Difference(14, "Buyers who will live in the home are counted in it.", ours="buyers-counted-in-household"),
    *(
        Difference(
            17,
            "Nothing is asked about a person whom the household does not have.",
            theirs=".*not_answered|.*invalid_option",
            rows=not_described(n),
            columns=columns_of_person(n),
        )
        for n in range(3, 7)
    ),
)


def explained_answer(row: Row, name: str, ours: Any, theirs: Any) -> bool:
    """The deliberate differences that show in derived values, each by its rule."""
    if name == "prevloc":  # 12: copied a save late; 9: no authority
        return discounted(row) or ours is None
    if name == "is_previous_la_inferred":  # 12
        return discounted(row)
    return name == "management_fee" and ours is None and float(theirs) == 0  # 2
