"""Reads one typed value from text: whole numbers, money, dates, postcodes, property references, codes, text.

Called by the upload, the form and the API alike, so that `08` means 8 on every route. Pure functions
without context. Each takes text as somebody typed it and gives the value, None for a blank, or a Fault.

Length and pattern are looked at before any number type sees the text: Python's own types accept
underscores, digits of other scripts, NaN and exponents that take minutes to expand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from submission.engine.postcodes import postcode_written


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text could not be read. `code` is stable; `hint` says how to mend it, ready to follow a label.

    `parts` names the parts of a date that are wrong: day, month, year.
    """

    code: str
    hint: str
    parts: tuple[str, ...] = ()


LONGEST_TEXT: Final = 32_767  # what a spreadsheet cell can hold
LONGEST_NUMBER: Final = 40

# Characters that nobody sees. str.strip() takes the spaces, among them the no-break one, but leaves these.
_SPACES: Final = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_NOTHING: Final = "\u00ad\u180e\u200b\u2060\ufeff"
_DIRECTIONS: Final = "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_TEXT_EDGES: Final = _SPACES + _NOTHING  # marks of writing direction come in pairs, so text keeps them
_EDGES: Final = _TEXT_EDGES + _DIRECTIONS
_SPREADSHEET_ERRORS: Final = {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")

_THOUSANDS: Final = r"[0-9]{1,3}(?:,[0-9]{3})+"
_WHOLE: Final = re.compile(rf"([+-]?)([0-9]+|{_THOUSANDS})(?:\.0*)?")
_MONEY: Final = re.compile(rf"([+-]?)(?:£\s?)?([+-]?)((?:[0-9]+|{_THOUSANDS})(?:\.[0-9]*)?|\.[0-9]+)")
_PERCENTAGE: Final = re.compile(r"([+-]?)([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s?%?")
_MOST_DIGITS: Final = 15

_DATE_PARTS: Final = ("day", "month", "year")
_DATE_HINT: Final = "Use day, month and year, for example 3 4 2026"
_WRITTEN_DATE: Final = re.compile(
    r"(?:(?P<iso_year>[0-9]{4})-(?P<iso_month>[0-9]{2})-(?P<iso_day>[0-9]{2})"
    r"|(?P<day>[0-9]{1,2})(?:(?P<gap>[/.-]|\s+)(?P<month>[0-9]{1,2})(?P=gap)"
    r"|(?:st|nd|rd|th)?[ /-]*(?P<name>[A-Za-z]{3,9})[ /.,-]*)(?P<year>[0-9]+))"
    r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"  # spreadsheets add midnight
)
# fmt: off
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)
# fmt: on
_SHORTEST_MONTH_NAME: Final = 3
_FIRST_YEAR, _LAST_YEAR = 1900, 2199

_TOO_LONG: Final = Fault("too-long", "Shorten this answer: it is longer than a spreadsheet cell can hold")
_UNSTORABLE_FAULT: Final = Fault(
    "unreadable-character", "Type this answer again: it holds a character that cannot be stored"
)
_SPREADSHEET_ERROR_FAULT: Final = Fault(
    "spreadsheet-error", "Type the value itself: this is an error that your spreadsheet shows"
)


def is_blank(text: str) -> bool:
    """Nothing but white space and characters that nobody sees."""
    return not text or not text.strip(_EDGES)


def read_text(text: str) -> str | Fault | None:
    """The text without white space at its ends; inside it nothing is changed."""
    if len(text) > LONGEST_TEXT:
        return _TOO_LONG
    if is_blank(text):
        return None
    text = text.strip(_TEXT_EDGES)
    if _UNSTORABLE.search(text):
        return _UNSTORABLE_FAULT
    return _SPREADSHEET_ERROR_FAULT if text.startswith("#") and text in _SPREADSHEET_ERRORS else text


