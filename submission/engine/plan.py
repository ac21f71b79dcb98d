"""Plans the generated function, so that a row pays only for what concerns it.

Which steps stand together under one condition, which checks share theirs, which terms nobody needs outside
such a group, and which conditions are only ever asked whether they are true. Called by `submission.engine.compile`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from submission.definition.expressions import (
    And,
    Choose,
    Count,
    Expression,
    Literal,
    Name,
    Not,
    Or,
    children,
)
from submission.definition.graph import Node, cell_terms, looked_at, needs_of, rule_expressions
from submission.definition.model import Check, Definition, Term


@dataclass(slots=True)
class Group:
    """Checks that apply under the same condition, with the terms that only they look at, in order."""

    applies: Expression | None
    checks: list[tuple[int, Check]] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)

    def inner(self) -> Iterator[Expression]:
        """What is looked at once the condition holds."""
        for _, check in self.checks:
            yield from looked_at(check)


def groups_of(definition: Definition) -> list[Group]:
    """The checks over answers, together where they apply under the same condition."""
    found: dict[str, Group] = {}
    for index, check in enumerate(definition.checks):
        if check.origin not in ("written", "range", "step") or check.cells:
            continue
        applies = check.applies.expression if check.applies else None
        key = repr(applies)
        found.setdefault(key, Group(applies)).checks.append((index, check))
    return list(found.values())


def step_expressions(definition: Definition, needed: frozenset[str] | None) -> Iterator[Expression]:
    """Every expression of pages, questions and derived values; of these the needed ones, None for all."""
    yield from asking_conditions(definition)
    for derived in definition.derived:
        if needed is None or derived.id in needed:
            yield from rule_expressions(derived)


def cell_needs(definition: Definition) -> frozenset[str]:
    """What the checks over upload cells look at, besides the cells."""
    cells = cell_terms(definition)
    expressions = [term.value.expression for term in definition.terms if term.id in cells]
    for check in definition.checks:
        if check.cells:
            expressions += [*looked_at(check), *([check.applies.expression] if check.applies else [])]
    return needs_of(expressions)


def needed_for_findings(definition: Definition, terms: list[Term], groups: list[Group]) -> frozenset[str]:
    """Everything that findings, questions asked and missing answers depend on; other derived values are left out."""
    expressions = [expression for group in groups for expression in group.inner()]
    expressions += [group.applies for group in groups if group.applies]
    expressions += list(truths_of(definition, groups))
    needed = set(needs_of(expressions)) | cell_needs(definition)
    needed |= {mark.field for group in groups for _, check in group.checks for mark in check.on}
    rules = {derived.id: needs_of(rule_expressions(derived)) for derived in definition.derived}
    rules |= {term.id: needs_of([term.value.expression]) for term in terms}
    waiting = [name for name in rules if name in needed or name in definition.holder]
    while waiting:
        name = waiting.pop()
        more = rules.get(name, frozenset()) - needed
        needed |= more | {name}
        waiting += more
    return frozenset(needed)


def shown_by_confirms(definition: Definition) -> tuple[str, ...]:
    """The values that confirm checks show, in order: whether they are there decides where."""
    shown = {mark.field for check in definition.checks if check.severity == "confirm" for mark in check.on}
    return tuple(name for name in definition.outputs if name in shown)


def keep_private(terms: list[Term], groups: list[Group], public: frozenset[str]) -> list[Term]:
    """Moves each term that a single group alone looks at into it; `terms` are in order. Gives those that remain."""
    users: dict[str, set[int | None]] = defaultdict(set)
    for name in public:
        users[name].add(None)
    for number, group in enumerate(groups):
        for name in needs_of(group.inner()):
            users[name].add(number if group.applies is not None else None)
        for name in needs_of([group.applies] if group.applies else []):
            users[name].add(None)
    remaining: list[Term] = []
    for term in reversed(terms):
        wanted = users[term.id]
        only = next(iter(wanted)) if len(wanted) == 1 else None
        if only is None:
            remaining.append(term)
        else:
            groups[only].terms.append(term)
        for name in needs_of([term.value.expression]):
            users[name].add(only)
    for one in groups:
        one.terms.reverse()
    return remaining[::-1]


def only_asked_whether_true(definition: Definition, terms: list[Term], groups: list[Group]) -> frozenset[str]:
    """Terms of which it never matters whether they are false or unknown."""
    uses: dict[str, set[str]] = defaultdict(set)
    for expression in truths_of(definition, groups):
        note_uses(expression, "true", uses)
    for expression in values_of(definition, groups):
        note_uses(expression, "value", uses)
    for name in cell_needs(definition):
        uses[name].add("value")
    for term in reversed(terms):
        for use in tuple(uses[term.id]):
            note_uses(term.value.expression, use, uses)
    return frozenset(term.id for term in terms if uses[term.id] == {"true"})


def asking_conditions(definition: Definition) -> Iterator[Expression]:
    """What decides which questions are asked, need an answer, and offer which codes."""
    for subsection in definition.subsections:
        for page in subsection.pages:
            yield from (when.expression for when in (subsection.when, page.when) if when)
            for question in page.questions:
                yield from (told.expression for _, told in question.offer)
                yield from (one.expression for one in (question.when, question.optional) if one)


def truths_of(definition: Definition, groups: Iterable[Group]) -> Iterator[Expression]:
    yield from asking_conditions(definition)
    for derived in definition.derived:
        yield from (rule.when.expression for rule in derived.rules if rule.when)
    for group in groups:
        yield from [group.applies] if group.applies else []
        for _, check in group.checks:
            yield check.fails.expression
            yield from (mark.when for mark in check.on if mark.when is not None)


def values_of(definition: Definition, groups: Iterable[Group]) -> Iterator[Expression]:
    for derived in definition.derived:
        yield from (rule.value.expression for rule in derived.rules)
    for group in groups:
        for _, check in group.checks:
            yield from (part for part in check.say.parts if isinstance(part, Expression))


def note_uses(expression: Expression, use: str, uses: dict[str, set[str]]) -> None:
    """Notes for each name inside whether it matters that it is true, or its value (false or unknown) as well."""
    if isinstance(expression, Name):
        uses[expression.id].add(use)
    elif isinstance(expression, Choose):
        note_uses(expression.condition, "true", uses)
        note_uses(expression.then, use, uses)
        note_uses(expression.otherwise, use, uses)
    elif isinstance(expression, Count):
        for part in expression.parts:
            note_uses(part, "true", uses)
    else:
        inside = use if isinstance(expression, And | Or) else "value"
        for child in children(expression):
            note_uses(child, "value" if isinstance(expression, Not) else inside, uses)


def settled(expression: Expression) -> Expression:
    """The expression without choices whose condition is a constant."""
    while isinstance(expression, Choose) and isinstance(expression.condition, Literal):
        expression = expression.then if expression.condition.value is True else expression.otherwise
    return expression


def in_blocks(
    nodes: list[Node], needs: dict[str, set[str]], block_of: dict[str, str]
) -> Iterator[tuple[str, list[Node]]]:
    """The steps in an order they allow, those of one block together as far as that goes.

    `needs`: for each step the steps before it. `block_of`: the condition that a step stands under, "" for none.
    """
    waiting = {node.key: node for node in nodes}
    done: set[str] = set()
    while waiting:
        ready = [node for node in waiting.values() if needs[node.key] <= done]
        free = [node for node in ready if not block_of.get(node.key)]
        block = "" if free else block_of[ready[0].key]
        chosen: list[Node] = []
        while (
            more := free
            if not block
            else [node for node in waiting.values() if block_of.get(node.key) == block and needs[node.key] <= done]
        ):
            chosen += more
            done.update(node.key for node in more)
            for node in more:
                del waiting[node.key]
            free = []
        yield block, chosen
