"""A process that embeds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kura_core.errors import EngineError
from kura_core.run.fingerprint import thread_count
from kura_core.run.waiting.embedding_process import EmbeddingProcess, start_embedding_process
from kura_core.steps.embed import ModelSource, find_embedding_model, load_sentence_model

TEXTS = [f"Asks about invoice {n} and when it is due" + " again" * n for n in range(70)] + ["", "é"]


@pytest.fixture(scope="module")
def process() -> Iterator[EmbeddingProcess]:
    started = start_embedding_process(find_embedding_model(), thread_count())
    yield started
    started.close()


def that_runs(code: str) -> EmbeddingProcess:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return EmbeddingProcess("stub", subprocess.Popen([sys.executable, "-c", code], **pipes))


def test_it_embeds_as_the_model_in_this_process_does(process: EmbeddingProcess) -> None:
    import torch

    torch.set_num_threads(thread_count())
    model = load_sentence_model(find_embedding_model())
    assert process.identity == model.identity
    assert process.encode(TEXTS).tobytes() == model.encode(TEXTS).tobytes()
    assert process.encode([]).shape == model.encode([]).shape
    assert process.cost(TEXTS) == model.cost(TEXTS)
    assert process.padded_lengths(TEXTS) == model.padded_lengths(TEXTS)


def test_it_gives_way_to_others(process: EmbeddingProcess) -> None:
    process.cost(["one"])
    assert psutil.Process(process.process.pid).nice() > psutil.Process().nice()


def test_it_is_told_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    started = start_embedding_process(ModelSource("none", Path("nowhere"), "none"), 1)
    try:
        assert "OPENAI_API_KEY" not in psutil.Process(started.process.pid).environ()
    finally:
        started.close()


def test_a_model_that_cannot_be_loaded_is_said_when_it_is_needed(tmp_path: Path) -> None:
    started = start_embedding_process(ModelSource("my-model", tmp_path, "none"), 1)
    try:
        with pytest.raises(EngineError, match=r"my-model.*could not be loaded"):
            started.encode(["one"])
    finally:
        started.close()


@pytest.mark.parametrize("code", ["pass", "input(); print('{\"size\": 9}')", "input()"])
def test_a_process_that_ended_before_its_time_is_said_with_a_remedy(code: str) -> None:
    ended = that_runs(code)
    with pytest.raises(EngineError, match=r"has ended before it was done.*start the run again"):
        ended.encode(["one"])
    ended.close()


def test_it_ends_with_who_started_it(process: EmbeddingProcess) -> None:
    assert process.process.stdin is not None
    process.process.stdin.close()
    assert process.process.wait(timeout=60) == 0
