"""Runs as processes of their own: start, list, cancel, resume, delete.

A run is `python -m kura_core run …` in a new session; it outlives the server that started it. All
that is known about it is in its directory, so any server finds it again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import psutil

from kura_core.config import RunConfig
from kura_core.engines.addresses import refuse_inner_address
from kura_core.errors import InputError
from kura_core.run.processes import detached, living_process, start_time
from kura_core.run.side.tables import copy_attached
from kura_core.run.workspace import (
    Workspace,
    child_environment,
    delete_folder,
    make_private,
    new_id,
    open_run,
)
from kura_core.sample import conversations_path, finished_run

Status = Literal["running", "done", "cancelled", "budget", "failed", "interrupted"]
FINISHED: frozenset[str] = frozenset({"done", "cancelled", "budget", "failed"})
RUNS_AT_ONCE_LOCAL = 1
RUNS_AT_ONCE_PUBLIC = 2
EXIT_SECONDS = 10
_TAIL_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Job:
    """One run as the list shows it.

    `pid` and `process_started` (seconds since the epoch) together name the process: a pid alone is
    given to another process after a restart. `stopping` is set between a cancel and its effect.
    `conversations` and `clusters` are None until known; `limit` is how many it was told to read.
    """

    run_id: str
    name: str
    input_id: str
    input_name: str
    input_path: str
    started: datetime
    pid: int
    process_started: float
    status: Status
    stopping: bool = False
    text: str | None = None
    conversations: int | None = None
    clusters: int | None = None
    limit: int | None = None
    seconds: float | None = None
    cost_usd: float | None = None
    failed: int = 0


def start_run(
    workspace: Workspace,
    input_path: Path,
    config: RunConfig,
    *,
    name: str,
    input_id: str = "",
    input_name: str = "",
    keys: dict[str, str] | None = None,
) -> str:
    """Start a run of `input_path` and return its id.

    The newest earlier run of the same file is named to the new one, so that unchanged summaries
    and vectors are not made again, and its feedback and user tables come along (those of the
    sample with a run of the sample's file). `keys` (provider → key) go through the child's stdin
    only. Raises InputError when as many runs as this machine allows are under way, and ConfigError
    when a stranger on a public server names a base URL that only the server itself can reach.
    """
    _refuse_when_busy(workspace)
    _refuse_inner_addresses(workspace, config)
    earlier = _newest_run_of(workspace, input_path)
    run_id = new_id()
    folder = make_private(workspace.runs / run_id)
    _write_json(folder / "config.json", config.as_json())
    inherited = workspace.runs / earlier if earlier else None
    if inherited is None and input_path == conversations_path():
        inherited = finished_run()
    if inherited is not None:
        copy_attached(inherited, folder)
    about = {
        "name": name,
        "input_id": input_id,
        "input_name": input_name or input_path.name,
        "input_path": str(input_path),
        "started": datetime.now(UTC).isoformat(),
        "reuse": earlier,
    }
    _launch(workspace, folder, about, keys)
    return run_id


def resume_run(
    workspace: Workspace,
    run_id: str,
    keys: dict[str, str] | None = None,
    *,
    budget: float | None = None,
) -> None:
    """Give the command of a run again; finished items are not repeated.

    In a finished run that is asking again for the conversations that failed. `budget` takes the
    place of the one the run was started with, in dollars. Raises InputError when the run is under
    way, the machine is busy or the input is gone, and ConfigError as `start_run` does.
    """
    folder = _own_run(workspace, run_id)
    if _described(folder).status == "running":
        raise InputError("This run is still under way; there is nothing to resume.")
    about = _read_json(folder / "job.json")
    _wait_for_exit(about)
    if not Path(about["input_path"]).exists():
        raise InputError(
            f"The file {about['input_name']} of this run was deleted; upload it again and start a "
            "new run."
        )
    _refuse_when_busy(workspace)
    config = read_config(workspace, run_id)
    _refuse_inner_addresses(workspace, config)
    if budget is not None:
        raised = config.model_copy(update={"budget": budget})
        _write_json(folder / "config.json", raised.as_json())
    _launch(workspace, folder, about, keys)


def cancel_run(workspace: Workspace, run_id: str) -> None:
    """Ask a run to stop; what is finished is kept. Returns at once, the process follows."""
    (_own_run(workspace, run_id) / "cancel").touch()


def delete_run(workspace: Workspace, run_id: str) -> None:
    """Remove a run and all it made. Raises InputError while it is under way."""
    folder = _own_run(workspace, run_id)
    about = _read_json(folder / "job.json")
    if _described(folder).status == "running":
        raise InputError("This run is still under way; cancel it first, then delete it.")
    _wait_for_exit(about)
    delete_folder(folder)


def find_run(workspace: Workspace, run_id: str) -> Job:
    """One run of this workspace. Raises InputError when there is none of that id."""
    return _described(_own_run(workspace, run_id))


def read_config(workspace: Workspace, run_id: str) -> RunConfig:
    """The settings a run was started with. Raises InputError when they cannot be read any more."""
    path = _own_run(workspace, run_id) / "config.json"
    try:
        return RunConfig.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(
            "The settings of this run cannot be read: they are missing or from another version of "
            "Kura. Start a new run of its file."
        ) from error


def list_runs(workspace: Workspace) -> list[Job]:
    """Every run of this workspace, newest first."""
    jobs = [_described(folder) for folder in _run_folders(workspace)]
    return sorted(jobs, key=lambda job: (job.started, job.run_id), reverse=True)


def count_running(workspace: Workspace) -> int:
    """How many runs are under way in all workspaces of this installation."""
    patterns = ("local/runs/*/job.json", "browsers/*/runs/*/job.json")
    files = [path for pattern in patterns for path in workspace.home.glob(pattern)]
    return sum(_described(path.parent).status == "running" for path in files)


def _refuse_when_busy(workspace: Workspace) -> None:
    allowed = RUNS_AT_ONCE_PUBLIC if workspace.public else RUNS_AT_ONCE_LOCAL
    if count_running(workspace) < allowed:
        return
    if workspace.public:
        raise InputError(
            f"{allowed} runs are under way on this server, which is all it takes at once. "
            "Start yours again in a minute."
        )
    raise InputError(
        "Another run is under way and this machine does one at a time. Wait until it is done or "
        "cancel it, then start this one."
    )


def _refuse_inner_addresses(workspace: Workspace, config: RunConfig) -> None:
    if workspace.public and config.base_url:
        refuse_inner_address(config.base_url)


def _launch(
    workspace: Workspace, folder: Path, about: dict[str, Any], keys: dict[str, str] | None
) -> None:
    for stale in ("events.jsonl", "cancel"):
        (folder / stale).unlink(missing_ok=True)
    command = run_command(folder, about, with_keys=bool(keys))
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if keys else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=child_environment(public=workspace.public),
            **detached(),
        )
    if keys and process.stdin is not None:
        # A process that is gone already is found as interrupted, with its log.
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(keys).encode())
            process.stdin.close()
    started = start_time(process.pid)
    _write_json(folder / "job.json", {**about, "pid": process.pid, "process_started": started})


def run_command(folder: Path, about: dict[str, Any], *, with_keys: bool) -> list[str]:
    """What is started for a run: the same command a script would give."""
    command = [sys.executable, "-m", "kura_core", "run", about["input_path"], "--out", str(folder)]
    command += ["--config", str(folder / "config.json"), "--events", str(folder / "events.jsonl")]
    command += ["--cache", str(folder.parent.parent / "cache"), "--keep-joined"]
    command += ["--retry-failed"]  # nothing to a run that has none, or is not finished
    if about.get("reuse") and (folder.parent / about["reuse"]).is_dir():
        command += ["--reuse", str(folder.parent / about["reuse"])]
    return [*command, "--keys-stdin"] if with_keys else command


def _own_run(workspace: Workspace, run_id: str) -> Path:
    folder = open_run(workspace, run_id)
    if folder.parent != workspace.runs:
        raise InputError("This is the sample's own run; run the sample yourself first.")
    return folder


def _run_folders(workspace: Workspace) -> list[Path]:
    return [folder for folder in workspace.runs.iterdir() if (folder / "job.json").is_file()]


def _newest_run_of(workspace: Workspace, input_path: Path) -> str | None:
    for job in list_runs(workspace):
        if job.input_path == str(input_path):
            return job.run_id
    return None


def _described(folder: Path) -> Job:
    about = _read_json(folder / "job.json")
    manifest = _read_json(folder / "manifest.json")
    last = _last_event(folder / "events.jsonl")
    status = _status(about, manifest, last)
    counts = manifest.get("counts") or {}
    seconds = manifest.get("seconds") or {}
    return Job(
        run_id=folder.name,
        name=about.get("name") or about.get("input_name") or folder.name,
        input_id=about.get("input_id", ""),
        input_name=about.get("input_name", ""),
        input_path=about.get("input_path", ""),
        started=datetime.fromisoformat(about["started"]) if about.get("started") else _born(folder),
        pid=about.get("pid", 0),
        process_started=about.get("process_started", 0.0),
        status=status,
        stopping=status == "running" and (folder / "cancel").exists(),
        text=last.get("text") if last.get("event") == "run_finished" else None,
        conversations=counts.get("summarised"),
        clusters=counts.get("clusters"),
        limit=(manifest.get("config") or {}).get("limit"),
        seconds=last.get("seconds") or (sum(seconds.values()) if seconds else None),
        cost_usd=manifest.get("cost_usd"),
        failed=counts.get("failed") or 0,
    )


def _status(about: dict[str, Any], manifest: dict[str, Any], last: dict[str, Any]) -> Status:
    finished = last.get("status") if last.get("event") == "run_finished" else None
    if finished not in FINISHED and _process(about) is not None:
        return "running"
    for status in (finished, manifest.get("status")):
        if status in FINISHED:
            return status
    return "interrupted"


def _process(about: dict[str, Any]) -> psutil.Process | None:
    return living_process(about.get("pid", 0), about.get("process_started", 0.0))


def _wait_for_exit(about: dict[str, Any]) -> None:
    """Give a run that said it is finished the moment it needs to leave its files."""
    process = _process(about)
    if process is None:
        return
    try:
        process.wait(EXIT_SECONDS)
    except psutil.TimeoutExpired as error:
        raise InputError(
            "The run is finished but its process has not ended yet; try again in a few seconds."
        ) from error


def _last_event(path: Path) -> dict[str, Any]:
    """The last whole line of an events file; a line being written is left out."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            lines = file.read().split(b"\n")
    except FileNotFoundError:
        return {}
    for line in reversed(lines):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            return event
    return {}


def _born(folder: Path) -> datetime:
    return datetime.fromtimestamp(folder.stat().st_mtime, UTC)


def _read_json(path: Path) -> dict[str, Any]:
    """A JSON object, or an empty one where the file is missing or torn by a kill."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _write_json(path: Path, value: dict[str, Any]) -> None:
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(value, ensure_ascii=False, indent=1), "utf-8")
    partial.replace(path)
