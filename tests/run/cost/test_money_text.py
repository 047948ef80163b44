"""Ranges in words."""

from __future__ import annotations

import pytest

from kura_core.engines.tokens import Range
from kura_core.run.cost.estimate import Estimate, StepEstimate
from kura_core.run.cost.money_text import (
    count_range,
    dollar_range,
    each_conversation,
    estimate_text,
    spent_text,
)


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (420, 560, "420–560"),
        (3, 3.2, "3"),
        (12_345, 15_678, "12,300–15,700"),
        (900_000, 1_300_000, "0.9–1.3 M"),
        (11_000_000, 19_000_000, "11–19 M"),
    ],
)
def test_counts(low: float, high: float, shown: str) -> None:
    assert count_range(Range(low, high)) == shown


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0, 0, "$0"),
        (0.001, 0.004, "under $0.01"),
        (0.11, 0.19, "$0.11–0.19"),
        (0.111, 0.112, "$0.11"),
        (80.4, 1234.5, "$80–1,234"),
    ],
)
def test_dollars(low: float, high: float, shown: str) -> None:
    assert dollar_range(Range(low, high)) == shown


@pytest.mark.parametrize("cost", [Range(0.11, 0.19), None])
def test_a_price_that_is_not_known_is_said_once(cost: Range | None) -> None:
    step = StepEstimate("summarise", "home", Range(5, 6), Range(900, 1_000), Range(50, 80), cost)
    said = estimate_text(Estimate((step, step), 5, 5))
    end = "$0.22–0.38" if cost else "at a price that is not known (home)"
    assert said == f"10–12 calls, 1,900–2,160 tokens, {end}"


def test_a_conversation() -> None:
    assert each_conversation(0.5, 1_000) == "$0.0005"
    assert each_conversation(0.5, 0) is None


def test_what_a_run_took_stands_beside_its_estimate_and_a_yardstick() -> None:
    cost = Range(0.11, 0.19)
    step = StepEstimate("summarise", "home", Range(5, 6), Range(900, 1_000), Range(50, 80), cost)
    manifest = {
        "calls": {"sent": 5}, "tokens": {"input": 950, "output": 60}, "cost_usd": 0.15,
        "counts": {"summarised": 5}, "estimate": Estimate((step,), 5, 5).as_json(),
    }  # fmt: skip
    assert spent_text(manifest) == (
        "It took 5 calls, 1,010 tokens, $0.15; the estimate was 5–6 calls, 950–1,080 tokens, "
        "$0.11–0.19. $0.03 a conversation; Clio published about $0.0005."
    )
    unpriced = {**manifest, "cost_usd": None, "estimate": None}
    assert spent_text(unpriced) == "It took 5 calls, 1,010 tokens."
    assert spent_text({**manifest, "calls": {"sent": 0}}) is None
