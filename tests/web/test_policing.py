"""The police are policed: each kind of fault is seen."""

from __future__ import annotations

import pytest

from tests.web.policing import page_faults

POLICY = "script-src 'self' 'nonce-abc'"
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>{title}</title></head>
<body><main id="main"><h1>Your file</h1>{body}</main></body></html>"""


def faults_of(body: str, title: str = "Your file – Service") -> str:
    return "\n".join(page_faults(PAGE.format(title=title, body=body), POLICY))


def test_a_page_with_nothing_wrong_has_no_faults() -> None:
    assert not faults_of('<p>Text</p><script nonce="abc" src="/a.js"></script><a href="#main">Up</a>')


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p><div></p>", "unexpected-end-tag"),
        ("<h1>Another</h1>", "2 h1 elements"),
        ("<h3>Too deep</h3>", "a heading of level 3 follows one of level 1"),
        ("<h2></h2>", "an empty h2"),
        ("<script>go()</script>", "a script without the nonce"),
        ('<p style="color: red">Text</p>', "has the attribute style"),
        ('<button onclick="go()">Go</button>', "has the attribute onclick"),
        ('<input type="text" name="age">', "the input 'age' has no label"),
        ("<select name='age'></select>", "the select 'age' has no label"),
        ('<label for="gone">Age</label>', "nothing has that id"),
        ('<p id="a"></p><p id="a"></p>', "the id 'a' stands 2 times"),
        ('<a href="#gone">Go</a>', "leads to #gone, which isn't there"),
        ('<a href="/x"></a>', "the link to /x has no words"),
        ("<fieldset><p>Text</p></fieldset>", "a fieldset without a legend"),
        ('<img src="/a.png">', "has no alt text"),
        ('<form method="post" action="/x"></form>', "has no csrf_token"),
        ("<table><tr><td>1</td></tr></table>", "a table without a caption"),
        ("<table><caption>T</caption><tr><th>1</th></tr></table>", "doesn't say its scope"),
        (
            '<div class="govuk-error-summary"><h2>Problem</h2><a href="#main">Mend it</a></div>',
            "leads to 'main', which is no field",
        ),
    ],
)
def test_a_fault_is_named(body: str, fault: str) -> None:
    assert fault in faults_of(body)


def test_a_title_that_is_not_the_heading_is_a_fault() -> None:
    assert "doesn't hold the h1" in faults_of("", title="Something else")


def test_an_error_title_without_an_error_summary_is_a_fault() -> None:
    assert "no error summary" in faults_of("", title="Error: Your file")
