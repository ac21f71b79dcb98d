"""The name of an uploaded file: shown as text, given to downloads, never a path. Called by `bulk_upload.pages`."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 100  # characters
_FOLDERS: Final = re.compile(r"[/\\]")
_NOT_IN_A_NAME: Final = re.compile(r'[<>:"/\\|?*%;]')
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def shown_name(given: str) -> str:
    """The name without folders, and without characters that cannot be seen or would turn the text around it."""
    last = _FOLDERS.split(given)[-1]
    seen = "".join(sign if sign.isprintable() else " " for sign in last).strip()
    name = seen or "Your file"
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def download_name(shown: str, ending: str) -> str:
    """What a download made from the file is called: `lettings.xlsx` gives `lettings-marked.xlsx`."""
    stem = _NOT_IN_A_NAME.sub(" ", _ENDING.sub("", shown.removesuffix("…"))).strip(" .")
    return f"{stem or 'file'}-{ending}"
