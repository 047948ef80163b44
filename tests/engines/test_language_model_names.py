from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from kura_core.engines.language_model import LanguageModelEngine
from kura_core.errors import ConversationError
from kura_core.types import ClusterName
from tests.engines.talks import evidence
from tests.llm_server import LLMServer, Order

Maker = Callable[..., LanguageModelEngine]
NAME = {"name": "Asking for refunds", "description": "Users want their money back."}


def name_of(engine: LanguageModelEngine, **changes: object) -> ClusterName:
    async def work() -> ClusterName:
        try:
            return await engine.name_cluster(evidence(**changes))
        finally:
            await engine.aclose()

    return asyncio.run(work())


def test_no_more_calls_are_under_way_than_allowed(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    together = threading.Barrier(4)
    inside: set[int] = set()
    most: list[int] = []

    def answer(schema: object, text: str) -> dict[str, str]:
        inside.add(threading.get_ident())
        most.append(len(inside))
        together.wait(timeout=10)
        inside.discard(threading.get_ident())
        return NAME

    server.answer = answer
    engine = engine_for(provider, concurrency=4)

    async def work() -> None:
        await asyncio.gather(*(engine.name_cluster(evidence()) for _ in range(40)))
        await engine.aclose()

    asyncio.run(work())
    assert len(server.received) == 40
    assert max(most) == 4


def test_a_name_is_made_from_members_neighbours_and_keywords(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    server.answer = lambda schema, text: NAME
    name = name_of(engine_for(provider), taken=["Tracking parcels"])
    assert name == ClusterName(**NAME)
    said = server.received[0].text
    examples = said.partition("<examples>")[2].partition("</examples>")[0]
    nearby = said.partition("<nearby>")[2].partition("</nearby>")[0]
    assert len(examples.strip().splitlines()) == 20
    assert "refund number 0." in examples and "refund number 29." in examples
    assert "parcel" not in examples
    assert nearby.count("parcel number") == 3
    assert "refund, money back" in said
    assert "1,234 conversations" in said
    assert "- Tracking parcels" in said


def test_a_theme_is_named_from_its_childrens_names(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    server.answer = lambda schema, text: NAME
    name_of(engine_for(provider), children=[ClusterName("Late refunds", "Money comes late.")])
    said = server.received[0].text
    assert "- Late refunds: Money comes late." in said


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        ("A name that is by far too long to be shown", "11 words; at most 8"),
        ("Other", "does not say what"),
        ("Miscellaneous user requests", "does not say what"),
        ("  ", "at least 1 character"),
        ("Tracking parcels", "is taken"),
    ],
)
def test_a_name_that_cannot_be_shown_is_sent_back(
    server: LLMServer, engine_for: Maker, bad: str, complaint: str
) -> None:
    answers = iter([NAME | {"name": bad}, NAME])
    server.answer = lambda schema, text: next(answers)
    assert name_of(engine_for("openai"), taken=["Tracking parcels"]) == ClusterName(**NAME)
    assert complaint in server.received[1].text


def test_a_group_that_gets_no_name_is_a_conversation_error(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    server.orders = [Order(400)]
    with pytest.raises(ConversationError):
        name_of(engine_for(provider))
