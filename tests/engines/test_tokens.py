"""Tokens of a text, by family, and corrected by what was counted."""

from __future__ import annotations

import pytest

from kura_core.engines.tokens import ENOUGH_ANSWERS, NOTHING, Range, density_of, measured


@pytest.mark.parametrize(
    ("model", "low", "high"),
    [
        ("gpt-6-luna", 213, 298),
        ("openai/GPT-4o", 213, 298),
        ("claude-haiku-5-5", 217, 377),
        ("llama3", 200, 390),
    ],
)
def test_families_count_differently(model: str, low: int, high: int) -> None:
    counted = density_of(model).tokens(1_000, 1_000, Range(1, 1))
    assert (round(counted.low), round(counted.high)) == (low, high)


def test_characters_of_several_bytes_widen_the_range() -> None:
    density = density_of("gpt-6-luna")
    text = "我在哪里可以找到合同"
    counted = density.tokens(len(text), len(text.encode()), NOTHING)
    assert counted.low < 0.5 * len(text) < counted.high


def test_few_answers_correct_nothing() -> None:
    assert measured(Range(100, 200), 150, ENOUGH_ANSWERS - 1) is None
    assert measured(Range(100, 200), 0, ENOUGH_ANSWERS) is None
    assert measured(NOTHING, 5, ENOUGH_ANSWERS) is None


def test_enough_of_them_narrow_the_range_around_what_they_counted() -> None:
    expected = Range(100, 200)
    factors = measured(expected, 150, ENOUGH_ANSWERS)
    assert factors is not None
    corrected = expected.times(factors)
    assert corrected.low == pytest.approx(141) and corrected.high == pytest.approx(159)
