"""Where this service deliberately judges a sale otherwise than the reference; see `tests.upload.differences`.

`number` is that of the list of deliberate differences in the sales facts.
"""

from __future__ import annotations

from typing import Any

from tests.upload.differences import Difference, Row

SALES = (
    Difference(14, "Buyers who will live in the home are counted in it.", ours="buyers-counted-in-household"),
)


def explained_answer(row: Row, name: str, ours: Any, theirs: Any) -> bool:
    """The deliberate differences that show in derived values, each by its rule."""
    return False
