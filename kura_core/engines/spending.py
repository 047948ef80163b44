"""What a run's calls have cost so far, and the budget that no call may break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from kura_core.errors import BudgetSpent, ConfigError
from kura_core.types import Usage

# A token stands for at least one byte of a request in every tokenizer in use; servers add some
# of their own to a call, for the roles and, where they are told a form, for that.
TOKENS_OF_A_SERVERS_OWN = 500


@dataclass(slots=True)
class Spending:
    """What calls have cost, by model, and the most they may: `limit` dollars, None without one.

    `before` is what earlier attempts at the same run have spent. Whoever makes calls says so with
    `watch`, and sends each within `room`.
    """

    limit: float | None = None
    before: dict[str, Usage] = field(default_factory=dict)
    _sources: list[tuple[str, Callable[[], Usage]]] = field(default_factory=list, init=False)
    _held: float = field(default=0.0, init=False)
    _under_way: int = field(default=0, init=False)
    _changed: asyncio.Event | None = field(default=None, init=False)
    _end: str | None = field(default=None, init=False)

    def watch(
        self, model: str, price: tuple[float, float] | None, usage: Callable[[], Usage]
    ) -> None:
        """Count what is spent on a model. Raises ConfigError for a budget without a price."""
        self.needs_price(model, price)
        self._sources.append((model, usage))

    def needs_price(self, model: str, price: tuple[float, float] | None) -> None:
        """Raise ConfigError where there is a budget and nothing to count a model's tokens by."""
        if self.limit is not None and price is None:
            raise ConfigError(
                f"Got a budget of {dollars(self.limit)}, but the price of {model!r} is not known, "
                "so nothing could be counted against it. Give the price in dollars per million "
                "tokens read and written (--price IN,OUT; for a model of its own for names "
                "--name-price IN,OUT), or leave the budget out."
            )

    def by_model(self) -> dict[str, Usage]:
        """Return what each model has cost, earlier attempts included."""
        total = dict(self.before)
        for model, usage in self._sources:
            total[model] = total.get(model, Usage()).plus(usage())
        return {model: usage for model, usage in sorted(total.items()) if usage.sent}

    def usage(self) -> Usage:
        """Return what all models have cost together, earlier attempts included."""
        total = Usage()
        for usage in self.by_model().values():
            total = total.plus(usage)
        return total

    @asynccontextmanager
    async def room(self, most: float | None) -> AsyncIterator[None]:
        """Hold the `most` dollars that a call may cost until it is over.

        Where that could break the budget this waits for calls that are under way, which mostly
        cost less than they might have. Raises BudgetSpent once none is and there is still no room.
        """
        if self.limit is None:
            yield
            return
        needed = most or 0.0
        while self._end is not None or self._spent() + self._held + needed > self.limit:
            if self._end is not None or not self._under_way:
                # A smaller call that would fit must not begin either: the run is about to end.
                self._end = self._end or self._said(needed)
                raise BudgetSpent(self._end)
            self._changed = self._changed or asyncio.Event()
            await self._changed.wait()
        self._held += needed
        self._under_way += 1
        try:
            yield
        finally:
            self._held -= needed
            self._under_way -= 1
            if not self._under_way:
                self._held = 0.0  # sums of fractions leave a rest
            if self._changed is not None:
                self._changed.set()
                self._changed = None

    def _spent(self) -> float:
        return self.usage().cost_usd or 0.0

    def _said(self, needed: float) -> str:
        return (
            f"The budget of {dollars(self.limit or 0.0)} is spent as far as it goes: "
            f"{dollars(self._spent())} of it is gone, and the next call could cost up to "
            f"{dollars(needed)}. What is finished is kept and not paid for again. To go on, raise "
            "the budget and start the run again."
        )


def dollars(amount: float) -> str:
    """Return an amount as it is shown: to the cent from ten cents on, else to what tells."""
    cents = f"${amount:,.2f}"
    if amount >= 0.1 or abs(amount - round(amount, 2)) < 1e-9:
        return cents
    return f"${amount:.4f}" if amount >= 0.0001 else "under $0.0001"


def most_tokens_in(request_bytes: int) -> int:
    """Return how many tokens a request of so many bytes can be counted as at the very most."""
    return request_bytes + TOKENS_OF_A_SERVERS_OWN
