"""The cases that stand beside the checks, as people read them. Used by the catalogue and by `explain`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from submission.definition import COLLECTIONS, Definition
from submission.definition.model import Check
from submission.definition.source import Entry, read_yaml
from submission.engine.wording import label_of_code, money, plain

THINGS: Final = frozenset({"organisation", "scheme", "location", "user"})


class Examples:
    """Every case of a collection, by check."""

    def __init__(self, definition: Definition):
        self.definition = definition
        self.cases: dict[str, Entry] = {}
        folder = COLLECTIONS / "examples" / definition.collection
        for path in sorted(folder.glob("*.yaml")):
            if path.stem != "logs":
                self.cases.update(dict(read_yaml(COLLECTIONS, f"examples/{definition.collection}/{path.name}")))

    def of(self, check: Check, outcome: str) -> list[str]:
        """The cases in which this check fails, passes or is silent, each as one line."""
        entry = self.cases.get(check.id) or self.cases.get(repeated_id(check))
        return [self.line(case) for case in entry.get(outcome) or ()] if entry else []

    def line(self, case: Mapping[str, Any]) -> str:
        """“Type of tenancy: fixed term (4); length: 1”."""
        about = {"general_needs": "", "supported_housing": "supported housing"}
        log = str(case.get("log", "general_needs"))
        parts = [about.get(log, log.replace("_", " "))]
        parts += [self.answer(name, value) for name, value in case.items() if name not in ("log", "n", "today")]
        parts += [f"today is {plain(case['today'])}"] if "today" in case else []
        return "; ".join(filter(None, parts)) or "the log as it is"

    def answer(self, name: str, value: Any) -> str:
        label = self.definition.label_of(name)
        if value is None:
            return f"{label}: blank"
        if self.definition.kind_of(name) in THINGS:
            return f"{label}: {self.definition.kind_of(name)} {value} of the examples"
        if self.definition.kind_of(name) == "money":
            return f"{label}: {money(Decimal(str(value)))}"
        if self.definition.kind_of(name) == "percentage":
            return f"{label}: {plain(value)}%"
        code = label_of_code(self.definition, name, value)
        return f"{label}: {code} ({value})" if code else f"{label}: {plain(value)}"


def repeated_id(check: Check) -> str:
    """The id as it is written for everybody, `{n}` in place of the person's number."""
    head, _, tail = check.id.rpartition(str(check.person))
    return f"{head}{{n}}{tail}" if check.person is not None else check.id
