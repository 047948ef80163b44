"""Runs that group conversations by another text than the summary."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kura_core.config import Facet, RunConfig
from kura_core.engines.offline import OfflineEngine
from kura_core.errors import InputError
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.context import RunContext
from kura_core.run.grouping import OTHER_NAME, Grouping, group
from kura_core.run.pipeline import RunResult
from kura_core.run.tables import RunTables, read_tables
from kura_core.types import ConversationSummary
from tests.asked_runs import run_asking
from tests.llm_server import LLMServer, running
from tests.plausible_answers import of_its_own
from tests.small_data import Recorder, run, table_bytes, varied_rows, write_rows

PRODUCT = Facet(name="product", question="Which product?")
PRODUCTS = ("search engine", "billing portal", "calendar sync", "code editor")
COUNT = 48
SETTINGS: dict[str, Any] = {"clusters": 4, "max_top": 3}


def answers(schema: dict[str, Any], text: str) -> dict[str, Any]:
    """One in six conversations names no product."""
    fields = of_its_own(schema, text)
    if "product" in fields:
        number = int(text.split("team ")[1].split(".")[0])
        product = f"{PRODUCTS[number % 4]} number {number // 12}"
        fields["product"] = None if number % 6 == 5 else product
    return fields


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with running(LLMServer(answer=answers)) as started:
        yield started


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "logs.jsonl", varied_rows(COUNT))


def run_with(
    server: LLMServer, source: Path, folder: Path, record: Any = None, **settings: Any
) -> RunResult:
    settings = {"facets": (PRODUCT,), **SETTINGS, **settings}
    return run_asking(server, source, folder, record, **settings)


def summaries_asked(server: LLMServer, since: int = 0) -> int:
    requests = server.asked("completions")[since:]
    return sum("Describe the conversation below" in request.text for request in requests)


def naming_texts(server: LLMServer) -> list[str]:
    requests = [request.text for request in server.asked("completions")]
    return [text for text in requests if "Conversations in the group:" in text]


def is_whole(tables: RunTables) -> None:
    """Every conversation is in one leaf and on the map, and parents hold what is below them."""
    conversations, clusters = tables.conversations, tables.clusters.set_index("cluster_id")
    parents = set(clusters["parent_id"].dropna())
    sizes = conversations["cluster_id"].value_counts()
    leaves = clusters[~clusters.index.isin(parents)]
    assert leaves["conversations"].to_dict() == sizes.to_dict()
    below = clusters.groupby("parent_id")["conversations"].sum()
    assert (clusters.loc[below.index, "conversations"] == below).all()
    assert clusters.loc[clusters["parent_id"].isna(), "conversations"].sum() == len(conversations)
    for frame in (conversations, clusters):
        assert np.isfinite(frame[["x", "y"]].to_numpy()).all()
        assert (frame[["x", "y"]].abs() <= 10).all(axis=None)


@pytest.mark.parametrize("by", ["request", "task", "topic"])
def test_rules_group_by_what_every_summary_has(source: Path, tmp_path: Path, by: str) -> None:
    run(source, tmp_path / "run", cluster_by=by, **SETTINGS)
    tables = read_tables(tmp_path / "run")
    is_whole(tables)
    run(source, tmp_path / "again", cluster_by=by, **SETTINGS)
    assert table_bytes(tmp_path / "again") == table_bytes(tmp_path / "run")
    unknown = tables.conversations[by].isna()
    others = tables.clusters.query("is_other")
    assert others["conversations"].sum() == unknown.sum()


def test_a_question_of_ones_own_makes_the_hierarchy_and_who_has_no_answer_is_apart(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    manifest = run_with(server, source, tmp_path / "run", cluster_by="product").manifest
    tables = read_tables(tmp_path / "run")
    is_whole(tables)
    (other,) = tables.clusters.query("is_other").to_dict("records")
    unanswered = tables.conversations["facet_product"].isna()
    assert other["name"] == OTHER_NAME.name
    assert "without an answer to “product”" in other["description"]
    assert pd.isna(other["parent_id"])
    in_it = tables.conversations["cluster_id"] == other["cluster_id"]
    assert in_it.tolist() == unanswered.tolist()
    assert unanswered.sum() == 8
    answered = tables.conversations[~unanswered]
    kinds = answered["facet_product"].str.rsplit(" number", n=1).str[0]
    assert answered.groupby("cluster_id").ngroups == 4
    assert kinds.groupby(answered["cluster_id"]).nunique().eq(1).all()
    said = [notice for notice in manifest["notices"] if "have no answer to “product”" in notice]
    assert said and said[0].startswith("8 of 48 conversations")
    assert manifest["counts"]["summarised"] == COUNT


def test_names_are_made_from_the_grouped_text_alone(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    run_with(server, source, tmp_path / "run", cluster_by="product")
    texts = naming_texts(server)
    assert len(texts) >= 4
    summaries = read_tables(tmp_path / "run").conversations["summary"]
    for text in texts:
        assert any(product in text for product in PRODUCTS)
        assert not [summary for summary in summaries if summary[:60] in text]
        assert "overall request" not in text


def test_another_text_to_group_by_asks_for_no_summary_again(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    run_with(server, source, folder)
    before = len(server.asked("completions"))
    assert summaries_asked(server) == COUNT
    seen = [read_tables(folder).conversations]
    for by in ("product", "topic", "task"):
        record = Recorder()
        run_with(server, source, folder, record, cluster_by=by)
        assert record.cached("summarise") == (COUNT, COUNT)
        assert record.cached("cluster")[0] == record.cached("project")[0] == 0
        seen.append(read_tables(folder).conversations)
        is_whole(read_tables(folder))
    assert summaries_asked(server, before) == 0
    assert all(one["summary"].equals(seen[0]["summary"]) for one in seen)
    assert len({tuple(one["cluster_id"]) for one in seen}) == 4
    run_with(server, source, tmp_path / "fresh", cluster_by="task")
    assert table_bytes(tmp_path / "fresh") == table_bytes(folder)


def test_what_is_kept_is_used_again_by_the_same_grouping(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    # Another limit of themes makes only these anew.
    run_with(server, source, tmp_path / "run", cluster_by="product")
    record = Recorder()
    run_with(server, source, tmp_path / "run", record, cluster_by="product", max_top=9)
    assert record.cached("project") == (48, 48)
    assert record.cached("cluster") == (40, 40)
    assert record.cached("name") == (5, 5)
    is_whole(read_tables(tmp_path / "run"))


def test_when_nobody_has_an_answer_that_is_said(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    server.answer = lambda schema, text: {**of_its_own(schema, text), "product": None}
    with pytest.raises(InputError, match="Nothing can be grouped by 'product': none of the 48"):
        run_with(server, source, tmp_path / "run", cluster_by="product")


def grouped(
    folder: Path, topics: Sequence[str | None], record: Recorder | None = None, **settings: Any
) -> Grouping:
    summaries = [
        ConversationSummary(f"c{i:03d}", f"Asks about {topic or 'contracts'} {i}.", topic=topic)
        for i, topic in enumerate(topics)
    ]
    context = RunContext(
        RunConfig(**{"embedding_model": "tfidf", "cluster_by": "topic", **settings}),
        OfflineEngine(),
        JSONLCheckpointManager(folder / "checkpoints"),
        emit=record or Recorder(),
    )
    return asyncio.run(group(context, summaries))


@pytest.mark.parametrize("clustering", ["kmeans", "minibatch", "hdbscan"])
def test_equal_answers_are_in_one_leaf(tmp_path: Path, clustering: str) -> None:
    kinds = ("hotel", "restaurant", "flight", "bank account", "doctor", "party", "weather")
    topics = [kinds[i * i % 7] if i % 5 else kinds[i % 7] for i in range(120)]
    made = grouped(tmp_path, topics, clustering=clustering)
    leaves = {topic: set() for topic in kinds}  # type: ignore[var-annotated]
    for conversation_id, leaf in made.leaf_of.items():
        leaves[topics[int(conversation_id[1:])]].add(leaf)
    assert all(len(found) == 1 for found in leaves.values())
    if clustering != "hdbscan":
        assert len({leaf for found in leaves.values() for leaf in found}) == 7


def test_equal_answers_among_many_unlike_ones_are_in_one_leaf(tmp_path: Path) -> None:
    words = ("hotel", "flight", "account", "doctor")
    topics = [f"{words[i % 4]} {words[i % 3]} {i // 2 if i % 2 else 'booking'}" for i in range(90)]
    made = grouped(tmp_path, topics)
    leaves: dict[str, set[str]] = {}
    for conversation_id, leaf in made.leaf_of.items():
        leaves.setdefault(topics[int(conversation_id[1:])], set()).add(leaf)
    assert all(len(found) == 1 for found in leaves.values())
    sizes = [len(c.conversation_ids) for c in made.clusters if c.parent_id is None]
    assert sum(sizes) == 90


@pytest.mark.parametrize("answered", [1, 2, 3, 15])
def test_few_answers_are_grouped_all_the_same(tmp_path: Path, answered: int) -> None:
    topics = [f"topic of {word}" for word in ("contracts", "exports", "dates") * 5][:answered]
    made = grouped(tmp_path, [*topics, *[None] * 20])
    assert len(made.leaf_of) == len(made.points) == answered + 20
    assert np.isfinite(list(made.points.values())).all()
    (other,) = [cluster for cluster in made.clusters if cluster.is_other]
    assert other.conversation_ids == [f"c{i:03d}" for i in range(answered, answered + 20)]
    assert sum(len(c.conversation_ids) for c in made.clusters if c.parent_id is None) == len(
        made.leaf_of
    )


def test_noise_and_no_answer_share_one_leaf(tmp_path: Path) -> None:
    words = ("contracts", "exports", "dates")
    topics = [f"{words[i % 3]} {words[i % 3]}s" for i in range(60)]
    strays = [f"stray{i} thing{i} odd{i}" for i in range(8)]
    made = grouped(tmp_path, [*topics, *strays, None, None], clustering="hdbscan")
    (other,) = [cluster for cluster in made.clusters if cluster.is_other]
    assert {"c068", "c069"} <= set(other.conversation_ids)
    assert "unlike the rest" in other.description and "topic" in other.description
    assert len(made.leaf_of) == 70


def test_who_has_no_answer_lies_beside_what_its_summary_is_like(tmp_path: Path) -> None:
    topics = [("signed contracts", "csv exports", "meeting dates")[i % 3] for i in range(60)]
    made = grouped(tmp_path, [*topics, None, None])
    for lost in ("c060", "c061"):  # their summaries are about contracts
        place = np.array(made.points[lost])
        apart = [np.linalg.norm(place - np.array(made.points[f"c{i:03d}"])) for i in range(60)]
        assert int(np.argmin(apart)) % 3 == 0
