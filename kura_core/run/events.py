"""What a run tells while it works: a file of JSON lines that the app and others read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import orjson

# Step → (what the screen calls it, what it counts).
STEPS: dict[str, tuple[str, str]] = {
    "load": ("Load and check", "rows"),
    "redact": ("Remove personal data", "conversations"),
    "screen": ("Choose conversations", "conversations"),
    "summarise": ("Summarise", "conversations"),
    "judge": ("Judge outcomes", "conversations"),
    "embed": ("Read for meaning", "summaries"),
    "cluster": ("Find base clusters", "conversations"),
    "project": ("Draw the map", "conversations"),
    "name": ("Name clusters", "clusters"),
    "meta_cluster": ("Group into themes", "themes"),
    "gaps": ("Find what is missing", "conversations"),
    "tables": ("Write results", "tables"),
}
LIVE_EXAMPLES = 12
_PROGRESS_INTERVAL = 0.2


class Emit(Protocol):
    """Receives a run's events."""

    def __call__(self, event: str, **values: Any) -> None:
        """Take one event."""
        ...


@dataclass(slots=True)
class StepProgress:
    """One step's state; times in seconds, `cached` the items that were there already."""

    step: str
    title: str
    unit: str
    state: Literal["waiting", "running", "done"] = "waiting"
    done: int = 0
    total: int = 0
    cached: int = 0
    seconds: float | None = None
    eta_seconds: float | None = None


@dataclass(slots=True)
class RunProgress:
    """Everything an events file says; `status` is None while the run has not ended."""

    steps: list[StepProgress]
    examples: list[dict[str, Any]] = field(default_factory=list)
    partial_files: list[str] = field(default_factory=list)
    notices: list[dict[str, str]] = field(default_factory=list)
    status: str | None = None
    text: str | None = None
    started: float | None = None
    updated: float | None = None
    exit_code: int | None = None
    # What it was estimated to take (see `run.estimate`), and what it has so far (`run.meter`).
    estimate: dict[str, Any] | None = None
    meter: dict[str, Any] | None = None


def no_events(event: str, **values: Any) -> None:
    """Receive events and drop them."""


def write_events_to(path: Path) -> Emit:
    """Begin an events file anew and return what appends to it, a line an event, flushed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")

    def emit(event: str, **values: Any) -> None:
        line = orjson.dumps({"t": time.time(), "event": event, **values}, default=str)
        with path.open("ab") as file:
            file.write(line + b"\n")

    return emit


def tell_all(*receivers: Emit) -> Emit:
    """Combine several receivers of events into one."""

    def emit(event: str, **values: Any) -> None:
        for receiver in receivers:
            receiver(event, **values)

    return emit


@dataclass(slots=True)
class Step:
    """Tells the events of one step as it goes; progress at most five times a second."""

    emit: Emit
    step: str
    total: int
    cached: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    started: float = 0.0
    told: float = 0.0

    def __enter__(self) -> Step:
        self.started = self.told = self.clock()
        self.emit("step_started", step=self.step, total=self.total, cached=self.cached)
        return self

    def progress(self, done: int) -> None:
        """Say how many items are finished, those that were cached included."""
        now = self.clock()
        if now - self.told < _PROGRESS_INTERVAL and done < self.total:
            return
        self.told = now
        fresh, spent = done - self.cached, now - self.started
        eta = spent / fresh * (self.total - done) if fresh > 0 else None
        self.emit("step_progress", step=self.step, done=done, total=self.total, eta_seconds=eta)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.seconds[self.step] = spent = round(self.clock() - self.started, 3)
            self.emit("step_finished", step=self.step, total=self.total, seconds=spent)


def read_events(path: Path) -> RunProgress:
    """Read an events file, also one that is being written; a missing file is a run not begun."""
    steps = {name: StepProgress(name, title, unit) for name, (title, unit) in STEPS.items()}
    progress = RunProgress(steps=list(steps.values()))
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return progress
    for line in lines:
        try:
            event = orjson.loads(line)
        except orjson.JSONDecodeError:  # the line that is being written just now
            continue
        _apply(progress, steps, event)
    if steps["screen"].state == "waiting" != steps["summarise"].state:
        # Runs from before there was a screen do not say that they leave it out.
        progress.steps = [step for step in progress.steps if step.step != "screen"]
    return progress


def _apply(progress: RunProgress, steps: dict[str, StepProgress], event: dict[str, Any]) -> None:
    kind = event["event"]
    progress.updated = event["t"]
    step = steps.get(event.get("step", ""))
    if kind == "run_started":
        progress.started = event["t"]
        left_out = event.get("left_out", [])
        progress.steps = [step for step in progress.steps if step.step not in left_out]
    elif kind == "step_started" and step:
        step.state, step.total, step.cached = "running", event["total"], event["cached"]
        step.done = step.cached
    elif kind == "step_progress" and step:
        step.done, step.total = event["done"], event["total"]
        step.eta_seconds = event["eta_seconds"]
    elif kind == "step_finished" and step:
        step.state, step.seconds, step.eta_seconds = "done", event["seconds"], None
        step.done = step.total = event["total"]
    elif kind == "example":
        progress.examples = [*progress.examples, event][-LIVE_EXAMPLES:]
    elif kind == "partial" and event["file"] not in progress.partial_files:
        progress.partial_files.append(event["file"])
    elif kind == "estimate":
        progress.estimate = event
    elif kind == "meter":
        progress.meter = event
    elif kind == "notice":
        progress.notices.append({"level": event["level"], "text": event["text"]})
    elif kind == "run_finished":
        progress.status, progress.text = event["status"], event.get("text")
        progress.exit_code = event.get("exit_code")
