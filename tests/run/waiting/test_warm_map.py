"""UMAP that is made ready while something else is waited for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kura_core.config import RunConfig
from kura_core.engines.offline import OfflineEngine
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.context import RunContext
from kura_core.run.waiting import warm_map
from kura_core.run.waiting.warm_map import begin_warm_up, end_warm_up
from kura_core.steps.project import SMALLEST_UMAP


@pytest.fixture
def folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """Where compiled code is looked for, each time UMAP is made ready."""
    found: list[Path] = []
    monkeypatch.setenv("KURA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(warm_map, "warm_up", found.append)
    return found


@pytest.fixture
def context(tmp_path: Path) -> RunContext:
    return RunContext(RunConfig(), OfflineEngine(), JSONLCheckpointManager(tmp_path / "run"))


def test_it_is_made_ready_once(context: RunContext, folders: list[Path], tmp_path: Path) -> None:
    begin_warm_up(context, 100)
    begin_warm_up(context, 100)
    end_warm_up(context, 100)
    assert folders == [(tmp_path / "home" / "compiled").resolve()]


def test_what_was_not_begun_is_done_at_the_end(context: RunContext, folders: list[Path]) -> None:
    end_warm_up(context, 100)
    assert len(folders) == 1


def test_a_map_too_small_for_umap_needs_nothing(context: RunContext, folders: list[Path]) -> None:
    begin_warm_up(context, SMALLEST_UMAP - 1)
    end_warm_up(context, SMALLEST_UMAP - 1)
    assert folders == []


def test_nothing_is_begun_where_a_map_is_kept(context: RunContext, folders: list[Path]) -> None:
    context.store.save_arrays("dimensionality", "made from", points=np.zeros((100, 2)))
    begin_warm_up(context, 100)
    assert context.map_warm_up is None
    assert folders == []
