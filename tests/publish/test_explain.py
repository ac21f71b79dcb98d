"""Everything about a question, a check or a derived value, read from the definition."""

from __future__ import annotations

import pytest

from submission.definition import load
from submission.publish.explain import Explainer

LETTINGS = load("lettings", 2026)


def explained(name: str, width: int = 100, *, with_source: bool = False) -> str:
    text = Explainer(LETTINGS, width, with_source).explain(name)
    assert text is not None
    return text


def test_a_question_shows_its_wording_kind_column_checks_and_users() -> None:
    text = explained("tenancylength")
    question = LETTINGS.questions["tenancylength"][0]
    assert text.startswith(f"tenancylength – {question.label}\n")
    for part in (
        question.ask.text,
        "whole number, at least 0",
        "field_40, column AO",
        "periodic-tenancy-length (error)",
    ):
        assert part in text
    assert "On page tenancy_length" in text
    assert str(question.place) in text


def test_a_question_of_several_pages_and_columns_says_when_each_of_them_counts() -> None:
    text = Explainer(load("sales", 2026), 100).explain("value")
    assert text is not None
    for part in (
        "On page purchase_price\n                asked when setup_done and ownershipsch == 2",
        "field_99, column CV (only if initial_row)",
        "money, at least 15000, at most 999999, in steps of 1",
    ):
        assert part in text


def test_codes_are_listed_with_their_labels() -> None:
    option = LETTINGS.questions["tenancy"][0].options[0]
    assert f"{option.code}  {option.label}" in explained("tenancy")


def test_a_long_list_of_codes_is_cut() -> None:
    text = explained("la")
    assert "more\n" in text
    assert len(text.splitlines()) < 100


def test_a_check_shows_when_it_fails_its_message_and_its_examples() -> None:
    text = explained("rent-above-soft-max", 2_000)
    check = LETTINGS.check_by_id["rent-above-soft-max"]
    assert text.startswith("rent-above-soft-max – To confirm\n")
    for part in (check.fails.text, check.say.text, check.why, check.confirmed_by, str(check.place), "Fails, say"):
        assert str(part) in text


def test_a_derived_value_shows_its_rules_and_who_uses_it() -> None:
    text = explained("wrent")
    assert "Derived         weekly(brent)" in text
    assert "rent-above-soft-max (to confirm)" in text


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("setup_done", "A term"),
        ("field_40", "Column AO of the upload template, for the question tenancylength"),
        ("age{n}", "age2 – "),
        ("rp_homeless", "One option of the question"),
        ("answer-tenancy", "A check that every question has"),
        ("not-a-date", "What a report says of a cell"),
    ],
)
def test_everything_that_has_a_name_is_explained(name: str, says: str) -> None:
    assert says in explained(name)


def test_every_name_can_be_explained_at_any_width() -> None:
    explainer = Explainer(LETTINGS, 40)
    assert all(explainer.explain(name) for name in explainer.known)


@pytest.mark.parametrize("name", ["tenancylength", "rent-above-soft-max", "answer-tenancy", "option-tenancy", "wrent"])
def test_the_generated_python_is_shown_on_request(name: str) -> None:
    _, source = explained(name, with_source=True).split("Generated Python\n")
    assert source.startswith("    ")
    assert source != "    none"


def test_an_unknown_name_has_near_ones() -> None:
    explainer = Explainer(LETTINGS)
    assert explainer.explain("tenancylenth") is None
    assert explainer.near("tenancylenth")[0] == "tenancylength"
    assert "rent-above-soft-max" in explainer.near("above-soft")
