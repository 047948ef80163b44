"""The budget: no call leaves that could break it, and it waits rather than refuses too early."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

import pytest

from kura_core.engines.spending import Spending, dollars, most_tokens_in
from kura_core.errors import BudgetSpent, ConfigError
from kura_core.types import Usage


@dataclass
class Purse:
    """What a stand-in for calls has spent, and the most it ever had spent or held."""

    spending: Spending
    spent: Usage = field(default_factory=Usage)
    finished: int = 0

    def __post_init__(self) -> None:
        self.spending.watch("model", (1.0, 1.0), lambda: self.spent)

    async def call(self, most: float, actual: float) -> None:
        async with self.spending.room(most):
            self.spent = self.spent.plus(Usage(sent=1))
            for _ in range(3):
                await asyncio.sleep(0)
            self.spent = self.spent.plus(Usage(cost_usd=actual))
            self.finished += 1


def outcomes(purse: Purse, calls: list[tuple[float, float]]) -> list[BaseException | None]:
    async def work() -> list[BaseException | None]:
        tasks = (purse.call(most, actual) for most, actual in calls)
        return await asyncio.gather(*tasks, return_exceptions=True)

    return asyncio.run(work())


@pytest.mark.parametrize("seed", range(20))
def test_random_calls_never_break_the_budget(seed: int) -> None:
    rng = random.Random(seed)
    most = [rng.uniform(0.01, 0.2) for _ in range(60)]
    calls = [(part, part * rng.uniform(0.1, 1.0)) for part in most]
    purse = Purse(Spending(limit=rng.uniform(0.1, 2.0)))
    ends = outcomes(purse, calls)
    spent = purse.spent.cost_usd or 0.0
    assert spent <= (purse.spending.limit or 0.0)
    refused = [end for end in ends if end is not None]
    assert all(isinstance(end, BudgetSpent) for end in refused)
    # What began has ended: nobody who was refused cut another one off.
    assert purse.spent.sent == purse.finished == len(calls) - len(refused)


def test_a_call_waits_for_those_under_way_that_cost_less_than_they_might() -> None:
    purse = Purse(Spending(limit=1.0))
    assert outcomes(purse, [(0.6, 0.1)] * 5) == [None] * 5


def test_once_one_was_refused_a_smaller_one_is_too() -> None:
    purse = Purse(Spending(limit=1.0))
    ends = outcomes(purse, [(0.9, 0.8), (0.5, 0.5), (0.15, 0.15)])
    assert ends[0] is None
    assert isinstance(ends[1], BudgetSpent) and "$0.80 of it is gone" in str(ends[1])
    assert isinstance(ends[2], BudgetSpent)


def test_without_a_limit_everything_goes() -> None:
    purse = Purse(Spending())
    assert outcomes(purse, [(5.0, 5.0)] * 3) == [None] * 3
    assert purse.spending.usage().cost_usd == 15.0


def test_a_call_that_fails_gives_its_room_back() -> None:
    spending = Spending(limit=1.0)

    async def work() -> None:
        for _ in range(3):
            with pytest.raises(ValueError, match="broken"):
                async with spending.room(0.9):
                    raise ValueError("broken")

    asyncio.run(work())


def test_what_earlier_attempts_spent_counts() -> None:
    before = {"model": Usage(sent=4, cost_usd=0.95)}
    purse = Purse(Spending(limit=1.0, before=before))
    (end,) = outcomes(purse, [(0.1, 0.1)])
    assert isinstance(end, BudgetSpent)
    assert purse.spending.by_model() == {"model": Usage(sent=4, cost_usd=0.95)}


def test_models_are_told_apart_and_add_up() -> None:
    spending = Spending()
    spending.watch("small", (1.0, 1.0), lambda: Usage(sent=3, input_tokens=30, cost_usd=0.1))
    spending.watch("small", (1.0, 1.0), lambda: Usage(sent=1, input_tokens=10, cost_usd=0.1))
    spending.watch("strong", None, lambda: Usage(sent=2, input_tokens=5, cost_usd=None))
    spending.watch("unused", None, Usage)
    assert {name: own.sent for name, own in spending.by_model().items()} == {
        "small": 4, "strong": 2,
    }  # fmt: skip
    assert spending.usage().input_tokens == 45 and spending.usage().cost_usd is None


def test_a_budget_needs_a_price() -> None:
    with pytest.raises(ConfigError, match=r"budget of \$2\.00.*'home'.*--price"):
        Spending(limit=2.0).watch("home", None, Usage)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "$0.00"), (0.00001, "under $0.0001"), (0.0421, "$0.0421"), (1234.5, "$1,234.50")],
)
def test_amounts_are_shown_to_what_tells(amount: float, shown: str) -> None:
    assert dollars(amount) == shown


def test_a_byte_is_at_most_a_token() -> None:
    assert most_tokens_in(1_000) >= 1_000
