"""The named functions of the expression language, one by one."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from submission.definition.functions import SIGNATURES, Signature
from submission.engine import functions as f
from submission.engine.context import NOWHERE, Context, Directory, Id, Location, Organisation, Pause, Scheme, User

DAY = date(2026, 8, 1)
BEFORE, AFTER = date(2026, 7, 31), date(2026, 8, 2)
OPEN_NOW, OPEN_LATER = (Pause(date(2026, 8, 1)),), (Pause(date(2026, 9, 1)),)
RESTING, RESTED = (Pause(date(2026, 7, 1), AFTER),), (Pause(date(2026, 7, 1), DAY),)
OWNER = Organisation(1, "1001", "Example Homes 1", "PRP")
SCHEME = Scheme(1, "10", "Scheme 1", 1, locations=(1,))
PLACE = Location(1, "100", 1)


def world(scheme: Scheme = SCHEME, *places: Location, owner: Organisation = OWNER, **more: Any) -> Context:
    """One organisation with one scheme, which has these locations, or one."""
    found = places or (PLACE,)
    directory = Directory(
        organisations={owner.id: owner},
        schemes={scheme.id: replace(scheme, locations=tuple(place.id for place in found))},
        locations={place.id: place for place in found},
        users={4: User(4, "User4@example.com", 1, "support"), 5: User(5, "user5@example.com", 1, "data_provider")},
    )
    return Context(directory, **more)


def test_every_function_that_is_named_is_there_and_no_other() -> None:
    assert set(SIGNATURES) == set(f.IMPLEMENTATIONS)
    assert all(name == signature.name for name, signature in SIGNATURES.items())


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=list(SIGNATURES))
def test_a_function_takes_as_many_arguments_as_its_signature_says(signature: Signature) -> None:
    implementation = f.IMPLEMENTATIONS[signature.name]
    if implementation in (min, max, str.upper, str.startswith):
        return  # Python's own do not tell
    parameters = inspect.signature(implementation).parameters
    assert len(parameters) == len(signature.arguments) + signature.needs_context
    assert (next(iter(parameters), "") == "context") == signature.needs_context
    assert signature.about


# text

WORDS = f.phrases(("da", "fire", "starter", "too small"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("because of DA", True),
        ("fire-damaged", True),
        ("(fire)", True),
        ("it was Too Small.", True),
        ("a starter", True),
        ("soda", False),
        ("bonfire", False),
        ("restarter", False),
        ("data", False),
        ("fires", False),
        ("too  small", False),
        ("", False),
    ],
)
def test_phrases_are_found_as_whole_words(text: str, found: bool) -> None:
    assert f.mentions(text, WORDS) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [("fire", True), (" Fire! ", True), ("1. fire", True), ("a fire", False), ("soda", False), ("", False)],
)
def test_a_text_may_be_one_phrase_and_nothing_else(text: str, found: bool) -> None:
    assert f.is_only(text, WORDS) is found


@pytest.mark.parametrize(("value", "blank"), [(None, True), ("", True), (" \t", True), ("x", False), (0, False)])
def test_missing_values_and_white_space_are_blank(value: Any, blank: bool) -> None:
    assert f.is_blank(value) is blank


# numbers and dates


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [("2.5", 0, "3"), ("-2.5", 0, "-3"), ("1.005", 2, "1.01"), ("1.0049", 2, "1.00"), ("7", 2, "7.00")],
)
def test_halves_are_rounded_away_from_zero(number: str, places: int, rounded: str) -> None:
    assert str(f.round_half_up(Decimal(number), places)) == rounded


def test_dividing_is_exact_and_by_nothing_gives_nothing() -> None:
    assert f.divide(1, 4) == Decimal("0.25")
    assert f.divide(Decimal("0.3"), Decimal("0.1")) == 3
    assert f.divide(1, 0) is None
    assert f.divide(1, Decimal("0.00")) is None


def test_a_day_that_does_not_exist_is_missing() -> None:
    assert f.date_of(2026, 2, 29) is None
    assert f.date_of(2028, 2, 29) == date(2028, 2, 29)


def test_a_day_before_or_after_the_calendar_is_missing() -> None:
    assert f.days_after(date(2026, 2, 28), 1) == f.days_before(date(2026, 3, 2), 1) == date(2026, 3, 1)
    assert f.days_after(DAY, 10_000_000) is None
    assert f.days_before(DAY, 10**30) is None
    assert f.years_before(DAY, 2_026) is None
    assert f.date_of(10**30, 1, 1) is None


def test_years_before_a_leap_day_end_on_28_february() -> None:
    assert f.years_before(date(2024, 2, 29), 20) == date(2004, 2, 29)
    assert f.years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)


# schemes and locations on a day, by the table of the facts: the first state that applies

SCHEME_STATES: list[tuple[str, Scheme, Organisation, str]] = [
    ("nothing special", SCHEME, OWNER, "active"),
    ("deleted, whatever else", replace(SCHEME, deleted=True, confirmed=False, pauses=OPEN_NOW), OWNER, "deleted"),
    ("closed from that day", replace(SCHEME, pauses=OPEN_NOW), OWNER, "deactivated"),
    ("closed and not confirmed", replace(SCHEME, pauses=OPEN_NOW, confirmed=False), OWNER, "deactivated"),
    ("owner not active", SCHEME, replace(OWNER, active=False), "deactivated"),
    ("owner merged that day", SCHEME, replace(OWNER, merge_date=DAY), "deactivated"),
    ("owner merges the next day", SCHEME, replace(OWNER, merge_date=AFTER), "active"),
    ("not confirmed", replace(SCHEME, confirmed=False), OWNER, "incomplete"),
    ("not confirmed, and it rests", replace(SCHEME, confirmed=False, pauses=RESTING), OWNER, "incomplete"),
    ("not confirmed, and it closes later", replace(SCHEME, confirmed=False, pauses=OPEN_LATER), OWNER, "incomplete"),
    ("closes later", replace(SCHEME, pauses=OPEN_LATER), OWNER, "deactivating_soon"),
    ("closes later, and rests now", replace(SCHEME, pauses=OPEN_LATER + RESTING), OWNER, "deactivating_soon"),
    ("rests", replace(SCHEME, pauses=RESTING), OWNER, "reactivating_soon"),
    ("rests, and starts later", replace(SCHEME, pauses=RESTING, available_from=AFTER), OWNER, "reactivating_soon"),
    ("open again that day", replace(SCHEME, pauses=RESTED), OWNER, "active"),
    ("starts later", replace(SCHEME, available_from=AFTER), OWNER, "activating_soon"),
    ("starts that day", replace(SCHEME, available_from=DAY), OWNER, "active"),
]
LOCATION_STATES: list[tuple[str, Location, Scheme, str]] = [
    ("nothing special", PLACE, SCHEME, "active"),
    ("deleted", replace(PLACE, deleted=True, confirmed=False), SCHEME, "deleted"),
    ("not confirmed", replace(PLACE, confirmed=False, pauses=OPEN_NOW), SCHEME, "incomplete"),
    ("closed", replace(PLACE, pauses=OPEN_NOW), SCHEME, "deactivated"),
    ("its scheme is closed", PLACE, replace(SCHEME, pauses=OPEN_NOW), "deactivated"),
    ("closes later", replace(PLACE, pauses=OPEN_LATER), SCHEME, "deactivating_soon"),
    ("its scheme closes later", PLACE, replace(SCHEME, pauses=OPEN_LATER), "deactivating_soon"),
    (
        "closes later, and starts later",
        replace(PLACE, pauses=OPEN_LATER, available_from=AFTER),
        SCHEME,
        "deactivating_soon",
    ),
    ("starts later", replace(PLACE, available_from=AFTER), SCHEME, "activating_soon"),
    ("starts later, and rests", replace(PLACE, available_from=AFTER, pauses=RESTING), SCHEME, "activating_soon"),
    ("rests", replace(PLACE, pauses=RESTING), SCHEME, "reactivating_soon"),
    ("its scheme rests", PLACE, replace(SCHEME, pauses=RESTING), "reactivating_soon"),
    ("its scheme starts later", PLACE, replace(SCHEME, available_from=AFTER), "active"),
    ("its scheme is not confirmed", PLACE, replace(SCHEME, confirmed=False), "active"),
    ("open again", replace(PLACE, pauses=RESTED), SCHEME, "active"),
]


@pytest.mark.parametrize(
    ("scheme", "owner", "state"), [row[1:] for row in SCHEME_STATES], ids=[row[0] for row in SCHEME_STATES]
)
def test_the_state_of_a_scheme(scheme: Scheme, owner: Organisation, state: str) -> None:
    assert f.state_on(world(scheme, owner=owner), replace(scheme, locations=(1,)), DAY) == state


@pytest.mark.parametrize(
    ("place", "scheme", "state"), [row[1:] for row in LOCATION_STATES], ids=[row[0] for row in LOCATION_STATES]
)
def test_the_state_of_a_location(place: Location, scheme: Scheme, state: str) -> None:
    assert f.state_on(world(scheme, place), place, DAY) == state


def test_a_scheme_is_incomplete_without_a_confirmed_location() -> None:
    place = replace(PLACE, confirmed=False)
    context = world(SCHEME, place)
    assert f.state_on(context, SCHEME, DAY) == "incomplete"
    assert not f.has_confirmed_location(context, SCHEME)
    assert f.has_confirmed_location(context, replace(SCHEME, locations=()))


@pytest.mark.parametrize(
    ("day", "covered"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True), (DAY, True), (AFTER, False)]
)
def test_a_pause_ends_before_its_last_day(day: date, covered: bool) -> None:
    assert RESTING[0].covers(day) is covered


def test_a_location_that_starts_within_14_days_is_offered() -> None:
    soon, later = (
        replace(PLACE, available_from=date(2026, 8, 15)),
        replace(PLACE, id=2, available_from=date(2026, 8, 16)),
    )
    scheme = replace(SCHEME, locations=(1, 2))
    assert f.open_locations(world(SCHEME, soon, later), scheme, DAY) == 1
    assert f.only_location(world(SCHEME, soon, later), scheme, DAY) == 1
    both = world(SCHEME, soon, replace(later, available_from=DAY))
    assert (f.open_locations(both, scheme, DAY), f.only_location(both, scheme, DAY)) == (2, None)


def test_a_location_is_active_when_it_and_its_scheme_can_take_a_letting() -> None:
    assert f.active_on(world(), PLACE, DAY)
    for place in (
        replace(PLACE, confirmed=False),
        replace(PLACE, available_from=AFTER),
        replace(PLACE, pauses=OPEN_NOW),
    ):
        assert not f.active_on(world(SCHEME, place), place, DAY)
    for scheme in (
        replace(SCHEME, confirmed=False),
        replace(SCHEME, available_from=AFTER),
        replace(SCHEME, pauses=RESTING),
    ):
        assert not f.active_on(world(scheme), PLACE, DAY)
        assert not f.has_active_location(world(scheme), scheme, DAY)


# organisations


def test_an_organisation_has_merged_from_its_merge_date_on() -> None:
    merged = replace(OWNER, merge_date=DAY, absorbed_by=6)
    assert [f.merged_by(merged, day) for day in (BEFORE, DAY, AFTER)] == [False, True, True]
    assert not f.merged_by(OWNER, DAY)


def test_an_organisation_made_by_a_merger_is_not_yet_active_before_it() -> None:
    made = replace(OWNER, absorbed=(5,), available_from=DAY)
    assert [f.not_yet_active(made, day) for day in (BEFORE, DAY)] == [True, False]
    assert not f.not_yet_active(replace(OWNER, available_from=DAY), BEFORE)


def test_two_organisations_of_one_merger_are_known_by_day_and_successor() -> None:
    one = replace(OWNER, merge_date=DAY, absorbed_by=6)
    assert f.same_merge(one, replace(one, id=2))
    assert not f.same_merge(one, replace(one, absorbed_by=7))
    assert not f.same_merge(one, replace(one, merge_date=AFTER))
    assert not f.same_merge(OWNER, replace(OWNER, id=2))


def test_an_uploader_may_use_itself_its_owners_and_those_it_absorbed() -> None:
    organisations: dict[Id, Organisation] = {n: replace(OWNER, id=n, code=f"100{n}") for n in range(1, 6)}
    organisations[3] = replace(organisations[3], absorbed=(4,))
    directory = Directory(organisations, agents=frozenset({(1, 3), (2, 4)}))
    context = Context(directory, uploading_organisation=3)
    allowed = [number for number, which in organisations.items() if f.uploader_may_use(context, which)]
    assert allowed == [1, 2, 3, 4]
    assert f.uploader_may_use(NOWHERE, organisations[5])
    assert f.manages_for(context, organisations[3], organisations[1])
    assert not f.manages_for(context, organisations[1], organisations[3])
    assert f.same_organisation(organisations[1], replace(organisations[1], name="Other"))


# finding things by what a file says


def test_things_are_found_by_code_or_id_and_people_by_address_in_any_case() -> None:
    context = world()
    assert f.find_organisation(context, "1001") == f.find_organisation(context, "ORG1") == 1
    assert f.find_organisation(context, "1002") is None
    assert f.find_scheme(context, "10", OWNER, None) == f.find_scheme(context, "S1", None, OWNER) == 1
    assert f.find_scheme(context, "10", replace(OWNER, id=2), None) is None
    assert f.find_location(context, "0100", SCHEME) == f.find_location(context, "1", SCHEME) == 1
    assert f.find_location(context, "9", SCHEME) is None
    assert f.find_location(context, "1", None) is None
    assert f.find_user(context, " user4@EXAMPLE.com ") == 4


def test_without_a_directory_a_text_is_taken_as_the_id() -> None:
    assert f.find_organisation(NOWHERE, "1001") == "1001"
    assert f.find_scheme(NOWHERE, "S1", None, None) == "S1"
    assert f.find_location(NOWHERE, "7", None) == "7"
    assert f.find_user(NOWHERE, "user4@example.com") == "user4@example.com"
    found = [look(NOWHERE, 1) for look in (f.organisation, f.scheme, f.location, f.user)]
    assert found == [None] * 4
    assert not f.directory_loaded(NOWHERE)
    assert f.directory_loaded(world())


def test_a_log_is_not_assigned_to_support() -> None:
    assert f.uploading_user(world(uploading_user=4)) is None
    assert f.uploader_is_support(world(uploading_user=4))
    assert f.uploading_user(world(uploading_user=5)) == 5
    assert f.uploading_user(world()) is None


def test_a_user_works_for_its_organisation_and_those_merged_into_it() -> None:
    user = User(5, "user5@example.com", 1, "data_provider")
    assert f.works_for(world(), user, OWNER)
    assert f.works_for(world(), user, replace(OWNER, id=2, absorbed_by=1))
    assert not f.works_for(world(), user, replace(OWNER, id=2))


def test_the_authority_of_a_postcode_is_found_by_the_whole_or_its_outward_half() -> None:
    context = Context(postcodes={"M1": "E08000003", "M1 1AE": "E08000006"}, uprns={"1": "E08000003"})
    assert f.authority_of(context, "M1 1AE") == "E08000006"
    assert f.authority_of(context, "M1 2AB") == "E08000003"
    assert f.authority_of(context, "LS1 4AP") is None
    assert f.authority_of(NOWHERE, "M1 1AE") is None
    assert f.uprns_loaded(context)
    assert f.uprn_found(context, "1")
    assert not f.uprn_found(context, "2")
    assert not f.uprns_loaded(NOWHERE)
