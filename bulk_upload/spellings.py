"""Finds out how a text file is written: encoding, delimiter, line ends, Excel's `sep=` line.

The whole file is decoded strictly once before a row is read, so that the verdict does not come in mid-file.
Nothing is guessed that could change text: what cannot be decided is refused, with the way to mend it.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Final

from bulk_upload.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK: Final = 256 * 1024
AS_UTF8: Final = "Save it as “CSV UTF-8”, then upload it again."
DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
LOST: Final = "\ufffd"
BAD_BYTE: Final = "\udc00"  # stands for what could not be decoded; no decoder gives it

codecs.register_error("bulk_upload.mark", lambda error: (BAD_BYTE, _end_of(error)))


def _end_of(error: UnicodeError) -> int:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.end


@dataclass(frozen=True, slots=True)
class Spelling:
    """How to read the file. `lines`: no more than this. `undecoded`: the first byte that `encoding` cannot have."""

    encoding: str
    delimiter: str = ","
    ends_with_lfcr: bool = False
    has_separator_line: bool = False
    lines: int = 0
    undecoded: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scan:
    """`lost`: a program before us has already put U+FFFD where it could not read a character."""

    lines: int
    undecoded: int | None
    lost: bool


def spelling_of(path: Path) -> Spelling:
    """Raises Refused for what is no text and for encodings that are not read or cannot be told apart."""
    with path.open("rb") as file:
        head = file.read(BLOCK)
    encoding = _marked_encoding(head)
    scan = _scan(path, encoding or "utf-8")
    notes: tuple[str, ...] = ()
    if encoding is None:
        _refuse_binary(head)
        encoding = "utf-8"
        if scan.undecoded is not None and not _is_mostly_utf8(path):
            encoding, scan = "cp1252", _scan(path, "cp1252")
            notes = ("The file is not UTF-8. It was read as Windows-1252, the encoding Excel uses for plain CSV.",)
            _refuse_mac_roman(path)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    delimiter, has_separator_line = _delimiter_of(text)
    if scan.lost:
        notes = (
            *notes,
            f"Some characters were lost before the file was saved and show as {LOST}: check names and addresses.",
        )
    if delimiter != ",":
        notes = (*notes, f"Its columns are separated by {DELIMITERS[delimiter]}.")
    return Spelling(encoding, delimiter, _ends_with_lfcr(text), has_separator_line, scan.lines, scan.undecoded, notes)


def blocks(path: Path, encoding: str, errors: str = "strict") -> Iterator[str]:
    """The text of the file, decoded block by block."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)


def _marked_encoding(head: bytes) -> str | None:
    """By the byte order mark, if there is one."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Refused("utf-32", f"The file is written in UTF-32, which is not read. {AS_UTF8}")
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return None


_CONTROLS: Final = bytes((*range(9), *range(0x0E, 0x1B), 0x7F))


def _refuse_binary(head: bytes) -> None:
    nulls = head.count(0) / len(head)
    if 0.2 < nulls < 0.9:
        message = (
            f"The file looks like UTF-16 or UTF-32 without a mark at its start, so it cannot be read safely. {AS_UTF8}"
        )
        raise Refused("unmarked-encoding", message)
    if len(head) - len(head.translate(None, _CONTROLS)) > len(head) * 0.05:
        raise Refused("not-text", f"This is not a text file, so it holds no table that can be read. {AS_UTF8}")


def _scan(path: Path, encoding: str) -> _Scan:
    """Decodes strictly, to know what cannot be decoded, and counts line ends on the way."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line_feeds = returns = 0
    undecoded: int | None = None
    lost = False
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            line_feeds += block.count(b"\n")
            returns += block.count(b"\r")
            if undecoded is None:
                text, undecoded = _decoded(decoder, block)
                lost = lost or LOST in text
    if undecoded is None:
        _, undecoded = _decoded(decoder, b"", final=True)
    return _Scan(max(line_feeds, returns), undecoded, lost)


def _decoded(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> tuple[str, int | None]:
    """The text of a block, or the first byte of it that cannot be decoded."""
    try:
        return decoder.decode(block, final), None
    except UnicodeDecodeError as error:
        return "", error.object[error.start]


_DECODED: Final = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
_ESCAPED: Final = re.compile("[\udc80-\udcff]")


def _is_mostly_utf8(path: Path) -> bool:
    """The file holds at least as many characters that only UTF-8 writes so as bytes that UTF-8 does not know."""
    good = bad = 0
    for text in blocks(path, "utf-8", "surrogateescape"):
        good += len(_DECODED.findall(text))
        bad += len(_ESCAPED.findall(text))
    return good >= bad


# In Windows-1252 these bytes are capitals, daggers and the like, which do not follow a small letter;
# in Mac Roman they are the small letters of Europe and the curly apostrophe.
_MAC_ROMAN: Final = re.compile(
    rb"[a-z](?:[\x8a\x8c\x8e\x9f\xc0-\xd6\xd8-\xde]|[\x82\x84\x86-\x89\x8b\x95\x98\x9b][a-z])"
)


def _refuse_mac_roman(path: Path) -> None:
    tail = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if _MAC_ROMAN.search(tail + block):
                message = f"It is not clear how this file writes accented letters and quote marks. {AS_UTF8}"
                raise Refused("unclear-encoding", message)
            tail = block[-2:]


_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?[ ,;\t|]*(?:[\r\n]|$)', re.IGNORECASE)
FIELD_NUMBERS: Final = re.compile(r'[\s\ufeff,;\t|"]*[\w ]{0,40}?field +numbers?[ :]*"? *([,;\t|])', re.IGNORECASE)
_LINES_LOOKED_AT: Final = 1_000


def _delimiter_of(text: str) -> tuple[str, bool]:
    """The delimiter, and whether a `sep=` line names it; else what stands after the words "field number" tells."""
    text = text.lstrip("\ufeff")
    named = _SEPARATOR_LINE.match(text)
    if named is not None:
        if named[1] not in DELIMITERS:
            message = f"Its first line says that “{named[1]}” separates the columns. {AS_UTF8}"
            raise Refused("unknown-delimiter", message, row=1)
        return named[1], True
    lines = list(islice(StringIO(text, newline=""), _LINES_LOOKED_AT))
    labelled = next(filter(None, map(FIELD_NUMBERS.match, lines)), None)
    if labelled is not None:
        return labelled[1], False
    return max(DELIMITERS, key="".join(lines).count), False


def _ends_with_lfcr(text: str) -> bool:
    first = re.search(r"\r\n|\n\r(?!\n)|\n|\r", text)
    return first is not None and first[0] == "\n\r"
