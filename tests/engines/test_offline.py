"""The offline engine as a whole: summaries and names without a key or a network."""

from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kura_core.engines.offline import OfflineEngine
from kura_core.engines.protocol import ClusterEvidence, ClusterName, Engine
from kura_core.errors import ConversationError
from kura_core.types import Conversation, ConversationSummary, Judgement, Message

ENGINE = OfflineEngine()


def talk(*turns: str, start: str = "user") -> Conversation:
    roles = ["user", "assistant"] if start == "user" else ["assistant", "user"]
    messages = [Message(roles[place % 2], text) for place, text in enumerate(turns)]
    return Conversation("c1", messages)


def summarise(conversation: Conversation) -> ConversationSummary:
    return asyncio.run(ENGINE.summarise(conversation, ()))


def judge(conversation: Conversation) -> Judgement:
    """The judgement of a conversation against the request its summary found."""
    request = summarise(conversation).request
    return asyncio.run(ENGINE.judge(conversation, request))


def name(evidence: ClusterEvidence) -> ClusterName:
    return asyncio.run(ENGINE.name_cluster(evidence))


def test_it_is_an_engine() -> None:
    engine: Engine = ENGINE
    assert engine.name == "offline"


def test_identity_is_stable_and_names_the_rules() -> None:
    identity = ENGINE.identity()
    assert identity == OfflineEngine().identity() == ENGINE.judge_identity()
    assert identity["engine"] == "offline"
    assert len(identity["rules_version"]) == 12


@pytest.mark.parametrize(
    ("request_text", "task", "topic"),
    [
        ("I can't send emails through the AI", "Send emails through AI", "emails"),
        ("Why can't it find my signed contracts?", "Find signed contracts", "signed contracts"),
        (
            "Why doesn't it know when this was modified?",
            "Find out when this was modified",
            None,
        ),
    ],
)
def test_complaints_become_the_task_the_user_was_after(
    request_text: str, task: str, topic: str | None
) -> None:
    conversation = talk(request_text, "I'm sorry, I can't do that.")
    summary, judgement = summarise(conversation), judge(conversation)
    assert summary.request == request_text
    assert summary.summary.rstrip(".") == request_text.rstrip(".")
    assert (summary.task, summary.topic) == (task, topic)
    assert (judgement.outcome, judgement.outcome_message) == ("not achieved", 1)


def test_the_request_is_found_after_greetings_and_before_slot_answers() -> None:
    conversation = talk(
        "hi",
        "Hello, how can I help?",
        "good morning! can you help me?",
        "Of course. What do you need?",
        "I'd like to book a table at an Italian restaurant",
        "For what time?",
        "Wednesday at 9pm",
        "Your table is booked.",
        "perfect, thank you",
    )
    summary, judgement = summarise(conversation), judge(conversation)
    assert summary.request == "I'd like to book a table at an Italian restaurant"
    assert summary.task == "Book a table at an Italian restaurant"
    assert (judgement.outcome, judgement.outcome_message) == ("achieved", 7)
    assert judgement.outcome_quote == "Your table is booked."


def test_a_conversation_of_greetings_has_no_request_but_a_summary() -> None:
    conversation = talk("hello", "Hi! How can I help?", "ok thanks")
    summary = summarise(conversation)
    assert summary.request is None
    assert summary.task is None
    assert summary.summary.strip()
    assert judge(conversation).outcome == "cannot tell"


def test_code_blocks_do_not_drown_the_question() -> None:
    code = "```python\nfor x in range(10):\n    print(x)\n```\n" * 30
    summary = summarise(talk(f"{code}Why does this loop print only nine numbers?", "Because …"))
    assert summary.request == "Why does this loop print only nine numbers?"
    assert "range(10)" not in summary.summary


def test_a_message_of_code_only_still_has_a_summary() -> None:
    assert summarise(talk("```\nx = 1\n```", "")).summary.strip()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿Dónde están los contratos firmados de la empresa?", "es"),
        ("Wo finde ich die unterschriebenen Verträge vom letzten Jahr?", "de"),
        ("署名済みの契約書はどこにありますか？", "ja"),
    ],
)
def test_other_languages_are_told_and_quoted(text: str, language: str) -> None:
    summary = summarise(talk(text, ""))
    assert summary.language == language
    assert summary.task
    assert len(summary.task.split()) <= 8
    assert summary.summary.startswith(text[:20])


def test_without_an_assistant_the_outcome_cannot_be_told() -> None:
    judgement = judge(Conversation("c1", [Message("user", "Please export all my invoices")]))
    assert (judgement.outcome, judgement.outcome_message) == ("cannot tell", None)


def test_an_empty_assistant_is_no_evidence() -> None:
    assert judge(talk("Export my invoices", "")).outcome == "cannot tell"


