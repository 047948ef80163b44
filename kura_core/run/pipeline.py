"""The whole run: the steps in order, with events, checkpoints, cancellation and results."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kura_core.config import RunConfig
from kura_core.engines.protocol import Engine
from kura_core.errors import ConfigError, KuraError, RunCancelled
from kura_core.load import LoadedConversations, load_conversations
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.context import RunContext
from kura_core.run.events import Emit, no_events
from kura_core.run.fingerprint import (
    code_version,
    conversation_digest,
    digest,
    file_digest,
    files_digest,
    package_versions,
    thread_count,
)
from kura_core.run.grouping import Grouping, group
from kura_core.run.reading import Reading, read_conversations
from kura_core.run.tables import (
    SCHEMA_VERSION,
    TABLES,
    ExcludedRow,
    read_manifest,
    write_manifest,
    write_tables,
)
from kura_core.steps.embed import find_embedding_model

CANCEL = "cancel"
CHECKPOINTS = "checkpoints"
SHARE_THAT_MAY_FAIL = 0.2


@dataclass(slots=True, frozen=True)
class RunResult:
    """A finished run: its folder, its manifest, and whether it was there already."""

    folder: Path
    manifest: dict[str, Any]
    unchanged: bool = False

    @property
    def too_many_failed(self) -> bool:
        """Tell whether more than a fifth of the conversations failed."""
        counts = self.manifest["counts"]
        tried = counts["summarised"] + counts["failed"]
        return bool(counts["failed"] > SHARE_THAT_MAY_FAIL * tried)


async def run_pipeline(
    source: Path,
    folder: Path,
    config: RunConfig,
    engine: Engine,
    *,
    emit: Emit = no_events,
    stop_requested: Callable[[], bool] = lambda: False,
    reuse: Path | None = None,
) -> RunResult:
    """Run all steps on the conversations in `source`, leaving the results in `folder`.

    A run that is already there and was made from the same input, configuration, code and versions
    is returned as it is. One that was stopped goes on with its finished items, each used only if
    it was made from the same things; `reuse` names another run's folder to take such items from.
    Raises InputError, ConfigError, EngineError or RunCancelled; in all cases what is finished is
    kept, and an input that cannot be read leaves an earlier result in `folder` as it is.
    """
    from filelock import FileLock, Timeout

    if reuse is not None and not reuse.is_dir():
        raise ConfigError(
            f"Got {reuse} as the run to take finished work from; needed is the folder of an "
            "earlier run. Check the path, or leave the setting out."
        )
    _make_folder(folder)
    cancel = folder / CANCEL
    context = RunContext(
        config,
        engine,
        store=JSONLCheckpointManager(folder / CHECKPOINTS),
        earlier=[JSONLCheckpointManager(reuse / CHECKPOINTS)] if reuse else [],
        partial=folder / "partial",
        emit=emit,
        stop_requested=lambda: stop_requested() or cancel.exists(),
    )
    try:
        with FileLock(folder / ".lock", blocking=False):
            try:
                return await _run(context, source, folder)
            finally:  # a wish to stop is over once the run has ended, however it did
                cancel.unlink(missing_ok=True)
    except Timeout as error:
        raise KuraError(
            f"Another run is writing to {folder} at the moment. Wait for it to end, or give this "
            "run another folder."
        ) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
        problem = None if writable else "no permission to write"
    except OSError as error:
        problem = error.strerror or str(error)
    if problem:
        raise ConfigError(
            f"The results cannot be written to {folder} ({problem}). Choose a folder that can be "
            "made and written to."
        )


async def _run(context: RunContext, source: Path, folder: Path) -> RunResult:
    config = context.config
    made_from = _made_from(source, config, context.engine)
    context.emit("run_started", pid=os.getpid(), input=source.name)
    there = read_manifest(folder)
    if _is_unchanged(folder, there, made_from):
        unchanged = RunResult(folder, there, unchanged=True)
        context.emit("run_finished", **_finish_of(unchanged, 0.0))
        return unchanged
    started = time.monotonic()
    with context.step("load", 0) as step:
        loaded = load_conversations(source, limit=config.limit)
        step.total = loaded.report.read
    find_embedding_model(config.embedding_model)  # a missing one is said before all the work
    manifest = _new_manifest(config, made_from)
    write_manifest(folder, manifest)
    # What an earlier input or configuration gave must not be taken for this run's result.
    shutil.rmtree(folder / "tables", ignore_errors=True)
    try:
        context.check()
        reading = await read_conversations(context, loaded.conversations)
        grouping = await group(context, reading.summaries)
        with context.step("tables", len(TABLES)):
            _write(folder, config, loaded, reading, grouping)
    except RunCancelled as cancelled:
        write_manifest(folder, {**manifest, "status": "cancelled", "seconds": context.seconds})
        context.emit("run_finished", status="cancelled", text=str(cancelled), exit_code=130)
        raise
    except KuraError as error:
        write_manifest(folder, {**manifest, "status": "failed", "error": str(error)})
        raise
    shutil.rmtree(folder / "partial", ignore_errors=True)
    manifest |= {
        "status": "done",
        "finished_at": datetime.now(UTC).isoformat(),
        "input_fingerprint": _input_fingerprint(loaded),
        "counts": _counts(loaded, reading, grouping),
        "redacted": dict(sorted(reading.redacted.items())),
        "seconds": context.seconds,
        "notices": context.notices,
        "tables_digest": _tables_digest(folder),
    }
    write_manifest(folder, manifest)
    spent = time.monotonic() - started
    result = RunResult(folder, manifest)
    context.emit("run_finished", **_finish_of(result, spent))
    return result


def _write(
    folder: Path,
    config: RunConfig,
    loaded: LoadedConversations,
    reading: Reading,
    grouping: Grouping,
) -> None:
    row_of = {
        c.conversation_id: row
        for c, row in zip(loaded.conversations, loaded.source_rows, strict=True)
    }
    left_out = [*loaded.report.rejected, *loaded.report.filtered]
    excluded = [
        ExcludedRow(r.conversation_id, r.source_row, r.kind, r.stage, r.reason) for r in left_out
    ]
    excluded += [
        ExcludedRow(conversation_id, row_of[conversation_id], "failed", "summarise", reason)
        for conversation_id, reason in reading.failed
    ]
    write_tables(
        folder,
        reading.conversations,
        reading.summaries,
        grouping.leaf_of,
        grouping.points,
        grouping.clusters,
        excluded,
        [facet.name for facet in config.facets],
    )


def _made_from(source: Path, config: RunConfig, engine: Engine) -> dict[str, Any]:
    return {
        "input_sha256": file_digest(source) if source.is_file() else str(source),
        "config": config.as_json(),
        "engine": engine.identity(),
        "code": code_version(),
        "versions": package_versions(),
        "threads": thread_count(),
    }


def _is_unchanged(folder: Path, manifest: dict[str, Any], made_from: dict[str, Any]) -> bool:
    return (
        manifest.get("status") == "done"
        and manifest.get("made_from") == digest(made_from)
        and manifest.get("tables_digest") == _tables_digest(folder)
    )


def _tables_digest(folder: Path) -> str:
    return files_digest((folder / "tables").glob("*.parquet"))


def _new_manifest(config: RunConfig, made_from: dict[str, Any]) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "status": "running",
        "started_at": datetime.now(UTC).isoformat(),
        "config": config.as_json(),
        "seed": config.seed,
        "made_from": digest(made_from),
        "versions": made_from["versions"],
        "threads": made_from["threads"],
        "calls": {"sent": 0, "cached": 0, "retried": 0},
        "tokens": {"input": 0, "output": 0},
        "cost_usd": 0.0,
    }


def _counts(
    loaded: LoadedConversations, reading: Reading, grouping: Grouping
) -> dict[str, int]:
    report = loaded.report
    return {
        "read": report.read,
        "rejected": len(report.rejected),
        "loaded": report.loaded,
        "summarised": len(reading.summaries),
        "failed": len(reading.failed),
        "filtered": len(report.filtered),
        "clusters": len(grouping.clusters),
        "roots": sum(cluster.parent_id is None for cluster in grouping.clusters),
    }


def _input_fingerprint(loaded: LoadedConversations) -> str:
    return digest([conversation_digest(c) for c in loaded.conversations])


def _finish_of(result: RunResult, seconds: float) -> dict[str, Any]:
    manifest = result.manifest
    return {
        "status": "done",
        "text": None,
        "conversations": manifest["counts"]["summarised"],
        "clusters": manifest["counts"]["clusters"],
        "seconds": round(seconds, 2),
        "cost_usd": manifest["cost_usd"],
        "exit_code": 5 if result.too_many_failed else 0,
    }
