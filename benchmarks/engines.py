"""What a language model's run takes, loses and repeats.

usage: python benchmarks/engines.py SOURCE [--base-url URL --latency SECONDS] [--published COMMAND]
       [--only speed|faults|kills|changes|schedules …] [--schedules 1000] [--json FILE]

`speed` measures against the server at --base-url, which speaks OpenAI's protocol and takes about
--latency seconds a call, and beside it a bare loop of the same SDK and COMMAND, the published Kura
on the same conversations against the same server. All else asks the tests' own server.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine_server import KINDS, ChanceServer  # noqa: E402
from pipeline import machine  # noqa: E402

from kura_core.load import load_conversations  # noqa: E402
from tests.engines.fault_schedules import run_schedule  # noqa: E402
from tests.llm_server import Fault, running  # noqa: E402

COUNT = 560
AT_ONCE = 50
# As a share of Kura's own tokens in, and its calls, for 560 conversations of its documentation.
KURA_TOKENS, KURA_CALLS = 973_640, 720
BARE = """
import asyncio, json, resource, sys, time
from openai import AsyncOpenAI
from kura_core.engines.answers import summary_form
url, model, at_once, source = sys.argv[1:]
texts = iter([line for line in open(source)])
form = summary_form(())
schema = {"name": "summary", "strict": True, "schema": form.schema}
async def work(client):
    for text in texts:
        await client.chat.completions.create(
            model=model, temperature=0, max_completion_tokens=2000,
            messages=[{"role": "system", "content": form.description},
                      {"role": "user", "content": text[:1000]}],
            response_format={"type": "json_schema", "json_schema": schema})
async def main():
    client = AsyncOpenAI(api_key="none", base_url=url, max_retries=0)
    await client.models.list()
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    await asyncio.gather(*(work(client) for _ in range(int(at_once))))
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"wall_s": time.perf_counter() - started, "cpu_s": cpu}))
    await client.close()
asyncio.run(main())
"""
FAULTS: dict[str, tuple[float, tuple[Fault, ...]]] = {
    "429, 2 %": (0.02, (429,)),
    "429, 20 %": (0.2, (429,)),
    "429, 50 %": (0.5, (429,)),
    "500, 502, 503, 529, 20 %": (0.2, (500, 502, 503, 529)),
    "truncated, malformed, wrong type, 20 %": (0.2, ("truncated", "malformed", "wrong type")),
    "dropped connections, 20 %": (0.2, ("disconnect", "broken body")),
    "30 s stalls, 2 %": (0.02, ("stall",)),
}  # fmt: skip
POISON = "a sentence that this server always refuses"


def kura(source: Path, folder: Path, url: str, *flags: str, check: bool = True) -> dict[str, Any]:
    """Run the command line once; returns wall and CPU seconds and the manifest."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command(source, folder, url, *flags), cwd=ROOT, capture_output=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if check and done.returncode not in (0, 5):
        raise SystemExit(done.stderr.decode())
    manifest = json.loads((folder / "manifest.json").read_text())
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall_s": wall, "cpu_s": cpu, "manifest": manifest}


def command(source: Path, folder: Path, url: str, *flags: str) -> list[str]:
    """Return the command of a run; what `flags` repeat, they decide."""
    settings = ["--engine", "openai", "--base-url", url, "--model", "gpt-4o-mini"]
    settings += ["--concurrency", str(AT_ONCE), "--embedding-model", "tfidf", *flags]
    return [sys.executable, "-m", "kura_core", "run", str(source), "--out", str(folder), *settings]


