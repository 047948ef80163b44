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
from kura_core.run.side.input import SideInput
from kura_core.run.side.tables import FOLDER
from kura_core.sample import conversations_path, feedback_path, finished_run, users_path


def rebuild(target: Path) -> None:
    """Run the sample at default settings and put its tables and manifest into `target`.

    Its feedback and user tables come with it.
    """
    side = SideInput({"feedback": feedback_path(), "users": users_path()})
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "run"
        run = run_pipeline(conversations_path(), folder, RunConfig(), OfflineEngine(), side=side)
        asyncio.run(run)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in ("tables", FOLDER):
            shutil.copytree(folder / name, target / name)
        shutil.copy(folder / "manifest.json", target)


if __name__ == "__main__":
    rebuild(finished_run())
    sys.exit(0)
