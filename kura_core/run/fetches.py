"""Data sets on their way from the Hugging Face hub into a workspace, each in a process of its own.

A data set that is being fetched has the folder of the upload it becomes: what is known about it
lies there in files whose names begin with a dot, and the upload appears when its file is whole.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil

from kura_core.errors import InputError
from kura_core.run.fetch_dataset import hub_name
from kura_core.run.processes import detached, living_process, start_time
from kura_core.run.workspace import (
    Workspace,
    child_environment,
    delete_folder,
    folder_of,
    make_private,
    new_id,
)

FETCHES_AT_ONCE = 2
MOST_ROWS = 200_000
_ABOUT, _PROGRESS, _LOG = ".fetch.json", ".progress.jsonl", ".log.txt"


@dataclass(frozen=True, slots=True)
class Fetch:
    """One data set on its way; `upload_id` is the upload's id once it is there.

    `rows` are those that have come, of at most `limit`; `text` says what went wrong.
    """

    upload_id: str
    name: str
    rows: int
    limit: int
    status: Literal["running", "done", "failed"]
    text: str | None = None


def start_fetch(workspace: Workspace, name: str, split: str | None, limit: int) -> str:
    """Start fetching the first `limit` rows of a data set; returns the id of the upload to be.

    Raises InputError when that is no name of a data set, or when too many are on their way.
    """
    wanted = hub_name(name)
    split = split or wanted.split
    name = f"{wanted.name}/{wanted.config}" if wanted.config else wanted.name
    if not 1 <= limit <= MOST_ROWS:
        raise InputError(f"Got {limit:,} rows; from 1 to {MOST_ROWS:,} can be fetched at once.")
    if _count_running(workspace) >= FETCHES_AT_ONCE:
        raise InputError(
            f"{FETCHES_AT_ONCE} data sets are being fetched, which is all this server does at "
            "once. Try again in a minute."
        )
    folder = make_private(workspace.uploads / new_id())
    target = folder / f"{re.sub(r'[^A-Za-z0-9._-]+', '_', name).strip('._')}.jsonl"
    command = [sys.executable, "-m", "kura_core.run.fetch_dataset", name, str(target)]
    command += ["--limit", str(limit), *(["--split", split] if split else [])]
    with (folder / _PROGRESS).open("wb") as progress, (folder / _LOG).open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=progress,
            stderr=log,
            # In an empty folder a name never stands for a folder of this machine.
            cwd=make_private(folder / ".empty"),
            env=child_environment(public=workspace.public),
            **detached(),
        )
    about = {"name": name, "limit": limit, "target": target.name, "pid": process.pid}
    about["process_started"] = start_time(process.pid)
    (folder / _ABOUT).write_text(json.dumps(about), "utf-8")
    return folder.name


def find_fetch(workspace: Workspace, upload_id: str) -> Fetch | None:
    """The data set that is or was fetched under this id, if one was."""
    try:
        folder = folder_of(workspace.uploads, upload_id, "upload")
    except InputError:
        return None
    return _described(folder)


def running_fetches(workspace: Workspace) -> list[Fetch]:
    """The data sets that are on their way to this workspace."""
    found = [_described(folder) for folder in sorted(workspace.uploads.iterdir())]
    return [fetch for fetch in found if fetch is not None and fetch.status == "running"]


def cancel_fetch(workspace: Workspace, upload_id: str) -> None:
    """End a fetch, or forget one that failed; nothing of it stays.

    Raises InputError when it is unknown.
    """
    folder = folder_of(workspace.uploads, upload_id, "upload")
    process = _process(_read(folder))
    if process is not None:
        with suppress(psutil.NoSuchProcess):
            process.kill()
        with suppress(psutil.TimeoutExpired):
            process.wait(5)
    delete_folder(folder)


def _count_running(workspace: Workspace) -> int:
    patterns = (f"local/uploads/*/{_ABOUT}", f"browsers/*/uploads/*/{_ABOUT}")
    files = [path for pattern in patterns for path in workspace.home.glob(pattern)]
    return sum(_process(_read(path.parent)) is not None for path in files)


def _described(folder: Path) -> Fetch | None:
    about = _read(folder)
    if not about:
        return None
    last = _last_line(folder / _PROGRESS)
    status: Literal["running", "done", "failed"] = "failed"
    if (folder / about["target"]).exists():
        status = "done"
    elif _process(about) is not None:
        status = "running"
    text = last.get("error")
    if status == "failed" and text is None:
        text = (
            f"Fetching {about['name']} ended unexpectedly. Fetch it again, with fewer rows if this "
            "machine is short of memory."
        )
    return Fetch(folder.name, about["name"], last.get("rows", 0), about["limit"], status, text)


def _process(about: dict[str, Any]) -> psutil.Process | None:
    return living_process(about.get("pid", 0), about.get("process_started", 0.0))


def _read(folder: Path) -> dict[str, Any]:
    try:
        about = json.loads((folder / _ABOUT).read_text("utf-8"))
    except (OSError, ValueError):  # no fetch, or one that begins this very moment
        return {}
    return about if isinstance(about, dict) else {}


def _last_line(path: Path) -> dict[str, Any]:
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    for line in reversed(lines):
        with suppress(ValueError):
            value = json.loads(line)
            if isinstance(value, dict):
                return value
    return {}
