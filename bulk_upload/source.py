"""What every opened file offers, whatever its container."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from bulk_upload.kinds import Kind


@dataclass(frozen=True, slots=True)
class Source:
    """How the file was read. `notes` say in whole sentences what was assumed or left out."""

    kind: Kind
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    notes: tuple[str, ...] = ()


class OpenedFile(ABC):
    """Use it in a `with` statement: a workbook has a process of its own that must end.

    `source` is complete when `rows()` is exhausted: a workbook tells of hidden rows when it meets them.
    """

    source: Source

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Row numbers as a spreadsheet shows them, cells as text; blank rows may be left out. Raises Refused."""

    @abstractmethod
    def close(self) -> None:
        """Ends what reading needs. Closing twice is harmless."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
