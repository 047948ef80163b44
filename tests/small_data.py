"""Small conversation files of many kinds, for tests that run the whole pipeline."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kura_core.config import RunConfig
from kura_core.engines.offline import OfflineEngine
from kura_core.engines.protocol import Engine
from kura_core.run.pipeline import RunResult, run_pipeline

Row = dict[str, Any]

_TOPICS = {
    "contracts": (
        ["Where is the signed contract with {}?", "I cannot find the contract {} signed in May"],
        "I'm sorry, I could not find a signed contract with that name.",
    ),
    "export": (
        ["How do I export the {} report to CSV?", "Export all {} rows as a spreadsheet please"],
        "Done. The export has been created and sent to you.",
    ),
    "calendar": (
        ["Schedule a meeting with {} on Friday", "Move my call with {} to next week"],
        "I have scheduled the meeting for you.",
    ),
    "code": (
        ["Write a Python function that sorts {} by date", "Fix this Python error in my {} script"],
        "Here is the code: use sorted() with a key.",
    ),
    "billing": (
        ["Why was I charged twice for {}?", "Refund the invoice for {} please"],
        "Unfortunately I cannot issue refunds.",
    ),
}
_OBJECTS = (
    "Acme Globex Initech Umbrella Hooli Vandelay Stark Wayne Cyberdyne Tyrell Soylent Aperture"
).split()
_FOLLOW_UPS = ("That is not what I asked.", "Thanks, that works!", "Still not there.", "")


def varied_rows(count: int = 90, seed: int = 0) -> list[Row]:
    """Conversations on five topics, most with a user and a time, some with metadata."""
    rng = random.Random(seed)
    return [_row(index, rng) for index in range(count)]


def few_kinds(count: int) -> list[Row]:
    """Many conversations of eight texts only: enough for several shards, too few for UMAP."""
    texts = [wording.format("Acme") for wordings, _ in _TOPICS.values() for wording in wordings][:8]
    return [
        {"conversation_id": f"k{index:05d}", "messages": _messages(texts[index % 8], "Of course.")}
        for index in range(count)
    ]


def troubled_rows() -> list[Row | str]:
    """A dozen good rows, one twice, one blank, one without messages and one that is no JSON."""
    rows: list[Row | str] = [*varied_rows(12)]
    rows.append({**varied_rows(1)[0], "metadata": {"second": True}})
    rows.append({"conversation_id": "blank", "messages": _messages("  ", "")})
    rows.append({"conversation_id": "no-messages", "text": "hello"})
    rows.append('{"conversation_id": "torn", "mess')
    return rows


def write_rows(path: Path, rows: Sequence[Row | str]) -> Path:
    """Write rows as JSON lines; a string is written as it stands."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


class Recorder:
    """Keeps the events of a run, and does something at a chosen one."""

    def __init__(self, at: Callable[[str, Row], None] = lambda event, values: None) -> None:
        self.events: list[tuple[str, Row]] = []
        self._at = at

    def __call__(self, event: str, **values: Any) -> None:
        self.events.append((event, values))
        self._at(event, values)

    def of(self, kind: str) -> list[Row]:
        """Return the values of all events of a kind, in order."""
        return [values for event, values in self.events if event == kind]

    def cached(self, step: str) -> tuple[int, int]:
        """Return how many of a step's items were there already, of how many."""
        started = next(e for e in self.of("step_started") if e["step"] == step)
        finished = next(e for e in self.of("step_finished") if e["step"] == step)
        return started["cached"], finished["total"]


def run(
    source: Path,
    folder: Path,
    *,
    engine: Engine | None = None,
    record: Recorder | None = None,
    stop: Callable[[], bool] = lambda: False,
    reuse: Path | None = None,
    **settings: Any,
) -> RunResult:
    """Run the pipeline in this process, comparing texts by their words unless told otherwise."""
    config = RunConfig(**{"embedding_model": "tfidf", **settings})
    return asyncio.run(
        run_pipeline(
            source,
            folder,
            config,
            engine or OfflineEngine(),
            emit=record or Recorder(),
            stop_requested=stop,
            reuse=reuse,
        )
    )


def table_bytes(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every table of a run, by file name."""
    return {path.name: path.read_bytes() for path in sorted((folder / "tables").iterdir())}


def _row(index: int, rng: random.Random) -> Row:
    wordings, answer = _TOPICS[rng.choice(list(_TOPICS))]
    text = rng.choice(wordings).format(rng.choice(_OBJECTS))
    row: Row = {"conversation_id": f"c{index:04d}"}
    row["messages"] = _messages(f"{text} It is for team {index}.", answer, rng.choice(_FOLLOW_UPS))
    if index % 10:
        row["user_id"] = f"u{rng.randrange(25)}"
    if index % 7:
        row["created_at"] = f"2026-03-{1 + index % 28:02d}T09:{index % 60:02d}:00Z"
    if index % 3:
        row["metadata"] = {"plan": rng.choice(["free", "team"]), "seats": rng.randrange(9)}
    return row


def _messages(*texts: str) -> list[Row]:
    roles = ("user", "assistant")
    return [{"role": roles[i % 2], "content": text} for i, text in enumerate(texts) if text]
