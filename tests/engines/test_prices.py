from __future__ import annotations

from datetime import date

import pytest

from kura_core.engines.prices import cost_of, facts_of, price_list, price_of


def test_the_list_says_when_and_where_it_was_true() -> None:
    listed = price_list()
    assert date.fromisoformat(listed.as_of) >= date(2026, 1, 1)
    assert all(source.startswith("https://") for source in listed.sources)
    assert all(facts.input > 0 and facts.context > 8_000 for facts in listed.models.values())


@pytest.mark.parametrize(
    "model",
    ["gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", "openai/gpt-4.1-mini", "GPT-4.1-mini-latest"],
)
def test_releases_and_routes_of_a_model_have_its_price(model: str) -> None:
    assert price_of(model) == (0.4, 1.6)


@pytest.mark.parametrize("model", ["llama3", "gpt-4.1-mini-turbo", "gpt-99", ""])
def test_an_unknown_model_has_no_price(model: str) -> None:
    assert facts_of(model) is None
    assert price_of(model) is None


def test_the_users_own_price_counts() -> None:
    assert price_of("gpt-4.1-mini", (9.0, 9.5)) == (9.0, 9.5)
    assert price_of("llama3", (0.0, 0.0)) == (0.0, 0.0)


def test_cost_is_by_the_million_and_unknown_without_a_price() -> None:
    assert cost_of((2.0, 8.0), 500_000, 250_000) == 3.0
    assert cost_of(None, 1, 0) is None
    assert cost_of(None, 0, 0) == 0.0
