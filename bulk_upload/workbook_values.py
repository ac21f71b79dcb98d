"""What a number or text in a workbook's XML looks like to a person. Runs in the process of `workbook_child`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from math import isfinite
from typing import Final

_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_EXACT_DIGITS: Final = 15
_LAST_DAY: Final = 2_958_465  # 31 December 9999


def unescaped(text: str) -> str:
    """The text with each `_x0041_` as the character it stands for."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if plain != text else text


def number_text(text: str) -> str:
    """A number as a spreadsheet shows it: 15 digits, no exponent unless huge or tiny. What is no number stays."""
    if text.isdecimal() and len(text) <= _MOST_EXACT_DIGITS:
        return text
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        return text
    if not isfinite(number):
        return text
    if abs(number) >= 10**_MOST_EXACT_DIGITS or 0 < abs(number) < 1e-9:
        return repr(number)
    plain = f"{number:.{_MOST_EXACT_DIGITS}g}"
    if "e" in plain:
        plain = f"{number:.20f}".rstrip("0").rstrip(".")
    return plain


def date_text(text: str, *, since_1904: bool) -> str:
    """A day number as an ISO date, with the time if it has one; what is no day number stays as it stands."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not 1 <= number < (_LAST_DAY - 1_462 if since_1904 else _LAST_DAY):
        return number_text(text)
    days, seconds = divmod(round(number * 86_400), 86_400)
    if days == 60 and not since_1904:
        day = "1900-02-29"  # a day that Excel knows and the calendar does not
    else:
        start = date(1904, 1, 1) if since_1904 else date(1899, 12, 31 if days < 60 else 30)
        day = (start + timedelta(days=days)).isoformat()
    return day if not seconds else f"{day} {timedelta(seconds=seconds)!s:0>8}"
