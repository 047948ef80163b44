"""The markup of the content modules."""

from __future__ import annotations

import random

import pytest

from kura_core.sample.markup import expand, parse_scenes

TEXT = r"""
# *
T thanks
# first
O where is
  the file
o where's it
= here\nit is
> and the other
< gone
Q which one
  |  x = 1
"""


def test_scenes_hold_their_lines_and_what_belongs_to_an_opening() -> None:
    shared, first = parse_scenes(TEXT)
    assert shared.lines == {"T": ["thanks"]}
    assert first.lines == {"O": ["where is the file", "where's it"], "Q": ["which one\n  x = 1"]}
    own = {"A": ["here\nit is"], "F": ["and the other"], "B": ["gone"]}
    assert first.own["where is the file"] == first.own["where's it"] == own
    assert first.own["which one\n  x = 1"] == {}


@pytest.mark.parametrize("text", ["O before any scene", "# a\nZ unknown key", "# a\nO"])
def test_a_line_that_is_not_markup_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="line"):
        parse_scenes(text)


def test_slots_keep_their_value_and_numbered_slots_differ() -> None:
    values = {"name": ("Ann", "Bo")}
    kept: dict[str, str] = {}
    text = expand("«name», «name2», «name»", random.Random(0), kept, values)
    first, second, third = text.split(", ")
    assert first == third != second


def test_choices_nest_and_named_choices_are_kept() -> None:
    kept: dict[str, str] = {}
    seen = {expand("«a|b«1|2»»", random.Random(n), kept, {}) for n in range(40)}
    assert seen == {"a", "b1", "b2"}
    one, two = expand("«x:p|q» «x»", random.Random(1), kept, {"x": ("never",)}).split()
    assert one == two


def test_a_choice_that_is_never_closed_is_an_error() -> None:
    with pytest.raises(ValueError, match="never closed"):
        expand("«a|b", random.Random(0), {}, {})
