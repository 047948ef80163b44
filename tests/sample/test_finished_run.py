"""The finished run that ships is what the pipeline makes of the sample, and nothing else helped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from kura_core.run.finished_sample import rebuild
from kura_core.run.side.tables import attached
from kura_core.run.tables import RunTables, read_manifest, read_tables
from kura_core.sample import conversations_path, finished_run

ROOT = Path(__file__).parents[2]
LARGEST_BYTES = 1_000_000
# What summaries say does not depend on the processor; vectors do in their last bits.
READ_BY_RULES = ["conversation_id", "user_id", "created_at", "turns", "summary", "request", "task"]
READ_BY_RULES += ["topic", "language", "frustration", "truncated", "outcome", "outcome_quote"]


@pytest.fixture(scope="module")
def rerun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished") / "run"
    rebuild(folder)
    return folder


def test_the_finished_run_has_its_ratings_and_its_users(rerun: Path) -> None:
    tables = attached(rerun)

    assert (tables["feedback"].report.matched, tables["users"].report.matched) == (599, 420)
    assert tables["feedback"].feedback == "thumbs_up"


def _same_bytes(left: Path, right: Path) -> bool:
    names = sorted(path.name for path in (left / "tables").iterdir())
    return all(
        (left / "tables" / name).read_bytes() == (right / "tables" / name).read_bytes()
        for name in names
    )


def _leaf_names(tables: RunTables) -> pd.Series:
    names = tables.clusters.set_index("cluster_id")["name"]
    return tables.conversations.set_index("conversation_id")["cluster_id"].map(names)


def test_the_shipped_tables_are_what_the_pipeline_makes(rerun: Path) -> None:
    from sklearn.metrics import adjusted_rand_score

    if _same_bytes(rerun, finished_run()):
        return
    ours, shipped = read_tables(rerun), read_tables(finished_run())
    pd.testing.assert_frame_equal(
        ours.conversations[READ_BY_RULES], shipped.conversations[READ_BY_RULES]
    )
    leaves, shipped_leaves = _leaf_names(ours), _leaf_names(shipped)
    assert adjusted_rand_score(leaves, shipped_leaves) > 0.98
    assert (leaves == shipped_leaves).mean() > 0.95
    assert abs(len(ours.clusters) - len(shipped.clusters)) <= 2


def test_the_shipped_run_is_finished_and_small() -> None:
    manifest = read_manifest(finished_run())
    assert manifest["status"] == "done"
    assert manifest["counts"]["summarised"] == 1200
    size = sum(path.stat().st_size for path in finished_run().rglob("*") if path.is_file())
    assert size < LARGEST_BYTES


def _run_sample(home: Path, out: Path) -> None:
    command = [sys.executable, "-m", "kura_core", "run", str(conversations_path())]
    subprocess.run(
        [*command, "--out", str(out), "--embedding-model", "tfidf", "--limit", "300"],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(home)},
        check=True,
        capture_output=True,
    )


def test_without_the_truth_file_the_output_is_the_same(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(ROOT / "kura_core", bare / "kura_core")
    assert not list(bare.rglob("truth*"))
    _run_sample(ROOT, tmp_path / "with")
    _run_sample(bare, tmp_path / "without")
    assert _same_bytes(tmp_path / "with", tmp_path / "without")
