"""Outcomes by rules, and the evidence they cite."""

from __future__ import annotations

import pytest

from kura_core.engines.rules.outcome import judge_outcome
from kura_core.types import Message


def talk(*turns: str) -> list[Message]:
    return [Message("assistant" if place % 2 else "user", text) for place, text in enumerate(turns)]


@pytest.mark.parametrize(
    ("turns", "outcome"),
    [
        (("Book a room", "Your room has been booked."), "achieved"),
        (("Book a room", "Your room has been booked.", "thanks", "You're welcome!"), "achieved"),
        (
            ("How do I export?", "Open the menu and choose export.", "that worked, thanks"),
            "achieved",
        ),
        (("Find my contract", "I couldn't find any contract."), "not achieved"),
        (
            ("Find my contract", "I'm sorry, there is nothing here.", "ok thanks anyway"),
            "not achieved",
        ),
        (
            (
                "Find my contract",
                "I could not find it.",
                "ok",
                "Anything else?",
                "no, bye",
                "Goodbye!",
            ),
            "not achieved",
        ),
        (
            ("How do I export?", "Open the menu and choose export.", "that's not what I asked"),
            "not achieved",
        ),
        (("How do I export?", "Open the menu and choose export."), "cannot tell"),
        (("Book a room", "For which date?"), "cannot tell"),
        (("Book a room",), "cannot tell"),
        (
            ("Send both files", "I have sent the first file. Unfortunately the second is locked."),
            "partly",
        ),
        (
            (
                "Find my contract",
                "I couldn't find it.",
                "try the archive",
                "It has been found and sent.",
            ),
            "achieved",
        ),
    ],
)
def test_outcomes(turns: tuple[str, ...], outcome: str) -> None:
    assert judge_outcome(talk(*turns), turns[0]).outcome == outcome


def test_the_citation_is_from_the_message_it_names() -> None:
    messages = talk(
        "Find my contract", "Sure, let me look. I couldn't find any contract.", "ok bye"
    )
    judged = judge_outcome(messages, "Find my contract")
    assert judged.message_index == 1
    assert judged.quote == "I couldn't find any contract."


def test_an_ending_alone_is_no_failure() -> None:
    answered = talk("Which plans are there?", "There are 3 plans: free, team and business.")
    assert judge_outcome(answered, "Which plans are there?").outcome != "not achieved"
