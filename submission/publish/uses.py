"""Who looks at what: the pages, questions, values, terms and checks whose expressions hold a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set

from submission.definition import Definition
from submission.definition.expressions import Asked, Expression, Given, Lookup, Name, walk
from submission.definition.model import Check, Sourced


class Uses:
    """The users of every name of a definition."""

    def __init__(self, definition: Definition):
        self._users: dict[str, list[str]] = defaultdict(list)
        self._looks_at: dict[str, frozenset[str]] = {}
        for user, sourced in sources_of(definition):
            for name in names_in(sourced.expression):
                self._users[name].append(user)
        for check in definition.checks:
            sources = [check.fails, *([check.applies] if check.applies else [])]
            self._looks_at[check.id] = frozenset(name for one in sources for name in names_in(one.expression))

    def users_of(self, names: Set[str]) -> list[str]:
        """Whatever looks at one of the names, but for checks and for itself."""
        users = dict.fromkeys(user for name in names for user in self._users.get(name, ()))
        return sorted(user for user in users if user.split(" ")[-1] not in names or user.startswith("term"))

    def is_about(self, check: Check, names: Set[str]) -> bool:
        """The check looks at one of the names or is shown there."""
        shown = {mark.field for mark in (*check.on, *check.on_form)}
        return not names.isdisjoint(shown | self._looks_at[check.id])


def sources_of(definition: Definition) -> Iterator[tuple[str, Sourced]]:
    """Each expression that is not a check's, with the name of what it belongs to."""
    yield from asking(definition)
    for derived in definition.derived:
        conditions = [one for rule in derived.rules for one in (rule.value, rule.when) if one]
        yield from ((f"value {derived.id}", condition) for condition in conditions)
    yield from ((f"term {term.id}", term.value) for term in definition.terms)
    for reading in definition.template.readings:
        if reading.value:
            yield f"upload of {reading.field}", reading.value


def asking(definition: Definition) -> Iterator[tuple[str, Sourced]]:
    """The conditions that say what is asked and offered."""
    for subsection in definition.subsections:
        if subsection.when:
            yield f"subsection {subsection.id}", subsection.when
        for page in subsection.pages:
            if page.when:
                yield f"page {page.id}", page.when
            for question in page.questions:
                conditions = (question.when, question.optional, *(told for _, told in question.offer))
                yield from ((f"question {question.id}", condition) for condition in conditions if condition)


def names_in(expression: Expression) -> set[str]:
    found = set()
    for part in walk(expression):
        if isinstance(part, Name | Given | Asked):
            found.add(part.id)
        elif isinstance(part, Lookup):
            found.add(part.table)
    return found
