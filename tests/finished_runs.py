"""A small finished run, written as the pipeline writes one, for tests of what reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from kura_core.config import Facet, RunConfig
from kura_core.run.workspace import Workspace, new_id

THEMES = {
    "aaaa000001": ("Get help with code", ["Write Python data analysis", "Build a web page"]),
    "aaaa000002": ("Find documents", ["Find signed contracts", "See when a file was modified"]),
    "aaaa000003": ("Send e-mail", []),
}
PER_LEAF = 12


# Questions of a user's own, of each type, for the runs that ask some.
FACETS = (
    Facet(name="task_type", question="What kind?", type="one of", options=("write", "find")),
    Facet(name="urgent", question="In a hurry?", type="yes/no"),
    Facet(name="files", question="How many files?", type="number", low=0, high=100),
    Facet(name="tools", question="Which tools?", type="list"),
    Facet(name="missing_file", question="Which <file> is :red[missing]?"),
)


def write_finished_run(
    folder: Path, *, text: str = "find my signed contracts", asked: bool = False
) -> Path:
    """60 conversations in five leaves under three themes; one more failed, one was filtered.

    With `asked` they have answers to FACETS, of every sixth conversation none.
    """
    clusters, leaves = _clusters()
    conversations, messages = _conversations(leaves, text)
    if asked:
        conversations = conversations.assign(**_answers(len(conversations)))
    parent_of = dict(zip(clusters["cluster_id"], clusters["parent_id"], strict=True))
    for row, cluster_id in clusters["cluster_id"].items():
        leaf = conversations["cluster_id"]
        inside = (leaf == cluster_id) | (leaf.map(parent_of) == cluster_id)
        clusters.loc[row, ["x", "y"]] = conversations.loc[inside, ["x", "y"]].mean().to_numpy()
    tables = folder / "tables"
    tables.mkdir(parents=True)
    conversations.to_parquet(tables / "conversations.parquet", index=False)
    clusters.to_parquet(tables / "clusters.parquet", index=False)
    _excluded().to_parquet(tables / "excluded.parquet", index=False)
    messages.to_parquet(tables / "messages.parquet", index=False)
    manifest = _manifest(len(conversations), FACETS if asked else ())
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def add_finished_run(
    workspace: Workspace,
    name: str = "Support chats",
    text: str = "find my signed contracts",
    *,
    asked: bool = False,
) -> str:
    """Put a finished run into a workspace; returns its id."""
    run_id = new_id()
    folder = write_finished_run(workspace.runs / run_id, text=text, asked=asked)
    about = {"name": name, "input_id": "gone", "input_name": "support.jsonl"}
    about |= {"input_path": "support.jsonl", "started": datetime.now(UTC).isoformat()}
    (folder / "job.json").write_text(json.dumps(about), "utf-8")
    return run_id


def _clusters() -> tuple[pd.DataFrame, list[str]]:
    rows, leaves = [], []
    for number, (theme_id, (theme, below)) in enumerate(THEMES.items()):
        count = PER_LEAF * max(1, len(below))
        rows.append(
            (theme_id, None, 0, theme, f"People {theme.lower()}.", count, float(number), 0.0)
        )
        if not below:
            leaves.append(theme_id)
        for place, name in enumerate(below):
            leaf_id = f"bbbb0000{number}{place}"
            text = f"They {name[0].lower()}{name[1:]}."
            rows.append((leaf_id, theme_id, 1, name, text, PER_LEAF, float(number), float(place)))
            leaves.append(leaf_id)
    names = "cluster_id parent_id level name description conversations x y".split()
    frame = pd.DataFrame(rows, columns=names).astype({"level": "int32", "conversations": "int64"})
    frame["users"] = frame["conversations"] // 2
    frame["is_other"] = False
    frame["stability"] = None
    frame["separation"] = None
    return frame, leaves


def _conversations(leaves: list[str], text: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(0)
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    outcomes = ["achieved", "not achieved", "partly", "cannot tell"]
    rows, messages = [], []
    for index in range(len(leaves) * PER_LEAF):
        leaf = index // PER_LEAF
        outcome = outcomes[(index + leaf) % 4]
        identity = f"c{index:03d}"
        at = start + timedelta(hours=7 * index)
        rows.append(
            {
                "conversation_id": identity,
                "user_id": f"u{index % 17}",
                "created_at": at,
                "turns": 4,
                "summary": f"The user wants to {text} ({index})",
                "request": f"{text} {index}",
                "task": "search",
                "topic": "documents",
                "language": "en",
                "frustration": 1 + index % 5,
                "concern": None,
                "truncated": False,
                "cluster_id": leaves[leaf],
                "x": float(3 * leaf + rng.normal()),
                "y": float((leaf % 2) * 4 + rng.normal()),
                "outcome": outcome,
                "outcome_message": 3,
                "outcome_quote": "I cannot find it." if outcome == "not achieved" else None,
            }
        )
        turns = [f"Please {text}", "Where should I look?", "everywhere!!", "I cannot find it."]
        for number, content in enumerate(turns):
            role = "user" if number % 2 == 0 else "assistant"
            messages.append((identity, number, role, content, at + timedelta(minutes=number)))
    frame = pd.DataFrame(rows).astype({"turns": "int32", "frustration": "Int64"})
    names = "conversation_id message_index role content created_at".split()
    return frame, pd.DataFrame(messages, columns=names).astype({"message_index": "int32"})


def _answers(count: int) -> dict[str, list[object]]:
    def of_most(answers: Callable[[int], object]) -> list[object]:
        return [None if number % 6 == 5 else answers(number) for number in range(count)]

    return {
        "facet_task_type": of_most(lambda number: "write" if number < 24 else "find"),
        "facet_urgent": of_most(lambda number: number % 3 == 0),
        "facet_files": of_most(lambda number: number),
        "facet_tools": of_most(lambda number: ["mail", "drive", "chat"][: number % 4]),
        "facet_missing_file": of_most(lambda number: f"contract {number}"),
    }


def _excluded() -> pd.DataFrame:
    rows = [
        ("c900", 61, "filtered", "load", "no text in any message"),
        ("c901", 62, "failed", "summarise", "no user message that could be summarised"),
        (None, 63, "rejected", "load", "row 63 is not valid JSON"),
    ]
    names = "conversation_id source_row kind stage reason".split()
    return pd.DataFrame(rows, columns=names)


def _manifest(summarised: int, facets: tuple[Facet, ...]) -> dict[str, object]:
    counts = {"read": summarised + 3, "rejected": 1, "loaded": summarised + 2, "failed": 1}
    counts |= {"summarised": summarised, "filtered": 1, "clusters": 5, "roots": 3}
    return {
        "schema_version": 1,
        "status": "done",
        "config": RunConfig(facets=facets).as_json(),
        "seed": 0,
        "input_fingerprint": "0" * 64,
        "versions": {},
        "threads": 1,
        "counts": counts,
        "calls": {"sent": 0, "cached": 0, "retried": 0},
        "tokens": {"input": 0, "output": 0},
        "cost_usd": 0.0,
        "seconds": {"load": 0.1, "summarise": 1.2, "cluster": 0.4},
        "notices": [],
    }
