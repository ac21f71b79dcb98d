"""A row that cannot be judged because its cells cannot be told apart. The rest of the file is read on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowFault:
    """`code` is stable; `message` says what is wrong with this row and how to mend it. `columns`: letters, if known."""

    code: str
    message: str
    columns: tuple[str, ...] = ()


class BrokenRow(list[str]):
    """Stands in the stream of rows for one that could not be split into cells."""

    __slots__ = ("fault",)

    def __init__(self, fault: RowFault) -> None:
        super().__init__()
        self.fault = fault
