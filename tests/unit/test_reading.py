"""What each kind of typed value is read as, as tables: text in, value or fault code out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submission.engine.reading import (
    Fault,
    is_blank,
    read_code,
    read_date,
    read_date_parts,
    read_money,
    read_postcode,
    read_text,
    read_uprn,
    read_whole_number,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NO_BREAK, ZERO_WIDTH, SOFT_HYPHEN, MARK = "\u00a0", "\u200b", "\u00ad", "\ufeff"
BLANKS = ["", " ", "\t", "\r\n", NO_BREAK, ZERO_WIDTH, SOFT_HYPHEN, f" {NO_BREAK}{ZERO_WIDTH}{MARK} ", "\u2028\u3000"]
READERS: list[Callable[[str], object]] = [
    read_whole_number,
    read_money,
    read_date,
    read_postcode,
    read_text,
    read_uprn,
    read_code,
]


def outcome(value: object) -> object:
    return value.code if isinstance(value, Fault) else value


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("text", BLANKS)
def test_a_cell_that_looks_empty_is_blank_for_every_kind(read: Callable[[str], object], text: str) -> None:
    assert read(text) is None
    assert is_blank(text)


WHOLE_NUMBERS = {
    "8": 8,
    "08": 8,
    "007": 7,
    "09": 9,
    "1.0": 1,
    "5.": 5,
    "8.000": 8,
    "0": 0,
    "-0": 0,
    "-0.00": 0,
    "+5": 5,
    "-3": -3,
    " 8 ": 8,
    f"{NO_BREAK}8{ZERO_WIDTH}": 8,
    "\u202d8\u202c": 8,
    "1,200": 1200,
    "12,345,678": 12345678,
    "0" * 30 + "4": 4,
}
NOT_WHOLE_NUMBERS = [
    *[
        "1.9",
        ".5",
        "-.5",
        "1e3",
        "1E+3",
        "0x10",
        "0b1",
        "1_000",
        "１２",
        "١٢",
        "1٢",
        "²",
        "½",
        "NaN",
        "Infinity",
        "-inf",
        "sNaN",
    ],
    *[
        "1 234",
        "1,23",
        "1,2345",
        ",123",
        "1.234,50",
        "12%",
        "£5",
        "eight",
        "R",
        "--5",
        "+-5",
        "- 5",
        "5-",
        "=1+1",
        "+cmd",
        "8;9",
    ],
    *["1e2000000", "9" * 16, "9" * 5000, "1" * 41, "TRUE", "#REF!", "8\n9", "8\x00", "−5", "."],
]


@pytest.mark.parametrize(("text", "number"), WHOLE_NUMBERS.items())
def test_a_whole_number_is_read_from_its_usual_spellings(text: str, number: int) -> None:
    assert read_whole_number(text) == number
    assert isinstance(read_whole_number(text), int)


@pytest.mark.parametrize("text", NOT_WHOLE_NUMBERS)
def test_anything_but_a_whole_number_is_refused_and_never_cut_short(text: str) -> None:
    assert outcome(read_whole_number(text)) == "not-a-whole-number"


AMOUNTS = {
    "1234.50": "1234.50",
    "1,234.50": "1234.50",
    "£1,234.50": "1234.50",
    "£ 5": "5",
    ".5": "0.5",
    "5.": "5",
    "007": "7",
    "-5": "-5",
    "-£5": "-5",
    "£-5": "-5",
    "+5": "5",
    "1.005": "1.005",
    " £7.10 ": "7.10",
    "-0": "0",
    "-0.00": "0",
}
NOT_AMOUNTS = [
    *[
        "1.234,50",
        "12,5",
        "1 234",
        "12%",
        "1e3",
        "1E+3",
        "1e2000000",
        "1e300000",
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "1_000",
    ],
    *[
        "１２",
        "١٢",
        "5 pounds",
        "£",
        ".",
        "£.",
        "-",
        "--5",
        "-£-5",
        "(5)",
        "$5",
        "1,23.00",
        "9" * 16,
        "9" * 5000,
        "0." + "1" * 5000,
    ],
]


@pytest.mark.parametrize(("text", "amount"), AMOUNTS.items())
def test_money_is_read_with_pound_sign_thousands_and_every_decimal(text: str, amount: str) -> None:
    value = read_money(text)
    assert isinstance(value, Decimal)
    assert value == Decimal(amount)
    assert not (value.is_zero() and value.is_signed())


@pytest.mark.parametrize("text", NOT_AMOUNTS)
def test_anything_but_an_amount_is_refused(text: str) -> None:
    assert outcome(read_money(text)) == "not-an-amount"


@pytest.mark.parametrize("text", ["1e2000000", "9" * 100_000, "0" * 100_000, ("1," * 50_000), " " * 100_000 + "x"])
@pytest.mark.parametrize("read", READERS)
def test_a_hostile_text_is_judged_in_no_time(read: Callable[[str], object], text: str) -> None:
    start = perf_counter()
    read(text)
    assert perf_counter() - start < 0.05


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1e3", "without an E"),
        ("１２", "0 to 9"),
        ("1.9", "after the point"),
        ("£5", "pound sign"),
        ("9" * 20, "15 digits"),
    ],
)
def test_a_whole_number_fault_says_how_to_mend_this_text(text: str, words: str) -> None:
    value = read_whole_number(text)
    assert isinstance(value, Fault)
    assert words in value.hint


@pytest.mark.parametrize(
    ("text", "words"), [("12%", "per cent"), ("1.234,50", "point before the pence"), ("1E+3", "without an E")]
)
def test_an_amount_fault_says_how_to_mend_this_text(text: str, words: str) -> None:
    value = read_money(text)
    assert isinstance(value, Fault)
    assert words in value.hint


CODES = {
    "1": 1,
    "01": 1,
    "1.0": 1,
    " 1 ": 1,
    "-1": -1,
    "826": 826,
    "m": "M",
    "E09000007": "E09000007",
    "e09000007": "E09000007",
    "1.9": "1.9",
    "1e1": "1E1",
    "１": "１",
    "true": "TRUE",
    "1,200": "1,200",
    "9" * 20: "9" * 20,
    "a\x00": "unreadable-character",
}


@pytest.mark.parametrize(("text", "code"), CODES.items())
def test_a_code_is_a_number_or_text_in_capitals(text: str, code: object) -> None:
    assert outcome(read_code(text)) == code


UPRNS = {
    "10010457355": "010010457355",
    "010010457355": "010010457355",
    "1": "000000000001",
    "123456789012": "123456789012",
    " 10010457355 ": "010010457355",
    "10010457355.0": "010010457355",
}


@pytest.mark.parametrize(("text", "uprn"), UPRNS.items())
def test_a_property_reference_gets_its_lost_zeros_back(text: str, uprn: str) -> None:
    assert read_uprn(text) == uprn


@pytest.mark.parametrize(
    "text", ["1.23E+05", "1e5", "1234567890123", "-1", "+1", "1,234", "12a", "１２", "0x1", "1.5", "9" * 5000, "1\n2"]
)
def test_a_property_reference_of_anything_but_digits_is_refused(text: str) -> None:
    assert outcome(read_uprn(text)) == "not-a-uprn"


POSTCODES = {
    "SW1A 2AA": "SW1A 2AA",
    "sw1a2aa": "SW1A 2AA",
    "SW1A  2AA": "SW1A 2AA",
    f"sw1a{NO_BREAK}2aa": "SW1A 2AA",
    "SW1A 2AA.": "SW1A 2AA",
    " ec1n 2td ": "EC1N 2TD",
    f"EC1N{ZERO_WIDTH}2TD": "EC1N 2TD",
    "m1 1ae": "M1 1AE",
    "GIR 0AA": "GIR 0AA",
    "S W1A2 AA": "SW1A 2AA",
    "OX1 OAA": "OX1 0AA",
    "0X1 0AA": "OX1 0AA",
    "NWI 2AB": "NW1 2AB",
    "EIO 1AA": "E10 1AA",
    "OL1O 1AA": "OL10 1AA",
    "LS1 IAP": "LS1 1AP",
    "S01 2AB": "SO1 2AB",
    "EC1N": "EC1N",
    "2td": "2td",
    "not known": "not known",
    "ZZ1 1ZZ": "ZZ1 1ZZ",
    "12345": "12345",
    "QQ11 1CC": "QQ11 1CC",
    "ＳＷ1A 2AA": "ＳＷ1A 2AA",
    "D02 AF30": "D02 AF30",
    "SW1A 2AA, London": "SW1A 2AA, London",
    "BT1 1AA\x00": "unreadable-character",
}


@pytest.mark.parametrize(("text", "postcode"), POSTCODES.items())
def test_a_postcode_gets_capitals_one_space_and_its_look_alikes_mended(text: str, postcode: str) -> None:
    assert outcome(read_postcode(text)) == postcode


TEXTS = {
    " a b ": "a b",
    "Café": "Café",
    "x\ny": "x\ny",
    f"{NO_BREAK}a{NO_BREAK}b{NO_BREAK}": f"a{NO_BREAK}b",
    "=1+1": "=1+1",
    "+44 1": "+44 1",
    "\t=1": "=1",
    "👩‍👧": "👩‍👧",
    "a\u2028b": "a\u2028b",
    "\u2067abc\u2069": "\u2067abc\u2069",
    "08": "08",
    "_x0041_": "_x0041_",
    "#REF!": "spreadsheet-error",
    " #N/A ": "spreadsheet-error",
    "#1 Flat": "#1 Flat",
    "a\x00b": "unreadable-character",
    "a\ud800": "unreadable-character",
    "x" * 32_768: "too-long",
    "x" * 32_767: "x" * 32_767,
}


@pytest.mark.parametrize(
    ("text", "read_as"), TEXTS.items(), ids=lambda value: str(value)[:20].encode("ascii", "replace").decode()
)
def test_text_is_kept_exactly_but_for_the_space_around_it(text: str, read_as: str) -> None:
    assert outcome(read_text(text)) == read_as


DATES = {
    **dict.fromkeys(
        ["3 Apr 26", "03/04/2026", "2026-04-03", "3/4/26", "3-4-2026", "3.4.2026", "3 4 2026"], date(2026, 4, 3)
    ),
    **dict.fromkeys(["3 April 2026", "3rd April 2026", "03-APR-26", "3Apr2026", "3 april, 2026"], date(2026, 4, 3)),
    **dict.fromkeys(["2026-04-03 00:00:00", "2026-04-03T00:00", "03/04/2026 00:00"], date(2026, 4, 3)),
    "04/01/2026": date(2026, 1, 4),
    "1/1/69": date(2069, 1, 1),
    "29/02/2028": date(2028, 2, 29),
    "1 Sept 2026": date(2026, 9, 1),
    **dict.fromkeys(["31/04/2026", "29/02/2027", "30/02/2026"], "no-such-day"),
    **dict.fromkeys(["1/4/0026", "1/4/026", "1/4/20260"], "not-a-year"),
    **dict.fromkeys(
        ["46113", "2026-W14-3", "20260403", "2026-04-03 10:30", "2026-04-03Z", "April", "1/4", "3/4-26"], "not-a-date"
    ),
    **dict.fromkeys(
        ["1/13/2026", "32/1/2026", "0/0/2026", "3 Foo 2026", "1/4/२६", "2026-13-01", "1e1/4/2026", "-1/4/2026"],
        "not-a-date",
    ),
}


@pytest.mark.parametrize(("text", "read_as"), DATES.items())
def test_a_date_is_read_day_first_or_refused(text: str, read_as: object) -> None:
    assert outcome(read_date(text)) == read_as


DATE_PARTS: list[tuple[tuple[str, str, str], object, tuple[str, ...]]] = [
    (("3", "4", "2026"), date(2026, 4, 3), ()),
    (("03", "04", "26"), date(2026, 4, 3), ()),
    ((" 3.0", "4 ", "2026.0"), date(2026, 4, 3), ()),
    (("3", "apr", "26"), date(2026, 4, 3), ()),
    (("", " ", NO_BREAK), None, ()),
    (("", "4", "2026"), "date-incomplete", ("day",)),
    (("3", "", ""), "date-incomplete", ("month", "year")),
    (("31", "2", "2026"), "no-such-day", ("day",)),
    (("29", "2", "2027"), "no-such-day", ("day",)),
    (("0", "0", "000"), "not-a-year", ("day", "month", "year")),
    (("0", "4", "2026"), "not-a-date", ("day",)),
    (("1e1", "4", "2026"), "not-a-date", ("day",)),
    (("-1", "4", "2026"), "not-a-date", ("day",)),
    (("3", "13", "2026"), "not-a-date", ("month",)),
    (("3", "ma", "2026"), "not-a-date", ("month",)),
    (("3", "4", "6"), date(2006, 4, 3), ()),
    (("3", "4", "126"), "not-a-year", ("year",)),
    (("3", "4", "0026"), "not-a-year", ("year",)),
    (("3", "4", "10000"), "not-a-year", ("year",)),
    (("9" * 5000, "9" * 5000, "9" * 5000), "not-a-year", ("day", "month", "year")),
]


@pytest.mark.parametrize(("parts", "read_as", "wrong"), DATE_PARTS, ids=lambda value: str(value)[:30])
def test_a_date_in_parts_is_read_or_its_wrong_parts_are_named(
    parts: tuple[str, str, str], read_as: object, wrong: tuple[str, ...]
) -> None:
    value = read_date_parts(*parts)
    assert outcome(value) == read_as
    assert not isinstance(value, Fault) or value.parts == wrong


@given(st.text())
def test_every_reader_answers_for_any_text(text: str) -> None:
    for read in READERS:
        read(text)
    read_date_parts(text, text, text)


@given(st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1))
def test_a_number_written_plainly_is_read_back(number: int) -> None:
    assert read_whole_number(str(number)) == number
    assert read_whole_number(f"{number:,}") == number
    assert read_money(f"£{number:,}.00") == number


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_date_written_plainly_is_read_back(day: date) -> None:
    assert read_date(day.isoformat()) == day
    assert read_date(f"{day.day}/{day.month}/{day.year}") == day
    assert read_date_parts(str(day.day), str(day.month), str(day.year)) == day


@given(st.text(alphabet="SW1OI0L2A M.", max_size=9))
def test_reading_a_postcode_twice_changes_nothing(text: str) -> None:
    once = read_postcode(text)
    assert not isinstance(once, str) or read_postcode(once) == once
