"""A name inside a sentence."""

from __future__ import annotations

import pytest

from kura_core.insights.actions.wording import is_task, lowered


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Signed contracts", "signed contracts"),
        ("API errors", "API errors"),
        ("JavaScript help", "JavaScript help"),
        ("Vue and React", "Vue and React"),
        ("", ""),
    ],
)
def test_a_name_keeps_only_the_capitals_it_needs(name: str, inside: str) -> None:
    assert lowered(name, {"vue"}) == inside


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("Export files", True),
        ("send e-mail", True),
        ("Set up SSO", True),
        ("Signed contracts", False),
        ("Programming assistance", False),
        ("Export", False),
    ],
)
def test_a_task_opens_with_its_verb(name: str, task: bool) -> None:
    assert is_task(name) is task
