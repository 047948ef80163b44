"""Rebuild the finished run of the sample that ships: `python -m kura_core.run.finished_sample`."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from kura_core.config import RunConfig
from kura_core.engines.offline import OfflineEngine
from kura_core.run.pipeline import run_pipeline
from kura_core.sample import conversations_path, finished_run


def rebuild(target: Path) -> None:
    """Run the sample at default settings and put its tables and manifest into `target`."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "run"
        asyncio.run(run_pipeline(conversations_path(), folder, RunConfig(), OfflineEngine()))
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        shutil.copytree(folder / "tables", target / "tables")
        shutil.copy(folder / "manifest.json", target)


if __name__ == "__main__":
    rebuild(finished_run())
    sys.exit(0)
