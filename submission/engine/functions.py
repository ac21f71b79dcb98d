"""What the named functions of the expression language do; their signatures are in `submission.definition.functions`.

A function is called only with arguments that are there, unless its signature says that it sees missing ones.
Those that look something up take the context first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from submission.engine.context import Context, Id, Location, Organisation, Pause, Scheme, User
from submission.engine.postcodes import postcode_written

PLACES: Final = {places: Decimal(1).scaleb(-places) for places in range(5)}
USUAL_POSTCODE: Final = re.compile(r"[A-PR-UWYZ][A-HK-Y]?[1-9][0-9]? [0-9][ABD-HJLNP-UW-Z]{2}")
SOON: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Phrases:
    """A list of phrases, ready to be looked for: as whole words anywhere, or as the whole text."""

    anywhere: re.Pattern[str]
    alone: re.Pattern[str]


def phrases(items: tuple[str, ...]) -> Phrases:
    listed = "|".join(re.escape(item) for item in items)
    return Phrases(
        re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE),
        re.compile(rf"[^a-z]*(?:{listed})[^a-z]*", re.IGNORECASE),
    )


def mentions(text: str, listed: Phrases) -> bool:
    return listed.anywhere.search(text) is not None


def is_only(text: str, listed: Phrases) -> bool:
    return listed.alone.fullmatch(text) is not None


def fullmatch(text: str, pattern: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def half_of(text: str, which: int) -> str | None:
    """The first (0) or second (1) half of a postcode."""
    written = postcode_written(text)
    return written.split()[which] if written is not None else None


def postcode_of(first: str | None, second: str | None) -> str | None:
    halves = [half for half in (first, second) if half]
    written = postcode_written(" ".join(halves))
    return written or (" ".join(halves) if len(halves) > 1 else None)


def postcode_shaped(text: str) -> bool:
    """Whether it is a postcode; most are written the usual way and need no second look."""
    return USUAL_POSTCODE.fullmatch(text) is not None or postcode_written(text) is not None


def round_half_up(number: Decimal | int, places: int) -> Decimal:
    return Decimal(number).quantize(PLACES[places], ROUND_HALF_UP)


def whole_pence(number: Decimal | int) -> bool:
    return number == Decimal(number).quantize(PLACES[2])


def amount(number: Decimal | int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def divide(number: Decimal | int, by: Decimal | int) -> Decimal | None:
    """Exact to 28 digits; missing when dividing by nothing."""
    return Decimal(number) / by if by else None


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def date_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def days_after(day: date, days: int) -> date | None:
    """Missing where the calendar ends before."""
    try:
        return day + timedelta(days=int(days))
    except OverflowError:
        return None


def days_before(day: date, days: int) -> date | None:
    return days_after(day, -days)


def years_before(day: date, years: int) -> date | None:
    return date_of(day.year - years, day.month, day.day) or date_of(day.year - years, day.month, 28)


# the directory


def organisation(context: Context, key: Id) -> Organisation | None:
    return context.directory.organisations.get(key) if context.directory else None


def scheme(context: Context, key: Id) -> Scheme | None:
    return context.directory.schemes.get(key) if context.directory else None


def location(context: Context, key: Id) -> Location | None:
    return context.directory.locations.get(key) if context.directory else None


def user(context: Context, key: Id) -> User | None:
    return context.directory.users.get(key) if context.directory else None


def find_organisation(context: Context, code: str) -> Id | None:
    return context.directory.by_code.get(code) if context.directory else code


def find_scheme(
    context: Context, code: str | None, owner: Organisation | None, manager: Organisation | None
) -> Id | None:
    if context.directory is None or code is None:
        return code
    owners = {which.id for which in (owner, manager) if which is not None}
    for found in context.directory.schemes.values():
        if found.owner_id in owners and code in (found.code, f"S{found.id}"):
            return found.id
    return None


def find_location(context: Context, code: str | None, of: Scheme | None) -> Id | None:
    if context.directory is None or code is None:
        return code
    for key in of.locations if of else ():
        found = context.directory.locations[key]
        if code == str(found.id) or code.lstrip("0") == found.code.lstrip("0"):
            return found.id
    return None


def find_user(context: Context, email: str) -> Id | None:
    return context.directory.by_email.get(email.strip().casefold()) if context.directory else email


def uploading_user(context: Context) -> Id | None:
    return None if uploader_is_support(context) else context.uploading_user


def uploader_is_support(context: Context) -> bool:
    uploader = None if context.uploading_user is None else user(context, context.uploading_user)
    return uploader is not None and uploader.role == "support"


def directory_loaded(context: Context) -> bool:
    return context.directory is not None


def authority_of(context: Context, postcode: str) -> str | None:
    known = context.postcodes
    return known.get(postcode) or known.get(postcode.partition(" ")[0]) if known else None


def uprns_loaded(context: Context) -> bool:
    return context.uprns is not None


def uprn_found(context: Context, uprn: str) -> bool:
    return uprn in (context.uprns or ())


# organisations


def merged_by(which: Organisation, day: date) -> bool:
    return which.merge_date is not None and which.merge_date <= day


def not_yet_active(which: Organisation, day: date) -> bool:
    return bool(which.absorbed) and which.available_from is not None and which.available_from > day


def same_merge(one: Organisation, other: Organisation) -> bool:
    merged = one.merge_date is not None and one.merge_date == other.merge_date
    return merged and one.absorbed_by == other.absorbed_by


def same_organisation(one: Organisation, other: Organisation) -> bool:
    return one.id == other.id


def manages_for(context: Context, manager: Organisation, owner: Organisation) -> bool:
    agents = context.directory.agents if context.directory else frozenset()
    return manager.id == owner.id or (owner.id, manager.id) in agents


def uploader_may_use(context: Context, owner: Organisation) -> bool:
    """The uploading organisation itself, those it manages for, those it absorbed, and those these managed for."""
    if context.directory is None or context.uploading_organisation is None:
        return True
    uploader = context.directory.organisations.get(context.uploading_organisation)
    if uploader is None:
        return True
    acting = (uploader.id, *uploader.absorbed)
    return owner.id in acting or any((owner.id, one) in context.directory.agents for one in acting)


def works_for(context: Context, who: User, which: Organisation) -> bool:
    return who.organisation_id in (which.id, which.absorbed_by)


# schemes and locations


def state_on(context: Context, place: Scheme | Location, day: date) -> str:
    """The state of a scheme or location on a day; the first of the facts' list that applies."""
    return scheme_state(context, place, day) if isinstance(place, Scheme) else location_state(context, place, day)


