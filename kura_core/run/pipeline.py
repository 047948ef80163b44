"""The whole run: the steps in order, with events, checkpoints, cancellation and results."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kura_core.config import RunConfig
from kura_core.engines.protocol import Engine
from kura_core.errors import BudgetSpent, ConfigError, KuraError, RunCancelled
from kura_core.load import LoadedConversations, load_conversations
from kura_core.load.source import source_name
from kura_core.run.cache import keeping, open_cache
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.context import RunContext
from kura_core.run.cost.money import begin_meter, begin_spending
from kura_core.run.embedding import begin_early, end_early, find_embeddings
from kura_core.run.events import Emit, no_events
from kura_core.run.fingerprint import digest
from kura_core.run.gaps import find_run_gaps
from kura_core.run.grouping import Grouping, group
from kura_core.run.judging import judge_conversations
from kura_core.run.languages import count_languages, embedding_notice
from kura_core.run.manifest import (
    counts_of,
    goes_on,
    is_unchanged,
    made_from_of,
    new_manifest,
    spent,
    tables_digest,
)
from kura_core.run.reading import Reading, read_conversations
from kura_core.run.side.input import SideInput, keep_side, left_from_before, match_side
from kura_core.run.side.tables import side_stamp
from kura_core.run.tables import (
    TABLES,
    ExcludedRow,
    read_manifest,
    write_manifest,
    write_tables,
)
from kura_core.steps.gaps.find_gaps import FoundGap
from kura_core.types import Judgement

CANCEL = "cancel"
CHECKPOINTS = "checkpoints"
SHARE_THAT_MAY_FAIL = 0.2
NO_SIDE = SideInput({})


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
        tried = counts["summarised"] + counts["failed"] + counts.get("screened_out", 0)
        return bool(counts["failed"] > SHARE_THAT_MAY_FAIL * tried)


async def run_pipeline(
    source: str | Path,
    folder: Path,
    config: RunConfig,
    engine: Engine,
    *,
    emit: Emit = no_events,
    stop_requested: Callable[[], bool] = lambda: False,
    reuse: Path | None = None,
    cache: Path | None = None,
    keys: Mapping[str, str] = MappingProxyType({}),
    side: SideInput = NO_SIDE,
    retry_failed: bool = False,
) -> RunResult:
    """Run all steps on the conversations in `source`, leaving the results in `folder`.

    A run that is already there and was made from the same input, configuration, code and versions
    is returned as it is. One that was stopped goes on with its finished items, each used only if
    it was made from the same things; `reuse` names another run's folder to take such items from.
    A language model's answers are kept in `cache` (a folder; `folder/cache` unless given), so that
    none is paid for twice. `keys` (provider → key) are for embeddings that a provider makes. The
    feedback and user tables of `side` are read before anything is paid for, and kept in `folder`.
    `retry_failed` asks again for the conversations that failed in a finished run, and for no other.
    Raises InputError, ConfigError, EngineError, BudgetSpent or RunCancelled; in all cases what is
    finished is kept, and an input that cannot be read leaves an earlier result in `folder` as it
    is.
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
        keys=keys,
        store=JSONLCheckpointManager(folder / CHECKPOINTS),
        earlier=[JSONLCheckpointManager(reuse / CHECKPOINTS)] if reuse else [],
        partial=folder / "partial",
        emit=emit,
        stop_requested=lambda: stop_requested() or cancel.exists(),
    )
    try:
        with FileLock(folder / ".lock", blocking=False):
            try:
                with _answers_kept(context, cache or folder / "cache") as context.engine:
                    return await _run(context, source, folder, side, retry_failed)
            finally:  # a wish to stop is over once the run has ended, however it did
                end_early(context)
                cancel.unlink(missing_ok=True)
    except Timeout as error:
        raise KuraError(
            f"Another run is writing to {folder} at the moment. Wait for it to end, or give this "
            "run another folder."
        ) from error


@contextmanager
def _answers_kept(context: RunContext, folder: Path) -> Iterator[Engine]:
    """Keep what is paid for: rules answer sooner than a cache does."""
    engine = context.engine
    if engine.name == "offline":
        yield engine
        return
    cache = context.cache = open_cache(folder, context.notice)
    try:
        yield keeping(engine, cache) if cache is not None else engine
    finally:
        if cache is not None:
            cache.close()


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