def write_source(path: Path, source: str, count: int) -> Path:
    """Write the first `count` conversations of a source as JSON lines."""
    loaded = load_conversations(source, limit=count).conversations
    rows = [
        {
            "conversation_id": c.conversation_id,
            "messages": [{"role": m.role, "content": m.content} for m in c.messages],
        }
        for c in loaded
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def measure_speed(source: Path, scratch: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Time a cold run against the server, beside the bare SDK and the published Kura."""
    count = len(source.read_text("utf-8").splitlines())
    figures: dict[str, Any] = {
        "conversations": count,
        "ideal_s": math.ceil(count / AT_ONCE) * options.latency,
    }
    for name, embedding in (("here", "openai"), ("here, embedding on this machine", None)):
        flags = ["--embedding-model", embedding or "all-MiniLM-L6-v2"]
        found = kura(source, scratch / name, options.base_url, *flags)
        manifest = found.pop("manifest")
        seconds = manifest["seconds"]
        asking = seconds["summarise"] + seconds["name"] + seconds["meta_cluster"]
        figures[name] = {
            **found,
            "summaries_s": seconds["summarise"],
            "calls, names and tree_s": asking,
            "steps": seconds,
            "calls": manifest["calls"]["sent"],
            "tokens_in": manifest["tokens"]["input"],
        }
    bare = [sys.executable, "-c", BARE, options.base_url, "gpt-4o-mini", str(AT_ONCE), str(source)]
    done = subprocess.run(bare, cwd=ROOT, capture_output=True, check=True)
    figures["bare loop of the SDK"] = json.loads(done.stdout)
    if options.published:
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(shlex.split(options.published), capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        figures["published Kura"] = {
            "wall_s": time.perf_counter() - started,
            "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "said": done.stdout.decode().strip().splitlines()[-1],
        }
    print(f"{count} conversations, {AT_ONCE} at once; summaries ideal {figures['ideal_s']:.1f} s\n")
    shown = ("wall_s", "cpu_s", "summaries_s", "calls, names and tree_s", "calls", "tokens_in")
    print(f"{'':<34}" + "".join(f"{name.removesuffix('_s'):>24}" for name in shown))
    for name, row in figures.items():
        if isinstance(row, dict):
            cells = [row.get(column) for column in shown]
            texts = ("–" if c is None else f"{c:,.1f}" if c < 1_000 else f"{c:,}" for c in cells)
            print(f"{name:<34}" + "".join(f"{text:>24}" for text in texts))
            if "said" in row:
                print(f"    {row['said']}")
    tokens = figures["here"]["tokens_in"] / KURA_TOKENS
    print(f"\nTokens in: {tokens:.0%} of {KURA_TOKENS:,}; calls to beat: {KURA_CALLS}.")
    return figures


def measure_faults(source: Path, scratch: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Run among each kind of fault, with one text always refused and one of a million letters."""
    lines = source.read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines[: options.small]]
    rows[0]["messages"][0]["content"] = POISON
    rows[1]["messages"][0]["content"] = "a word " * 143_000
    path = scratch / "faults.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    figures: dict[str, Any] = {}
    print(f"\n{'fault':<42}{'met':>6}{'sent':>7}{'done':>6}{'failed':>8}{'lost':>6}{'wall s':>8}")
    for name, (share, kinds) in FAULTS.items():
        server = ChanceServer(faults=kinds, share=share, always=POISON, slow=0.05)
        server.stall = 30.0
        with running(server):
            found = kura(path, scratch / name, server.base_url("openai"))
        counts, calls = found["manifest"]["counts"], found["manifest"]["calls"]
        lost = len(rows) - counts["summarised"] - counts["failed"] - counts["filtered"]
        figures[name] = {
            "met": server.met.total(), "sent": calls["sent"], "summarised": counts["summarised"],
            "failed": counts["failed"], "lost": lost, "wall_s": found["wall_s"],
        }  # fmt: skip
        row = figures[name]
        print(
            f"{name:<42}{row['met']:>6}{row['sent']:>7}{row['summarised']:>6}{row['failed']:>8}"
            f"{lost:>6}{row['wall_s']:>8.1f}"
        )
    print("One conversation is refused in each and has to fail.")
    return figures


def measure_kills(source: Path, scratch: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Kill a run with signal 9 at random requests; count what is asked again of those before."""
    rng, rows = random.Random(0), []
    path = scratch / "kills.jsonl"
    lines = source.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: options.small]), "utf-8")
    print(f"\n{'asked before':>14}{'in flight':>11}{'asked again':>13}")
    for number in range(options.kills):
        server = ChanceServer(slow=0.2)
        with running(server):
            folder, url = scratch / f"kill {number}", server.base_url("openai")
            moment = rng.randint(1, 2 * options.small)
            run = subprocess.Popen(
                command(path, folder, url, "--judges", "engine"),
                cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            while len(server.asked_at) < moment and run.poll() is None:
                time.sleep(0.002)
            killed = time.monotonic()
            run.send_signal(signal.SIGKILL)
            run.wait()
            before = {text: len(at) for text, at in server.asked_at.items()}
            # An answer is on its way back for a moment: the client has not read it yet.
            under_way = sum(at[-1] > killed - server.slow - 0.1 for at in server.asked_at.values())
            kura(path, folder, url, "--judges", "engine")
        again = sum(len(server.asked_at[text]) - times for text, times in before.items())
        rows.append({"asked": len(before), "under_way": under_way, "again": again})
        print(f"{len(before):>14}{under_way:>11}{again:>13}")
    return {"kills": rows, "all_within": all(row["again"] <= row["under_way"] for row in rows)}


def measure_changes(source: Path, scratch: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Change one thing after another and count the calls of each kind."""
    lines = source.read_text("utf-8").splitlines(keepends=True)
    count = options.small
    path, more = scratch / "changes.jsonl", scratch / "more.jsonl"
    path.write_text("".join(lines[:count]), "utf-8")
    more.write_text("".join(lines[: count + count // 10]), "utf-8")

    def prompts(own: dict[str, str]) -> Sequence[str]:
        return "--prompts", str(_written(scratch / f"{next(iter(own))}.json", own))

    question = [{"name": "mood", "question": "Which mood?", "type": "text"}]
    steps: dict[str, tuple[Path, Sequence[str]]] = {
        "first": (path, ()),
        "again, another folder": (path, ()),
        "a tenth more conversations": (more, ()),
        "another number of clusters": (path, ("--clusters", "7")),
        "another seed": (path, ("--seed", "5")),
        "another prompt for summaries": (path, prompts({"summary": "Briefly: {conversation}"})),
        "another prompt for one judge": (
            path, prompts({"outcome": "See {conversation}, {request}"}),
        ),
        "another prompt for names": (path, prompts({"cluster_name": "Name {examples}"})),
        "one more question": (
            path, ("--facets", str(_written(scratch / "facets.json", question))),
        ),
        "another model": (path, ("--model", "gpt-4.1-mini")),
    }  # fmt: skip
    server, figures = ChanceServer(), {}
    print(f"\n{'change':<32}" + "".join(f"{kind:>17}" for kind in KINDS))
    with running(server):
        for number, (name, (data, flags)) in enumerate(steps.items()):
            since = len(server.asked("completions"))
            shared = ["--cache", str(scratch / "cache"), "--judges", "engine"]
            kura(data, scratch / f"c{number}", server.base_url("openai"), *shared, *flags)
            figures[name] = dict(server.kinds(since))
            print(f"{name:<32}" + "".join(f"{figures[name].get(k, 0):>17}" for k in KINDS))
    return figures


def _written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), "utf-8")
    return path


def measure_schedules(source: Path, scratch: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Run random schedules of faults, each killed once; say what is lost or never ends."""
    started, calls, wrong = time.perf_counter(), 0, {}
    for seed in range(options.schedules):
        outcome = run_schedule(seed)  # raises where it would never end
        calls += outcome.server.asked.total()
        if problems := outcome.problems():
            wrong[seed] = problems
    spent = time.perf_counter() - started
    said = f"{options.schedules} schedules of faults, {calls:,} calls"
    print(f"\n{said}: {len(wrong)} with a problem")
    for seed, problems in wrong.items():
        print(f"  {seed}: {'; '.join(problems)}")
    return {"schedules": options.schedules, "calls": calls, "wrong": wrong, "seconds": spent}


MEASURES = {
    "speed": measure_speed,
    "faults": measure_faults,
    "kills": measure_kills,
    "changes": measure_changes,
    "schedules": measure_schedules,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = str(ROOT / "kura_core" / "sample" / "data" / "conversations.jsonl.gz")
    parser.add_argument("source", nargs="?", default=default)
    parser.add_argument("--base-url", help="an OpenAI-compatible server to measure speed with")
    parser.add_argument("--latency", type=float, default=1.0, help="its seconds a call")
    parser.add_argument("--published", metavar="COMMAND", help="runs the published Kura")
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=list(MEASURES))
    parser.add_argument("--small", type=int, default=200, help="conversations but for speed")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--schedules", type=int, default=1_000)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    if options.base_url is None:
        options.only = [name for name in options.only if name != "speed"]
    print(f"{machine()}, load {os.getloadavg()[0]:.1f}")
    figures: dict[str, Any] = {"machine": machine(), "load": os.getloadavg()}
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        source = write_source(scratch / "all.jsonl", options.source, COUNT)
        for name in options.only:
            figures[name] = MEASURES[name](source, scratch, options)
    print(f"\nLoad at the end: {os.getloadavg()[0]:.1f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
