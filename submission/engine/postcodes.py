"""Writes a UK postcode the one way: capitals, one space, and 0 and 1 for a typed O or I where only that can be meant.

Called by `submission.engine.reading`.
"""

from __future__ import annotations

import re
from itertools import product
from typing import Final

_LOOK_ALIKES: Final = {"O": "O0", "0": "0O", "I": "I1", "1": "1I", "L": "L1"}
_LOOSE: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
# The letters that occur at each place. A district of two digits does not begin with 0.
_STRICT: Final = re.compile(
    r"(?:[A-PR-UWYZ](?:[1-9]|[1-9][0-9]|[1-9][ABCDEFGHJKPSTUW]"
    r"|[A-HK-Y](?:[0-9]|[1-9][0-9]|[1-9][ABEHMNPRVWXY]))|GIR)[0-9][ABD-HJLNP-UW-Z]{2}"
)
_BETWEEN: Final = re.compile(r"[\s.\u00ad\u200b-\u200f\u2060\ufeff]+")


def postcode_written(text: str) -> str | None:
    """The postcode that the text means, for example `SW1A 2AA` for `sw1a2aa.`; None where it means none."""
    if len(text) > 30:
        return None
    compact = _BETWEEN.sub("", text).upper()
    if not 5 <= len(compact) <= 7 or not compact.isascii():
        return None
    if _STRICT.fullmatch(compact):
        return _spaced(compact)
    meant = _repaired(compact)
    if meant is not None:
        return _spaced(meant)
    return _spaced(compact) if _LOOSE.fullmatch(compact) else None


def _spaced(compact: str) -> str:
    return f"{compact[:-3]} {compact[-3:]}"


def _repaired(compact: str) -> str | None:
    """The one postcode that exchanging look-alike characters gives; None for several, or for none."""
    spellings = product(*(_LOOK_ALIKES.get(character, character) for character in compact))
    meant = [spelling for spelling in map("".join, spellings) if _STRICT.fullmatch(spelling)]
    return meant[0] if len(meant) == 1 else None
