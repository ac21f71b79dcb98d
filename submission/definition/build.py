"""Builds a definition from its files. Called by `submission.definition.load`, which also lints it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from submission.definition.checks import CheckBuilder
from submission.definition.expressions import Function
from submission.definition.graph import over_cells
from submission.definition.model import (
    Check,
    Definition,
    Derived,
    Page,
    Question,
    Rule,
    Subsection,
    Template,
    Term,
    Window,
)
from submission.definition.questions import QuestionBuilder, overlaid
from submission.definition.scribe import Scribe, near
from submission.definition.source import DefinitionRefused, Entry, Place, Problem, fill, read_yaml
from submission.definition.tables import Table, read_table

COLLECTION_KEYS: Final = frozenset(
    "collection title log reference people years sections subsections tables functions phrases terms".split()
) | {"starts by", "code lists"}
SUBSECTION_KEYS: Final = frozenset(
    "subsection section title when pages derived terms checks phrases tables".split()
) | {"code lists"}
TEMPLATE_KEYS: Final = frozenset({"columns", "terms", "checks", "upper"}) | {
    "duplicate key",
    "duplicate sum",
    "other layouts",
}
PAGE_KEYS: Final = frozenset("page when questions terms checks years".split())
GROUP_KEYS: Final = frozenset({"repeat", "pages"})
DERIVED_KEYS: Final = frozenset("label is default when for kind codes marks years sensitivity".split())
WINDOW_DATES: Final = ("opens", "ends", "submission deadline", "new logs end", "edits end")
SHARED: Final = "shared.yaml"


@dataclass(slots=True)
class Builder:
    root: Path
    collection: str
    year: int
    scribe: Scribe
    lists: dict[str, Entry] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    phrases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    derived: list[tuple[str, Entry, Place]] = field(default_factory=list)
    checks: list[tuple[str, Entry, Place, str | None, int | None]] = field(default_factory=list)
    shared_checks: Entry = field(default_factory=lambda: Entry(Place(SHARED, 1), {}, {}))
    digest: Any = field(default_factory=hashlib.sha256)

    def read(self, name: str) -> Entry:
        entry = read_yaml(self.root, name)
        self.digest.update((self.root / name).read_bytes())
        return entry

    def build(self) -> Definition:
        shared, head = self.read(SHARED), self.read(f"{self.collection}/collection.yaml")
        names = [str(name) for name in self.scribe.items(head, "subsections")]
        files = [self.read(f"{self.collection}/{name}.yaml") for name in names]
        template = self.read(f"{self.collection}/template.yaml")
        self.scribe.keys(head, COLLECTION_KEYS, "a collection")
        self.scribe.functions = self.functions(shared, head)
        self.scribe.people = range(1, int(head.get("people", len(self.scribe.people))) + 1)
        self.shared_checks = self.scribe.entries(shared, "checks")
        for entry in (shared, head, *files, template):
            self.gather(entry)
        builder = QuestionBuilder(self.scribe, self.lists, self.tables, self.scribe.entries(shared, "questions"))
        sections = {str(key): str(title) for key, title in self.scribe.entries(head, "sections").items()}
        subsections = tuple(self.subsection(entry, builder, sections) for entry in files)
        self.scribe.keys(template, TEMPLATE_KEYS, "a template")
        self.collect(template, None, None)
        derived = tuple(self.derive(builder))
        layout = self.template(template, builder)
        questions = by_id(page for subsection in subsections for page in subsection.pages)
        known = self.known(questions, derived, layout)
        setup = self.setup_fields(subsections, layout)
        messages = self.scribe.entries(shared, "messages")
        checker = CheckBuilder(self.scribe, known, setup, over_cells(self.terms), messages)
        where = {page.id: subsection.id for subsection in subsections for page in subsection.pages}
        checks = [*checker.made(questions, where), *self.written(checker)]
        windows = self.windows(head)
        return Definition(
            collection=self.collection,
            title=str(head.get("title", self.collection)),
            log=str(head.get("log", "log")),
            reference=str(head.get("reference", "")),
            starts_by=str(head.get("starts by", "")),
            window=windows[self.year],
            sections=sections,
            subsections=subsections,
            derived=derived,
            terms=tuple(self.terms),
            checks=self.ordered(checks, [subsection.id for subsection in subsections]),
            template=layout,
            tables=self.tables,
            phrases=self.phrases,
            functions=self.scribe.functions,
            messages=messages,
            version=self.digest.hexdigest()[:12],
            years=windows,
        )

    def functions(self, *entries: Entry) -> dict[str, Function]:
        found: dict[str, Function] = {}
        for entry in entries:
            defined = self.scribe.entries(entry, "functions")
            for head, body in defined.items():
                name, _, parameters = str(head).rstrip(")").partition("(")
                names = tuple(part.strip() for part in parameters.split(",") if part.strip())
                self.scribe.parse(str(body), defined.place_of(head))
                found[name] = Function(names, str(body))
        return found

    def gather(self, entry: Entry) -> None:
        """Code lists, phrases and tables, which may be used before the file that holds them is reached."""
        lists = self.scribe.entries(entry, "code lists")
        self.lists.update({str(name): lists[name] for name in lists})
        phrases = self.scribe.entries(entry, "phrases")
        for name in phrases:
            self.phrases[str(name)] = tuple(str(phrase) for phrase in self.scribe.items(phrases, name))
        tables = self.scribe.entries(entry, "tables")
        for name, table in self.scribe.bodies(tables, "table"):
            if self.scribe.in_year(table):
                self.tables[str(name)] = self.table(str(name), table, tables.place_of(name))

    def table(self, name: str, entry: Entry, place: Place) -> Table:
        self.scribe.keys(entry, {"file", "key", "label", "rows", "columns", "years"}, "a table")
        key = tuple(str(column) for column in self.scribe.items(entry, "key"))
        if "file" in entry:
            path = self.root / "reference" / f"{str(entry['file']).replace('{year}', str(self.year))}.csv"
            try:
                return read_table(path, name, key, self.scribe.text(entry, "label"))
            except (OSError, ValueError) as error:
                self.scribe.refuse(place, f"table “{name}” cannot be read: {error}")
                return Table(name, key, (), {})
        rows = {
            row: tuple(value) if isinstance(value, list) else (value,)
            for row, value in self.scribe.entries(entry, "rows").items()
        }
        columns = tuple(str(column) for column in self.scribe.items(entry, "columns"))
        if any(len(row) != (len(columns) or 1) for row in rows.values()):
            self.scribe.refuse(place, f"a row of table “{name}” has another length than its columns")
        return Table(name, key or ("key",), columns, rows)

    def subsection(self, entry: Entry, builder: QuestionBuilder, sections: Mapping[str, str]) -> Subsection:
        self.scribe.keys(entry, SUBSECTION_KEYS, "a subsection")
        name, section = str(entry.get("subsection")), str(entry.get("section"))
        if section not in sections:
            self.scribe.refuse(entry.place_of("section"), f"there is no section “{section}”.{near(section, sections)}")
        pages = []
        for page, person in self.pages(entry):
            pages.append(builder.page(page, name, person))
            self.collect(page, name, person)
        self.collect(entry, name, None)
        return Subsection(
            name, section, str(entry.get("title", name)), tuple(pages), self.scribe.expression(entry, "when")
        )

    def pages(self, entry: Entry) -> Iterator[tuple[Entry, int | None]]:
        """Each page of the file with the person it is about; repeated pages person by person."""
        for item in self.scribe.items(entry, "pages"):
            if isinstance(item, Entry) and "repeat" in item:
                self.scribe.keys(item, GROUP_KEYS, "a repeated group")
                people = self.scribe.span(item, "repeat") or range(0)
                yield from ((page.filled(n), n) for n in people for page in self.listed(item) if self.is_page(page))
            elif self.is_page(item):
                yield item, None

    def listed(self, entry: Entry) -> list[Entry]:
        return self.scribe.items(entry, "pages")

    def is_page(self, item: Any) -> bool:
        if not isinstance(item, Entry) or "page" not in item:
            self.scribe.refuse(
                item.place if isinstance(item, Entry) else Place(self.collection, 1), "an item of pages needs “page:”"
            )
            return False
        self.scribe.keys(item, PAGE_KEYS, "a page")
        return self.scribe.in_year(item)

    def collect(self, entry: Entry, subsection: str | None, person: int | None) -> None:
        """Notes terms, derived values and checks; those with `{n}` in their name once per person."""
        for name, value, place, _ in self.repeated(self.scribe.entries(entry, "terms")):
            written = value.get("is") if isinstance(value, Entry) else value
            if (sourced := self.scribe.sourced(written, place)) is not None:
                self.terms.append(Term(name, sourced))
        for name, value, place, _ in self.repeated(self.scribe.entries(entry, "derived")):
            self.derived.append((name, value, place))
        for name, value, place, n in self.repeated(self.scribe.entries(entry, "checks")):
            if isinstance(value, Entry):
                self.checks.append((name, self.liked(value), place, subsection, n or person))
            else:
                self.scribe.refuse(place, f"check “{name}” must be a mapping")

    def liked(self, body: Entry) -> Entry:
        """A check with what it takes over from the shared one that it is `like`."""
        like = body.get("like")
        if like is None:
            return body
        shared = self.shared_checks.get(like)
        if not isinstance(shared, Entry):
            self.scribe.refuse(
                body.place_of("like"), f"there is no shared check “{like}”.{near(like, self.shared_checks)}"
            )
            return body
        whole = overlaid(shared, body)
        kept = {key: value for key, value in whole.items() if key != "like"}
        return Entry(whole.place, kept, {key: whole.place_of(key) for key in kept})

    def repeated(self, entry: Entry) -> Iterator[tuple[str, Any, Place, int | None]]:
        for key in entry:
            name, value, place = str(key), entry[key], entry.place_of(key)
            body = value if isinstance(value, Entry) else None
            if body is not None and not self.scribe.in_year(body):
                continue
            if "{n}" not in name:
                yield name, value, place, None
                continue
            for n in (self.scribe.span(body, "for") if body is not None else None) or self.scribe.people:
                yield fill(name, n), fill(value, n), place, n

    def derive(self, builder: QuestionBuilder) -> Iterator[Derived]:
        """Derived values; what is said of one field in several places is one value with several rules."""
        found: dict[str, Derived] = {}
        for name, value, place in self.derived:
            rules: list[Rule] = []
            about = Entry(place, {}, {})
            for item in value if isinstance(value, list) else [value]:
                body = item if isinstance(item, Entry) else Entry(place, {"is": item}, {"is": place})
                self.scribe.keys(body, DERIVED_KEYS, "a derived value")
                about = body if "label" in body or len(about) == 0 else about
                if self.scribe.in_year(body):
                    rules += self.rules(body, place)
            options, _ = builder.options(about, "codes")
            earlier = found.get(name)
            found[name] = Derived(
                name,
                (*(earlier.rules if earlier else ()), *rules),
                place,
                self.scribe.text(about, "label") or (earlier.label if earlier else ""),
                self.scribe.text(about, "kind") or (earlier.kind if earlier else None),
                options or (earlier.options if earlier else ()),
                builder.numbers(about, "marks") or (earlier.marks if earlier else ()),
            )
        yield from found.values()

    def rules(self, body: Entry, place: Place) -> Iterator[Rule]:
        if ("is" in body) == ("default" in body):
            self.scribe.refuse(place, "a derived value has either “is” or “default”")
            return
        default = "default" in body
        value = self.scribe.sourced(body.get("default" if default else "is"), place)
        if value is not None:
            yield Rule(value, self.scribe.expression(body, "when"), default)

    def template(self, entry: Entry, builder: QuestionBuilder) -> Template:
        columns = sorted(builder.columns, key=lambda pair: pair[0].number)
        seen: dict[int, str] = {}
        for column, place in columns:
            if column.number in seen:
                self.scribe.refuse(
                    place,
                    f"column {column.number} belongs to “{seen[column.number]}” already, not to “{column.question}”",
                )
            seen[column.number] = column.question
        for number in range(1, int(self.scribe.number(entry, "columns") or 0) + 1):
            if number not in seen:
                self.scribe.refuse(entry.place_of("columns"), f"no question holds column {number}")
        return Template(
            tuple(column for column, _ in columns),
            tuple(builder.readings),
            duplicate_key=tuple(self.scribe.items(entry, "duplicate key")),
            duplicate_sum=tuple(self.scribe.items(entry, "duplicate sum")),
            upper=tuple(self.scribe.items(entry, "upper")),
            other_layouts=tuple(self.other_layouts(self.scribe.entries(entry, "other layouts"))),
        )

    def other_layouts(self, entry: Entry) -> Iterator[tuple[int, str]]:
        for count, what in entry.items():
            if isinstance(count, int):
                yield count, str(what)
            else:
                self.scribe.refuse(entry.place_of(count), f"“{count}” is not a number of columns")

    def known(
        self, questions: Mapping[str, tuple[Question, ...]], derived: tuple[Derived, ...], layout: Template
    ) -> frozenset[str]:
        fields = {name for entries in questions.values() for name in entries[0].fields}
        return frozenset(
            {*questions, *fields, *(value.id for value in derived), *(column.field for column in layout.columns)}
        )

    def setup_fields(self, subsections: tuple[Subsection, ...], layout: Template) -> frozenset[str]:
        questions = {
            question.id: question.fields
            for subsection in subsections
            if subsection.section == "setup"
            for page in subsection.pages
            for question in page.questions
        }
        cells = {column.field for column in layout.columns if column.question in questions}
        return frozenset({*questions, *cells, *(name for fields in questions.values() for name in fields)})

    def written(self, checker: CheckBuilder) -> Iterator[Check]:
        for name, body, place, subsection, person in self.checks:
            check = checker.written(name, body, place, subsection, person)
            if check is not None:
                yield check

    def ordered(self, checks: list[Check], subsections: list[str]) -> tuple[Check, ...]:
        """By subsection, then as written; two checks of one name are refused."""
        seen: set[str] = set()
        for check in checks:
            if check.id in seen:
                self.scribe.refuse(check.place, f"there are two checks “{check.id}”")
            seen.add(check.id)
        position = {name: index for index, name in enumerate(subsections)}
        return tuple(sorted(checks, key=lambda check: position.get(check.subsection or "", len(position))))

    def windows(self, head: Entry) -> dict[int, Window]:
        years = self.scribe.entries(head, "years")
        found: dict[int, Window] = {}
        for year, entry in self.scribe.bodies(years, "year"):
            dates: list[Any] = [entry.get(key) for key in WINDOW_DATES]
            for key, value in zip(WINDOW_DATES, dates, strict=True):
                if not isinstance(value, date):
                    self.scribe.refuse(entry.place_of(key), f"year {year} needs the date “{key}”")
            cut_offs = tuple(self.scribe.items(entry, "quarterly cut-offs"))
            opens, ends, deadline, new_logs_end, edits_end = dates
            title = str(entry.get("title", year))
            found[year] = Window(year, title, opens, ends, deadline, new_logs_end, edits_end, cut_offs)
        if self.year not in found:
            known = ", ".join(str(year) for year in found)
            raise DefinitionRefused(
                [Problem(head.place_of("years"), f"there is no year {self.year}; there is {known}")]
            )
        return found


def by_id(pages: Iterator[Page]) -> dict[str, tuple[Question, ...]]:
    found: dict[str, tuple[Question, ...]] = {}
    for page in pages:
        for question in page.questions:
            found[question.id] = (*found.get(question.id, ()), question)
    return found
