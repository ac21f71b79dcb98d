"""A return as data: read, checked and ready to be asked. The one way in is `load`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from submission.definition.build import Builder
from submission.definition.lint import lint
from submission.definition.model import Definition
from submission.definition.parser import ExpressionRefused
from submission.definition.scribe import Scribe, near
from submission.definition.source import DefinitionRefused, Place, Problem, read_yaml

__all__ = ["COLLECTIONS", "Definition", "DefinitionRefused", "ExpressionRefused", "load", "load_from", "names", "years"]

COLLECTIONS = Path(__file__).resolve().parent.parent / "collections"


@cache
def load(collection: str, year: int) -> Definition:
    """The return `collection` for the year that begins in `year`. Raises DefinitionRefused."""
    return load_from(COLLECTIONS, collection, year)


def load_from(root: Path, collection: str, year: int) -> Definition:
    """The same from any folder of collections. Raises DefinitionRefused with every problem found."""
    if collection not in names(root):
        reason = f"there is no collection “{collection}”.{near(collection, names(root))}"
        raise DefinitionRefused([Problem(Place(collection, 1), reason)])
    scribe = Scribe(year)
    definition = Builder(root, collection, year, scribe).build()
    problems = scribe.problems or lint(definition)
    if problems:
        raise DefinitionRefused(problems)
    return definition


def years(collection: str, root: Path = COLLECTIONS) -> list[int]:
    """The years a collection has, the first one first."""
    return [year for year in read_yaml(root, f"{collection}/collection.yaml")["years"] if isinstance(year, int)]


def names(root: Path = COLLECTIONS) -> list[str]:
    """The collections there are."""
    return sorted(path.parent.name for path in root.glob("*/collection.yaml"))
