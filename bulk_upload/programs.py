"""The generated functions of a return's upload, made once in a process and renewed for each file.

Making them takes as long as judging some thousands of rows. Called by `bulk_upload.check`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property
from types import FunctionType
from typing import Any

from bulk_upload.cells import CellFault, Decoder
from bulk_upload.columns import ColumnCompiler
from submission.definition import Definition
from submission.engine.judge import Judge, judge_for


class Programs:
    """`read`, `check` and `fused` as they were made; `judge` is the judgement between the first two."""

    def __init__(self, definition: Definition, keep_values: bool):
        self.definition = definition
        self.judge = judge_for(definition, findings_only=not keep_values)
        self.compiler = ColumnCompiler(definition, self.judge.seen)
        read, fields = self.compiler.compile_read()
        self.read = read.function
        self.check = self.compiler.compile_check(fields).function

    @cached_property
    def fused(self) -> Any:
        """The one function that makes findings of cells: a little faster, and worth its making for large files."""
        frame = self.compiler.frame(self.definition.reference)
        return Judge(self.definition, findings_only=True, frame=frame).run


@cache
def programs_of(definition: Definition, keep_values: bool) -> Programs:
    return Programs(definition, keep_values)


def renewed(function: Any, faults: list[CellFault]) -> Callable[..., Any]:
    """The function with decoders of its own, which note what cannot be read in `faults`."""
    scope = {
        name: value.renewed(faults) if isinstance(value, Decoder) else value
        for name, value in function.__globals__.items()
    }
    return FunctionType(function.__code__, scope)
