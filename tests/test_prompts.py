from __future__ import annotations

import pytest

from kura_core.errors import ConfigError
from kura_core.prompts import DEFAULT_PROMPTS, VARIABLES, Prompts, fill


def test_the_built_in_prompts_can_be_shown_and_given_back() -> None:
    shown = DEFAULT_PROMPTS.model_dump()
    assert Prompts(**shown) == DEFAULT_PROMPTS
    assert set(shown) == set(VARIABLES)


def test_none_stands_for_the_built_in_prompt() -> None:
    own = Prompts(summary="{conversation}")
    assert own.text_of("summary") == "{conversation}"
    assert own.text_of("theme_name") == DEFAULT_PROMPTS.theme_name


def test_a_missing_variable_is_named_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"'cluster_name' lacks \{examples\}.*\{keywords\}"):
        Prompts(cluster_name="Name this.")


def test_an_unknown_variable_is_named_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"\{Transcript\}, which nothing fills in.*\{\{"):
        Prompts(summary="{conversation} {Transcript}")


def test_braces_that_are_no_variable_stay() -> None:
    text = 'As {"a": 1} or {{name}}: {conversation}'
    Prompts(summary=text)
    filled = fill(text, {"conversation": "{conversation} {x}"})
    assert filled == 'As {"a": 1} or {name}: {conversation} {x}'
