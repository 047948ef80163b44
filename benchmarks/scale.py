"""How the whole offline job grows: seconds and memory by step at several sizes, then opening it.

usage: python benchmarks/scale.py FOLDER [--sizes 10000,100000] [--again] [--json FILE] [--keep DIR]

FOLDER holds conversations.jsonl.gz in the normal form. Its conversations are replicated with noise
(words dropped and swapped, sentences in another order, a reference of their own; new ids and users,
later times), so no two texts are alike. Each run is a process of its own, watched from outside.
--again also runs each size unchanged, and with another number of clusters. --keep leaves the inputs
and the runs in DIR; runs that are there are gone on with, as the command line does.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

GOAL_MB = 4_096
GOAL_GROWTH = 12  # for ten times as many conversations
LOOK_EVERY = 0.25
DROPPED, SWAPPED, SHUFFLED = 0.06, 0.04, 0.3
OTHER_CLUSTERS = "40"
BETWEEN = "between steps"
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_LETTERS = "bcdfghjklmnpqrstvwxz"


def make_input(folder: Path, count: int, target: Path) -> None:
    """Write `count` conversations made from those in `folder`; the same count, the same bytes."""
    name = folder / "conversations.jsonl.gz"
    with gzip.open(name, "rt", encoding="utf-8") as file:
        originals = [orjson.loads(line) for line in file]
    partial = target.with_suffix(".part")
    with partial.open("wb") as file:
        for number in range(count):
            copy, place = divmod(number, len(originals))
            row = noisy(originals[place], copy, random.Random(f"{place}-{copy}"))
            file.write(orjson.dumps(row) + b"\n")
    partial.replace(target)


def noisy(row: dict[str, Any], copy: int, rng: random.Random) -> dict[str, Any]:
    """Return a conversation like `row`, with other words, id, user and time."""
    messages = [{**m, "content": noisy_text(m["content"], rng)} for m in row["messages"]]
    reference = "".join(rng.choices(_LETTERS, k=6))
    for message in reversed(messages):
        if message["role"] == "user":
            message["content"] += f" My reference is {reference}."
            break
    made = {**row, "messages": messages, "conversation_id": f"{row['conversation_id']}-{copy:04d}"}
    if row.get("user_id"):
        made["user_id"] = f"{row['user_id']}-{copy % 50:02d}"
    if row.get("created_at"):
        moment = datetime.fromisoformat(row["created_at"]) + timedelta(minutes=97 * copy)
        made["created_at"] = moment.isoformat()
    return made


def noisy_text(text: str, rng: random.Random) -> str:
    """Drop and swap some words, and sometimes change the order of the sentences."""
    sentences = _SENTENCE.split(text)
    if len(sentences) > 1 and rng.random() < SHUFFLED:
        rng.shuffle(sentences)
    words = " ".join(sentences).split(" ")
    kept = [word for word in words if rng.random() >= DROPPED] or words
    for place in range(len(kept) - 1):
        if rng.random() < SWAPPED:
            kept[place], kept[place + 1] = kept[place + 1], kept[place]
    return " ".join(kept)


def run_once(source: Path, folder: Path, *flags: str) -> dict[str, Any]:
    """Run the command line once; seconds and largest memory of the whole and of each step."""
    events = folder.with_suffix(".events.jsonl")
    command = [sys.executable, "-m", "kura_core", "run", str(source), "--out", str(folder)]
    started = time.perf_counter()
    with folder.with_suffix(".log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--events", str(events), *flags], cwd=ROOT, stdout=log, stderr=log
        )
        step_cpu, step_peak = watch(process.pid, events)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"The run ended with {process.returncode}; its words are in {log.name}.")
    manifest = json.loads((folder / "manifest.json").read_text())
    return {
        "wall_s": time.perf_counter() - started,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024),
        "steps": step_seconds(events),
        "step_cpu_s": step_cpu,
        "step_peak_mb": step_peak,
        "longest_silence_s": longest_silences(events),
        "counts": manifest["counts"],
        "output_mb": {
            path.relative_to(folder).as_posix(): path.stat().st_size / 1e6
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.stat().st_size > 100_000
        },
    }


def watch(pid: int, events: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Look at a process until it ends; CPU seconds and the largest memory (MB) of each step."""
    process = psutil.Process(pid)
    cpu: dict[str, float] = {}
    largest: dict[str, float] = {}
    spent_before = 0.0
    while True:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return cpu, largest
            memory, times = process.memory_info().rss / 2**20, process.cpu_times()
        except psutil.NoSuchProcess:
            return cpu, largest
        step, spent = current_step(events), times.user + times.system
        cpu[step] = cpu.get(step, 0.0) + spent - spent_before
        largest[step] = max(memory, largest.get(step, 0.0))
        spent_before = spent
        time.sleep(LOOK_EVERY)


def current_step(events: Path) -> str:
    """The step that is under way by the last event of one, or BETWEEN."""
    try:
        with events.open("rb") as file:
            file.seek(max(0, events.stat().st_size - 4_096))
            last = re.findall(rb'"event":"step_(\w+)","step":"(\w+)"', file.read())
    except OSError:
        return BETWEEN
    return last[-1][1].decode() if last and last[-1][0] != b"finished" else BETWEEN


def read_events(events: Path) -> Iterator[dict[str, Any]]:
    """Every event of a run, in order."""
    with events.open("rb") as file:
        yield from map(orjson.loads, file)


