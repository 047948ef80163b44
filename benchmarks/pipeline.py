"""How long a run takes: cold, again unchanged, and again with another number of clusters.

usage: python benchmarks/pipeline.py [CONVERSATIONS_FILE] [--json FILE]

Each run is a whole process of its own, timed from outside, in an empty folder for the cold one.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def run_once(source: Path, folder: Path, *flags: str) -> dict[str, Any]:
    """Run the command line once; wall and CPU seconds, and the seconds of each step."""
    there = folder / "manifest.json"
    earlier = json.loads(there.read_text())["finished_at"] if there.exists() else None
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "kura_core", "run", str(source), "--out", str(folder), *flags],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    manifest = json.loads((folder / "manifest.json").read_text())
    unchanged = manifest["finished_at"] == earlier
    return {
        "wall_s": wall,
        "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "steps": {} if unchanged else manifest["seconds"],
        "conversations": manifest["counts"]["summarised"],
    }


def measure(source: Path) -> dict[str, Any]:
    """Measure the three runs in one folder, and the largest process among them."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "run"
        cold = run_once(source, folder)
        unchanged = run_once(source, folder)
        regrouped = run_once(source, folder, "--clusters", "20")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "machine": machine(),
        "input": source.name,
        "cold": cold,
        "unchanged": unchanged,
        "other cluster count": regrouped,
        "peak_mb": peak / (1024 * 1024 if sys.platform == "darwin" else 1024),
    }


def machine() -> str:
    """Say what the figures were measured on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def print_table(figures: dict[str, Any]) -> None:
    """Print the runs side by side, a row a step."""
    runs = [name for name in figures if isinstance(figures[name], dict)]
    print(f"{figures['cold']['conversations']} conversations of {figures['input']}")
    print(f"{figures['machine']}, largest process {figures['peak_mb']:.0f} MB\n")
    print(f"{'seconds':<16}" + "".join(f"{name:>22}" for name in runs))
    for step in figures["cold"]["steps"]:
        spent = [figures[name]["steps"].get(step) for name in runs]
        cells = ("–" if seconds is None else f"{seconds:.2f}" for seconds in spent)
        print(f"{step:<16}" + "".join(f"{cell:>22}" for cell in cells))
    for row, title in (("wall_s", "whole process"), ("cpu_s", "CPU")):
        print(f"{title:<16}" + "".join(f"{figures[name][row]:>22.2f}" for name in runs))
    faster = figures["cold"]["wall_s"] / figures["unchanged"]["wall_s"]
    print(f"\nUnchanged, the second run is {faster:.0f} × faster.")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = ROOT / "kura_core" / "sample" / "data" / "conversations.jsonl.gz"
    parser.add_argument("source", nargs="?", type=Path, default=default)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    figures = measure(options.source)
    print_table(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
