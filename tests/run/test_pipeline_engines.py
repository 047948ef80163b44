"""Whole runs with a language model: everything accounted for, nothing paid twice, nothing told."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kura_core.config import Facet, RunConfig
from kura_core.engines.calls import Patience
from kura_core.engines.choose import make_engine
from kura_core.errors import EngineError
from kura_core.run.pipeline import RunResult, run_pipeline
from kura_core.run.tables import read_messages, read_tables
from kura_core.run.waiting import early_requests
from tests.llm_server import Fault, LLMServer, Order, running
from tests.small_data import varied_rows, write_rows

KEY = "sk-test-0123456789abcdef"
QUICK = Patience(first_delay=0.001, longest_delay=0.002, timeout=5.0)
POISON = "a sentence that the provider always refuses"
# Each meets its fault the first time its conversation is asked about.
FAULTY: dict[str, Fault] = {
    "the alpha report": 500,
    "the bravo report": "malformed",
    "the charlie report": "disconnect",
    "the delta report": 529,
    "the echo report": "truncated",
    "the foxtrot report": 429,
}
ABOUT_ONE = "Describe the conversation below"
COUNT = 60


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with running(LLMServer()) as started:
        yield started


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows = varied_rows(COUNT)
    rows[7]["messages"][0]["content"] = POISON
    for place, text in enumerate(FAULTY, start=20):
        rows[place]["messages"][0]["content"] = f"Please export {text} for me"
    return write_rows(tmp_path / "logs.jsonl", rows)


def run_with(
    server: LLMServer, source: Path, folder: Path, provider: str = "openai", **settings: object
) -> RunResult:
    config = RunConfig(
        engine=provider,  # type: ignore[arg-type]
        base_url=server.base_url(provider),
        **{"embedding_model": "tfidf", "clusters": 6, **settings},  # type: ignore[arg-type]
    )

    async def work() -> RunResult:
        keys = {provider: KEY, "openai": KEY}
        engine = make_engine(config, keys, patience=QUICK)
        try:
            return await run_pipeline(source, folder, config, engine, keys=keys)
        finally:
            await engine.aclose()

    return asyncio.run(work())


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_with_faults_and_one_refusal_everything_is_accounted_for(
    server: LLMServer, source: Path, tmp_path: Path, provider: str
) -> None:
    server.orders = [Order(400, text=POISON)]
    server.orders += [
        Order(fault, text=text, nth=frozenset({1})) for text, fault in FAULTY.items()
    ]
    result = run_with(server, source, tmp_path / "run", provider)
    counts, manifest = result.manifest["counts"], result.manifest
    assert (counts["read"], counts["summarised"], counts["failed"]) == (COUNT, COUNT - 1, 1)
    excluded = read_tables(tmp_path / "run").excluded
    assert excluded["kind"].tolist() == ["failed"]
    assert "(400)" in excluded["reason"][0]
    assert manifest["calls"]["sent"] >= COUNT + 6
    assert manifest["calls"]["retried"] >= len(FAULTY)
    assert manifest["tokens"]["input"] > 0 and manifest["cost_usd"] > 0
    assert manifest["status"] == "done"


def test_nothing_is_paid_for_twice_nor_grouped_otherwise(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    run_with(server, source, tmp_path / "run")
    first = read_tables(tmp_path / "run")
    asked = len(server.asked("completions"))
    again = run_with(server, source, tmp_path / "run", max_top=9)
    assert again.manifest["calls"]["sent"] == len(server.asked("completions")) - asked
    asked_again = [request.text for request in server.asked("completions")[asked:]]
    assert not [text for text in asked_again if ABOUT_ONE in text]
    assert [r for r in server.asked("completions")[:asked] if ABOUT_ONE in r.text]
    second = read_tables(tmp_path / "run")
    assert second.conversations["summary"].equals(first.conversations["summary"])
    assert second.conversations["cluster_id"].equals(first.conversations["cluster_id"])


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_model_that_cites_what_was_said_judges_all_without_asking_twice(
    server: LLMServer, tmp_path: Path, provider: str
) -> None:
    source = write_rows(tmp_path / "logs.jsonl", varied_rows(COUNT))
    result = run_with(server, source, tmp_path / "run", provider, judges="engine")
    judged = read_tables(tmp_path / "run").conversations
    assert set(judged["outcome"]) == {"achieved", "partly", "not achieved", "cannot tell"}
    failed = judged["outcome"].isin(["partly", "not achieved"])
    assert judged["cause"].notna().tolist() == failed.tolist()
    assert judged["quadrant"].notna().tolist() == (judged["outcome"] != "cannot tell").tolist()
    for row in judged.dropna(subset="outcome_quote").to_dict("records"):
        messages = read_messages(tmp_path / "run", row["conversation_id"])
        cited = messages.loc[int(row["outcome_message"])]
        assert cited["role"] == "assistant" and row["outcome_quote"] in cited["content"]
    assert not [notice for notice in result.manifest["notices"] if "judged" in notice]
    complaints = [r.text for r in server.received if "earlier answer cannot be used" in r.text]
    assert not [text for text in complaints if "failure_probability" in text or "kinds" in text]


def test_a_key_that_is_refused_ends_the_run_before_anything_is_sent(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    server.orders = [Order(401)]
    with pytest.raises(EngineError, match="refused the key"):
        run_with(server, source, tmp_path / "run")
    assert not server.asked("completions")


def test_questions_of_ones_own_become_columns(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    facet = Facet(name="channel", question="Where should it go?", type="text")
    run_with(server, source, tmp_path / "run", facets=(facet,))
    assert read_tables(tmp_path / "run").conversations["facet_channel"].notna().all()


def test_vectors_of_a_provider_are_made_once_and_the_key_is_kept_nowhere(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    run_with(server, source, tmp_path / "run", embedding_model="openai")
    embedded = len(server.asked("embeddings"))
    run_with(server, source, tmp_path / "run", embedding_model="openai", clusters=5)
    assert embedded == len(server.asked("embeddings")) > 0
    files = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert len(files) > 5
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_a_folder_for_answers_that_cannot_be_used_is_said_and_the_run_goes_on(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "cache").write_text("not a folder")
    result = run_with(server, source, tmp_path / "run")
    assert result.manifest["counts"]["summarised"] == COUNT
    assert any("Answers cannot be kept" in notice for notice in result.manifest["notices"])


def test_a_full_disk_costs_kept_answers_only_and_is_said_once(
    server: LLMServer, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("diskcache.Cache.set", full)
    result = run_with(server, source, tmp_path / "run")
    assert result.manifest["counts"]["summarised"] == COUNT
    said = [notice for notice in result.manifest["notices"] if "disk is full" in notice]
    assert len(said) == 1


def test_what_nobody_could_name_is_named_by_its_words_and_said(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    server.answer = lambda schema, text: (
        {"name": " ", "description": " "}
        if "name" in schema["properties"]
        else json.loads(_SUMMARY)
    )
    result = run_with(server, source, tmp_path / "run")
    assert any("clusters" in notice for notice in result.manifest["notices"])
    assert (read_tables(tmp_path / "run").clusters["name"].str.len() > 0).all()


_SUMMARY = json.dumps(
    {
        "summary": "The user wants a contract exported.", "request": "Export a contract",
        "task": "export", "topic": "contracts", "language": "en", "frustration": 1,
    }
)  # fmt: skip


def test_vectors_are_asked_of_a_provider_while_summaries_arrive_and_none_twice(
    server: LLMServer, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(early_requests, "TEXTS_A_REQUEST", 20)
    result = run_with(server, source, tmp_path / "run", embedding_model="openai", concurrency=4)
    asked = [request.body["input"] for request in server.asked("embeddings")]
    texts = [text for block in asked for text in block]
    assert result.manifest["counts"]["summarised"] == COUNT
    assert len(texts) == len(set(texts))
    assert [len(block) for block in asked[:-1]] == [20] * (len(asked) - 1)
    assert len(asked) > 1
    first = server.received.index(server.asked("embeddings")[0])
    assert any(ABOUT_ONE in request.text for request in server.received[first:])
    monkeypatch.undo()
    whole = run_with(server, source, tmp_path / "whole", embedding_model="openai")
    assert result.manifest["tables_digest"] == whole.manifest["tables_digest"]
