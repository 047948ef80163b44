"""One small run, made once, for the tests that look at what a run leaves."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.small_data import Row, run, troubled_rows, varied_rows, write_rows

SETTINGS = {"clusters": 12, "max_top": 3}


@dataclass(frozen=True)
class FinishedRun:
    """An input, its rows, and the folder a run of it with SETTINGS left."""

    rows: list[Row | str]
    source: Path
    folder: Path

    def copied_to(self, folder: Path) -> Path:
        """Copy the run's folder, to be changed."""
        shutil.copytree(self.folder, folder)
        return folder


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """90 conversations and five rows that cannot be used, in 12 base clusters under 3 themes."""
    folder = tmp_path_factory.mktemp("finished")
    rows = [*varied_rows(90), *troubled_rows()[12:]]
    source = write_rows(folder / "logs.jsonl", rows)
    run(source, folder / "run", **SETTINGS)
    return FinishedRun(rows, source, folder / "run")
