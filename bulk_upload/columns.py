"""Turns the cells of a row into answers, and judges what only an upload has: the checks over cells.

Both are generated Python functions, like the judgement itself:

    read(cells, context)      -> (given, fields, key, held)
    check(fields, given, seen, context, today) -> found

`given` is in the order of `definition.inputs`; `fields` are the cells and terms over cells that the checks use,
`seen` what a judgement lets them see of its values; `key` is what two rows of the same letting or sale have in
common; `held` says, for each of `held_questions`, which of its columns holds its answer in this row (None: none of
them). `found` is like that of a judgement, with fields such as `field_94`. Made once for a file, by
`bulk_upload.check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bulk_upload.cells import (
    CellFault,
    Decoder,
    Stored,
    past_date_reader,
    read_date_cells,
    read_postcode_cells,
    reader_of,
)
from submission.definition.expressions import Asked, Expression, Given, Name, walk
from submission.definition.graph import cell_terms, looked_at, needs_of
from submission.definition.model import Check, Definition, Reading, Sourced, Term
from submission.engine.emit import Emitter
from submission.engine.findings import check_line, listed
from submission.engine.program import Frame, Program, build_program


@dataclass(slots=True)
class ColumnCompiler:
    """Writes the two functions. `faults` is the list that the decoders note unreadable cells in."""

    definition: Definition
    seen: tuple[str, ...]
    faults: list[CellFault] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)

    def emitter(self) -> Emitter:
        worded = frozenset(column.field for column in self.definition.template.columns if column.words)
        return Emitter(self.definition, self.names, worded)

    def early_terms(self) -> list[Term]:
        """Terms that look at nothing but cells: known before the row is judged."""
        early: dict[str, Term] = {}
        cells = cell_terms(self.definition)
        more = True
        while more:
            ready = [
                term
                for term in self.definition.terms
                if term.id in cells and term.id not in early and self.from_cells(term.value.expression, early)
            ]
            early.update({term.id: term for term in ready})
            more = bool(ready)
        return list(early.values())

    def from_cells(self, expression: Expression, early: Iterable[str]) -> bool:
        known = {"today", "year", *early}
        return all(
            part.id in known or part.id.startswith("field_") or part.id in self.definition.phrases
            for part in walk(expression)
            if isinstance(part, Name)
        ) and not any(isinstance(part, Given | Asked) for part in walk(expression))

    def checks(self) -> list[tuple[int, Check]]:
        return [(index, check) for index, check in enumerate(self.definition.checks) if check.cells]

    def check_expressions(self, terms: Iterable[Term]) -> list[Expression]:
        found = [term.value.expression for term in terms]
        for _, check in self.checks():
            found += [*looked_at(check), *([check.applies.expression] if check.applies else [])]
        return found

    # reading

    def compile_read(self) -> tuple[Program, tuple[str, ...]]:
        """The reading function, and the names of what it gives as `fields`."""
        definition, emit = self.definition, self.emitter()
        early = self.early_terms()
        late = self.late_terms()
        checked = needs_of(self.check_expressions(late))
        fields = tuple(
            sorted(name for name in checked if name.startswith("field_")) + [t.id for t in early if t.id in checked]
        )
        used = needs_of(self.reading_expressions(early)) | set(fields)
        lines = ["def read(cells, context):", *self.head_lines(used, early, emit)]
        given = ", ".join(self.given.get(name, "None") for name in definition.inputs)
        results = [f"({given},)", listed(fields), listed(self.key()), listed(self.held_columns(emit))]
        lines.append(f"    return {', '.join(results)}")
        self.names["year"] = definition.window
        return build_program("read", "\n".join(lines), self.names), fields

    def reading_expressions(self, early: list[Term]) -> list[Expression]:
        """What is looked at while answers are made of cells."""
        found = [reading.value.expression for reading in self.definition.template.readings if reading.value]
        found += [when.expression for name in self.definition.held_questions for _, when in self.held_by(name)]
        return found + [term.value.expression for term in early]

    def head_lines(self, used: frozenset[str] | set[str], early: list[Term], emit: Emitter) -> list[str]:
        """The lines that make answers of cells."""
        template = self.definition.template
        lines = [f"({', '.join(f'c{column.number}' for column in template.columns)},) = cells"]
        lines += self.cell_lines(used)
        lines += [f"{term.id} = {emit.value(term.value.expression)}" for term in early]
        lines += [line for reading in template.readings for line in self.reading_lines(reading, emit)]
        return [f"    {line}" for line in lines]

    def frame(self, reference: str) -> Frame:
        """What goes around a judgement, so that one function takes cells and gives findings.

        It gives besides: the key, the answer `reference`, and the columns held.
        """
        emit, early = self.emitter(), self.early_terms()
        used = needs_of([*self.reading_expressions(early), *self.check_expressions(self.late_terms())])
        head = ["def judge(cells, context, today):", *self.head_lines(used, early, emit)]
        results = [listed(self.key()), self.given.get(reference, "None"), listed(self.held_columns(emit))]
        return Frame(head, self.given, self.check_lines, ", ".join(results), self.names, emit.worded)

    def late_terms(self) -> list[Term]:
        """Terms over cells that look at judged values too."""
        cells = cell_terms(self.definition) - {term.id for term in self.early_terms()}
        return [term for term in self.definition.terms if term.id in cells]

    def check_lines(self, emit: Emitter) -> list[str]:
        """The lines that judge cells, given the values."""
        late = self.late_terms()
        needs = needs_of(self.check_expressions(late))
        lines = [f"    {term.id} = {emit.value(term.value.expression)}" for term in in_order(late) if term.id in needs]
        for index, check in self.checks():
            applies = check.applies.expression if check.applies else None
            lines.append(f"    {check_line(emit, index, check, applies)}")
        return lines

    def held_by(self, name: str) -> tuple[tuple[int, Sourced], ...]:
        return self.definition.questions[name][0].held_by

    def held_columns(self, emit: Emitter) -> Iterator[str]:
        for name in self.definition.held_questions:
            yield chosen(emit, [(str(number), when) for number, when in self.held_by(name)])

    def cell_lines(self, used: frozenset[str] | set[str]) -> Iterator[str]:
        """The cells as values, but for those that are read together and looked at by no expression."""
        joint = {
            column
            for reading in self.definition.template.readings
            if len(reading.columns) > 1
            for column in reading.columns
        }
        direct = {reading.columns for reading in self.definition.template.readings}
        for column in self.definition.template.columns:
            if column.field in used or column.number not in joint:
                name = f"R{column.number}"
                answers = (column.number,) in direct
                self.names[name] = Decoder((column.number,), reader_of(column, answers), self.faults)
                yield f"{column.field} = {name}[c{column.number}]"

    def reading_lines(self, reading: Reading, emit: Emitter) -> Iterator[str]:
        self.given[reading.field] = f"g_{reading.field}"
        if reading.value is not None:
            yield f"g_{reading.field} = {emit.value(reading.value.expression)}"
            return
        if reading.choices:
            yield f"g_{reading.field} = {chosen(emit, [(f'field_{at}', when) for at, when in reading.choices])}"
            words = {word for at, _ in reading.choices for word in self.definition.template.columns[at - 1].words}
            if words:
                yield f"if g_{reading.field} in {words}: g_{reading.field} = None"
            if reading.codes:
                self.names[f"M_{reading.field}"] = Stored(dict(reading.codes))
                yield f"g_{reading.field} = M_{reading.field}[g_{reading.field}]"
            return
        first, *more = reading.columns
        if more:
            name, cells = f"J{first}", ", ".join(f"c{column}" for column in reading.columns)
            self.names[name] = Decoder(reading.columns, self.joint_reader(reading), self.faults)
            yield f"g_{reading.field} = {name}[{cells}]"
        elif reading.codes:
            self.names[f"M{first}"] = Stored(dict(reading.codes))
            yield f"g_{reading.field} = M{first}[field_{first}]"
        else:
            self.given[reading.field] = f"field_{first}"

    def joint_reader(self, reading: Reading) -> Callable[[Any], Any]:
        last_year = self.definition.window.ends.year
        readers: dict[str, Callable[[Any], Any]] = {
            "date": read_date_cells,
            "past date": past_date_reader(last_year),
            "postcode": read_postcode_cells,
        }
        return readers[reading.kind]

    def key(self) -> list[str]:
        """What makes two rows the same: the answers of the key's columns, without regard to capitals and spaces."""
        template = self.definition.template
        wanted, parts = set(template.duplicate_key), []
        self.names["folded"] = folded
        for reading in template.readings:
            columns = set(reading.columns)
            if reading.value is not None:
                columns = {int(need[6:]) for need in needs_of([reading.value.expression]) if need.startswith("field_")}
            if columns and columns <= wanted:
                is_text = reading.kind == "text"
                given = self.given[reading.field]
                parts.append(f"folded({given})" if is_text else given)
        summed = [reading.field for reading in template.readings if set(reading.columns) & set(template.duplicate_sum)]
        if summed:
            amounts = [self.given[name] for name in summed]
            tests = " and ".join(f"{amount} is not None" for amount in amounts)
            parts.append(f"({' + '.join(amounts)} if {tests} else None)")
        return parts

    # checking

    def compile_check(self, fields: tuple[str, ...]) -> Program:
        definition, emit = self.definition, self.emitter()
        expressions = self.check_expressions(self.late_terms())
        needs = needs_of(expressions)
        lines = [
            "def check(fields, given, seen, context, today):",
            "    found = []; add = found.append",
        ]
        if fields:
            lines.append(f"    ({', '.join(fields)},) = fields")
        lines += [f"    {line}" for line in self.unpacked(needs, expressions)]
        lines += self.check_lines(emit)
        lines.append("    return found")
        self.names["year"] = definition.window
        return build_program("check", "\n".join(lines), self.names)

    def unpacked(self, needs: frozenset[str], expressions: list[Expression]) -> Iterator[str]:
        definition = self.definition
        for index, name in enumerate(self.seen):
            if name in needs:
                yield f"{name.replace('question ', 'q_')} = seen[{index}]"
        given = {part.id for expression in expressions for part in walk(expression) if isinstance(part, Given)}
        for index, name in enumerate(definition.inputs):
            if name in given:
                yield f"g_{name} = given[{index}]"


def chosen(emit: Emitter, choices: list[tuple[str, Sourced]]) -> str:
    """The text of the first choice whose condition holds, else None."""
    return "(" + "".join(f"{text} if {emit.test(when.expression)} else " for text, when in choices) + "None)"


def in_order(terms: list[Term]) -> list[Term]:
    """The terms, each behind those it needs; a circle among them was refused by the linter."""
    done: dict[str, Term] = {}
    names = {term.id for term in terms}
    while len(done) < len(terms):
        for term in terms:
            if term.id not in done and needs_of([term.value.expression]) & names <= done.keys():
                done[term.id] = term
    return list(done.values())


def folded(value: Any) -> Any:
    """Text without regard to capitals and repeated spaces; other values as they are."""
    if not isinstance(value, str):
        return value
    return (" ".join(value.split()) if "  " in value else value).casefold()