def scheme_state(context: Context, which: Scheme, day: date) -> str:
    owner = organisation(context, which.owner_id)
    closed = owner is not None and (not owner.active or merged_by(owner, day))
    if which.deleted:
        return "deleted"
    if closed or any(pause.ends is None and pause.begins <= day for pause in which.pauses):
        return "deactivated"
    if not complete(context, which):
        return "incomplete"
    return pause_state(which.pauses, day) or ("activating_soon" if begins_after(which, day) else "active")


def location_state(context: Context, which: Location, day: date) -> str:
    within = scheme(context, which.scheme_id)
    inherited = scheme_state(context, within, day) if within else "active"
    if which.deleted:
        return "deleted"
    if not which.confirmed:
        return "incomplete"
    if inherited == "deactivated" or any(pause.ends is None and pause.begins <= day for pause in which.pauses):
        return "deactivated"
    own = pause_state(which.pauses, day)
    if "deactivating_soon" in (own, inherited):
        return "deactivating_soon"
    if begins_after(which, day):
        return "activating_soon"
    return "reactivating_soon" if "reactivating_soon" in (own, inherited) else "active"


def pause_state(pauses: tuple[Pause, ...], day: date) -> str | None:
    if any(pause.ends is None and pause.begins > day for pause in pauses):
        return "deactivating_soon"
    return "reactivating_soon" if any(pause.ends is not None and pause.covers(day) for pause in pauses) else None


def begins_after(place: Scheme | Location, day: date) -> bool:
    return place.available_from is not None and place.available_from > day


def complete(context: Context, which: Scheme) -> bool:
    return which.confirmed and any(place.confirmed for place in places_of(context, which))


def places_of(context: Context, which: Scheme) -> list[Location]:
    return [context.directory.locations[key] for key in which.locations] if context.directory else []


def active_on(context: Context, place: Location, day: date) -> bool:
    """It can take a letting that day: confirmed, begun, not closed, and its scheme complete, begun and not paused."""
    within = scheme(context, place.scheme_id)
    return (
        place.confirmed
        and not begins_after(place, day)
        and not any(pause.ends is None and pause.begins <= day for pause in place.pauses)
        and within is not None
        and complete(context, within)
        and not begins_after(within, day)
        and not any(pause.covers(day) for pause in within.pauses)
    )


def has_active_location(context: Context, which: Scheme, day: date) -> bool:
    return any(active_on(context, place, day) for place in places_of(context, which))


def has_confirmed_location(context: Context, which: Scheme) -> bool:
    places = places_of(context, which)
    return not places or any(place.confirmed for place in places)


def offered_locations(context: Context, which: Scheme, day: date) -> list[Location]:
    return [place for place in places_of(context, which) if place.confirmed and not begins_after(place, day + SOON)]


def open_locations(context: Context, which: Scheme, day: date) -> int:
    return len(offered_locations(context, which, day))


def only_location(context: Context, which: Scheme, day: date) -> Id | None:
    offered = offered_locations(context, which, day)
    return offered[0].id if len(offered) == 1 else None


IMPLEMENTATIONS: Final[dict[str, Callable[..., Any]]] = {
    "upper": str.upper,
    "starts_with": str.startswith,
    "fullmatch": fullmatch,
    "mentions": mentions,
    "is_only": is_only,
    "outward": lambda text: half_of(text, 0),
    "inward": lambda text: half_of(text, 1),
    "postcode_of": postcode_of,
    "postcode_shaped": postcode_shaped,
    "min": min,
    "max": max,
    "round_half_up": round_half_up,
    "whole_pence": whole_pence,
    "date_of": date_of,
    "day_of": lambda day: day.day,
    "month_of": lambda day: day.month,
    "year_of": lambda day: day.year,
    "days_between": lambda first, second: (second - first).days,
    "days_before": days_before,
    "days_after": days_after,
    "years_before": years_before,
    "organisation": organisation,
    "scheme": scheme,
    "location": location,
    "user": user,
    "find_organisation": find_organisation,
    "find_scheme": find_scheme,
    "find_location": find_location,
    "find_user": find_user,
    "uploading_user": uploading_user,
    "uploader_is_support": uploader_is_support,
    "directory_loaded": directory_loaded,
    "authority_of": authority_of,
    "uprns_loaded": uprns_loaded,
    "uprn_found": uprn_found,
    "merged_by": merged_by,
    "not_yet_active": not_yet_active,
    "same_merge": same_merge,
    "same_organisation": same_organisation,
    "manages_for": manages_for,
    "uploader_may_use": uploader_may_use,
    "works_for": works_for,
    "state_on": state_on,
    "active_on": active_on,
    "has_active_location": has_active_location,
    "has_confirmed_location": has_confirmed_location,
    "open_locations": open_locations,
    "only_location": only_location,
}
