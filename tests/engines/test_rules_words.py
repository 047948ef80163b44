"""No rule knows the sample: its invented names stand nowhere in the code that reads text."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from kura_core.sample.content.common import VALUES

CORE = Path(__file__).parents[2] / "kura_core"
# Parts of invented names that are words of ordinary English all the same.
ORDINARY = set(
    "group partners sons clinics labs tiles print health telecom steel rowe quay".split()
)
ROOMS = ("load", "privacy", "engines", "steps", "insights", "explore", "run")


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]{4,}", text)}


def _invented() -> set[str]:
    names = [*VALUES["company"], *VALUES["person"], *VALUES["file"], *VALUES["folder"]]
    capitalised = {word for name in names for word in re.findall(r"\b[A-Z][a-z]{3,}", name)}
    return {word.lower() for word in capitalised} - ORDINARY - _english()


def _english() -> set[str]:
    """Words of the files' and folders' names are ordinary ones; firms and people are invented."""
    return _words(" ".join((*VALUES["file"], *VALUES["folder"])))


def _literals(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return set().union(*map(_words, texts)) if texts else set()


SOURCES = [path for room in ROOMS for path in sorted((CORE / room).rglob("*.py"))]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(CORE).as_posix())
def test_no_invented_name_of_the_sample_stands_in_a_rule(path: Path) -> None:
    assert not _literals(path) & _invented()


def test_the_invented_names_are_many_enough_to_matter() -> None:
    assert len(_invented()) > 40
