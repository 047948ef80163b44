"""What a run's manifest says: what its result is made from, what came of it, what it cost."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kura_core.config import RunConfig
from kura_core.engines.protocol import Engine
from kura_core.load import LoadedConversations
from kura_core.load.source import fingerprint_source
from kura_core.run.context import RunContext
from kura_core.run.cost.meter import spent_by_model
from kura_core.run.fingerprint import (
    code_version,
    digest,
    files_digest,
    package_versions,
    thread_count,
)
from kura_core.run.grouping import Grouping
from kura_core.run.judging import judge_of
from kura_core.run.reading import Reading
from kura_core.run.tables import SCHEMA_VERSION
from kura_core.types import Usage


def made_from_of(source: str | Path, config: RunConfig, engine: Engine) -> dict[str, Any]:
    """Say all that a result is made from; `input` is None for what only reading can tell."""
    judge = judge_of(config, engine)
    return {
        "input": fingerprint_source(source),
        "config": config.deciding(),
        "engine": engine.identity(),
        "names": engine.name_identity(),
        "judge": judge.judge_identity() if judge is not None else None,
        "code": code_version(),
        "versions": package_versions(),
        "threads": thread_count(),
    }


def is_unchanged(folder: Path, manifest: dict[str, Any], made_from: dict[str, Any]) -> bool:
    """Tell whether a folder holds the whole result of just these things."""
    # What lies elsewhere may have changed: only reading it again would tell.
    return (
        made_from["input"] is not None
        and manifest.get("status") == "done"
        and manifest.get("made_from") == digest(made_from)
        and manifest.get("tables_digest") == tables_digest(folder)
    )


def tables_digest(folder: Path) -> str:
    """Digest a run's tables, so that a damaged one is noticed."""
    return files_digest((folder / "tables").glob("*.parquet"))


def new_manifest(config: RunConfig, made_from: dict[str, Any]) -> dict[str, Any]:
    """Begin the manifest of a run that is under way."""
    return {
        "schema_version": SCHEMA_VERSION,
        "status": "running",
        "started_at": datetime.now(UTC).isoformat(),
        "config": config.as_json(),
        "seed": config.seed,
        "made_from": digest(made_from),
        "versions": made_from["versions"],
        "threads": made_from["threads"],
        **_account(Usage()),
    }


def goes_on(manifest: dict[str, Any], made_from: dict[str, Any], retrying: bool) -> bool:
    """Tell whether a folder holds an attempt at this very run: what it has spent counts."""
    stopped = retrying or manifest.get("status") != "done"
    return stopped and manifest.get("made_from") == digest(made_from)


def spent(context: RunContext) -> dict[str, Any]:
    """Give the manifest's account of calls, tokens and dollars, in all and by model."""
    return {**_account(context.usage()), "by_model": spent_by_model(context.spending)}


def _account(usage: Usage) -> dict[str, Any]:
    return {
        "calls": {"sent": usage.sent, "cached": usage.cached, "retried": usage.retried},
        "tokens": {"input": usage.input_tokens, "output": usage.output_tokens},
        "cost_usd": usage.cost_usd,
    }


def counts_of(loaded: LoadedConversations, reading: Reading, grouping: Grouping) -> dict[str, int]:
    """Count what became of every row: read = rejected + loaded, and loaded is all the rest.

    Of those filtered, `screened_out` were by the screen; without one there is no such count.
    """
    report = loaded.report
    screened_out = len(reading.left_out_as("filtered"))
    counts = {
        "read": report.read,
        "rejected": len(report.rejected),
        "loaded": report.loaded,
        "summarised": len(reading.summaries),
        "failed": len(reading.left_out_as("failed")),
        "filtered": len(report.filtered) + screened_out,
        "clusters": len(grouping.clusters),
        "roots": sum(cluster.parent_id is None for cluster in grouping.clusters),
    }
    return counts | ({"screened_out": screened_out} if screened_out else {})
