"""How likely it is that a request was not met, as a number that orders conversations."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kura_core.engines.rules.judging.outcome_effort import user_effort
from kura_core.types import Message, Outcome

# What the words at the end say weighs as much as some of the signs of effort together.
_READ: dict[Outcome, float] = {
    "achieved": -1.6,
    "cannot tell": 0.0,
    "partly": 0.7,
    "not achieved": 1.6,
}
_SLOPE = 0.35


def failure_score(messages: Sequence[Message], outcome: Outcome) -> float | None:
    """0 (surely met) to 1 (surely not); None where there is no answer to go by."""
    if not any(item.role == "assistant" and item.content.strip() for item in messages):
        return None
    return 1.0 / (1.0 + math.exp(-_SLOPE * (_READ[outcome] + user_effort(messages))))
