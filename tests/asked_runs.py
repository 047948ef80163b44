"""Whole runs that ask the tests' own server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from kura_core.config import RunConfig
from kura_core.engines.calls import Patience
from kura_core.engines.choose import make_engine
from kura_core.run.pipeline import RunResult, run_pipeline
from tests.llm_server import LLMServer
from tests.small_data import Recorder

KEYS = {"openai": "sk-test-0123456789abcdef"}
QUICK = Patience(first_delay=0.001, longest_delay=0.002, timeout=5.0)


def run_asking(
    server: LLMServer,
    source: Path,
    folder: Path,
    record: Any = None,
    *,
    retry_failed: bool = False,
    reuse: Path | None = None,
    **settings: Any,
) -> RunResult:
    """Run a file with the server as its engine; `settings` are those of a RunConfig."""
    config = RunConfig(
        engine="openai",
        base_url=server.base_url("openai"),
        **{"embedding_model": "tfidf", **settings},
    )

    async def work() -> RunResult:
        engine = make_engine(config, KEYS, patience=QUICK)
        try:
            return await run_pipeline(
                source, folder, config, engine, emit=record or Recorder(), keys=KEYS,
                retry_failed=retry_failed, reuse=reuse,
            )  # fmt: skip
        finally:
            await engine.aclose()

    return asyncio.run(work())
