"""Builds pages and questions, and how an upload's columns hold them, from the subsection files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from submission.definition.checks import replaced
from submission.definition.expressions import Constant, Literal, Name
from submission.definition.model import Column, Option, Page, Question, Reading, Sourced, Wording
from submission.definition.scribe import Scribe, near
from submission.definition.source import Entry, Place, arithmetic
from submission.definition.tables import Table

DIRECTORY_KINDS: Final = ("organisation", "scheme", "location", "user")
KINDS: Final = (
    "radio",
    "select",
    "checkboxes",
    "whole number",
    "money",
    "percentage",
    "date",
    "text",
    "postcode",
    "uprn",
    "flag",
    *DIRECTORY_KINDS,
)
QUESTION_KEYS: Final = frozenset(
    "label ask hint guidance kind codes min max step prefix suffix unit optional when offer keep sensitivity column "
    "columns upload cells marks past years blank like of".split()
) | {"cell codes", "cell words"}
CELL_KEYS: Final = frozenset({"label", "kind", "codes"})
SENSITIVITIES: Final = ("none", "personal", "special")
CELL_KINDS: Final = {"checkboxes": "tick", "radio": "code", "select": "code"} | dict.fromkeys(DIRECTORY_KINDS, "text")


@dataclass(slots=True)
class QuestionBuilder:
    """Builds the questions of one subsection file after another; `columns` and `readings` collect the template.

    `shared`: the questions of shared.yaml, which others are `like`.
    """

    scribe: Scribe
    lists: Mapping[str, Entry]
    tables: Mapping[str, Table]
    shared: Entry
    first: dict[str, Entry] = field(default_factory=dict)
    columns: list[tuple[Column, Place]] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    def page(self, entry: Entry, subsection: str, person: int | None) -> Page:
        name = str(entry["page"])
        questions = []
        asked = self.scribe.entries(entry, "questions")
        for key in asked:
            body = asked[key]
            if not isinstance(body, Entry):
                self.scribe.refuse(asked.place_of(key), f"question “{key}” must be a mapping")
            elif self.scribe.in_year(body):
                questions.append(self.question(str(key), body, name, person, asked.place_of(key)))
        return Page(name, subsection, tuple(questions), entry.place, self.scribe.expression(entry, "when"), person)

    def question(self, name: str, body: Entry, page: str, person: int | None, place: Place) -> Question:
        scribe = self.scribe
        scribe.keys(body, QUESTION_KEYS, "a question")
        again = name in self.first
        body = self.merged(name, self.liked(body))
        kind = str(body.get("kind"))
        if kind not in KINDS:
            scribe.refuse(place, f"“{name}” has the unknown kind “{kind}”.{near(kind, KINDS)}")
        options, table = self.options(body, "codes")
        fields = tuple(str(option.code) for option in options) if kind == "checkboxes" else (name,)
        held_by = self.choices(body, "column") or self.choices(body, "marks")
        columns, marks = self.numbers(body, "column", "columns"), self.numbers(body, "marks")
        if not again:
            self.place_columns(name, kind, body, options, columns, person, place)
        sensitivity = body.get("sensitivity", "personal")
        if sensitivity not in SENSITIVITIES:
            scribe.refuse(body.place_of("sensitivity"), f"sensitivity is one of {', '.join(SENSITIVITIES)}")
        return Question(
            id=name,
            label=self.required(name, body, "label", place).text,
            ask=self.required(name, body, "ask", place),
            kind=kind,
            page=page,
            place=place,
            fields=fields,
            hint=scribe.wording(body, "hint"),
            guidance=scribe.text(body, "guidance"),
            options=options,
            table=table,
            minimum=scribe.number(body, "min"),
            maximum=scribe.number(body, "max"),
            prefix=scribe.wording(body, "prefix"),
            suffix=scribe.wording(body, "suffix"),
            optional=scribe.expression(body, "optional"),
            when=scribe.expression(body, "when"),
            offer=tuple(self.offer(body, options)),
            keep=body.get("keep") is True,
            sensitivity=sensitivity,
            blank=scribe.text(body, "blank"),
            person=person,
            columns=columns,
            marks=marks,
            held_by=held_by,
            step=self.step(body),
            past=body.get("past") is True,
        )

    def step(self, body: Entry) -> int | Decimal | None:
        """What a number must be a multiple of."""
        step = body.get("step")
        if step is None or (isinstance(step, int | Decimal) and step > 0):
            return step
        self.scribe.refuse(body.place_of("step"), f"“{step}” is no number above 0")
        return None

    def choices(self, body: Entry, key: str) -> tuple[tuple[int, Sourced], ...]:
        """Columns of which one holds the answer, each with its condition over cells: `{99: initial_row}`."""
        listed = body.get(key)
        if not isinstance(listed, Entry):
            return ()
        found = []
        for number in listed:
            when = self.scribe.expression(listed, number)
            if not isinstance(number, int) or when is None:
                self.scribe.refuse(listed.place_of(number), "give each column number its condition over cells")
            else:
                found.append((number, when))
        return tuple(found)

    def offer(self, body: Entry, options: tuple[Option, ...]) -> Iterator[tuple[Constant, Sourced]]:
        """When each code is an option: a mapping of some of them, or one condition in which `code` is each of them."""
        if isinstance(body.get("offer"), str):
            if every := self.scribe.expression(body, "offer"):
                for option in options:
                    expression = replaced(every.expression, Name("code"), Literal(option.code))
                    yield option.code, Sourced(expression, every.text, every.place)
            return
        offer = self.scribe.entries(body, "offer")
        for code in offer:
            if told := self.scribe.expression(offer, code):
                yield code, told

    def liked(self, body: Entry) -> Entry:
        """The body with what it takes over from a shared question, said of whomever `of` names."""
        like = body.get("like")
        if like is None:
            return body
        if not isinstance(shared := self.shared.get(like), Entry):
            self.scribe.refuse(body.place_of("like"), f"there is no shared question “{like}”.{near(like, self.shared)}")
            return body
        self.scribe.keys(shared, QUESTION_KEYS, "a question")
        who = str(body.get("of", "{who}"))
        title = who.removeprefix("the ")
        values = {
            key: text.replace("{who}", who).replace("{Who}", title[:1].upper() + title[1:])
            if isinstance(text, str)
            else text
            for key, text in shared.items()
        }
        return overlaid(Entry(shared.place, values, {key: shared.place_of(key) for key in shared}), body)

    def merged(self, name: str, body: Entry) -> Entry:
        """The body with what an earlier page has said of the same question; a list of codes picks from that page's."""
        if name not in self.first:
            self.first[name] = body
            return body
        first = self.first[name]
        if isinstance(body.get("codes"), list):
            whole = first["codes"]
            labels = self.lists.get(whole, {}) if isinstance(whole, str) else whole
            for code in body["codes"]:
                if code not in labels:
                    self.scribe.refuse(body.place_of("codes"), f"“{name}” has no code {code} to pick")
            picked = Entry(body.place_of("codes"), {code: labels.get(code) for code in body["codes"]}, {})
            body = overlaid(body, Entry(body.place, {"codes": picked}, {"codes": picked.place}))
        return overlaid(first, body)

    def required(self, name: str, body: Entry, key: str, place: Place) -> Wording:
        wording = self.scribe.wording(body, key)
        if wording is None or not wording.text.strip():
            self.scribe.refuse(place, f"question “{name}” has no “{key}”")
        return wording or Wording("", ())

    def options(self, body: Entry, key: str) -> tuple[tuple[Option, ...], str | None]:
        """The options under `key`: written there, a named code list, or the keys of a table (then its name too)."""
        codes = body.get(key)
        if isinstance(codes, str) and codes in self.tables:
            labels = self.tables[codes].labels()
            return tuple(Option(code, label) for code, label in labels.items()), codes  # type: ignore[arg-type]  # keys of a code table are constants
        if isinstance(codes, str):
            if codes not in self.lists:
                self.scribe.refuse(body.place_of(key), f"there is no code list “{codes}”.{near(codes, self.lists)}")
            codes = self.lists.get(codes)
        if codes is None:
            return (), None
        if not isinstance(codes, Entry):
            self.scribe.refuse(body.place_of(key), "codes are a mapping of code to label, or a name")
            return (), None
        return tuple(self.listed(codes)), None

    def listed(self, codes: Entry) -> list[Option]:
        found: list[Option] = []
        after_or = False
        for code, label in codes.items():
            if code == "--":
                after_or = True
                continue
            if isinstance(label, Entry) and not self.scribe.in_year(label):
                continue
            shown = self.scribe.text(label, "label") if isinstance(label, Entry) else label
            found.append(Option(code, str(shown), after_or))
            after_or = False
        return found

    def numbers(self, body: Entry, *keys: str) -> tuple[int, ...]:
        """Column numbers under any of the keys; `36 + 6 * 2` is worked out.

        A mapping gives its values under “columns” (of options), and its keys elsewhere (each with a condition).
        """
        found: list[int] = []
        for key in keys:
            value = body.get(key)
            listed = self.scribe.items(body, key)
            if isinstance(value, Entry):
                listed = list(value.values() if key == "columns" else value)
            for number in listed:
                try:
                    found.append(arithmetic(str(number), 0))
                except ValueError:
                    self.scribe.refuse(body.place_of(key), f"“{number}” is not a column number")
        return tuple(found)

    def place_columns(
        self,
        name: str,
        kind: str,
        body: Entry,
        options: tuple[Option, ...],
        columns: tuple[int, ...],
        person: int | None,
        place: Place,
    ) -> None:
        """Notes the template columns of a question and how its answers are read from them."""
        codes = self.scribe.entries(body, "cell codes")
        words = tuple(str(word).upper() for word in self.scribe.items(body, "cell words"))
        label = str(body.get("label", name))
        shown = cell_options(options, codes) if kind in ("radio", "select") else ()
        for index, number in enumerate(columns):
            part = index if len(columns) > 1 and kind in ("date", "postcode") else None
            text = options[index].label if kind == "checkboxes" and index < len(options) else label
            cell_kind = CELL_KINDS.get(kind, kind)
            cell_shown = cell_options(YES_NO, codes) if kind == "checkboxes" and codes else shown
            column = Column(number, text, name, cell_kind, cell_shown, words, part, person)
            self.columns.append((column, place))
        self.further_cells(name, self.scribe.entries(body, "cells"))
        self.note_readings(name, kind, body, options, columns, tuple(codes.items()))

    def further_cells(self, name: str, cells: Entry) -> None:
        for number, cell in self.scribe.bodies(cells, "cell"):
            place = cells.place_of(number)
            self.scribe.keys(cell, CELL_KEYS, "a cell")
            options, _ = self.options(cell, "codes")
            kind = str(cell.get("kind", "code"))
            column = Column(
                arithmetic(str(number), 0), str(cell.get("label", name)), name, CELL_KINDS.get(kind, kind), options
            )
            self.columns.append((column, place))

    def note_readings(
        self,
        name: str,
        kind: str,
        body: Entry,
        options: tuple[Option, ...],
        columns: tuple[int, ...],
        codes: tuple[tuple[Constant, Constant], ...],
    ) -> None:
        upload: Any = body.get("upload")
        if isinstance(upload, Entry):
            for option in upload:
                self.readings.append(Reading(str(option), "expression", value=self.scribe.expression(upload, option)))
            upload = None
            given = {reading.field for reading in self.readings}
            options = tuple(option for option in options if option.code not in given)
        if upload is not None:
            self.readings.append(Reading(name, "expression", value=self.scribe.expression(body, "upload")))
        elif kind == "checkboxes":
            columns_by_option = body.get("columns")
            for option in options:
                number = columns_by_option.get(option.code) if isinstance(columns_by_option, Entry) else None
                number = columns[0] if number is None and len(columns) == len(options) == 1 else number
                if number is not None:
                    self.readings.append(Reading(str(option.code), "tick", (number,), codes))
        elif choices := self.choices(body, "column"):
            self.readings.append(Reading(name, CELL_KINDS.get(kind, kind), codes=codes, choices=choices))
        elif columns:
            read_as = "past date" if body.get("past") is True else CELL_KINDS.get(kind, kind)
            self.readings.append(Reading(name, read_as, columns, codes))


def overlaid(under: Entry, over: Entry) -> Entry:
    """Both, the second one where they differ."""
    values = {**under, **over}
    return Entry(over.place, values, {key: (over if key in over else under).place_of(key) for key in values})


YES_NO: Final = (Option(1, "Yes"), Option(0, "No"))


def cell_options(options: tuple[Option, ...], codes: Entry) -> tuple[Option, ...]:
    """The options as a cell spells them: the codes of `cell codes` where they differ from the stored ones."""
    if not codes:
        return options
    labels = {option.code: option.label for option in options}
    return tuple(Option(cell, labels.get(stored, str(stored))) for cell, stored in codes.items())
