"""A language model that keeps its answers: what is asked again, and what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date

import pytest

from kura_core.config import Facet
from kura_core.engines.kept_answers import finding, found_out
from kura_core.engines.language_model import LanguageModelEngine
from kura_core.errors import ConversationError
from kura_core.prompts import Prompts
from kura_core.steps.summarise import summarise
from kura_core.types import Conversation, ConversationSummary
from tests.engines.talks import evidence, talk, talks
from tests.judge_answers import JudgeAnswers
from tests.llm_server import LLMServer, Order

Maker = Callable[..., LanguageModelEngine]
FACET = Facet(name="mood", question="Mood?")


class Memory(dict[str, str]):
    """A cache in memory."""

    def set(self, key: str, value: str) -> None:
        self[key] = value


def read_all(
    engine: LanguageModelEngine,
    memory: Memory,
    conversations: Sequence[Conversation],
    facets: Sequence[Facet] = (),
) -> list[ConversationSummary | ConversationError]:
    async def work() -> list[ConversationSummary | ConversationError]:
        try:
            return await summarise(conversations, engine.keeping(memory), facets)
        finally:
            await engine.aclose()

    return asyncio.run(work())


def test_the_same_text_under_two_ids_is_asked_once_and_each_has_its_own(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    twice = [talk("Where is it?", conversation_id=name) for name in ("a", "b", "c")]
    engine = engine_for(provider)
    found = read_all(engine, Memory(), twice)
    assert len(server.received) == 1
    assert [s.conversation_id for s in found] == ["a", "b", "c"]  # type: ignore[union-attr]
    assert (engine.usage().sent, engine.usage().cached) == (1, 2)


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "gpt-4.1"},
        {"prompts": Prompts(summary="Briefly: {conversation}")},
        {"facets": True},
    ],
    ids=["model", "prompt", "questions"],
)
def test_only_what_is_changed_is_asked_again(
    server: LLMServer, engine_for: Maker, provider: str, changed: dict[str, object]
) -> None:
    memory = Memory()
    settings = {name: value for name, value in changed.items() if name != "facets"}
    facets = (FACET,) if "facets" in changed else ()
    first = read_all(engine_for(provider), memory, talks(6))
    assert read_all(engine_for(provider), memory, talks(6)) == first
    assert len(server.received) == 6
    read_all(engine_for(provider, **settings), memory, talks(6), facets)
    assert len(server.received) == 12
    read_all(engine_for(provider), memory, [*talks(6), talk("A new one", conversation_id="n")])
    assert len(server.received) == 13


def test_another_prompt_of_one_judge_asks_its_question_only(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    answers, memory = JudgeAnswers(), Memory()
    server.answer = answers
    conversation = talk("Where is it?", "Under billing.", "No, the other one.", "Under billing.")

    def judged(**settings: object) -> list[str]:
        answers.asked.clear()
        engine = engine_for(provider, **settings)

        async def work() -> None:
            await engine.keeping(memory).judge(conversation, "find it")
            await engine.aclose()

        asyncio.run(work())
        return list(answers.asked)

    first = judged()
    assert first[:2] == ["outcome", "dissatisfaction"]
    assert judged() == []
    other = Prompts(dissatisfaction="What is said here? {conversation}")
    assert judged(prompts=other) == ["dissatisfaction"]


def test_an_unusable_answer_and_its_complaint_are_paid_for_once(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    memory = Memory()
    server.orders = [Order("malformed", path="/", nth=frozenset({1}))]
    first = read_all(engine_for(provider), memory, talks(1))
    assert len(server.received) == 2
    assert read_all(engine_for(provider), memory, talks(1)) == first
    assert len(server.received) == 2


def test_a_conversation_that_failed_is_asked_about_again(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    memory = Memory()
    server.orders = [Order("wrong type", path="/")]
    assert isinstance(read_all(engine_for(provider), memory, talks(1))[0], ConversationError)
    server.orders = []
    assert isinstance(read_all(engine_for(provider), memory, talks(1))[0], ConversationSummary)
    assert len(server.received) == 4


def test_a_text_too_long_for_the_server_costs_its_refusal_once(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    memory, long = Memory(), [talk("a word " * 30_000, "Fine.")]
    server.context = 32_000
    first = read_all(engine_for(provider, model="own"), memory, long)
    assert first[0].truncated  # type: ignore[union-attr]
    assert len(server.received) == 2
    assert read_all(engine_for(provider, model="own"), memory, long) == first
    assert len(server.received) == 2
    # The answer is gone, what the server said about the length is not.
    for key, value in memory.items():
        if '"too long"' not in value:
            memory.set(key, "")
    assert read_all(engine_for(provider, model="own"), memory, long) == first
    assert len(server.received) == 3
    # After a while the server may read more.
    for key, value in memory.items():
        if (said := found_out(value, "too long")) is not None:
            assert "maximum context length is 8000 tokens" in said
            memory.set(key, finding("too long", said, date(2020, 1, 1)))
    server.context = None
    assert not read_all(engine_for(provider, model="own"), memory, long)[0].truncated  # type: ignore[union-attr]


def test_names_are_kept_by_what_is_asked(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    engine = engine_for(provider)
    server.answer = lambda schema, text: {"name": "Asking for refunds", "description": "Money."}

    async def work() -> None:
        keeping = engine.keeping(Memory())
        await asyncio.gather(*(keeping.name_cluster(evidence()) for _ in range(3)))
        await keeping.name_cluster(evidence(size=7))
        await engine.aclose()

    asyncio.run(work())
    assert len(server.received) == 2


def test_answers_are_cut_to_their_ends_unless_a_question_may_be_about_them(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    long = "First. " + "middle " * 500 + "Last."
    conversation = talk("u " * 1_000, long, "And now?")
    for settings, facets in (
        ({}, ()),
        ({}, (FACET,)),
        ({"prompts": Prompts(summary="How was it answered? {conversation}")}, ()),
    ):
        found = read_all(engine_for(provider, **settings), Memory(), [conversation], facets)
        assert not found[0].truncated  # type: ignore[union-attr]
    short, *whole = (request.text for request in server.received)
    assert "[1] assistant: First." in short and "Last.\n[2] user: And now?" in short
    assert short.count("middle") < 80 and short.count("u ") >= 1_000
    assert all(text.count("middle") == 500 for text in whole)


def test_what_does_not_change_is_marked_for_the_providers_own_cache(
    server: LLMServer, engine_for: Maker
) -> None:
    read_all(engine_for("anthropic"), Memory(), talks(2))
    first, second = (request.body["system"] for request in server.received)
    assert first == second
    assert first[-1]["cache_control"] == {"type": "ephemeral"}
