"""Labels of codes inside sentences."""

from __future__ import annotations

import pytest

from submission.engine.wording import lower_first


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Social rent", "social rent"),
        ("A bedsit", "a bedsit"),
        ("Weekly", "weekly"),
        ("NHS", "NHS"),
        ("HOLD scheme", "HOLD scheme"),
        ("Right to Acquire (RTA)", "Right to Acquire (RTA)"),
        ("Part of a back-to-back sale", "part of a back-to-back sale"),
        ("Older Persons Shared Ownership", "Older Persons Shared Ownership"),
        ("Universal Credit housing element", "Universal Credit housing element"),
    ],
)
def test_a_label_loses_its_capital_in_a_sentence_unless_it_is_a_name(label: str, inside: str) -> None:
    assert lower_first(label) == inside
