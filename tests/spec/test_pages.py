"""Every page of a return is asked of somebody: a page that nobody can reach is a mistake in its conditions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import pytest

from submission.definition import Definition, load, names, years
from submission.definition.graph import needs_of, rule_expressions
from submission.definition.model import Page, Subsection
from tests.property.logs import Answers, examples, values_of, without_blanks
from tests.property.test_whole_returns import Judged

RETURNS = [load(name, year) for name in names() for year in years(name)]
PAGES = [
    pytest.param(definition, subsection, page, id=f"{definition.collection}-{definition.year}-{page.id}")
    for definition in RETURNS
    for subsection in definition.subsections
    for page in subsection.pages
]


@pytest.mark.parametrize(("definition", "within", "asked"), PAGES)
def test_a_page_is_asked_by_some_log(definition: Definition, within: Subsection, asked: Page) -> None:
    assert any(Judged(definition, log).holds(within.when, asked.when) for log in tried(definition, asked))


def tried(definition: Definition, page: Page) -> Iterator[Answers]:
    """The examples, then with up to three of the answers changed that the page's condition looks at."""
    logs = examples(definition)
    everybody = {f"{name}{n}": 1 for name in ("details_known_", "age_known") for n in range(2, 9)} | {"hhmemb": 8}
    logs = (
        *logs,
        *({**log, **{name: everybody[name] for name in everybody if name in definition.holder}} for log in logs),
    )
    yield from logs
    looked_at = sorted(answers_behind(definition, page))
    for count in (1, 2, 3):
        for fields in combinations(looked_at, count):
            for values in product(*([None, *values_of(definition, name)] for name in fields)):
                for log in logs:
                    yield without_blanks({**log, **dict(zip(fields, values, strict=True))})


def answers_behind(definition: Definition, page: Page) -> set[str]:
    """The answers that the condition of a page looks at, itself or through terms and derived values."""
    terms = {term.id: term.value.expression for term in definition.terms}
    waiting = set(needs_of([page.when.expression])) if page.when else set()
    found: set[str] = set()
    while waiting - found:
        name = (waiting - found).pop()
        found.add(name)
        if name in terms:
            waiting |= needs_of([terms[name]])
        elif name in definition.derived_by_id and name not in definition.holder:
            waiting |= needs_of(rule_expressions(definition.derived_by_id[name]))
    return found & set(definition.holder)
