"""A test client that reads every HTML page it fetches as a browser and a screen reader would.

It fails the test when a page is not valid HTML, has not just one h1, has a field without a label, an
error link that leads nowhere, a script without the nonce, and so on. `page_faults` names them all.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import html5lib
from flask.testing import FlaskClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

_NONCE: Final = re.compile(r"'nonce-([^']+)'")
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_UNLABELLED_TYPES: Final = {"hidden", "submit", "button", "image", "reset"}


class PolicedClient(FlaskClient):
    """Flask's client; each HTML response is policed before the test sees it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 307, 308}:
            faults = page_faults(response.get_data(as_text=True), response.headers["Content-Security-Policy"])
            assert not faults, f"{response.request.path} ({response.status_code}):\n" + "\n".join(faults)
        return response

    def token(self, path: str) -> str:
        """The csrf_token of the first form on the page at `path`."""
        document = parse(self.get(path).get_data(as_text=True))[0]
        field = document.find(".//input[@name='csrf_token']")
        assert field is not None, f"no form with a token on {path}"
        return field.get("value", "")


def parse(html: str) -> tuple[ET.Element, list[str]]:
    """The document and what is wrong with its HTML, as `line:column error`."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    document = parser.parse(html)
    return document, [f"{line}:{column} {error} {facts}" for (line, column), error, facts in parser.errors]


def page_faults(html: str, policy: str) -> list[str]:
    """Everything that is wrong with a page served with this Content-Security-Policy."""
    document, faults = parse(html)
    nonce = _NONCE.search(policy)
    faults += script_faults(document, nonce[1] if nonce else "")
    for find in (heading_faults, title_faults, id_faults, label_faults, link_faults, form_faults, table_faults):
        faults += find(document)
    return faults


def script_faults(document: ET.Element, nonce: str) -> Iterator[str]:
    for script in document.iter("script"):
        if script.get("nonce") != nonce:
            yield f"a script without the nonce: {script.get('src') or (script.text or '')[:60]}"
    if document.find(".//style") is not None:
        yield "a style element, which the policy forbids"
    for element in _elements(document):
        for name in element.keys():  # noqa: SIM118  # an element is no mapping
            if name == "style" or name.startswith("on"):
                yield f"{element.tag} has the attribute {name}, which the policy forbids"


def heading_faults(document: ET.Element) -> Iterator[str]:
    main = document.find(".//main")
    if main is None:
        yield "no main element"
        return
    headings = [element for element in main.iter() if element.tag in _HEADINGS]
    summary = {id(element) for box in _with_class(main, "govuk-error-summary") for element in box.iter()}
    levels = [_HEADINGS.index(element.tag) + 1 for element in headings if id(element) not in summary]
    if levels.count(1) != 1 or len(list(document.iter("h1"))) != 1:
        yield f"{levels.count(1)} h1 elements in main: there is just one"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"
    for element in headings:
        if not text_of(element):
            yield f"an empty {element.tag}"


def title_faults(document: ET.Element) -> Iterator[str]:
    root = document if document.tag == "html" else document.find(".//html")
    if root is None or not root.get("lang"):
        yield "the page doesn't say its language"
    title = document.find(".//title")
    text = text_of(title) if title is not None else ""
    heading = document.find(".//h1")
    if heading is not None and text_of(heading) not in text:
        yield f"the title {text!r} doesn't hold the h1 {text_of(heading)!r}"
    has_summary = bool(list(_with_class(document, "govuk-error-summary")))
    if has_summary != text.startswith("Error: "):
        yield f"the title is {text!r}, and there is {'an' if has_summary else 'no'} error summary"


def id_faults(document: ET.Element) -> Iterator[str]:
    counts = Counter(element.get("id") for element in _elements(document) if element.get("id") is not None)
    for name, count in counts.items():
        if count > 1:
            yield f"the id {name!r} stands {count} times"
    for element in _elements(document):
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            for name in (element.get(attribute) or "").split():
                if name not in counts:
                    yield f"{element.tag} has {attribute}={name!r}, and nothing has that id"


def label_faults(document: ET.Element) -> Iterator[str]:
    labelled = {label.get("for") for label in document.iter("label") if text_of(label)}
    inside = {id(field) for label in document.iter("label") if text_of(label) for field in label.iter()}
    for field in _fields(document):
        if not (field.get("id") in labelled or id(field) in inside or field.get("aria-label")):
            yield f"the {field.tag} {field.get('name')!r} has no label"
    for button in document.iter("button"):
        if not (text_of(button) or button.get("aria-label")):
            yield "a button without words"
    for fieldset in document.iter("fieldset"):
        legend = fieldset.find("legend")
        if legend is None or not text_of(legend):
            yield "a fieldset without a legend"
    for image in document.iter("img"):
        if image.get("alt") is None:
            yield f"the picture {image.get('src')!r} has no alt text"


def link_faults(document: ET.Element) -> Iterator[str]:
    ids = {element.get("id") for element in _elements(document)}
    for link in document.iter("a"):
        target = link.get("href")
        if target is None:
            yield f"a link that leads nowhere: {text_of(link)!r}"
        elif target.startswith("#") and target[1:] not in ids:
            yield f"the link {text_of(link)!r} leads to {target}, which isn't there"
        if not (text_of(link) or link.get("aria-label") or link.find(".//*[@aria-label]") is not None):
            yield f"the link to {target} has no words"
    reachable = {field.get("id") for field in _fields(document)}
    for summary in _with_class(document, "govuk-error-summary"):
        for link in summary.iter("a"):
            target = (link.get("href") or "")[1:]
            if target not in reachable:
                yield f"the error {text_of(link)!r} leads to {target!r}, which is no field"


def form_faults(document: ET.Element) -> Iterator[str]:
    for form in document.iter("form"):
        is_post = (form.get("method") or "get").lower() == "post"
        if is_post and form.find(".//input[@name='csrf_token']") is None:
            yield f"the form to {form.get('action')!r} has no csrf_token"
        takes_file = form.find(".//input[@type='file']") is not None
        if takes_file and form.get("enctype") != "multipart/form-data":
            yield f"the form to {form.get('action')!r} takes a file and isn't multipart/form-data"


def table_faults(document: ET.Element) -> Iterator[str]:
    for table in document.iter("table"):
        if table.find("caption") is None and not table.get("aria-labelledby"):
            yield "a table without a caption"
        for cell in table.iter("th"):
            if cell.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
                yield f"the table heading {text_of(cell)!r} doesn't say its scope"


def text_of(element: ET.Element) -> str:
    """The words in an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _fields(document: ET.Element) -> Iterator[ET.Element]:
    for field in document.iter():
        takes_words = field.tag == "input" and field.get("type", "text") not in _UNLABELLED_TYPES
        if field.tag in {"select", "textarea"} or takes_words:
            yield field


def _elements(document: ET.Element) -> Iterator[ET.Element]:
    """Comments have a function for a tag."""
    return (element for element in document.iter() if isinstance(element.tag, str))


def _with_class(document: ET.Element, name: str) -> Iterator[ET.Element]:
    return (element for element in _elements(document) if name in (element.get("class") or "").split())
