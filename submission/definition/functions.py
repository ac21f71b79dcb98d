"""The named functions an expression may call: their names, arguments and results.

The linter checks calls against this registry; `submission.engine.functions` implements each one,
and a test holds the two lists to each other. A function whose argument is missing gives missing,
unless it says otherwise here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Type = Literal["bool", "number", "text", "date", "organisation", "scheme", "location", "user", "phrases", "any"]


@dataclass(frozen=True, slots=True)
class Signature:
    """Argument types in order; the last repeats when `repeats`. `sees_missing`: called even with missing values."""

    name: str
    arguments: tuple[Type, ...]
    result: Type
    about: str
    repeats: bool = False
    sees_missing: bool = False
    needs_context: bool = False


SIGNATURES: Final[dict[str, Signature]] = {
    signature.name: signature
    for signature in (
        # text
        Signature("upper", ("text",), "text", "the text in capitals"),
        Signature("starts_with", ("text", "text"), "bool", "the text begins with the second one"),
        Signature("fullmatch", ("text", "text"), "bool", "the whole text matches the regular expression"),
        Signature("mentions", ("text", "phrases"), "bool", "the text holds one of the phrases as whole words"),
        Signature("is_only", ("text", "phrases"), "bool", "the text is one of the phrases and nothing else"),
        Signature("outward", ("text",), "text", "the first half of a postcode; missing if it is none"),
        Signature("inward", ("text",), "text", "the second half of a postcode; missing if it is none"),
        Signature(
            "postcode_of",
            ("text", "text"),
            "text",
            "the postcode of two halves, or a whole one in either; missing if there is just half of one",
            sees_missing=True,
        ),
        Signature("postcode_shaped", ("text",), "bool", "the text has the form of a UK postcode"),
        # numbers
        Signature("min", ("number", "number"), "number", "the smallest", repeats=True),
        Signature("max", ("number", "number"), "number", "the largest", repeats=True),
        Signature("round_half_up", ("number", "number"), "number", "rounded to so many places, halves away from zero"),
        Signature("whole_pence", ("number",), "bool", "the amount has no part of a penny"),
        # dates
        Signature("date_of", ("number", "number", "number"), "date", "year, month, day; missing if no such day"),
        Signature("day_of", ("date",), "number", "the day of the month"),
        Signature("month_of", ("date",), "number", "the month, 1 to 12"),
        Signature("year_of", ("date",), "number", "the year"),
        Signature("days_between", ("date", "date"), "number", "days from the first date to the second"),
        Signature("days_before", ("date", "number"), "date", "so many whole days earlier"),
        Signature("days_after", ("date", "number"), "date", "so many whole days later"),
        Signature("years_before", ("date", "number"), "date", "so many calendar years earlier; 29 Feb gives 28 Feb"),
        # the directory: by id
        Signature("organisation", ("any",), "organisation", "the organisation with this id", needs_context=True),
        Signature("scheme", ("any",), "scheme", "the scheme with this id", needs_context=True),
        Signature("location", ("any",), "location", "the location with this id", needs_context=True),
        Signature("user", ("any",), "user", "the user with this id", needs_context=True),
        # the directory: by what an upload file says; without a directory the text itself is taken as the id
        Signature(
            "find_organisation", ("text",), "any", "id of the organisation with this code or ORG id", needs_context=True
        ),
        Signature(
            "find_scheme",
            ("text", "organisation", "organisation"),
            "any",
            "id of the scheme with this code or S id, among those of the two organisations",
            sees_missing=True,
            needs_context=True,
        ),
        Signature(
            "find_location",
            ("text", "scheme"),
            "any",
            "id of the location with this code or id in the scheme",
            sees_missing=True,
            needs_context=True,
        ),
        Signature("find_user", ("text",), "any", "id of the user with this e-mail, any case", needs_context=True),
        Signature("uploading_user", (), "any", "id of the user who uploads; missing for support", needs_context=True),
        Signature(
            "directory_loaded", (), "bool", "organisations, schemes and users can be looked up", needs_context=True
        ),
        Signature("authority_of", ("text",), "text", "local authority of a postcode, if known", needs_context=True),
        Signature("uprns_loaded", (), "bool", "a list of known property references is at hand", needs_context=True),
        Signature("uprn_found", ("text",), "bool", "the property reference is known", needs_context=True),
        # organisations
        Signature("merged_by", ("organisation", "date"), "bool", "it had merged into another by that date"),
        Signature("not_yet_active", ("organisation", "date"), "bool", "it absorbed others and begins after that date"),
        Signature(
            "same_merge", ("organisation", "organisation"), "bool", "both merged into the same one on the same day"
        ),
        Signature("same_organisation", ("organisation", "organisation"), "bool", "they are one organisation"),
        Signature(
            "manages_for",
            ("organisation", "organisation"),
            "bool",
            "the first is the second, or its managing agent",
            needs_context=True,
        ),
        Signature(
            "uploader_may_use",
            ("organisation",),
            "bool",
            "the uploading organisation may send logs for this owner",
            needs_context=True,
        ),
        Signature("uploader_is_support", (), "bool", "the uploading user is support", needs_context=True),
        Signature(
            "works_for",
            ("user", "organisation"),
            "bool",
            "the user's organisation is this one or absorbed it",
            needs_context=True,
        ),
        # schemes and locations
        Signature(
            "state_on", ("any", "date"), "text", "state of a scheme or location on that date", needs_context=True
        ),
        Signature(
            "active_on",
            ("location", "date"),
            "bool",
            "the location can take a letting on that date",
            needs_context=True,
        ),
        Signature(
            "has_active_location",
            ("scheme", "date"),
            "bool",
            "some location is active on that date",
            needs_context=True,
        ),
        Signature(
            "has_confirmed_location",
            ("scheme",),
            "bool",
            "some location is confirmed, or it has none at all",
            needs_context=True,
        ),
        Signature(
            "open_locations",
            ("scheme", "date"),
            "number",
            "confirmed locations that start within 14 days",
            needs_context=True,
        ),
        Signature(
            "only_location",
            ("scheme", "date"),
            "any",
            "id of the one open location, if there is just one",
            needs_context=True,
        ),
    )
}
