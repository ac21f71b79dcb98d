"""Reads a context file: the organisations, schemes, people and postcodes a file is checked against.

The form is that of the published conformance worlds: a JSON object with `organisations`, `managing_agents`,
`users`, `schemes` (each with its `locations`), `postcodes`, `uprns`, `today`, `uploading_organisation` (a code)
and `uploading_user` (an e-mail). Every part may be left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from submission.engine.context import Context, Directory, Location, Organisation, Pause, Scheme, User


class ContextRefused(Exception):
    """The context file cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class World:
    """A context and the day on which its file says that it is."""

    context: Context
    today: date | None


def read_context(path: Path) -> World:
    """The world in a JSON file. Raises ContextRefused."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ContextRefused(f"{path}: {error.strerror or error}") from None
    except ValueError as error:
        raise ContextRefused(f"{path} is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ContextRefused(f"{path} must hold a JSON object")
    try:
        return world_of(found)
    except KeyError as error:
        raise ContextRefused(f"{path}: something has no {error}, which it needs") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise ContextRefused(f"{path}: {error}") from None


def world_of(found: Mapping[str, Any]) -> World:
    """The world that a context object describes. Raises KeyError, TypeError or ValueError where it is wrong."""
    directory = directory_of(found) if "organisations" in found else None
    postcodes = {key: value for key, value in found.get("postcodes", {}).items() if key != "comment"}
    context = Context(
        directory=directory,
        postcodes=postcodes,
        uprns=found.get("uprns"),
        uploading_organisation=directory.by_code.get(found.get("uploading_organisation", "")) if directory else None,
        uploading_user=directory.by_email.get(found.get("uploading_user", "").casefold()) if directory else None,
    )
    return World(context, day(found.get("today")))


def directory_of(found: Mapping[str, Any]) -> Directory:
    organisations = {entry["id"]: organisation_of(entry) for entry in found["organisations"]}
    ids = {entry.code: entry.id for entry in organisations.values()}
    for entry in organisations.values():
        if entry.absorbed_by is not None and entry.absorbed_by not in organisations:
            raise ValueError(f"organisation {entry.code} is absorbed by one that is not there")
    agents = frozenset((ids[pair["owner"]], ids[pair["agent"]]) for pair in found.get("managing_agents", ()))
    users = [
        User(entry.get("id", entry["email"].casefold()), entry["email"], ids[entry["organisation"]], entry["role"])
        for entry in found.get("users", ())
    ]
    schemes = [scheme_of(entry, ids) for entry in found.get("schemes", ())]
    places = [
        location_of(place, entry["id"]) for entry in found.get("schemes", ()) for place in entry.get("locations", ())
    ]
    return Directory(
        organisations,
        {entry.id: entry for entry in schemes},
        {entry.id: entry for entry in places},
        {entry.id: entry for entry in users},
        agents,
    )


def organisation_of(entry: Mapping[str, Any]) -> Organisation:
    return Organisation(
        id=entry["id"],
        code=str(entry["code"]),
        name=entry["name"],
        provider_type=entry["provider_type"],
        holds_own_stock=entry.get("holds_own_stock", True),
        rent_periods=tuple(entry.get("rent_periods", ())),
        agreement_signed=bool(entry.get("data_sharing_agreement_signed")),
        merge_date=day(entry.get("merge_date")),
        absorbed_by=entry.get("absorbed_by"),
        available_from=day(entry.get("available_from")),
        absorbed=tuple(entry.get("absorbed", ())),
        active=entry.get("active", True),
    )


def scheme_of(entry: Mapping[str, Any], ids: Mapping[str, Any]) -> Scheme:
    return Scheme(
        id=entry["id"],
        code=str(entry["code"]),
        name=entry["name"],
        owner_id=ids[entry["owner"]],
        confirmed=entry.get("confirmed", True),
        available_from=day(entry.get("available_from")),
        pauses=pauses_of(entry),
        locations=tuple(place["id"] for place in entry.get("locations", ())),
        deleted=entry.get("deleted", False),
    )


def location_of(entry: Mapping[str, Any], scheme_id: int | str) -> Location:
    return Location(
        id=entry["id"],
        code=str(entry["code"]),
        scheme_id=scheme_id,
        postcode=entry.get("postcode"),
        name=entry.get("name"),
        local_authority=entry.get("local_authority"),
        mobility_type=entry.get("mobility_type"),
        type_of_unit=entry.get("type_of_unit"),
        confirmed=entry.get("confirmed", True),
        available_from=day(entry.get("available_from")),
        pauses=pauses_of(entry),
        deleted=entry.get("deleted", False),
    )


def pauses_of(entry: Mapping[str, Any]) -> tuple[Pause, ...]:
    """The deactivations: `{"from": date, "to": date or nothing}`."""
    return tuple(
        Pause(date.fromisoformat(pause["from"]), day(pause.get("to"))) for pause in entry.get("deactivations", ())
    )


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