def test_metadata_and_ratings_change_nothing() -> None:
    plain = talk("How do I reset my password?", "Click on settings.")
    rated = talk("How do I reset my password?", "Click on settings.")
    rated.metadata = {"thumbs_up": 0, "topic": "billing", "csat": "terrible"}
    assert summarise(plain) == summarise(rated)
    assert judge(plain) == judge(rated)


def test_a_conversation_without_user_text_is_refused_with_the_remedy() -> None:
    with pytest.raises(ConversationError, match="no user message with text"):
        summarise(Conversation("c9", [Message("assistant", "Hello")]))


def test_a_million_characters_are_read_in_no_time() -> None:
    huge = "Please summarise this report for me. " + "lorem ipsum dolor sit amet, " * 36_000
    summarise(talk("warm up please", "ok"))
    begun = time.perf_counter()
    summary = summarise(talk(huge, huge, huge))
    assert time.perf_counter() - begun < 0.5
    assert summary.truncated
    assert len(summary.summary.split()) <= 61


@pytest.mark.parametrize(
    "unit", ["a" * 9, "! ", "hi! ", "A ", "[[", "é", "1 ", "why ", "the x is "]
)
def test_degenerate_long_texts_stay_fast(unit: str) -> None:
    begun = time.perf_counter()
    summarise(talk(unit * 100_000, unit * 100_000))
    assert time.perf_counter() - begun < 1.0


@settings(max_examples=150)
@given(st.lists(st.text(max_size=120), min_size=1, max_size=5))
def test_no_text_ever_crashes_it_and_a_summary_is_never_blank(texts: list[str]) -> None:
    conversation = talk(*texts)
    if not any(text.strip() for text in texts[::2]):
        with pytest.raises(ConversationError):
            summarise(conversation)
        return
    summary = summarise(conversation)
    assert summary.summary.strip()
    assert summary.facets == {}
    assert summary.concern is None
    assert summary.frustration in range(1, 6)
    judgement = judge(conversation)
    for text in (summary.request, summary.task, summary.topic, judgement.outcome_quote):
        assert text is None or text.strip()
    if judgement.outcome_message is not None:
        assert conversation.messages[judgement.outcome_message].role == "assistant"


WORDS = st.sampled_from(
    "find book export my the a contract invoice meeting password in for with please can you how do"
    " i 3 Tuesday API broken is not working where hello thanks C++ top up".split()
)
PHRASES = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)


@settings(max_examples=80)
@given(
    st.lists(PHRASES, min_size=1, max_size=8),
    st.lists(st.tuples(PHRASES, st.floats(0.01, 1)), max_size=4),
    st.integers(1, 6),
)
def test_siblings_never_get_the_same_name(
    texts: list[str], keywords: list[tuple[str, float]], siblings: int
) -> None:
    members = [summarise(talk(text)) for text in texts]
    taken: list[str] = []
    for _ in range(siblings):
        evidence = ClusterEvidence(members, keywords=keywords, size=len(members), taken=taken)
        named = name(evidence)
        assert 1 <= len(named.name.split()) <= 8
        assert named.name.lower() not in {other.lower() for other in taken}
        assert named.description.strip()
        taken.append(named.name)


@settings(max_examples=60)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=4), st.lists(st.text(max_size=30)))
def test_any_members_and_children_can_be_named(texts: list[str], below: list[str]) -> None:
    members = [ConversationSummary("c", text, text or None, text, text) for text in texts]
    children = [ClusterName(text, text) for text in below]
    named = name(ClusterEvidence(members, children=children, size=3, taken=texts[:1]))
    assert named.name.strip()
    assert len(named.name.split()) <= 8


def test_a_judgement_is_the_same_each_time_and_needs_no_request() -> None:
    conversation = talk("Find my contract", "I couldn't find any contract.", "forget it")
    judged = asyncio.run(ENGINE.judge(conversation, "Find my contract"))
    assert judged.outcome == "not achieved"
    assert judged.dissatisfaction == ("gave up",)
    assert asyncio.run(ENGINE.judge(conversation, None)).outcome == "not achieved"
    assert asyncio.run(ENGINE.judge(conversation, "Find my contract")) == judged


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=120), max_size=8))
def test_whatever_was_written_is_judged_with_evidence_that_exists(turns: list[str]) -> None:
    conversation = talk(*turns)
    judged = asyncio.run(ENGINE.judge(conversation, None))
    if judged.outcome_message is not None:
        assert conversation.messages[judged.outcome_message].role == "assistant"
    if judged.dissatisfaction_message is not None:
        assert conversation.messages[judged.dissatisfaction_message].role == "user"
    assert judged.failure_score is None or 0 <= judged.failure_score <= 1
    assert (judged.cause is None) or judged.outcome in ("partly", "not achieved")
