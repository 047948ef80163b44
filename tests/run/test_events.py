"""What a run tells, and how it is read while it is still being told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kura_core.run.context import RunContext
from kura_core.run.events import (
    LIVE_EXAMPLES,
    STEPS,
    Step,
    StepProgress,
    read_events,
    tell_all,
    write_events_to,
)
from tests.small_data import Recorder


class Clock:
    """A clock that stands still unless it is put forward."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def step_of(path: Path, name: str) -> StepProgress:
    return next(step for step in read_events(path).steps if step.step == name)


def test_progress_is_told_at_most_five_times_a_second_but_the_last_always(clock: Clock) -> None:
    record = Recorder()
    with Step(record, "summarise", 100, clock=clock) as step:
        for done in range(1, 101):
            clock.now += 0.05
            step.progress(done)
    told = [event["done"] for event in record.of("step_progress")]
    assert told[-1] == 100
    assert 20 <= len(told) <= 26


def test_progress_in_no_time_tells_the_last_only(clock: Clock) -> None:
    record = Recorder()
    with Step(record, "summarise", 50, clock=clock) as step:
        for done in range(1, 51):
            step.progress(done)
    assert [event["done"] for event in record.of("step_progress")] == [50]


def test_the_time_left_counts_what_was_made_now_not_what_was_kept(clock: Clock) -> None:
    record = Recorder()
    with Step(record, "summarise", 100, cached=80, clock=clock) as step:
        clock.now += 2
        step.progress(90)
        clock.now += 1
        step.progress(80)
    first, second = record.of("step_progress")
    assert first["eta_seconds"] == pytest.approx(2.0)
    assert second["eta_seconds"] is None


def test_a_finished_step_leaves_its_time_and_a_stopped_one_does_not(clock: Clock) -> None:
    record, seconds = Recorder(), {}
    with Step(record, "load", 1, seconds=seconds, clock=clock):
        clock.now += 1.25
    with pytest.raises(KeyError), Step(record, "redact", 1, seconds=seconds, clock=clock):
        raise KeyError("stop")
    assert seconds == {"load": 1.25}
    assert [event["step"] for event in record.of("step_finished")] == ["load"]


def test_events_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "events.jsonl"
    emit = write_events_to(path)
    emit("run_started", pid=1, input="logs.jsonl")
    emit("step_started", step="summarise", total=10, cached=4)
    assert step_of(path, "summarise").done == 4
    emit("step_progress", step="summarise", done=7, total=10, eta_seconds=1.5)
    running = step_of(path, "summarise")
    assert (running.state, running.done, running.total, running.cached) == ("running", 7, 10, 4)
    assert running.eta_seconds == 1.5
    emit("step_finished", step="summarise", total=10, seconds=3.0)
    emit("partial", file="partial/map.parquet")
    emit("partial", file="partial/map.parquet")
    emit("notice", level="warning", text="No model.")
    emit("run_finished", status="failed", text="Disk full.", exit_code=1)

    progress = read_events(path)
    done = step_of(path, "summarise")
    assert (done.state, done.done, done.seconds, done.eta_seconds) == ("done", 10, 3.0, None)
    assert progress.partial_files == ["partial/map.parquet"]
    assert progress.notices == [{"level": "warning", "text": "No model."}]
    assert (progress.status, progress.text, progress.exit_code) == ("failed", "Disk full.", 1)
    assert progress.started is not None
    assert progress.updated is not None
    assert progress.started <= progress.updated


def test_a_step_that_a_run_leaves_out_is_not_waited_for(tmp_path: Path) -> None:
    emit = write_events_to(tmp_path / "events.jsonl")
    emit("run_started", pid=1, input="logs.jsonl", left_out=["judge"])
    steps = [step.step for step in read_events(tmp_path / "events.jsonl").steps]
    assert steps == [name for name in STEPS if name != "judge"]


def test_a_run_from_before_there_was_a_screen_does_not_wait_for_one(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    emit = write_events_to(path)
    emit("run_started", pid=1, input="logs.jsonl", left_out=[])
    emit("step_started", step="redact", total=3, cached=0)
    assert "screen" in [step.step for step in read_events(path).steps]
    emit("step_started", step="summarise", total=3, cached=0)
    assert "screen" not in [step.step for step in read_events(path).steps]


def test_a_screen_is_shown_once_it_has_begun(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    emit = write_events_to(path)
    emit("run_started", pid=1, input="logs.jsonl", left_out=[])
    for step in ("redact", "screen", "summarise"):
        emit("step_started", step=step, total=3, cached=0)
        emit("step_finished", step=step, total=3, seconds=1.0)
    assert step_of(path, "screen").state == "done"


def test_the_last_examples_are_kept(tmp_path: Path) -> None:
    emit = write_events_to(tmp_path / "events.jsonl")
    for number in range(LIVE_EXAMPLES + 5):
        emit("example", conversation_id=str(number), request=None, summary="s")
    examples = read_events(tmp_path / "events.jsonl").examples
    assert [example["conversation_id"] for example in examples] == [
        str(number) for number in range(5, LIVE_EXAMPLES + 5)
    ]


def test_half_a_line_is_left_for_the_next_reading(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    emit = write_events_to(path)
    emit("step_started", step="load", total=1, cached=0)
    before = path.read_bytes()
    emit("run_finished", status="done", exit_code=0)
    whole = path.read_bytes()
    for length in range(len(before), len(whole) - 1):
        path.write_bytes(whole[:length])
        assert read_events(path).status is None
    path.write_bytes(whole)
    assert read_events(path).status == "done"


def test_a_step_or_event_of_another_version_is_ignored(tmp_path: Path) -> None:
    emit = write_events_to(tmp_path / "events.jsonl")
    emit("step_started", step="teleport", total=3, cached=0)
    emit("step_progress", step="teleport", done=1, total=3, eta_seconds=None)
    emit("fireworks", colour="red")
    progress = read_events(tmp_path / "events.jsonl")
    assert [step.step for step in progress.steps] == list(STEPS)
    assert {step.state for step in progress.steps} == {"waiting"}


def test_a_missing_file_is_a_run_not_begun(tmp_path: Path) -> None:
    progress = read_events(tmp_path / "none.jsonl")
    assert progress.started is None
    assert progress.status is None


def test_an_events_file_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    write_events_to(path)("run_finished", status="done")
    write_events_to(path)
    assert read_events(path).status is None


def test_every_receiver_is_told(tmp_path: Path) -> None:
    first, second = Recorder(), Recorder()
    tell_all(first, second)("notice", text="x")
    assert first.events == second.events == [("notice", {"text": "x"})]


def test_a_notice_is_told_and_kept_for_the_manifest() -> None:
    record = Recorder()
    unused: Any = None
    context = RunContext(unused, unused, unused, emit=record)
    context.notice("The model is missing.")
    assert context.notices == ["The model is missing."]
    assert record.of("notice") == [{"level": "warning", "text": "The model is missing."}]
