"""What a judgement may know besides the answers: organisations, schemes, people, postcodes.

Plain records, filled by whoever asks: the store, a context file of the command line, a test.
A judgement never looks anything up elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

Id = int | str


@dataclass(frozen=True, slots=True)
class Organisation:
    """`absorbed`: ids of the organisations merged into it. `rent_periods`: codes of the periods it uses."""

    id: Id
    code: str
    name: str
    provider_type: str
    holds_own_stock: bool = True
    rent_periods: tuple[int, ...] = ()
    agreement_signed: bool = True
    merge_date: date | None = None
    absorbed_by: Id | None = None
    available_from: date | None = None
    absorbed: tuple[Id, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a scheme or location takes no lettings; open when `ends` is None. `ends` itself is open again."""

    begins: date
    ends: date | None = None

    def covers(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True)
class Scheme:
    id: Id
    code: str
    name: str
    owner_id: Id
    confirmed: bool = True
    available_from: date | None = None
    pauses: tuple[Pause, ...] = ()
    locations: tuple[Id, ...] = ()
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    """`type_of_unit` and `mobility_type` hold codes, see the facts on schemes and locations."""

    id: Id
    code: str
    scheme_id: Id
    postcode: str | None = None
    name: str | None = None
    local_authority: str | None = None
    mobility_type: str | None = None
    type_of_unit: int | None = None
    confirmed: bool = True
    available_from: date | None = None
    pauses: tuple[Pause, ...] = ()
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class User:
    id: Id
    email: str
    organisation_id: Id
    role: str


@dataclass(frozen=True)
class Directory:
    """Everything that can be looked up by id or code. `agents`: pairs (owner id, managing agent id)."""

    organisations: Mapping[Id, Organisation]
    schemes: Mapping[Id, Scheme] = field(default_factory=dict)
    locations: Mapping[Id, Location] = field(default_factory=dict)
    users: Mapping[Id, User] = field(default_factory=dict)
    agents: frozenset[tuple[Id, Id]] = frozenset()

    def __post_init__(self) -> None:
        codes: dict[str, Id] = {}
        for organisation in self.organisations.values():
            codes[organisation.code] = codes[f"ORG{organisation.id}"] = organisation.id
        object.__setattr__(self, "by_code", codes)
        object.__setattr__(self, "by_email", {user.email.casefold(): user.id for user in self.users.values()})

    by_code: Mapping[str, Id] = field(init=False, repr=False)
    by_email: Mapping[str, Id] = field(init=False, repr=False)


@dataclass(frozen=True, slots=True)
class Context:
    """The world of a judgement. Without a directory nothing about organisations, schemes and people is looked up.

    `postcodes` gives the local authority of a postcode, or of its outward half; `uprns` that of a property
    reference, None when no list is at hand.
    """

    directory: Directory | None = None
    postcodes: Mapping[str, str] = field(default_factory=dict)
    uprns: Mapping[str, str] | None = None
    uploading_organisation: Id | None = None
    uploading_user: Id | None = None


NOWHERE: Final = Context()
