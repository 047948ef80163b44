"""Budget, prices, pace and a second model on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kura_core.run.events import read_events
from kura_core.run.tables import read_manifest
from tests.command_line import SECRET, flags, kura
from tests.llm_server import LLMServer, running
from tests.plausible_answers import of_its_own
from tests.small_data import few_kinds, write_rows


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "logs.jsonl", few_kinds(40))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LLMServer]:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with running(LLMServer(answer=of_its_own)) as started:
        yield started


def asking(server: LLMServer, *more: object) -> list[object]:
    address = server.base_url("openai")
    return ["--engine", "openai", "--base-url", address, "--clusters", 2, *more]


def test_a_budget_ends_the_run_with_its_own_code_and_more_of_it_goes_on(
    server: LLMServer, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = asking(server, "--price", "10,2", "--concurrency", 1)
    small = [*more, "--budget", 0.05, "--events", tmp_path / "events.jsonl"]
    assert kura(*flags(source, tmp_path / "run", *small)) == 3
    said = capsys.readouterr().err
    assert "raise the budget and start the run again" in said
    assert re.search(r"^About \d+–?\d* calls, [\d,–]+ tokens, \$[\d.–]+\.$", said, re.MULTILINE)
    assert read_manifest(tmp_path / "run")["status"] == "budget"
    assert read_events(tmp_path / "events.jsonl").exit_code == 3

    asked = len(server.asked("completions"))
    assert kura(*flags(source, tmp_path / "run", *more, "--budget", 5)) == 0
    assert re.search(r"^It took \d+ calls, .+ a conversation", capsys.readouterr().err, re.M)
    texts = [request.text for request in server.asked("completions")]
    assert 0 < asked < len(texts) == len(set(texts))


def test_a_budget_without_a_price_is_refused_as_a_wrong_setting(
    server: LLMServer, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = asking(server, "--model", "home-made", "--budget", 1)
    assert kura(*flags(source, tmp_path / "run", *more)) == 2
    assert "the price of 'home-made' is not known" in capsys.readouterr().err
    assert not server.received


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (["--budget", "0"], "budget"),
        (["--budget", "nan"], "budget"),
        (["--price=-1,2"], "price"),
        (["--rpm", "0"], "requests_per_minute"),
        (["--tpm", "-3"], "tokens_per_minute"),
    ],
)
def test_numbers_that_cannot_be_are_said(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    more: list[str], named: str,
) -> None:  # fmt: skip
    assert kura(*flags(source, tmp_path / "run", *more)) == 2
    assert named in capsys.readouterr().err


def test_another_model_may_name(server: LLMServer, source: Path, tmp_path: Path) -> None:
    server.models = [*server.models, "strong"]
    more = asking(server, "--name-model", "strong", "--name-price", "1,2")
    assert kura(*flags(source, tmp_path / "run", *more)) == 0
    assert set(read_manifest(tmp_path / "run")["by_model"]) == {"gpt-6-luna", "strong"}
