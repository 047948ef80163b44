"""A run that is killed or cancelled goes on where it was, and ends in the same bytes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kura_core.errors import RunCancelled
from kura_core.run.tables import read_manifest
from tests.run.conftest import SETTINGS
from tests.small_data import Recorder, Row, few_kinds, run, table_bytes, varied_rows, write_rows

ROOT = Path(__file__).parents[2]
COUNT = 400

# Kills itself as `kill -9` does at the moment of an event: no one has to wait for the moment.
KILLED = """
import os, signal, sys
from pathlib import Path
from tests.run.test_pipeline_stopped import COUNT, Moment
from tests.run.conftest import SETTINGS
from tests.small_data import Recorder, run

moment = Moment(sys.argv[3])
def at(event, values):
    if moment(event, values):
        os.kill(os.getpid(), signal.SIGKILL)
run(Path(sys.argv[1]), Path(sys.argv[2]), record=Recorder(at), **SETTINGS)
"""


class Moment:
    """Tells when the event of a given kind, step or file comes for the given time."""

    def __init__(self, text: str) -> None:
        self.event, self.what, count = text.split()
        self.left = int(count)

    def __call__(self, event: str, values: Row) -> bool:
        if event != self.event or self.what not in (*values.values(), "any"):
            return False
        self.left -= 1
        return self.left == 0


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("input") / "logs.jsonl", few_kinds(COUNT))


@pytest.fixture(scope="module")
def whole(source: Path) -> dict[str, bytes]:
    run(source, source.parent / "whole", **SETTINGS)
    return table_bytes(source.parent / "whole")


@pytest.mark.parametrize(
    ("moment", "redacted", "summarised"),
    [
        ("step_started redact 1", 0, 0),
        ("example any 3", COUNT, 256),
        ("step_started judge 1", COUNT, COUNT),
        ("step_started project 1", COUNT, COUNT),
        ("partial partial/clusters.parquet 1", COUNT, COUNT),
        ("step_started tables 1", COUNT, COUNT),
        ("step_finished tables 1", COUNT, COUNT),
    ],
)
def test_a_killed_run_goes_on_and_ends_in_the_same_bytes(
    moment: str,
    redacted: int,
    summarised: int,
    source: Path,
    whole: dict[str, bytes],
    tmp_path: Path,
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(source), str(tmp_path / "run"), moment],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    record = Recorder()
    result = run(source, tmp_path / "run", record=record, **SETTINGS)

    assert table_bytes(tmp_path / "run") == whole
    assert result.manifest["status"] == "done"
    assert record.cached("redact")[0] == redacted
    assert record.cached("summarise")[0] == summarised


def test_a_kill_in_the_middle_of_writing_results_leaves_no_half_of_them(
    source: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    torn = tmp_path / "run" / "tables.part"
    torn.mkdir(parents=True)
    (torn / "conversations.parquet").write_bytes(b"PAR1")
    run(source, tmp_path / "run", **SETTINGS)
    assert table_bytes(tmp_path / "run") == whole
    assert not torn.exists()


@pytest.mark.parametrize("moment", ["example any 1", "step_started cluster 1", "partial any 1"])
def test_a_cancelled_run_says_so_and_goes_on(
    moment: str, source: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    wanted = Moment(moment)

    def cancel(event: str, values: Row) -> None:
        if wanted(event, values):
            (folder / "cancel").touch()

    record = Recorder(cancel)
    with pytest.raises(RunCancelled, match="kept"):
        run(source, folder, record=record, **SETTINGS)

    assert read_manifest(folder)["status"] == "cancelled"
    ended = record.of("run_finished")[-1]
    assert (ended["status"], ended["exit_code"]) == ("cancelled", 130)
    assert not (folder / "cancel").exists()

    record = Recorder()
    run(source, folder, record=record, **SETTINGS)
    assert table_bytes(folder) == whole
    assert record.cached("summarise")[0] >= 128


def test_a_wish_to_cancel_that_came_too_late_does_not_stop_the_next_run(
    source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"

    def cancel(event: str, values: Row) -> None:
        if event == "run_finished":
            (folder / "cancel").touch()

    run(source, folder, record=Recorder(cancel), **SETTINGS)
    run(source, folder, **{**SETTINGS, "clusters": 3})
    assert read_manifest(folder)["status"] == "done"


def test_a_run_of_many_texts_that_was_cancelled_keeps_its_map(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "logs.jsonl", varied_rows(60))
    stop: list[bool] = []
    record = Recorder(lambda event, _: stop.append(True) if event == "partial" else None)
    with pytest.raises(RunCancelled):
        run(source, tmp_path / "run", record=record, stop=lambda: bool(stop))
    resumed = Recorder()
    run(source, tmp_path / "run", record=resumed)
    run(source, tmp_path / "fresh")
    assert resumed.cached("project") == resumed.cached("cluster") == (60, 60)
    assert table_bytes(tmp_path / "run") == table_bytes(tmp_path / "fresh")
