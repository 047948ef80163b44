"""The number that orders conversations by how likely a request was not met."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from kura_core.engines.rules.judging.outcome_effort import user_effort
from kura_core.engines.rules.judging.outcome_score import failure_score
from kura_core.types import Message, Outcome


def talk(*turns: str) -> list[Message]:
    return [Message("assistant" if place % 2 else "user", text) for place, text in enumerate(turns)]


SMOOTH = talk(
    "Hello, I would like a table for two please", "For when?", "Tonight please", "At which time?",
    "At eight please", "Booked.", "Perfect, thank you", "Goodbye!", "Thank you",
)  # fmt: skip
ROUGH = talk(
    "I need a table", "What time would you like?", "eight, no wait, actually nine",
    "I don't understand.", "why?? I just told you", "What time would you like?",
    "nine! my friends are late and I'm stuck in this awful traffic", "What time would you like?",
    "oh no, this is frustrating, change it to ten",
)  # fmt: skip


def score(messages: Sequence[Message], outcome: Outcome) -> float:
    found = failure_score(messages, outcome)
    assert found is not None
    return found


def test_the_outcome_orders_the_same_conversation() -> None:
    outcomes: tuple[Outcome, ...] = ("achieved", "cannot tell", "partly", "not achieved")
    found = [score(SMOOTH, outcome) for outcome in outcomes]
    assert found == sorted(found)
    assert 0 < found[0] < found[-1] < 1


def test_effort_orders_conversations_of_the_same_outcome() -> None:
    assert user_effort(ROUGH) > user_effort(SMOOTH) + 3
    assert score(ROUGH, "cannot tell") > score(SMOOTH, "cannot tell")


def test_a_single_message_shows_no_effort() -> None:
    assert user_effort(talk("why is this so awful??? I hate it", "Sorry.")) == 0
    assert score(talk("Why?", "Sorry."), "cannot tell") == 0.5


def test_without_an_answer_nothing_speaks_either_way() -> None:
    assert failure_score(talk("Book a room"), "cannot tell") is None
    assert failure_score([*talk("Book a room"), Message("assistant", " ")], "cannot tell") is None


@pytest.mark.parametrize("piece", ["a", "wait ", "please ", "?!", "sorry ", "是"])
def test_endless_messages_take_no_longer_than_long_ones(piece: str) -> None:
    endless = piece * (1_000_000 // len(piece))
    began = time.process_time()
    user_effort(talk(*[endless] * 9))
    assert time.process_time() - began < 2.0
