"""Whole judgements by rules: each part with its evidence, and none from ratings."""

from __future__ import annotations

from dataclasses import replace

from kura_core.engines.rules.judging.judge import judge_by_rules
from kura_core.types import Conversation, Message

REFUSED = "I'm sorry, I can't send e-mails."


def conversation(*turns: str) -> Conversation:
    messages = [
        Message("assistant" if place % 2 else "user", text) for place, text in enumerate(turns)
    ]
    return Conversation("c1", messages)


def test_a_refusal_is_judged_with_its_evidence_and_cause() -> None:
    judged = judge_by_rules(
        conversation("Send an e-mail to Ann", REFUSED, "useless, I give up"), "Send an e-mail"
    )
    assert (judged.conversation_id, judged.outcome) == ("c1", "not achieved")
    assert (judged.outcome_message, judged.outcome_quote) == (1, REFUSED)
    assert judged.dissatisfaction == ("gave up",)
    assert (judged.dissatisfaction_message, judged.dissatisfaction_quote) == (
        2,
        "useless, I give up",
    )
    assert judged.cause == "capability gap"
    assert judged.failure_score is not None and judged.failure_score > 0.5


def test_success_has_no_cause_and_a_low_score() -> None:
    judged = judge_by_rules(
        conversation("Book a room", "Your room has been booked."), "Book a room"
    )
    assert (judged.outcome, judged.cause, judged.missing) == ("achieved", None, None)
    assert judged.dissatisfaction == ("unknown",)
    assert judged.failure_score is not None and judged.failure_score < 0.5


def test_who_gives_up_during_the_questions_did_not_get_it() -> None:
    judged = judge_by_rules(
        conversation(
            "I need a ride to the airport",
            "May I have your name?",
            "never mind, I'm taking the bus",
            "Goodbye. Enjoy your ride!",
        ),
        "Get a ride to the airport",
    )
    assert judged.outcome == "not achieved"
    assert (judged.outcome_message, judged.outcome_quote) == (1, "May I have your name?")


def test_without_a_request_the_first_message_stands_in() -> None:
    talk = conversation(
        "Translate 'good night' into German", "Gute Nacht, schlaf gut, mein Lieber."
    )
    assert (
        judge_by_rules(talk, None).outcome == judge_by_rules(talk, talk.messages[0].content).outcome
    )


def test_ratings_and_other_metadata_change_nothing() -> None:
    talk = conversation("Send an e-mail to Ann", REFUSED, "ok thanks")
    rated = replace(talk, metadata={"thumbs_up": 1, "csat": 5, "outcome": "achieved"})
    assert judge_by_rules(rated, "Send an e-mail") == judge_by_rules(talk, "Send an e-mail")


def test_a_conversation_without_messages_of_either_side_is_judged() -> None:
    for messages in ([], [Message("user", "")], [Message("assistant", "Hello!")]):
        judged = judge_by_rules(Conversation("c1", messages), None)
        assert judged.outcome == "cannot tell"
        assert judged.dissatisfaction == ("unknown",)
