"""The meter: what is spent, and what is still to come as the answers so far tell."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from kura_core.engines.spending import Spending
from kura_core.engines.tokens import Range
from kura_core.run.cost.estimate import Estimate, StepEstimate
from kura_core.run.cost.meter import Meter, spent_before, spent_by_model
from kura_core.types import Usage
from tests.small_data import Recorder


def step(name: str, calls: int, *, price: bool = True) -> StepEstimate:
    """A call reads 500–1,500 tokens and writes 50–150, at a dollar per thousand."""
    read, written = Range(500.0 * calls, 1500.0 * calls), Range(50.0 * calls, 150.0 * calls)
    cost = Range(0.55 * calls, 1.65 * calls) if price else None
    return StepEstimate(name, "model", Range(calls, calls), read, written, cost)


@dataclass
class Run:
    """A run of 100 summaries, 100 judgements and 5 names, told by hand."""

    price: bool = True
    now: float = 0.0
    spent: Usage = field(default_factory=Usage)
    kept: int = 0

    def __post_init__(self) -> None:
        self.record = Recorder()
        spending = Spending()
        spending.watch("model", (1.0, 1.0), lambda: self.spent)
        steps = tuple(
            step(name, calls, price=self.price)
            for name, calls in (("summarise", 100), ("judge", 100), ("name", 5))
        )
        self.meter = Meter(
            self.record, spending, Estimate(steps, 100, 100), self.keep, lambda: self.now
        )

    def keep(self) -> None:
        self.kept += 1

    def answers(self, count: int, read: int = 800, written: int = 100) -> None:
        cost = (read + written) * count / 1_000 if self.price else None
        self.spent = self.spent.plus(Usage(count, 0, 0, read * count, written * count, cost))

    def told(self) -> dict[str, object]:
        return self.record.of("meter")[-1]


def test_it_narrows_to_what_the_answers_cost() -> None:
    run = Run()
    run.meter("step_started", step="summarise", total=100, cached=0)
    run.answers(5)
    run.meter("step_progress", step="summarise", done=5, total=100, eta_seconds=1)
    low, high = run.told()["expected_usd"]  # type: ignore[misc]
    assert high - low > 180  # too few to tell
    run.now = 2.0
    run.answers(45)
    run.meter("step_progress", step="summarise", done=50, total=100, eta_seconds=1)
    low, high = run.told()["expected_usd"]  # type: ignore[misc]
    # 45 spent, 45 more of the summaries, some 90 for judging, and 5 names.
    assert low < 45 + 45 + 0.9 * 100 + 5 * 0.9 < high
    assert high - low < 120
    run.now = 4.0
    run.answers(50)
    run.meter("step_finished", step="summarise", total=100, seconds=4.0)
    run.meter("step_started", step="judge", total=100, cached=0)
    run.answers(100)
    run.meter("step_finished", step="judge", total=100, seconds=4.0)
    assert run.told()["expected_usd"] == [
        pytest.approx(180 + 5 * 0.55, rel=0.01),
        pytest.approx(180 + 5 * 1.65, rel=0.01),
    ]


def test_after_a_screen_what_follows_is_taken_for_those_who_passed() -> None:
    run = Run()
    fewest, most = step("judge", 3), step("judge", 100)  # 3 in 100 pass at the least
    open_to = {
        name: Range(getattr(fewest, name).low, getattr(most, name).high)
        for name in ("calls", "input_tokens", "output_tokens", "cost_usd")
    }
    asked = tuple(StepEstimate(name, "model", **open_to) for name in ("summarise", "judge"))
    run.meter.estimate = Estimate((step("screen", 100), *asked), 100, 100)
    run.meter("step_started", step="screen", total=100, cached=0)
    run.answers(50)
    run.meter("step_progress", step="screen", done=50, total=100, eta_seconds=1)
    low, high = run.told()["expected_usd"]  # type: ignore[misc]
    assert low < 45 + 45 + 2 * 0.03 * 90 and high > 90 + 2 * 90
    run.now = 2.0
    run.answers(50)
    run.meter("step_finished", step="screen", total=100, seconds=2.0)
    run.meter("step_started", step="summarise", total=20, cached=0)
    run.now = 4.0
    run.answers(15)
    run.meter("step_progress", step="summarise", done=15, total=20, eta_seconds=1)
    low, high = run.told()["expected_usd"]  # type: ignore[misc]
    # 20 of 100 passed: 90 spent on the screen, 18 on their summaries, 18 more for judging.
    assert low < 90 + 18 + 18 < high
    assert high - low < 40


def test_names_are_counted_by_their_calls_for_they_settle_last() -> None:
    run = Run()
    for name in ("summarise", "judge"):
        run.meter("step_started", step=name, total=100, cached=0)
        run.answers(100)
        run.meter("step_finished", step=name, total=100, seconds=1.0)
    run.meter("step_started", step="name", total=20, cached=0)
    run.answers(20)
    run.now = 9.0
    run.meter("step_progress", step="name", done=1, total=20, eta_seconds=1)
    low, high = run.told()["expected_usd"]  # type: ignore[misc]
    assert low == pytest.approx(198.0) and high < 198 + 0.7 * 18


def test_what_was_kept_before_is_not_counted_as_cheap() -> None:
    run = Run()
    run.meter("step_started", step="summarise", total=100, cached=80)
    run.answers(10)
    run.meter("step_progress", step="summarise", done=90, total=100, eta_seconds=1)
    low, _ = run.told()["expected_usd"]  # type: ignore[misc]
    assert low > 9 + 8 + 40  # ten more summaries, and all the rest


def test_it_tells_once_a_second_and_keeps_each_telling() -> None:
    run = Run()
    run.meter("step_started", step="summarise", total=100, cached=0)
    for done in range(1, 41):
        run.now += 0.1
        run.answers(1)
        run.meter("step_progress", step="summarise", done=done, total=100, eta_seconds=1)
    assert 3 <= len(run.record.of("meter")) <= 6
    assert run.kept == len(run.record.of("meter"))


def test_the_end_of_a_run_is_its_last_event_and_its_account_is_left_alone() -> None:
    run = Run()
    run.meter("step_started", step="summarise", total=100, cached=0)
    run.answers(3)
    run.now = 99.0
    run.meter("run_finished", status="done")
    assert [event for event, _ in run.record.events][-2:] == ["meter", "run_finished"]
    assert run.kept == 0


def test_without_a_price_tokens_are_told() -> None:
    run = Run(price=False)
    run.meter("step_started", step="summarise", total=100, cached=0)
    run.answers(20)
    run.meter("step_progress", step="summarise", done=20, total=100, eta_seconds=1)
    told = run.told()
    assert told["cost_usd"] is None and told["expected_usd"] is None
    assert told["expected_tokens"][0] > 20 * 900  # type: ignore[index]


def test_an_account_is_read_back() -> None:
    spending = Spending()
    spending.watch("a", (1.0, 1.0), lambda: Usage(3, 0, 1, 40, 5, 0.25))
    spending.watch("b", None, lambda: Usage(1, 0, 0, 4, 5, None))
    assert spent_before({"by_model": spent_by_model(spending)}) == spending.by_model()
    assert spent_before({}) == {}
