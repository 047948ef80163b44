from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from kura_core.config import RunConfig
from kura_core.engines import embeddings
from kura_core.engines.embeddings import Embedded, embed_texts, embedding_model_of
from kura_core.errors import EngineError, RunCancelled
from tests.engines.conftest import KEY, QUICK
from tests.llm_server import DIMENSIONS, LLMServer, Order


def embedded(server: LLMServer, texts: Sequence[str], **more: Any) -> Embedded:
    config = RunConfig(
        engine="openai", base_url=server.base_url("openai"), embedding_model="openai"
    )
    return asyncio.run(embed_texts(texts, config, {"openai": KEY}, patience=QUICK, **more))


def test_vectors_are_unit_float32_in_the_order_asked(server: LLMServer) -> None:
    texts = [f"text {i}" for i in range(600)]
    made = embedded(server, [*texts, "text 3"])
    assert made.vectors.shape == (601, DIMENSIONS)
    assert made.vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(made.vectors, axis=1), 1.0, atol=1e-6)
    assert (made.vectors[600] == made.vectors[3]).all()
    assert (embedded(server, ["text 599"]).vectors[0] == made.vectors[599]).all()
    assert [len(request.body["input"]) for request in server.asked("embeddings")[:-1]] != [601]
    assert made.usage.cost_usd is not None and made.usage.cost_usd > 0


def test_blocks_are_told_of_as_they_come(server: LLMServer) -> None:
    told: dict[str, Any] = {}
    texts = [f"text {i}" for i in range(600)]
    made = embedded(
        server, texts, on_block=lambda block, rows: told.update(zip(block, rows, strict=True))
    )
    assert sorted(told) == sorted(texts)
    assert (told["text 42"] == made.vectors[42]).all()


def test_an_empty_text_is_never_sent(server: LLMServer) -> None:
    made = embedded(server, ["", "  \n", "words"])
    assert np.isfinite(made.vectors).all()
    assert all(text.strip() for text in server.received[0].body["input"])


def test_a_text_that_is_too_long_is_cut(server: LLMServer) -> None:
    embedded(server, ["word " * 100_000])
    sent = server.received[0].body["input"][0]
    assert len(sent) <= 8_191 * 3
    assert "characters left out" in sent


def test_a_text_the_server_finds_too_long_is_cut_further_and_others_stay(
    server: LLMServer,
) -> None:
    server.orders = [
        Order(400, nth=frozenset({1, 2, 3}), message="maximum context length is 8192 tokens")
    ]
    made = embedded(server, ["a " * 9_000, "short"])
    assert made.vectors.shape == (2, DIMENSIONS)
    singles = [
        request.body["input"] for request in server.received if len(request.body["input"]) == 1
    ]
    assert ["short"] in singles
    assert min(len(texts[0]) for texts in singles if texts != ["short"]) < 9_000


@pytest.mark.parametrize("fault", [429, 500, "broken body", "page", "disconnect"])
def test_what_passes_is_tried_again(server: LLMServer, fault: Any) -> None:
    server.orders = [Order(fault, nth=frozenset({1}))]
    made = embedded(server, ["text"])
    assert made.vectors.shape == (1, DIMENSIONS)
    assert made.usage.retried == 1


def test_who_keeps_the_vectors_can_stop_the_work(server: LLMServer) -> None:
    def stop(block: Sequence[str], rows: Any) -> None:
        raise RunCancelled("Enough.")

    with pytest.raises(RunCancelled, match="Enough"):
        embedded(server, [f"text {i}" for i in range(600)], on_block=stop)


@pytest.mark.parametrize(("fault", "said"), [(401, "refused the key"), (500, "answered 500")])
def test_what_does_not_pass_is_told(server: LLMServer, fault: Any, said: str) -> None:
    server.orders = [Order(fault)]
    with pytest.raises(EngineError, match=f"The embedding model .* cannot be used.*{said}"):
        embedded(server, ["text"])


def test_nothing_to_embed_sends_nothing(server: LLMServer) -> None:
    assert len(embedded(server, []).vectors) == 0
    assert server.received == []


def test_requests_are_bounded_by_tokens_too(
    server: LLMServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embeddings, "_TOKENS", 1_000)
    embedded(server, [f"{i} " + "word " * 300 for i in range(8)])
    assert all(len(request.body["input"]) == 1 for request in server.received)


@pytest.mark.parametrize(
    ("setting", "model"),
    [
        ("openai", "text-embedding-3-small"),
        ("openai:text-embedding-3-large", "text-embedding-3-large"),
        ("all-MiniLM-L6-v2", None),
        ("tfidf", None),
    ],
)
def test_the_setting_names_the_model(setting: str, model: str | None) -> None:
    assert embedding_model_of(setting) == model
