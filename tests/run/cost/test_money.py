"""Whole runs against a server: budget, meter, two models, and asking again for what failed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kura_core.config import RunConfig
from kura_core.engines.choose import make_engine
from kura_core.engines.prices import cost_of
from kura_core.errors import BudgetSpent, ConfigError
from kura_core.run.events import read_events, tell_all, write_events_to
from kura_core.run.pipeline import RunResult, run_pipeline
from kura_core.run.tables import read_manifest, read_tables
from tests.asked_runs import KEYS, run_asking
from tests.llm_server import LLMServer, Order, running
from tests.plausible_answers import of_its_own
from tests.small_data import Recorder, varied_rows, write_rows

COUNT = 60
# Dollars per million tokens: high, so that a small run costs something to speak of.
PRICE = (10.0, 2.0)


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with running(LLMServer(answer=of_its_own)) as started:
        yield started


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "logs.jsonl", varied_rows(COUNT))


def run_with(
    server: LLMServer, source: Path, folder: Path, record: Any = None, **settings: Any
) -> RunResult:
    settings = {"clusters": 4, "max_top": 2, "price": PRICE, **settings}
    return run_asking(server, source, folder, record, **settings)


def charged(server: LLMServer, price: tuple[float, float] = PRICE) -> float:
    """What the server has counted and would send a bill for."""
    read = sum(len(request.text) // 4 for request in server.asked("completions"))
    return cost_of(price, read, 0) or 0.0


def test_without_a_budget_the_manifest_keeps_estimate_and_account(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    manifest = run_with(server, source, tmp_path / "run").manifest
    asked = server.asked("completions")
    own = manifest["by_model"]["gpt-6-luna"]
    assert manifest["calls"]["sent"] == own["sent"] == len(asked)
    assert own["input"] == sum(len(request.text) // 4 for request in asked)
    assert manifest["cost_usd"] == pytest.approx(cost_of(PRICE, own["input"], own["output"]))
    total = manifest["estimate"]["total"]
    for name, actual in (
        ("calls", len(asked)),
        ("input_tokens", own["input"]),
        ("output_tokens", own["output"]),
        ("cost_usd", manifest["cost_usd"]),
    ):
        assert total[name]["low"] <= actual <= total[name]["high"], name


@pytest.mark.parametrize("share", [0.4, 0.7, 0.95])
@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_budget_is_never_overspent_and_the_run_goes_on_without_paying_twice(
    server: LLMServer, source: Path, tmp_path: Path, share: float, concurrency: int
) -> None:
    whole = run_with(server, source, tmp_path / "whole", concurrency=concurrency).manifest
    sent = len(server.asked("completions"))
    server.received.clear()
    budget = share * whole["cost_usd"]

    record = Recorder()
    with pytest.raises(BudgetSpent, match="raise the budget and start"):
        run_with(server, source, tmp_path / "run", record, budget=budget, concurrency=concurrency)
    stopped = read_manifest(tmp_path / "run")
    assert stopped["status"] == "budget"
    assert 0 < stopped["cost_usd"] <= budget
    assert charged(server) <= stopped["cost_usd"]
    assert stopped["calls"]["sent"] == len(server.asked("completions"))
    end = record.events[-1]
    assert (end[0], end[1]["status"], end[1]["exit_code"]) == ("run_finished", "budget", 3)

    done = run_with(
        server, source, tmp_path / "run", budget=2 * whole["cost_usd"], concurrency=concurrency
    ).manifest
    assert done["status"] == "done"
    assert len(server.asked("completions")) == done["calls"]["sent"] == sent
    assert done["cost_usd"] == pytest.approx(whole["cost_usd"])
    assert done["estimate"] == stopped["estimate"]
    first, second = (read_tables(tmp_path / name).conversations for name in ("whole", "run"))
    assert first.equals(second)


def test_a_budget_smaller_than_one_call_spends_nothing(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    with pytest.raises(BudgetSpent, match="could cost up to"):
        run_with(server, source, tmp_path / "run", budget=0.0001)
    assert not server.asked("completions")
    assert read_manifest(tmp_path / "run")["cost_usd"] == 0.0


def test_the_same_command_with_the_same_budget_spends_no_more(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        with pytest.raises(BudgetSpent):
            run_with(server, source, tmp_path / "run", budget=0.1)
        assert read_manifest(tmp_path / "run")["cost_usd"] <= 0.1
    assert charged(server) <= 0.1


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"price": None, "model": "home-made"}, "home-made"),
        ({"name_model": "home-made"}, "home-made"),
        ({"embedding_model": "openai:home-made"}, "home-made"),
    ],
)
def test_a_budget_without_a_price_is_refused_before_anything_is_sent(
    server: LLMServer, source: Path, tmp_path: Path, settings: dict[str, Any], named: str
) -> None:
    server.models = [*server.models, "home-made"]
    with pytest.raises(ConfigError, match=f"{named}.*--price"):
        run_with(server, source, tmp_path / "run", budget=1.0, **settings)
    assert not server.received


def test_names_may_come_from_another_model_at_its_own_price(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    server.models = [*server.models, "strong"]
    settings = {"name_model": "strong", "name_price": (100.0, 500.0)}
    manifest = run_with(server, source, tmp_path / "run", **settings).manifest
    small, strong = manifest["by_model"]["gpt-6-luna"], manifest["by_model"]["strong"]
    asked = dict.fromkeys(("gpt-6-luna", "strong"), 0)
    for request in server.asked("completions"):
        asked[request.body["model"]] += 1
    assert (small["sent"], strong["sent"]) == (asked["gpt-6-luna"], asked["strong"])
    texts = {row["messages"][0]["content"] for row in varied_rows(COUNT)}
    assert small["sent"] == len(texts) + 1  # the tiny question how to ask this server
    assert strong["cost_usd"] == pytest.approx(
        cost_of((100.0, 500.0), strong["input"], strong["output"])
    )
    assert manifest["cost_usd"] == pytest.approx(small["cost_usd"] + strong["cost_usd"])
    assert manifest["tokens"]["input"] == small["input"] + strong["input"]

    before = len(server.asked("completions"))
    again = run_with(server, source, tmp_path / "run").manifest
    fresh = server.asked("completions")[before:]
    assert fresh and {request.body["response_format"]["json_schema"]["name"] for request in fresh}
    names = {request.body["response_format"]["json_schema"]["name"] for request in fresh}
    assert names <= {"cluster_name", "theme_name"}
    assert again["calls"]["sent"] == len(fresh)


def test_the_meter_tells_what_is_spent_and_what_it_will_come_to(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    record = Recorder()
    events = tmp_path / "events.jsonl"
    manifest = run_with(
        server, source, tmp_path / "run", tell_all(record, write_events_to(events))
    ).manifest
    told = record.of("meter")
    assert len(told) >= 2
    assert [one["sent"] for one in told] == sorted(one["sent"] for one in told)
    last = told[-1]
    assert last["cost_usd"] == manifest["cost_usd"]
    assert last["sent"] == manifest["calls"]["sent"]
    after_summaries = next(one for one in told if one["sent"] >= COUNT - 5)
    low, high = after_summaries["expected_usd"]
    first = record.of("estimate")[0]["total"]["cost_usd"]
    assert low <= manifest["cost_usd"] <= high
    assert high - low < first["high"] - first["low"]
    progress = read_events(events)
    assert progress.status == "done"
    assert progress.meter is not None and progress.meter["sent"] == last["sent"]
    assert progress.estimate is not None and progress.estimate["total"]["calls"]["high"] >= 40


def test_rules_cost_nothing_so_there_is_nothing_to_meter(source: Path, tmp_path: Path) -> None:
    from tests.small_data import run

    record = Recorder()
    manifest = run(source, tmp_path / "run", record=record, clusters=4).manifest
    assert not record.of("meter") and not record.of("estimate")
    assert manifest["by_model"] == {} and manifest["cost_usd"] == 0.0


def test_a_retry_asks_only_for_what_failed(server: LLMServer, source: Path, tmp_path: Path) -> None:
    server.orders = [Order(400, text=f"for team {number}.") for number in (3, 11)]
    first = run_with(server, source, tmp_path / "run").manifest
    assert first["counts"]["failed"] == 2
    server.orders = []
    asked = len(server.asked("completions"))

    same = run_with(server, source, tmp_path / "run")
    assert same.unchanged and len(server.asked("completions")) == asked

    retried = run_with(server, source, tmp_path / "run", retry_failed=True).manifest
    fresh = server.asked("completions")[asked:]
    about = [r for r in fresh if r.body["response_format"]["json_schema"]["name"] == "summary"]
    assert len(about) == 2
    assert all("for team 3." in r.text or "for team 11." in r.text for r in about)
    assert (retried["counts"]["failed"], retried["counts"]["summarised"]) == (0, COUNT)
    assert retried["calls"]["sent"] == len(server.asked("completions"))

    again = run_with(server, source, tmp_path / "run", retry_failed=True)
    assert again.unchanged


def test_a_budget_holds_for_paid_vectors_too(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    settings = {"embedding_model": "openai", "budget": 0.00001}
    rules = RunConfig(engine="offline", clusters=4, **settings)

    async def work() -> None:
        engine = make_engine(rules)
        await run_pipeline(source, tmp_path / "run", rules, engine, keys=KEYS)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", server.base_url("openai"))
        with pytest.raises(BudgetSpent):
            asyncio.run(work())
    assert not server.asked("embeddings")
    assert read_manifest(tmp_path / "run")["status"] == "budget"


def test_what_a_killed_run_spent_counts_when_it_goes_on(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    class Killed(BaseException):
        """Stands for the end of the process."""

    def at(event: str, values: dict[str, Any]) -> None:
        if event == "step_started" and values["step"] == "cluster":
            raise Killed

    with pytest.raises(Killed):
        run_with(server, source, tmp_path / "run", Recorder(at))
    killed = read_manifest(tmp_path / "run")
    assert killed["status"] == "running"
    assert killed["by_model"]["gpt-6-luna"]["sent"] == COUNT + 1  # the tiny one before the run
    done = run_with(server, source, tmp_path / "run").manifest
    assert done["calls"]["sent"] == len(server.asked("completions")) > COUNT
    assert done["cost_usd"] > killed["cost_usd"] > 0


def test_another_budget_pace_or_price_is_no_other_run(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    run_with(server, source, tmp_path / "run")
    asked = len(server.received)
    settings = {"budget": 9.0, "concurrency": 3, "requests_per_minute": 99, "price": (1.0, 1.0)}
    again = run_with(server, source, tmp_path / "run", **settings)
    assert again.unchanged and len(server.received) == asked
