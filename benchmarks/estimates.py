"""Whether what a run is estimated to take contains what it then takes, and how wide the range is.

usage: python benchmarks/estimates.py SOURCE… [--limit N] [--json FILE]

Each source is run on the tests' own server under each of its rules of counting tokens; the estimate
is the one that the run itself wrote before its first call.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engines import kura, write_source  # noqa: E402
from pipeline import machine  # noqa: E402

from kura_core.run.cost.estimate import Estimate, estimate_of  # noqa: E402
from tests.llm_server import LLMServer, running  # noqa: E402
from tests.plausible_answers import of_its_own  # noqa: E402
from tests.token_counts import RULES  # noqa: E402


def measure(source: Path, folder: Path, rule: str) -> dict[str, Any]:
    """Run a source under one rule; returns ranges beside what was counted."""
    server = LLMServer(count=RULES[rule], answer=of_its_own, models=("gpt-4o-mini",))
    with running(server):
        manifest = kura(source, folder, server.base_url("openai"))["manifest"]
    expected: Estimate = estimate_of(manifest["estimate"])
    tokens = manifest["tokens"]
    counted = {
        "calls": (expected.calls, manifest["calls"]["sent"]),
        "read": (expected.input_tokens, tokens["input"]),
        "written": (expected.output_tokens, tokens["output"]),
        "dollars": (expected.cost_usd, manifest["cost_usd"]),
    }
    return {
        name: {
            "low": wide.low,
            "high": wide.high,
            "actual": actual,
            "contained": wide.low <= actual <= wide.high,
            "width": (wide.high - wide.low) / (wide.high + wide.low),
        }
        for name, (wide, actual) in counted.items()
        if wide is not None
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="+")
    parser.add_argument("--limit", type=int, default=300, help="conversations of each source")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    print(f"{machine()}\n")
    print(f"{'source':<24}{'rule':<12}{'what':<9}{'estimated':>25}{'actual':>12}{'±':>7}")
    figures: dict[str, Any] = {"machine": machine()}
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        for number, name in enumerate(options.source):
            source = write_source(scratch / f"{number}.jsonl", name, options.limit)
            title = Path(name).parent.name or name
            for rule in RULES:
                found = measure(source, scratch / f"{number}-{rule}", rule)
                figures[f"{title}, {rule}"] = found
                for what, row in found.items():
                    digits = 4 if what == "dollars" else 0
                    expected = f"{row['low']:,.{digits}f}–{row['high']:,.{digits}f}"
                    mark = "" if row["contained"] else "  outside"
                    print(
                        f"{title:<24}{rule:<12}{what:<9}{expected:>25}"
                        f"{row['actual']:>12,.{digits}f}{row['width']:>7.0%}{mark}"
                    )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
