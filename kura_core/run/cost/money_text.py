"""Estimates and costs in words, with their ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kura_core.engines.spending import dollars
from kura_core.engines.tokens import Range
from kura_core.run.cost.estimate import Estimate, estimate_of

# https://arxiv.org/abs/2412.13678: 48.81 dollars for 100,000 conversations.
CLIO_A_CONVERSATION = 0.0005
CLIO = (
    "Clio is Anthropic's system for the same kind of analysis; its authors published a cost of "
    "about $0.0005 a conversation. It is a yardstick, not a price: it depends on the model and on "
    "how long conversations are."
)


def estimate_text(estimate: Estimate) -> str:
    """Calls, tokens and dollars: “420–560 calls, 0.9–1.3 M tokens, $0.11–0.19”."""
    tokens = estimate.input_tokens.plus(estimate.output_tokens)
    parts = [f"{count_range(estimate.calls)} calls", f"{count_range(tokens)} tokens"]
    if estimate.cost_usd is not None:
        parts.append(dollar_range(estimate.cost_usd))
    else:
        unknown = [step.model for step in estimate.steps if step.cost_usd is None]
        parts.append(f"at a price that is not known ({', '.join(dict.fromkeys(unknown))})")
    return ", ".join(parts)


def spent_text(manifest: Mapping[str, Any]) -> str | None:
    """What a run took, what it was estimated to take, and what a conversation cost.

    None where nothing was asked of a paid engine.
    """
    if not manifest["calls"]["sent"]:
        return None
    tokens = manifest["tokens"]["input"] + manifest["tokens"]["output"]
    parts = [f"{manifest['calls']['sent']:,} calls", f"{tokens:,} tokens"]
    cost = manifest["cost_usd"]
    if cost is not None:
        parts.append(dollars(cost))
    text = f"It took {', '.join(parts)}"
    if manifest.get("estimate"):
        text += f"; the estimate was {estimate_text(estimate_of(manifest['estimate']))}"
    each = each_conversation(cost, manifest["counts"]["summarised"]) if cost is not None else None
    if each is not None:
        text += f". {each} a conversation; Clio published about ${CLIO_A_CONVERSATION}"
    return f"{text}."


def count_range(counts: Range) -> str:
    """“420–560”, “12,000–15,000”, “0.9–1.3 M”; one number where both look the same."""
    if counts.high >= 1_000_000:
        low, high = (_short(value / 1_000_000) for value in (counts.low, counts.high))
        return f"{_joined(low, high)} M"
    low, high = (f"{_rounded(value):,}" for value in (counts.low, counts.high))
    return _joined(low, high)


def dollar_range(cost: Range) -> str:
    """“$0.11–0.19”; “under $0.01” where both are."""
    if cost.high < 0.01:
        return "$0" if cost.high == 0 else "under $0.01"
    digits = 2 if cost.high < 100 else 0
    low, high = (f"{value:,.{digits}f}" for value in (cost.low, cost.high))
    return f"${_joined(low, high)}"


def each_conversation(cost_usd: float, conversations: int) -> str | None:
    """What a conversation has cost; None where there is none."""
    return dollars(cost_usd / conversations) if conversations else None


def _joined(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def _short(millions: float) -> str:
    return f"{millions:.1f}" if millions < 10 else f"{millions:,.0f}"


def _rounded(value: float) -> int:
    """To two or three digits that mean something."""
    whole = round(value)
    if whole < 1_000:
        return whole
    step = 10 ** (len(str(whole)) - 3)
    return round(whole / step) * step
