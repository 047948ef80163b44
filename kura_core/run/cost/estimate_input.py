"""Estimate a run in a process of its own: `python -m kura_core.run.cost.estimate_input …`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from kura_core.config import RunConfig
from kura_core.errors import ConfigError, InputError
from kura_core.load import load_conversations
from kura_core.run.cache import open_cache
from kura_core.run.cost.estimate import estimate_run
from kura_core.run.cost.unsent import kept_answers
from kura_core.run.prompts.sample import PromptSample


def estimate_input(source: str | Path, config: RunConfig, cache: Path | None) -> dict[str, Any]:
    """What a run of a source will take, as `Estimate.as_json`; {"error": …} where it cannot run.

    `cache` is the folder of kept answers, if there is one; it is only read.
    """
    try:
        loaded = load_conversations(source, columns=config.columns, limit=config.limit)
        kept = open_cache(cache, lambda text: None) if cache and cache.is_dir() else None
        try:
            estimate = asyncio.run(estimate_run(loaded.conversations, config, kept))
        finally:
            if kept is not None:
                kept.close()
    except (InputError, ConfigError) as error:
        return {"error": str(error)}
    return estimate.as_json()


def estimate_sample(sample: PromptSample, config: RunConfig, cache: Path | None) -> dict[str, Any]:
    """The same of a file whose (redacted) conversations are all at hand."""
    plain = config.model_copy(update={"redact": "off"})
    with kept_answers(cache) as kept:
        return asyncio.run(estimate_run(sample.conversations, plain, kept)).as_json()


def main(arguments: list[str] | None = None) -> None:
    """Print the estimate of one run as JSON."""
    parser = argparse.ArgumentParser(description="Estimate a run; the answer is JSON on stdout.")
    parser.add_argument("source", help="a file, a zip, a folder or hf:OWNER/NAME")
    parser.add_argument("--config", metavar="FILE", type=Path, required=True)
    parser.add_argument("--cache", metavar="DIR", type=Path, help="where answers are kept")
    options = parser.parse_args(arguments)
    config = RunConfig.model_validate_json(options.config.read_bytes())
    found = estimate_input(options.source, config, options.cache)
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    json.dump(found, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
