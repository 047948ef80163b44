"""The second half of a run, with a model of meaning that costs nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
import pandas as pd
import pytest

from kura_core.config import RunConfig
from kura_core.engines.offline import OfflineEngine
from kura_core.run import embedding
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.context import RunContext
from kura_core.run.grouping import Grouping, group
from kura_core.run.items import cluster_item
from kura_core.run.partial import show_clusters
from kura_core.steps.embed import TFIDF, ModelSource, Vectors
from kura_core.types import Cluster, ConversationSummary
from tests.small_data import Recorder

WORDS = "contract export calendar python invoice".split()


class BagOfWords:
    """A sentence model: each word has a random direction, a text the sum of its words'."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        rows = np.array([sum(map(self._direction, text.split())) for text in texts])
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit.astype(np.float32)

    def cost(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _direction(self, word: str) -> np.ndarray:
        seed = hashlib.blake2b((self.identity + word).encode(), digest_size=4).digest()
        return np.random.default_rng(int.from_bytes(seed, "big")).normal(size=16)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> BagOfWords:
    model = BagOfWords("bag-1")

    def find(name: str) -> ModelSource:
        return ModelSource(name, tmp_path, model.identity)

    monkeypatch.setattr(embedding, "find_embedding_model", find)
    monkeypatch.setattr(embedding, "load_sentence_model", lambda source: model)
    monkeypatch.setattr(embedding, "_set_torch_threads", lambda: None)
    monkeypatch.setattr(embedding, "begin_warm_up", lambda context, count: None)
    return model


SUMMARIES = [
    ConversationSummary(f"c{i:02d}", f"Find {WORDS[i % 5]} {i // 5}", request="please find it")
    for i in range(50)
]


def plain(made: Grouping) -> list[object]:
    """Return all of a grouping as JSON, in which a list and a tuple are the same."""
    clusters = [orjson.loads(orjson.dumps(cluster_item(c), default=float)) for c in made.clusters]
    return [clusters, made.leaf_of, made.points]


def grouped(
    folder: Path,
    record: Recorder | None = None,
    *,
    summaries: Sequence[ConversationSummary] = SUMMARIES,
    earlier: Sequence[Path] = (),
    **settings: object,
) -> Grouping:
    context = RunContext(
        RunConfig(**{"clusters": 10, "max_top": 3, **settings}),
        OfflineEngine(),
        JSONLCheckpointManager(folder / "checkpoints"),
        earlier=[JSONLCheckpointManager(path / "checkpoints") for path in earlier],
        partial=folder / "partial",
        emit=record or Recorder(),
    )
    return asyncio.run(group(context, summaries))


def test_a_second_time_nothing_is_made_again(model: BagOfWords, tmp_path: Path) -> None:
    first = grouped(tmp_path)
    texts = [summary.summary for summary in SUMMARIES]
    assert sorted(model.asked[: len(texts)]) == sorted(texts)
    record = Recorder()
    made = len(model.asked)
    assert plain(grouped(tmp_path, record)) == plain(first)
    assert len(model.asked) == made
    for step in ("embed", "cluster", "project", "name", "meta_cluster"):
        cached, total = record.cached(step)
        assert cached == total > 0, step


def test_another_cluster_count_makes_no_vector_again(model: BagOfWords, tmp_path: Path) -> None:
    grouped(tmp_path)
    made = len(model.asked)
    record = Recorder()
    again = grouped(tmp_path, record, clusters=5)
    texts = {summary.summary for summary in SUMMARIES}
    assert not texts & set(model.asked[made:]), "only proposed names are compared anew"
    assert record.cached("embed") == record.cached("project") == (50, 50)
    assert record.cached("cluster")[0] == 0
    assert plain(again) == plain(grouped(tmp_path / "fresh", clusters=5))


def test_vectors_of_another_model_are_not_used(model: BagOfWords, tmp_path: Path) -> None:
    first = grouped(tmp_path)
    model.identity = "bag-2"
    record = Recorder()
    second = grouped(tmp_path, record)
    assert record.cached("embed") == record.cached("project") == (0, 50)
    assert second.points != first.points
    assert plain(second) == plain(grouped(tmp_path / "fresh"))


def test_vectors_and_map_of_another_run_are_taken_over(model: BagOfWords, tmp_path: Path) -> None:
    first = grouped(tmp_path / "a")
    made = len(model.asked)
    record = Recorder()
    taken_over = grouped(tmp_path / "b", record, earlier=[tmp_path / "a"])
    assert plain(taken_over) == plain(first)
    texts = {summary.summary for summary in SUMMARIES}
    assert not texts & set(model.asked[made:])
    assert record.cached("embed") == record.cached("project") == (50, 50)


def test_names_follow_what_is_said_not_only_the_vectors(model: BagOfWords, tmp_path: Path) -> None:
    grouped(tmp_path)
    changed = [ConversationSummary(s.conversation_id, s.summary, request=None) for s in SUMMARIES]
    record = Recorder()
    again = grouped(tmp_path, record, summaries=changed)
    assert record.cached("cluster") == (50, 50)
    assert record.cached("name")[0] == 0
    assert plain(again) == plain(grouped(tmp_path / "fresh", summaries=changed))


def test_clusters_are_shown_without_names_first_then_with_all(
    model: BagOfWords, tmp_path: Path
) -> None:
    shown: list[pd.DataFrame] = []

    def look(event: str, values: dict[str, object]) -> None:
        if values.get("file") == "partial/clusters.parquet":
            shown.append(pd.read_parquet(tmp_path / "partial" / "clusters.parquet"))

    grouped(tmp_path, Recorder(look))
    points = pd.read_parquet(tmp_path / "partial" / "map.parquet")
    first, last = shown[0], shown[-1]
    assert first["name"].isna().all()
    assert last["name"].notna().all()
    assert list(points.columns) == ["conversation_id", "x", "y", "cluster_id"]
    assert set(points["cluster_id"]) == set(first["cluster_id"]) == set(last["cluster_id"])
    assert first["conversations"].sum() == len(points) == 50
    assert not list((tmp_path / "partial").glob("*.part"))


def test_without_a_folder_nothing_is_shown(tmp_path: Path) -> None:
    record = Recorder()
    context = RunContext(
        RunConfig(), OfflineEngine(), JSONLCheckpointManager(tmp_path), emit=record
    )
    leaf = Cluster("0123456789", "", "", ["c1"])
    show_clusters(context, [leaf], np.zeros((1, 2)))
    assert record.events == []


def test_noise_goes_to_one_leaf_called_other(model: BagOfWords, tmp_path: Path) -> None:
    groups = [f"Find {WORDS[i % 3]}" for i in range(60)]
    strays = [f"word{i} thing{i} stray{i}" for i in range(12)]
    summaries = [
        ConversationSummary(f"c{i:02d}", text) for i, text in enumerate([*groups, *strays])
    ]
    made = grouped(tmp_path, summaries=summaries, clustering="hdbscan", clusters=None)
    others = [cluster for cluster in made.clusters if cluster.is_other]
    assert len(made.leaf_of) == 72
    assert len(others) <= 1
    for other in others:
        assert other.name == "Other"
        assert other.conversation_ids == [
            i for i, leaf in made.leaf_of.items() if leaf == other.cluster_id
        ]


def test_without_conversations_there_are_no_clusters(tmp_path: Path) -> None:
    assert grouped(tmp_path, summaries=[]) == Grouping([], {}, {})


def test_names_are_compared_by_the_model_also_when_all_vectors_were_kept(
    model: BagOfWords, tmp_path: Path
) -> None:
    grouped(tmp_path / "a")
    made = len(model.asked)
    fresh = grouped(tmp_path / "b", earlier=[tmp_path / "a"])
    compared = model.asked[made:]
    assert compared
    assert all(len(text.split()) <= 8 for text in compared)
    assert plain(fresh) == plain(grouped(tmp_path / "c"))


def test_word_vectors_leave_names_to_the_rules(
    model: BagOfWords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        embedding, "find_embedding_model", lambda name: ModelSource(name, None, TFIDF)
    )
    tree = grouped(tmp_path, embedding_model=TFIDF).clusters
    assert model.asked == []
    assert all(cluster.name for cluster in tree)
