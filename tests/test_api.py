"""The five steps as functions: as published, without models, and never anything stale."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vl_convert
from rich.console import Console

import kura_core
from kura_core import (
    HDBUMAP,
    Cluster,
    ClusterDescriptionModel,
    Conversation,
    ConversationSummary,
    DiskCacheStrategy,
    Facet,
    JSONLCheckpointManager,
    Message,
    MetaClusterModel,
    SummaryModel,
    generate_base_clusters_from_conversations,
    reduce_clusters_from_base_clusters,
    reduce_dimensionality_from_clusters,
    summarise_conversations,
    visualise_pipeline_results,
)
from kura_core import api as api_module
from kura_core.engines.offline import OfflineEngine
from kura_core.errors import ConfigError, ConversationError
from kura_core.load import conversation_from_row
from kura_core.types import ClusterEvidence, ClusterName
from tests.llm_server import LLMServer, running
from tests.small_data import Row, few_kinds, varied_rows, write_rows

WORDS = ClusterDescriptionModel(embedding_model="tfidf", clusters=6)


class Counting(OfflineEngine):
    """The offline engine, counting what it is asked."""

    def __init__(self, failing: str = "") -> None:
        self.read: list[str] = []
        self.named = 0
        self.failing = failing

    async def summarise(
        self, conversation: Conversation, facets: Sequence[Facet]
    ) -> ConversationSummary:
        self.read.append(conversation.conversation_id)
        if conversation.conversation_id == self.failing:
            raise ConversationError("the engine refused this text")
        return await super().summarise(conversation, facets)

    async def name_cluster(self, evidence: ClusterEvidence) -> ClusterName:
        self.named += 1
        return await super().name_cluster(evidence)


def conversations_of(rows: Sequence[Row]) -> list[Conversation]:
    return [conversation_from_row(row) for row in rows]


async def all_steps(
    conversations: Sequence[Conversation], folder: Path, engine: Counting, **settings: Any
) -> list[Cluster]:
    store = JSONLCheckpointManager(folder)
    summaries = await summarise_conversations(
        conversations, model=SummaryModel(engine=engine), checkpoint_manager=store
    )
    describing = ClusterDescriptionModel(
        engine=engine, **{"embedding_model": "tfidf", "clusters": 6, **settings}
    )
    clusters = await generate_base_clusters_from_conversations(
        summaries, model=describing, checkpoint_manager=store
    )
    reduced = await reduce_clusters_from_base_clusters(
        clusters, model=MetaClusterModel(engine=engine, max_top=3), checkpoint_manager=store
    )
    return await reduce_dimensionality_from_clusters(
        reduced, model=HDBUMAP(), checkpoint_manager=store
    )


def plain(clusters: Sequence[Cluster]) -> list[tuple[Any, ...]]:
    return [(c.cluster_id, c.parent_id, c.name, c.description, c.x, c.y) for c in clusters]


@pytest.fixture(scope="module")
def projected() -> list[Cluster]:
    summaries = asyncio.run(summarise_conversations(conversations_of(varied_rows(50))))

    async def rest() -> list[Cluster]:
        clusters = await generate_base_clusters_from_conversations(summaries, model=WORDS)
        reduced = await reduce_clusters_from_base_clusters(
            clusters, model=MetaClusterModel(max_top=3)
        )
        return await reduce_dimensionality_from_clusters(reduced)

    return asyncio.run(rest())


def test_the_published_code_runs_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.chdir(tmp_path)
    data_set = tmp_path / "synthetic-gemini-conversations"
    data_set.mkdir()
    write_rows(data_set / "train.jsonl", few_kinds(60))
    told = io.StringIO()
    console = Console(file=told)

    async def published() -> Any:
        conversations = Conversation.from_hf_dataset(str(data_set), split="train")
        summary_model = SummaryModel(
            console=console, cache=DiskCacheStrategy(cache_dir="./.summary")
        )
        checkpoint_manager = JSONLCheckpointManager("./checkpoints", enabled=True)
        summaries = await summarise_conversations(
            conversations, model=summary_model, checkpoint_manager=checkpoint_manager
        )
        clusters = await generate_base_clusters_from_conversations(
            summaries,
            model=ClusterDescriptionModel(console=console),
            checkpoint_manager=checkpoint_manager,
        )
        reduced_clusters = await reduce_clusters_from_base_clusters(
            clusters, model=MetaClusterModel(console=console), checkpoint_manager=checkpoint_manager
        )
        projected_clusters = await reduce_dimensionality_from_clusters(
            reduced_clusters, model=HDBUMAP(), checkpoint_manager=checkpoint_manager
        )
        return visualise_pipeline_results(projected_clusters, style="basic")

    chart = asyncio.run(published())
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "All conversations (60 conversations)"
    assert len(printed) > 2
    assert "Engine: offline, because no key is set." in told.getvalue()
    assert "Summarise: 60 conversations" in told.getvalue()
    assert {path.name for path in (tmp_path / "checkpoints").glob("*.jsonl")} == {
        *("conversations.jsonl", "summaries.jsonl", "clusters.jsonl"),
        *("meta_clusters.jsonl", "dimensionality.jsonl"),
    }
    assert vl_convert.vegalite_to_svg(chart.to_json()).startswith("<svg")


def test_every_model_may_be_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # No key and no sentence model: what stands in for the latter is said too.
    monkeypatch.setattr("kura_core.steps.embed.find_spec", lambda name: None)

    async def bare() -> Any:
        summaries = await summarise_conversations(conversations_of(few_kinds(24)))
        clusters = await generate_base_clusters_from_conversations(summaries)
        reduced = await reduce_clusters_from_base_clusters(clusters)
        return visualise_pipeline_results(await reduce_dimensionality_from_clusters(reduced))

    monkeypatch.chdir(tmp_path)
    asyncio.run(bare())
    printed = capsys.readouterr().out
    assert printed.count("Engine: offline, because no key is set.") == 3
    assert "TF-IDF" in printed
    assert "All conversations (24 conversations)" in printed
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def llm_server() -> Iterator[LLMServer]:
    with running(LLMServer()) as started:
        yield started


def test_the_provider_whose_key_is_set_is_asked(
    llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-secret")
    monkeypatch.setenv("OPENAI_BASE_URL", llm_server.base_url("openai"))
    found = asyncio.run(summarise_conversations(conversations_of(few_kinds(3))))
    printed = capsys.readouterr().out
    assert len(found) == 3
    assert "Engine: openai, because OPENAI_API_KEY is set." in printed
    assert "secret" not in printed


def test_the_second_time_nothing_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversations = conversations_of(varied_rows(50))
    first = Counting()
    before = asyncio.run(all_steps(conversations, tmp_path, first))
    assert len(first.read) == 50
    assert first.named >= 6

    def not_again(*_: Any, **__: Any) -> None:
        raise AssertionError("the map was made again")

    monkeypatch.setattr(api_module, "project_conversations", not_again)
    second = Counting()
    after = asyncio.run(all_steps(conversations[::-1], tmp_path, second))
    assert (second.read, second.named) == ([], 0)
    assert plain(after) == plain(before)


def test_other_conversations_in_the_same_folder_are_read_anew(tmp_path: Path) -> None:
    asyncio.run(all_steps(conversations_of(varied_rows(50)), tmp_path / "a", Counting()))
    others, engine = conversations_of(varied_rows(40, seed=8)), Counting()
    mixed = asyncio.run(all_steps(others, tmp_path / "a", engine))
    fresh = asyncio.run(all_steps(others, tmp_path / "b", Counting()))
    assert len(engine.read) == 40
    assert plain(mixed) == plain(fresh)
    assert sum(len(c.conversation_ids) for c in mixed if c.parent_id is None) == 40


def test_another_cluster_count_reads_no_conversation_again(tmp_path: Path) -> None:
    conversations = conversations_of(varied_rows(50))
    asyncio.run(all_steps(conversations, tmp_path, Counting()))
    engine = Counting()
    clusters = asyncio.run(all_steps(conversations, tmp_path, engine, clusters=4))
    assert engine.read == []
    parents = {cluster.parent_id for cluster in clusters}
    assert sum(cluster.cluster_id not in parents for cluster in clusters) == 4


def test_the_same_text_under_another_id_gets_its_own_id_from_the_cache(tmp_path: Path) -> None:
    cache, engine = DiskCacheStrategy(cache_dir=str(tmp_path)), Counting()
    rows = few_kinds(8)
    moved = [{**row, "conversation_id": f"moved{i}"} for i, row in enumerate(rows)]
    model = SummaryModel(engine=engine, cache=cache)
    first = asyncio.run(summarise_conversations(conversations_of(rows), model=model))
    second = asyncio.run(summarise_conversations(conversations_of(moved), model=model))
    assert len(engine.read) == 8
    assert [s.conversation_id for s in second] == [f"moved{i}" for i in range(8)]
    assert [s.summary for s in first] == [s.summary for s in second]


def test_a_conversation_that_fails_is_left_out_and_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = SummaryModel(engine=Counting(failing="k00003"))
    found = asyncio.run(summarise_conversations(conversations_of(few_kinds(8)), model=model))
    assert len(found) == 7
    printed = capsys.readouterr().out
    assert "k00003 could not be summarised: the engine refused this text" in printed


def test_text_is_redacted_before_the_engine_sees_it() -> None:
    seen: list[str] = []

    class Spying(OfflineEngine):
        async def summarise(
            self, conversation: Conversation, facets: Sequence[Facet]
        ) -> ConversationSummary:
            seen.append(conversation.messages[0].content)
            return await super().summarise(conversation, facets)

    mail = Conversation("a", [Message("user", "Write to jane.roe@example.com about my invoice")])
    asyncio.run(summarise_conversations([mail], model=SummaryModel(engine=Spying())))
    asyncio.run(summarise_conversations([mail], model=SummaryModel(engine=Spying(), redact="off")))
    assert "jane.roe@example.com" not in seen[0]
    assert "jane.roe@example.com" in seen[1]


def test_what_the_offline_engine_leaves_out_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    model = SummaryModel(facets=[Facet(name="tone", question="Which tone?")])
    asyncio.run(summarise_conversations(conversations_of(few_kinds(2)), model=model))
    assert "leaves out your prompt and facets" in capsys.readouterr().out


def test_two_conversations_of_one_id_are_refused() -> None:
    twice = conversations_of(few_kinds(2)) + conversations_of(few_kinds(1))
    with pytest.raises(ConfigError, match="'k00000'"):
        asyncio.run(summarise_conversations(twice))


def test_settings_that_cannot_be_used_are_refused() -> None:
    summaries = [ConversationSummary("a", "Find contracts")]
    wrong = ClusterDescriptionModel(clusters=3, per_cluster=4)
    with pytest.raises(ConfigError, match="set one of the two"):
        asyncio.run(generate_base_clusters_from_conversations(summaries, model=wrong))
    with pytest.raises(ConfigError, match="greater than or equal to 1"):
        asyncio.run(summarise_conversations([], model=SummaryModel(max_concurrent_requests=0)))


def test_clusters_without_a_centroid_are_refused() -> None:
    bare = Cluster("0123456789", "Find contracts", "They look.", ["a"])
    with pytest.raises(ConfigError, match="holds no centroid"):
        asyncio.run(reduce_dimensionality_from_clusters([bare]))


def test_nothing_in_nothing_out() -> None:
    async def empty() -> list[Cluster]:
        summaries = await summarise_conversations([])
        clusters = await generate_base_clusters_from_conversations(summaries, model=WORDS)
        return await reduce_dimensionality_from_clusters(
            await reduce_clusters_from_base_clusters(clusters)
        )

    assert asyncio.run(empty()) == []


def test_a_few_clusters_get_their_places(projected: list[Cluster]) -> None:
    for count in (1, 2, 3):
        placed = asyncio.run(reduce_dimensionality_from_clusters(projected[:count]))
        assert len(placed) == count
        assert np.isfinite([[c.x, c.y] for c in placed]).all()


@pytest.mark.parametrize("style", ["basic", "enhanced", "rich"])
def test_every_style_prints_the_tree_and_returns_a_chart_that_compiles(
    style: Any, projected: list[Cluster], capsys: pytest.CaptureFixture[str]
) -> None:
    chart = visualise_pipeline_results(projected, style=style)
    printed = capsys.readouterr().out
    assert printed.splitlines()[0] == "All conversations (50 conversations)"
    for cluster in projected:
        assert f"{cluster.name} (" in printed
    assert vl_convert.vegalite_to_svg(chart.to_json()).startswith("<svg")


def test_the_chart_has_a_point_a_cluster_that_opens_and_tells(projected: list[Cluster]) -> None:
    spec = json.loads(visualise_pipeline_results(projected, show=lambda _: None).to_json())
    points = next(iter(spec["datasets"].values()))
    assert {point["cluster_id"] for point in points} == {c.cluster_id for c in projected}
    assert sum(point["conversations"] for point in points if not point["under"]) == 50
    assert all(point["description"] for point in points)
    assert any(parameter["name"] == "drill" for parameter in spec["params"])


def test_an_unknown_style_is_refused(projected: list[Cluster]) -> None:
    style: Any = "loud"
    with pytest.raises(ValueError, match='choose "basic", "enhanced" or "rich"'):
        visualise_pipeline_results(projected, style=style)


def test_every_public_name_can_be_imported() -> None:
    for name in kura_core.__all__:
        assert getattr(kura_core, name).__name__ == name
    unknown = "not_there"
    with pytest.raises(AttributeError, match="no attribute 'not_there'"):
        getattr(kura_core, unknown)