def read_whole_number(text: str) -> int | Fault | None:
    """`8`, `08`, `8.0`, `8.`, `1,200`, `+5`, `-0`. A number with a fraction is refused, never cut short."""
    text = text.strip(_EDGES)
    if not text:
        return None
    match = _WHOLE.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    if match is None:
        return Fault("not-a-whole-number", _whole_number_hint(text))
    digits = match[2].replace(",", "").lstrip("0")
    if len(digits) > _MOST_DIGITS:
        return Fault("not-a-whole-number", f"Use a number of at most {_MOST_DIGITS} digits")
    return int(f"{match[1]}{digits or '0'}")


def _whole_number_hint(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        return f"Use a number of at most {_MOST_DIGITS} digits"
    if _MONEY.fullmatch(text):
        return (
            "Use a whole number without a pound sign"
            if "£" in text
            else "Use a whole number, with nothing after the point"
        )
    return _number_hint(text, "8")


def _number_hint(text: str, example: str) -> str:
    if any(character.isdigit() and not character.isascii() for character in text):
        return f"Use the digits 0 to 9, for example {example}"
    if re.fullmatch(r"[+-]?[0-9.]+[eE][+-]?[0-9]+", text):
        return f"Write the number in full, without an E, for example {example}"
    return f"Use digits only, for example {example}"


def read_money(text: str) -> Decimal | Fault | None:
    """Pounds: `1234.5`, `1,234.50`, `£1,234`, `.5`. All decimals typed are kept, so that a check can speak of them."""
    text = text.strip(_EDGES)
    if not text:
        return None
    match = _MONEY.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    if match is None or (match[1] and match[2]):
        return Fault("not-an-amount", _money_hint(text))
    amount = match[3].replace(",", "")
    if len(amount.partition(".")[0].lstrip("0")) > _MOST_DIGITS:
        return Fault("not-an-amount", f"Use an amount of at most {_MOST_DIGITS} digits")
    value = Decimal(amount)
    return -value if "-" in (match[1], match[2]) and value else value


def _money_hint(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        return f"Use an amount of at most {_MOST_DIGITS} digits"
    if "%" in text:
        return "Use an amount in pounds, without a per cent sign, for example 120.50"
    if re.fullmatch(r"[£+-]*[0-9.]+,[0-9]+", text):
        return "Use a point before the pence, for example 1234.50"
    return _number_hint(text, "120.50")


def read_percentage(text: str) -> Decimal | Fault | None:
    """A percentage: `25`, `25.5`, `25%`. All decimals typed are kept, so that a check can speak of them."""
    text = text.strip(_EDGES)
    if not text:
        return None
    match = _PERCENTAGE.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    if match is None or len(match[2].partition(".")[0]) > _MOST_DIGITS:
        return Fault("not-a-percentage", "Use a number such as 25 or 25.5")
    value = Decimal(match[2])
    return -value if match[1] == "-" and value else value


def read_code(text: str) -> int | str | Fault | None:
    """A code: the number for `1`, `01`, `1.0`; other text in capitals. Whether it is an option is not judged."""
    value = read_text(text)
    if not isinstance(value, str):
        return value
    match = _WHOLE.fullmatch(value) if len(value) <= LONGEST_NUMBER else None
    if match is None or "," in value or len(match[2].lstrip("0")) > _MOST_DIGITS:
        return value.upper()
    return int(f"{match[1]}{match[2]}")


def read_uprn(text: str) -> str | Fault | None:
    """A unique property reference number as 12 digits: zeros that a spreadsheet dropped in front are put back."""
    text = text.strip(_EDGES)
    if not text:
        return None
    if len(text) <= LONGEST_NUMBER and re.fullmatch(r"[0-9]{1,12}(?:\.0)?", text):
        return text.partition(".")[0].zfill(12)
    if len(text) <= LONGEST_NUMBER and re.fullmatch(r"[0-9.]+[eE]\+?[0-9]+", text):
        hint = "Show this column as whole numbers in your spreadsheet and type the number again: some digits were lost"
        return Fault("not-a-uprn", hint)
    return Fault("not-a-uprn", "Use 1 to 12 digits and nothing else, for example 10010457355")


def read_postcode(text: str) -> str | Fault | None:
    """A postcode in capitals with one space. Text that is no postcode stays as typed, for a check to judge."""
    value = read_text(text)
    if not isinstance(value, str):
        return value
    return postcode_written(value) or value


def read_date_parts(day: str, month: str, year: str) -> date | Fault | None:
    """A date typed in three parts. The month may be a name; a year of two digits is of this century."""
    parts = {"day": day.strip(_EDGES), "month": month.strip(_EDGES), "year": year.strip(_EDGES)}
    missing = tuple(name for name, part in parts.items() if not part)
    if len(missing) == 3:
        return None
    if missing:
        return Fault("date-incomplete", f"Give the {' and the '.join(missing)} too", missing)
    return _date_of(parts["day"], parts["month"], parts["year"])


def read_past_date_parts(day: str, month: str, year: str, last_year: int) -> date | Fault | None:
    """The same, of a day long ago: a year of two digits that would be after `last_year` is of the last century."""
    value = read_date_parts(day, month, year)
    short = len(year.strip(_EDGES).partition(".")[0]) <= 2
    if isinstance(value, date) and short and value.year > last_year:
        return value.replace(year=value.year - 100)
    return value


def read_date(text: str) -> date | Fault | None:
    """A date typed in one piece: `3/4/26`, `03-04-2026`, `3.4.2026`, `3 Apr 26`, `2026-04-03`. The day comes first."""
    text = text.strip(_EDGES)
    if not text:
        return None
    match = _WRITTEN_DATE.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    if match is None:
        return Fault("not-a-date", _DATE_HINT, _DATE_PARTS)
    written = match.groupdict()
    if written["iso_year"]:
        return _date_of(written["iso_day"], written["iso_month"], written["iso_year"])
    return _date_of(written["day"], written["month"] or written["name"], written["year"])


def _date_of(day: str, month: str, year: str) -> date | Fault:
    day_number, month_number, year_number = _part_number(day), _month_number(month), _year_number(year)
    wrong = []
    if day_number is None or not 1 <= day_number <= 31:
        wrong.append("day")
    if month_number is None or not 1 <= month_number <= 12:
        wrong.append("month")
    if year_number is None:
        return Fault("not-a-year", "Write the year with 2 or 4 digits, for example 26 or 2026", (*wrong, "year"))
    if wrong or day_number is None or month_number is None:
        return Fault("not-a-date", _wrong_part_hint(wrong), tuple(wrong))
    try:
        return date(year_number, month_number, day_number)
    except ValueError:
        hint = f"There is no day {day_number} in {_MONTHS[month_number - 1].capitalize()} {year_number}"
        return Fault("no-such-day", hint, ("day",))


def _wrong_part_hint(wrong: list[str]) -> str:
    limits = {"day": "a day from 1 to 31", "month": "a month from 1 to 12"}
    return f"Use {' and '.join(limits[part] for part in wrong)}"


def _part_number(text: str) -> int | None:
    number = read_whole_number(text)
    return number if isinstance(number, int) else None


def _month_number(text: str) -> int | None:
    name = text.lower()
    if len(name) < _SHORTEST_MONTH_NAME or not name.isalpha():
        return _part_number(text)
    name = "sep" if name == "sept" else name
    return next((number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)), None)


def _year_number(text: str) -> int | None:
    """A year of 4 digits, or of 2 or 1 in this century (a spreadsheet makes 8 of 08); None for 3, and for 0026."""
    match = re.fullmatch(r"([0-9]{1,2}|[0-9]{4})(?:\.0)?", text)
    if match is None:
        return None
    year = 2000 + int(match[1]) if len(match[1]) <= 2 else int(match[1])
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else None