def step_seconds(events: Path) -> dict[str, float]:
    """Seconds by step, as the manifest has them too, and what is left of the time between them."""
    told = list(read_events(events))
    seconds = {e["step"]: e["seconds"] for e in told if e["event"] == "step_finished"}
    return {**seconds, BETWEEN: told[-1]["t"] - told[0]["t"] - sum(seconds.values())}


def longest_silences(events: Path) -> dict[str, float]:
    """The longest time without an event, by the step that was under way."""
    silences: dict[str, float] = {}
    step, before = BETWEEN, None
    for event in read_events(events):
        if before is not None:
            silences[step] = max(event["t"] - before, silences.get(step, 0.0))
        step, before = event.get("step", step), event["t"]
        if event["event"] == "step_finished":
            step = BETWEEN
    return silences


def open_result(folder: Path) -> dict[str, float]:
    """Seconds for what the app does to show a run, and the size of the map's spec as JSON."""
    import altair as alt

    from kura_core.explore.charts import conversation_map
    from kura_core.explore.tree import render_tree, tree_rows
    from kura_core.insights.verdict import verdict
    from kura_core.run.tables import read_messages, read_tables

    figures: dict[str, float] = {}

    def timed(title: str, work: Any) -> Any:
        started = time.perf_counter()
        answer = work()
        figures[title] = time.perf_counter() - started
        return answer

    tables = timed("read the tables (s)", lambda: read_tables(folder))
    timed("tree (s)", lambda: (tree_rows(tables.clusters), render_tree(tables.clusters)))
    timed("verdict (s)", lambda: verdict(tables))
    alt.data_transformers.disable_max_rows()
    chart = timed("map: chart (s)", lambda: conversation_map(tables.conversations, tables.clusters))
    spec = timed("map: its spec (s)", chart.to_json)
    figures["map: its spec (MB)"] = len(spec) / 1e6
    middle = tables.conversations["conversation_id"].iloc[len(tables.conversations) // 2]
    timed("one transcript (s)", lambda: read_messages(folder, middle))
    return figures


def measure(
    folder: Path, sizes: list[int], scratch: Path, again: bool, flags: list[str]
) -> dict[str, Any]:
    """Run every size, the smallest first, and open each result."""
    runs: dict[str, Any] = {}
    for size in sizes:
        source, out = scratch / f"{size}.jsonl", scratch / f"run-{size}"
        if not source.exists():
            make_input(folder, size, source)
        runs[str(size)] = {"cold": run_once(source, out, *flags), "open": open_result(out)}
        if again:
            runs[str(size)]["unchanged"] = run_once(source, out, *flags)
            flags_again = [*flags, "--clusters", OTHER_CLUSTERS]
            runs[str(size)]["other cluster count"] = run_once(source, out, *flags_again)
    return {"machine": machine(), "input": folder.name, "runs": runs}


def machine() -> str:
    """Say what the figures were measured on."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def print_tables(result: dict[str, Any]) -> None:
    """Print each kind of run with a column a size, and how each step grew."""
    runs = result["runs"]
    sizes = list(runs)
    print(f"{result['input']}, replicated with noise; {result['machine']}")
    head = "".join(f"{int(size):>12,}" for size in sizes)
    for kind in [name for name in runs[sizes[0]] if name != "open"]:
        rows = [runs[size][kind] for size in sizes]
        print(f"\n{kind + ', seconds':<28}{head}{'growth':>10}{'CPU s':>10}{'growth':>10}", end="")
        print(f"{'largest MB':>12}{'silence s':>11}")
        for step in rows[-1]["steps"]:
            seconds = [row["steps"].get(step, 0.0) for row in rows]
            cpu = [row["step_cpu_s"].get(step, 0.0) for row in rows]
            print(f"{step:<28}" + "".join(f"{value:>12.2f}" for value in seconds), end="")
            print(f"{growth(seconds):>10}{cpu[-1]:>10.1f}{growth(cpu):>10}", end="")
            print(f"{rows[-1]['step_peak_mb'].get(step, 0):>12,.0f}", end="")
            print(f"{rows[-1]['longest_silence_s'].get(step, 0):>11.1f}")
        for name, title in (("wall_s", "whole process"), ("cpu_s", "CPU"), ("peak_mb", "peak MB")):
            values = [row[name] for row in rows]
            print(f"{title:<28}" + "".join(f"{value:>12,.1f}" for value in values), end="")
            print(f"{growth(values):>10}")
    print(f"\n{'opening the result':<28}{head}")
    for title in runs[sizes[-1]]["open"]:
        values = [runs[size]["open"][title] for size in sizes]
        print(f"{title:<28}" + "".join(f"{value:>12.2f}" for value in values))
    print(f"\nGoals: at most {GOAL_MB:,} MB, and {GOAL_GROWTH} × the seconds for 10 × as many.")


def growth(values: list[float]) -> str:
    """How many times the first figure the last one is; "–" where the first is next to nothing."""
    return f"{values[-1] / values[0]:.1f} ×" if len(values) > 1 and values[0] >= 0.05 else "–"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder with conversations.jsonl.gz")
    parser.add_argument("--sizes", default="10000,100000", help="how many conversations, by commas")
    parser.add_argument("--again", action="store_true", help="also run again: same, and other k")
    parser.add_argument("--flags", default="", help="flags for the run, for instance '--seed 1'")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--keep", type=Path, help="leave inputs and runs in this folder")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    with nullcontext(options.keep) if options.keep else TemporaryDirectory() as scratch:
        flags = options.flags.split()
        result = measure(options.folder, sizes, Path(scratch), options.again, flags)
    print_tables(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