async def _run(
    context: RunContext, source: str | Path, folder: Path, side: SideInput, retry_failed: bool
) -> RunResult:
    config = context.config
    side_rows = side.read()
    made_from = made_from_of(source, config, context.engine)
    made_from["side"] = side.fingerprint(folder)
    left_out = ["judge", "gaps"] if config.judges == "off" else []
    left_out += ["screen"] if config.screen is None else []
    context.emit("run_started", pid=os.getpid(), input=source_name(source), left_out=left_out)
    there = read_manifest(folder)
    retrying = retry_failed and (there.get("counts") or {}).get("failed", 0) > 0
    same = is_unchanged(folder, there, made_from) and there.get("side") == side_stamp(folder)
    if same and not retrying:
        unchanged = RunResult(folder, there, unchanged=True)
        context.emit("run_finished", **_finish_of(unchanged, 0.0))
        return unchanged
    begin_spending(context, there if goes_on(there, made_from, retrying) else {})
    await context.engine.check()
    started = time.monotonic()
    with context.step("load", 0) as step:
        loaded = load_conversations(source, limit=config.limit, columns=config.columns)
        step.total = loaded.report.read
    side_tables = match_side(side, side_rows, folder, loaded.conversations)
    find_embeddings(context)  # a missing one is said before all the work
    manifest = new_manifest(config, made_from)
    manifest |= await begin_meter(context, loaded.conversations, folder, manifest, there)
    write_manifest(folder, manifest)
    # What an earlier input or configuration gave must not be taken for this run's result.
    shutil.rmtree(folder / "tables", ignore_errors=True)
    try:
        context.check()
        for name in left_from_before(side, folder):
            context.notice(f"{name}, kept with an earlier run here, is not part of this one.")
        begin_early(context)
        reading = await read_conversations(context, loaded.conversations)
        _tell_of_languages(context, reading)
        judgements = await judge_conversations(context, reading)
        grouping = await group(context, reading.summaries)
        judgements, gaps = find_run_gaps(context, reading, judgements, grouping)
        with context.step("tables", len(TABLES)) as step:

            def tell(done: int) -> None:
                step.progress(done)
                context.check()

            negative = keep_side(side, folder, side_tables, reading.conversations)
            _write(folder, config, loaded, reading, judgements, grouping, gaps, negative, tell)
    except (RunCancelled, BudgetSpent) as stopped:
        status, code = ("budget", 3) if isinstance(stopped, BudgetSpent) else ("cancelled", 130)
        so_far = {"seconds": context.seconds, **spent(context)}
        write_manifest(folder, {**manifest, "status": status, **so_far})
        context.emit("run_finished", status=status, text=str(stopped), exit_code=code)
        raise
    except KuraError as error:
        so_far = {"error": str(error), **spent(context)}
        write_manifest(folder, {**manifest, "status": "failed", **so_far})
        raise
    shutil.rmtree(folder / "partial", ignore_errors=True)
    manifest |= {
        "status": "done",
        "finished_at": datetime.now(UTC).isoformat(),
        "input_fingerprint": digest(sorted(reading.keys)),
        "counts": counts_of(loaded, reading, grouping),
        "redacted": dict(sorted(reading.redacted.items())),
        **spent(context),
        "seconds": context.seconds,
        "notices": context.notices,
        "tables_digest": tables_digest(folder),
        "side": side_stamp(folder),
    }
    write_manifest(folder, manifest)
    seconds = time.monotonic() - started
    result = RunResult(folder, manifest)
    context.emit("run_finished", **_finish_of(result, seconds))
    return result


def _tell_of_languages(context: RunContext, reading: Reading) -> None:
    """Say when vectors will be weak; a language model's summaries are in English anyway."""
    if context.engine.name != "offline":
        return
    languages = count_languages(reading.conversations)
    if notice := embedding_notice(languages, context.config.embedding_model):
        context.notice(notice)


def _write(
    folder: Path,
    config: RunConfig,
    loaded: LoadedConversations,
    reading: Reading,
    judgements: Sequence[Judgement | None] | None,
    grouping: Grouping,
    gaps: Sequence[FoundGap],
    negative: Mapping[str, bool] | None,
    on_table: Callable[[int], None],
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
        ExcludedRow(
            one.conversation_id, row_of[one.conversation_id], one.kind, one.stage, one.reason
        )
        for one in reading.left_out
    ]
    write_tables(
        folder,
        reading.conversations,
        reading.summaries,
        grouping.leaf_of,
        grouping.points,
        grouping.clusters,
        excluded,
        config.facets,
        judgements=judgements,
        gaps=gaps,
        negative=negative,
        on_table=on_table,
    )


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
