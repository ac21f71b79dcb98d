"""Compiles a definition to one plain Python function that judges a log, kept as readable source.

    judge(given, context, today) -> (values, asked, found, missing, seen)

`given`, `values` and `asked` are in the order of `definition.inputs`, `definition.outputs` and
`definition.questions`; `asked` holds true or not. `found` lists (number of the check, values for its message,
fields that show it or None for all of `on`), `missing` the positions of questions that are asked and not answered,
`seen` what the checks over upload cells look at. One pass, no loops; answers are typed values, None where missing.

A program for findings alone leaves out what no finding depends on. It gives None for `values` and `asked` of a log
without findings, else only those of `Compiler.values`, and one flag for all questions asked under one condition
(`Compiler.asked_at`). `submission.engine.plan` says in which order all of it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from submission.definition.expressions import Expression, Literal
from submission.definition.graph import judged_terms, needs_of, ordered, steps_before
from submission.definition.model import Definition, Derived, Question, Rule, Sourced, Term
from submission.engine import plan
from submission.engine.emit import Emitter
from submission.engine.findings import check_line
from submission.engine.program import Frame, Program, build_program
from submission.engine.shapes import joined

INDENT: Final = "    "


@dataclass(slots=True)
class Compiler:
    """Writes the function. `findings_only`: nothing else is wanted. `every_term`: all terms are `seen`."""

    definition: Definition
    findings_only: bool = False
    every_term: bool = False
    frame: Frame | None = None
    emit: Emitter = field(init=False)
    lines: list[str] = field(default_factory=list)
    option_checks: dict[str, int] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    guards: dict[str, str] = field(default_factory=dict)
    tests: dict[str, str] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    opened: set[str] = field(default_factory=set)
    noted: set[str] = field(default_factory=set)
    positive: frozenset[str] = frozenset()
    seen: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    asked_at: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.emit = Emitter(self.definition)
        if self.frame is not None:
            self.emit = Emitter(self.definition, self.frame.names, self.frame.worded, given=self.frame.given)
        self.positions = {name: index for index, name in enumerate(self.definition.questions)}
        for index, check in enumerate(self.definition.checks):
            if check.origin == "option":
                self.option_checks[check.on[0].field] = index

    def write(self, depth: int, *lines: str) -> None:
        self.lines += [INDENT * depth + line for line in lines]

    def compile(self) -> Program:
        definition = self.definition
        groups, terms = plan.groups_of(definition), self.judged_terms()
        wanted = plan.cell_needs(definition) | frozenset(term.id for term in terms if self.every_term)
        self.seen = self.seen_names(wanted)
        if not self.every_term:
            self.positive = plan.only_asked_whether_true(definition, terms, groups)
        needed = plan.needed_for_findings(definition, terms, groups) if self.findings_only else None
        public = wanted | needs_of(plan.step_expressions(definition, needed))
        if self.frame is None:
            self.write(0, "def judge(given, context, today):")
            self.write(1, f"({', '.join(f'g_{name}' for name in definition.inputs)},) = given")
        else:
            self.lines += self.frame.head
        self.write(1, "found = []; add = found.append; missing = []")
        self.steps(plan.keep_private(terms, groups, public), needed)
        for group in groups:
            self.group(group)
        self.missing()
        if self.frame is not None:
            self.lines += self.frame.tail(self.emit)
        self.give(needed)
        self.emit.globals["year"] = definition.window
        return build_program("judge", "\n".join(self.lines), self.emit.globals)

    def seen_names(self, wanted: frozenset[str]) -> tuple[str, ...]:
        """The answers, values, terms and asked questions that checks over cells look at, by name."""
        known = [*self.definition.outputs, *(term.id for term in judged_terms(self.definition))]
        asked = [f"question {name}" for name in self.definition.questions]
        return tuple(name for name in [*known, *asked] if name in wanted)

    def give(self, needed: frozenset[str] | None) -> None:
        """What the function returns."""
        definition = self.definition
        asked = [self.asked(name) for name in definition.questions]
        self.values = definition.outputs
        if needed is not None:
            self.values = plan.shown_by_confirms(definition)
            asked = list(dict.fromkeys(asked))
        self.asked_at = tuple(asked.index(self.asked(name)) for name in definition.questions)
        seen = [self.asked(name[9:]) if name.startswith("question ") else name for name in self.seen]
        further = self.frame.results if self.frame else f"({', '.join(seen)}{',' if seen else ''})"
        given_out = f"found, missing, {further}"
        if needed is not None:
            self.write(1, f"if not found and not missing: return None, None, {given_out}")
        values = f"({', '.join(self.values)}{',' if self.values else ''})"
        self.write(1, f"return {values}, ({', '.join(asked)},), {given_out}")

    def is_needed(self, name: str, needed: frozenset[str] | None) -> bool:
        return needed is None or name in needed or name in self.definition.holder

    def judged_terms(self) -> list[Term]:
        """The terms in order, without those that are constants: these become global names."""
        terms = {term.id: term for term in judged_terms(self.definition)}
        for term in terms.values():
            value = plan.settled(term.value.expression)
            if isinstance(value, Literal):
                self.emit.globals[term.id] = value.value
        order = [node.id for node in ordered(self.definition, terms.values()) if node.kind == "term"]
        return [terms[name] for name in order if name not in self.emit.globals]

    # steps

    def steps(self, terms: list[Term], needed: frozenset[str] | None) -> None:
        """Pages, questions, terms and derived values, each behind what it needs."""
        definition = self.definition
        by_id = {term.id: term for term in terms if needed is None or term.id in needed}
        nodes = [
            node
            for node in ordered(definition, by_id.values())
            if node.kind != "derived" or self.is_needed(node.id, needed)
        ]
        self.guard_pages()
        block_of = {
            f"question {name}": self.guards[entries[0].page]
            for name, entries in definition.questions.items()
            if self.stands_in_block(entries)
        }
        for name, entries in definition.questions.items():
            self.emit.asked[name] = self.asked_text(entries, f"question {name}" in block_of)
        for block, chosen in plan.in_blocks(nodes, steps_before(definition, nodes), block_of):
            if block:
                self.block(block, [definition.questions[node.id] for node in chosen])
                continue
            for node in chosen:
                if node.kind == "term":
                    self.term(1, by_id[node.id])
                elif node.kind == "page":
                    self.page(node.id)
                elif node.kind == "question":
                    self.question(definition.questions[node.id])
                else:
                    derived = definition.derived_by_id[node.id]
                    self.rules(derived.id, derived.rules, ["None"])
                    self.defaults(derived)

    def term(self, depth: int, term: Term) -> None:
        expression = term.value.expression
        value = self.emit.truth(expression) if term.id in self.positive else self.emit.value(expression)
        self.write(depth, f"{term.id} = {value}")

    def guard_pages(self) -> None:
        """The name that says whether a page is asked; pages under the same condition share it."""
        tests: dict[str, str] = {}
        for subsection in self.definition.subsections:
            for page in subsection.pages:
                whens = (subsection.when, page.when)
                test = self.emit.test(*(when.expression for when in whens if when))
                plain = test.isidentifier()
                self.guards[page.id] = tests.setdefault(test, test if plain else f"p_{page.id}")
                self.tests.setdefault(self.guards[page.id], test)
        asked_apart = {
            self.guards[entry.page]
            for entries in self.definition.questions.values()
            if not self.stands_in_block(entries)
            for entry in entries
        }
        self.apart = frozenset(asked_apart)

    def page(self, name: str) -> None:
        """The flag of a page, where something else than one block of questions looks at it."""
        guard = self.guards[name]
        if guard == f"p_{name}" and guard in self.apart:
            self.write(1, f"{guard} = {truth(self.tests[guard])}")

    def stands_in_block(self, entries: tuple[Question, ...]) -> bool:
        """Whether a question is asked by one page only and its answer is nothing but what was given."""
        first = entries[0]
        derived = [self.definition.derived_by_id.get(name) for name in first.fields]
        ruled = any(rule for one in derived if one for rule in one.rules)
        return len(entries) == 1 and not first.keep and not ruled

    def asked_text(self, entries: tuple[Question, ...], in_block: bool) -> str:
        if in_block and entries[0].when is None:
            return self.guards[entries[0].page]
        return f"q_{entries[0].id}"

    def asked(self, question: str) -> str:
        return self.emit.asked[question]

    def block(self, guard: str, questions: list[tuple[Question, ...]]) -> None:
        """Questions that are asked under one condition: all of them, or none."""
        if guard == "True":
            for entries in questions:
                self.asked_in_block(1, entries)
            return
        flag = guard.startswith("p_") and guard not in self.apart and guard not in self.opened
        self.opened.add(guard)
        self.write(1, f"if {self.tests[guard] if flag else guard}:")
        if flag:
            self.write(2, f"{guard} = True")
        for entries in questions:
            self.asked_in_block(2, entries)
        fields = [name for entries in questions for name in entries[0].fields]
        flags = [f"q_{entries[0].id}" for entries in questions if entries[0].when]
        self.write(1, f"else: {' = '.join([*fields, *flags, *([guard] if flag else []), 'None'])}")

    def asked_in_block(self, depth: int, entries: tuple[Question, ...]) -> None:
        first = entries[0]
        inner = depth
        if first.when is not None:
            self.write(depth, f"if {self.emit.test(first.when.expression)}:")
            self.write(depth + 1, f"q_{first.id} = True")
            inner = depth + 1
        for name in first.fields:
            head, *more = self.given(name, entries, [], needs_answer=self.must_be_answered(first))
            self.write(inner, f"{name} = {head}", *more)
        self.tick_others(inner, first)
        if self.must_be_answered(first):
            self.noted.add(first.id)
            if first.kind == "checkboxes":
                self.write(inner, f"if 1 not in ({', '.join(first.fields)},): {self.lacks(first)}")
            elif first.kind not in ("radio", "select"):
                self.write(inner, f"if {first.id} is None: {self.lacks(first)}")
        if first.when is not None:
            self.write(depth, f"else: {' = '.join([*first.fields, f'q_{first.id}', 'None'])}")

    def must_be_answered(self, question: Question) -> bool:
        return question.optional is None

    def lacks(self, question: Question) -> str:
        return f"missing.append({self.positions[question.id]})"

    def question(self, entries: tuple[Question, ...]) -> None:
        """A question that several pages ask, that keeps its answer, or whose answer may follow from others."""
        first = entries[0]
        asked = [self.asked_by(entry) for entry in entries]
        self.write(1, f"q_{first.id} = {' or '.join(asked)}")
        for name in first.fields:
            derived = self.definition.derived_by_id.get(name)
            reads = True if first.keep else f"q_{first.id}"
            self.rules(name, derived.rules if derived else (), self.given(name, entries, asked), reads)
            if derived:
                self.defaults(derived)
        self.tick_others(1, first)

    def tick_others(self, depth: int, question: Question) -> None:
        """Once one box of several is ticked, the others are not."""
        if len(question.fields) > 1:
            self.write(depth, f"if 1 in ({', '.join(question.fields)}):")
            self.write(depth + 1, *(f"if {name} is None: {name} = 0" for name in question.fields))

    def asked_by(self, entry: Question) -> str:
        guard = self.guards[entry.page]
        if entry.when is None:
            return guard
        return f"({guard} and {truth(self.emit.test(entry.when.expression))})"

    def given(
        self, name: str, entries: tuple[Question, ...], asked: list[str], needs_answer: bool = False
    ) -> list[str]:
        """The given answer, then lines that refuse it when it is not among the options, or note that there is none.

        One that is kept while it is not asked is then left out without a word.
        """
        given = self.emit.given_name(name)
        lines = [given]
        if entries[0].kind not in ("radio", "select"):
            return lines
        check = self.option_checks[name]
        shown = sum(isinstance(part, Expression) for part in self.definition.checks[check].say.parts)
        finding = f"add(({check}, ({given},){f' * {shown}' if shown != 1 else ''}, None))"
        refusal = f"{f'q_{name} and {finding}' if entries[0].keep else finding}; {name} = None"
        test = f"if {name} not in {self.options(entries, asked, needs_answer)}:"
        if needs_answer:
            lines += [test, f"{INDENT}if {name} is None: {self.lacks(entries[0])}", f"{INDENT}else: {refusal}"]
        else:
            lines += [f"{test} {refusal}"]
        for entry in entries:
            for code, told in entry.offer:
                test = self.emit.test(told.expression)
                lines += [f"if {name} == {self.emit.constant(code)} and not ({test}): {refusal}"]
        return lines

    def options(self, entries: tuple[Question, ...], asked: list[str], needs_answer: bool) -> str:
        """The name of the set of codes that the page which asks has; with None where no answer is no fault here."""
        names: list[str] = []
        for number, entry in enumerate(entries):
            codes = frozenset([option.code for option in entry.options] + ([] if needs_answer else [None]))
            same = next((known for known in names if self.emit.globals[known] == codes), None)
            name = same or f"O_{entry.id}" + (f"_{number}" if number else "")
            self.emit.globals[name] = codes
            names.append(name)
        if len(set(names)) == 1:
            return names[0]
        choices = [f"{name} if {test} else " for name, test in zip(names[:-1], asked, strict=False)]
        return f"({''.join(choices)}{names[-1]})"

    def rules(self, name: str, rules: Iterable[Rule], given: list[str], reads: str | bool = True) -> None:
        """`name` by the first rule that applies, else as given while `reads` holds."""
        word = "if"
        for rule in rules:
            if rule.default:
                continue
            value = self.value_of(name, rule)
            if rule.when is None:
                self.write(1, f"{name} = {value}" if word == "if" else f"else: {name} = {value}")
                return
            self.write(1, f"{word} {self.emit.test(rule.when.expression)}: {name} = {value}")
            word = "elif"
        self.otherwise(name, word, given, reads)

    def otherwise(self, name: str, word: str, given: list[str], reads: str | bool) -> None:
        first, *more = given
        depth = 1
        if reads is not True or word == "elif":
            self.write(1, "else:" if reads is True else f"{word} {reads}:")
            depth = 2
        self.write(depth, f"{name} = {first}", *more)
        if reads is not True:
            self.write(1, f"else: {name} = None")

    def defaults(self, derived: Derived) -> None:
        for rule in derived.rules:
            if rule.default:
                when = [f"{derived.id} is None"] + ([self.emit.test(rule.when.expression)] if rule.when else [])
                self.write(1, f"if {joined(when)}: {derived.id} = {self.value_of(derived.id, rule)}")

    def value_of(self, name: str, rule: Rule) -> str:
        exact = self.definition.is_decimal(name)
        return self.emit.amount(rule.value.expression) if exact else self.emit.value(rule.value.expression)

    # findings

    def group(self, group: plan.Group) -> None:
        """Checks under one condition, with the terms that only they look at."""
        if group.applies is None or (len(group.checks) == 1 and not group.terms):
            for index, check in group.checks:
                self.write(1, check_line(self.emit, index, check, group.applies))
            return
        self.write(1, f"if {self.emit.test(group.applies)}:")
        for term in group.terms:
            self.term(2, term)
        for index, check in group.checks:
            self.write(2, check_line(self.emit, index, check, None))

    def missing(self) -> None:
        """Notes questions without an answer that no block has noted; one given and refused is not missing."""
        for asked, questions in self.required().items():
            depth = 1
            if asked != "True":
                self.write(1, f"if {asked}:")
                depth = 2
            self.write(depth, *map(self.missing_line, questions))

    def missing_line(self, question: Question) -> str:
        tests = [f"not ({self.emit.test(condition.expression)})" for condition in self.optionals(question)]
        if question.kind == "checkboxes":
            tests.append(f"1 not in ({', '.join(question.fields)},)")
        else:
            tests += [f"{question.id} is None", f"{self.emit.given_name(question.id)} is None"]
        return f"if {joined(tests)}: {self.lacks(question)}"

    def optionals(self, question: Question) -> list[Sourced]:
        return [entry.optional for entry in self.definition.questions[question.id] if entry.optional is not None]

    def required(self) -> dict[str, list[Question]]:
        """Questions that may need an answer, by the condition under which they are asked."""
        found: dict[str, list[Question]] = {}
        for name, entries in self.definition.questions.items():
            conditions = [self.emit.test(condition.expression) for condition in self.optionals(entries[0])]
            if "True" not in conditions and name not in self.noted:
                found.setdefault(self.asked(name), []).append(entries[0])
        return found


def truth(test: str) -> str:
    """A test as True or False: some tests give a flag that may be None."""
    return test if test in ("True", "False") else f"True if {test} else False"
