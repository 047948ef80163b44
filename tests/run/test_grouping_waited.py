"""The map, drawn while a language model is asked for names."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pandas as pd
import pytest

from kura_core.config import RunConfig
from kura_core.engines.offline import OfflineEngine
from kura_core.errors import BudgetSpent, RunCancelled
from kura_core.run import grouping
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.context import RunContext
from kura_core.run.embedding import Embedded
from kura_core.run.grouping import Grouping, group
from kura_core.steps.project import Points
from kura_core.types import ClusterEvidence, ClusterName, ConversationSummary
from tests.small_data import Recorder

SUMMARIES = [
    ConversationSummary(f"c{i:02d}", f"Find the {'contract invoice python'.split()[i % 3]} {i}")
    for i in range(60)
]
draw_map = grouping.draw_map


class Waited(OfflineEngine):
    """Rules that are waited for, as a language model is; `at` is told of each name."""

    name = "waited"

    def __init__(self, at: threading.Event | Exception | None = None) -> None:
        self.at = at

    async def name_cluster(self, evidence: ClusterEvidence) -> ClusterName:
        await asyncio.sleep(0)
        if isinstance(self.at, Exception):
            raise self.at
        if self.at is not None:
            self.at.set()
        return await super().name_cluster(evidence)


def grouped(
    folder: Path, engine: OfflineEngine, record: Recorder | None = None
) -> Grouping:
    context = RunContext(
        RunConfig(clusters=6, max_top=3, embedding_model="tfidf"),
        engine,
        JSONLCheckpointManager(folder / "checkpoints"),
        partial=folder / "partial",
        emit=record or Recorder(),
    )
    return asyncio.run(group(context, SUMMARIES))


def test_names_are_asked_for_while_the_map_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    def drawn_once_asked(context: RunContext, embedded: Embedded) -> Points:
        assert asked.wait(20), "no name is asked for before the map is there"
        return draw_map(context, embedded)

    monkeypatch.setattr(grouping, "draw_map", drawn_once_asked)
    beside = grouped(tmp_path / "beside", Waited(asked))
    monkeypatch.setattr(grouping, "draw_map", draw_map)
    before = grouped(tmp_path / "before", OfflineEngine())
    assert beside.points == before.points
    assert beside.leaf_of == before.leaf_of
    assert [(c.cluster_id, c.x, c.y) for c in beside.clusters] == [
        (c.cluster_id, c.x, c.y) for c in before.clusters
    ]


def test_a_map_that_comes_after_the_names_is_shown_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = threading.Event()

    def at(event: str, values: dict[str, object]) -> None:
        if event == "step_finished" and values["step"] == "meta_cluster":
            named.set()

    def drawn_last(context: RunContext, embedded: Embedded) -> Points:
        assert named.wait(20)
        return draw_map(context, embedded)

    monkeypatch.setattr(grouping, "draw_map", drawn_last)
    record = Recorder(at)
    made = grouped(tmp_path, Waited(), record)
    shown = pd.read_parquet(tmp_path / "partial" / "clusters.parquet")
    points = pd.read_parquet(tmp_path / "partial" / "map.parquet")
    assert shown["name"].notna().all()
    assert set(shown["cluster_id"]) == set(points["cluster_id"]) == set(made.leaf_of.values())
    files = [event["file"] for event in record.of("partial")]
    assert files == ["partial/map.parquet", "partial/clusters.parquet"]


def test_every_event_is_told_by_one_thread(tmp_path: Path) -> None:
    threads: set[int] = set()
    record = Recorder(lambda event, values: threads.add(threading.get_ident()))
    grouped(tmp_path, Waited(), record)
    assert threads == {threading.get_ident()}
    begun = [event["step"] for event in record.of("step_started")]
    assert sorted(begun) == sorted(event["step"] for event in record.of("step_finished"))
    assert {"project", "name", "meta_cluster"} <= set(begun)


def test_a_map_is_kept_when_the_money_for_names_is_spent(tmp_path: Path) -> None:
    with pytest.raises(BudgetSpent):
        grouped(tmp_path, Waited(BudgetSpent("no more")))
    record = Recorder()
    grouped(tmp_path, Waited(), record)
    assert record.cached("project") == (60, 60)
    assert record.cached("name")[0] == 0


def test_a_run_that_is_cancelled_while_the_map_is_drawn_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled(context: RunContext, embedded: Embedded) -> Points:
        raise RunCancelled("stopped")

    monkeypatch.setattr(grouping, "draw_map", cancelled)
    with pytest.raises(RunCancelled):
        grouped(tmp_path, Waited())
