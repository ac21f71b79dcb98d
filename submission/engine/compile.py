"""Compiles a definition to one plain Python function that judges a log, kept as readable source.

    judge(given, context, today) -> (values, asked, found, missing, terms)

`given`, `values` and `asked` are tuples in the order of `definition.inputs`, `definition.outputs` and
`definition.questions`. `found` lists (number of the check, values for its message, fields that show it or
None for all of `on`), `missing` the ids of questions that are asked and not answered. One pass, no loops;
answers are typed values, None where missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from submission.definition.expressions import Expression
from submission.definition.graph import Node, judged_terms, ordered
from submission.definition.model import Check, Definition, Derived, Mark, Page, Question, Rule, Sourced
from submission.engine.emit import Emitter, joined

INDENT: Final = "    "


@dataclass(frozen=True, slots=True)
class Program:
    """A generated function: its source, for inspection, and the function itself."""

    source: str
    function: Any


def build_program(name: str, source: str, names: dict[str, Any]) -> Program:
    """Runs generated source, which defines `name`, with just the names that it needs."""
    scope = {"__builtins__": {"range": range, "len": len, "str": str}, **names}
    exec(compile(source, f"<{name}>", "exec"), scope)  # noqa: S102  # our own source, made from a linted definition
    return Program(source, scope[name])


@dataclass(slots=True)
class Compiler:
    definition: Definition
    emit: Emitter = field(init=False)
    lines: list[str] = field(default_factory=list)
    option_checks: dict[str, int] = field(default_factory=dict)
    terms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.emit = Emitter(self.definition)
        for index, check in enumerate(self.definition.checks):
            if check.origin == "option":
                self.option_checks[check.on[0].field] = index

    def write(self, depth: int, line: str) -> None:
        self.lines.append(INDENT * depth + line)

    def compile(self) -> Program:
        definition = self.definition
        terms = judged_terms(definition)
        self.terms = tuple(term.id for term in terms)
        self.write(0, "def judge(given, context, today):")
        self.write(1, f"({', '.join(f'g_{name}' for name in definition.inputs)},) = given")
        self.write(1, "found = []; add = found.append; missing = []")
        for node in ordered(definition, terms):
            self.step(node)
        for index, check in enumerate(definition.checks):
            if check.origin in ("written", "range", "step") and not check.cells:
                self.check(index, check)
        self.missing()
        self.write(1, "return (")
        self.write(2, f"({', '.join(definition.outputs)},),")
        self.write(2, f"({', '.join(f'q_{name}' for name in definition.questions)},),")
        self.write(2, f"found, missing, ({', '.join(self.terms)}{',' if self.terms else ''}),")
        self.write(1, ")")
        self.emit.globals["year"] = definition.window
        return build_program("judge", "\n".join(self.lines), self.emit.globals)

    def step(self, node: Node) -> None:
        if node.kind == "term":
            term = next(term for term in self.definition.terms if term.id == node.id)
            self.write(1, f"{term.id} = {self.emit.value(term.value.expression)}")
        elif node.kind == "page":
            self.page(node.id)
        elif node.kind == "question":
            self.question(self.definition.questions[node.id])
        else:
            derived = self.definition.derived_by_id[node.id]
            self.rules(derived.id, derived.rules, ["None"])
            self.defaults(derived)

    def page(self, name: str) -> None:
        for subsection in self.definition.subsections:
            for page in subsection.pages:
                if page.id == name:
                    whens = (subsection.when, page.when)
                    test = self.emit.test(*(when.expression for when in whens if when))
                    self.write(1, f"p_{name} = {truth(test)}")

    def question(self, entries: tuple[Question, ...]) -> None:
        first = entries[0]
        asked = [self.asked(entry) for entry in entries]
        self.write(1, f"q_{first.id} = {' or '.join(asked)}")
        for name in first.fields:
            derived = self.definition.derived_by_id.get(name)
            reads = True if first.keep else f"q_{first.id}"
            self.rules(name, derived.rules if derived else (), self.given(name, entries, asked), reads)
            if derived:
                self.defaults(derived)
        if len(first.fields) > 1:
            self.write(1, f"if 1 in ({', '.join(first.fields)}):")
            for name in first.fields:
                self.write(2, f"if {name} is None: {name} = 0")

    def asked(self, entry: Question) -> str:
        if entry.when is None:
            return f"p_{entry.page}"
        test = self.emit.test(entry.when.expression)
        return f"(p_{entry.page} and {truth(test)})"

    def given(self, name: str, entries: tuple[Question, ...], asked: list[str]) -> list[str]:
        """Lines that take the given answer, or refuse it when it is not among the options.

        One that is kept while it is not asked is then left out without a word.
        """
        lines = [f"g_{name}"]
        if entries[0].kind not in ("radio", "select"):
            return lines
        check = self.option_checks[name]
        shown = sum(isinstance(part, Expression) for part in self.definition.checks[check].say.parts)
        finding = f"add(({check}, (g_{name},){f' * {shown}' if shown != 1 else ''}, None))"
        refusal = f"{f'q_{name} and {finding}' if entries[0].keep else finding}; {name} = None"
        lines += [f"if {name} is not None and {name} not in {self.options(entries, asked)}: {refusal}"]
        for entry in entries:
            for code, told in entry.offer:
                test = self.emit.test(told.expression)
                lines += [f"if {name} == {self.emit.constant(code)} and not ({test}): {refusal}"]
        return lines

    def options(self, entries: tuple[Question, ...], asked: list[str]) -> str:
        names: list[str] = []
        for number, entry in enumerate(entries):
            codes = frozenset(option.code for option in entry.options)
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
            value = self.emit.value(rule.value.expression)
            if rule.when is None:
                if word == "if":
                    self.write(1, f"{name} = {value}")
                else:
                    self.write(1, f"else: {name} = {value}")
                return
            self.write(1, f"{word} {self.emit.test(rule.when.expression)}: {name} = {value}")
            word = "elif"
        self.otherwise(name, word, given, reads)

    def otherwise(self, name: str, word: str, given: list[str], reads: str | bool) -> None:
        first, *more = given
        depth = 1
        if reads is not True:
            self.write(1, f"{word} {reads}:")
            depth = 2
        elif word == "elif":
            self.write(1, "else:")
            depth = 2
        self.write(depth, f"{name} = {first}")
        for line in more:
            self.write(depth, line)
        if reads is not True:
            self.write(1, f"else: {name} = None")

    def defaults(self, derived: Derived) -> None:
        for rule in derived.rules:
            if rule.default:
                when = [f"{derived.id} is None"] + ([self.emit.test(rule.when.expression)] if rule.when else [])
                self.write(1, f"if {joined(when)}: {derived.id} = {self.emit.value(rule.value.expression)}")

    def check(self, index: int, check: Check) -> None:
        test = self.emit.test(check.applies.expression if check.applies else None, check.fails.expression)
        self.write(1, f"if {test}: add(({index}, {self.shown(check)}, {self.marks(check.on)}))  # {check.id}")

    def shown(self, check: Check) -> str:
        values = [self.emit.value(part) for part in check.say.parts if isinstance(part, Expression)]
        return f"({', '.join(values)}{',' if values else ''})"

    def marks(self, marks: tuple[Mark, ...]) -> str:
        """The fields that show it, where that depends on the answers; None for all of them."""
        if all(mark.when is None for mark in marks):
            return "None"
        parts = [
            f"{mark.field!r}" if mark.when is None else f"*(({mark.field!r},) if {self.emit.test(mark.when)} else ())"
            for mark in marks
        ]
        return f"({', '.join(parts)},)"

    def missing(self) -> None:
        """Notes asked questions without an answer; one that was given and refused is not missing."""
        for page_of, questions in self.required():
            self.write(1, f"if {page_of}:")
            for question in questions:
                tests = [f"q_{question.id}"] if question.when or len(self.entries(question)) > 1 else []
                tests += [f"not ({self.emit.test(condition.expression)})" for condition in self.optionals(question)]
                if question.kind == "checkboxes":
                    tests.append(f"1 not in ({', '.join(question.fields)},)")
                else:
                    tests += [f"{question.id} is None", f"g_{question.id} is None"]
                self.write(2, f"if {joined(tests)}: missing.append({question.id!r})")

    def entries(self, question: Question) -> tuple[Question, ...]:
        return self.definition.questions[question.id]

    def optionals(self, question: Question) -> Iterator[Sourced]:
        return (entry.optional for entry in self.entries(question) if entry.optional is not None)

    def required(self) -> Iterator[tuple[str, list[Question]]]:
        """Questions that need an answer, together where one page asks them."""
        page: Page
        for page in self.definition.pages:
            found = []
            for question in page.questions:
                always = question.optional is not None and self.emit.test(question.optional.expression) == "True"
                if not always and self.entries(question)[0].page == page.id:
                    found.append(question)
            alone = [question for question in found if len(self.entries(question)) == 1]
            if alone:
                yield f"p_{page.id}", alone
            for question in found:
                if question not in alone:
                    yield f"q_{question.id}", [question]


def truth(test: str) -> str:
    """A test as True or False: some tests give a flag that may be None."""
    return test if test in ("True", "False") else f"True if {test} else False"
