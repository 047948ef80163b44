"""What a run has spent so far, told while it works beside what it will come to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kura_core.engines.spending import Spending
from kura_core.engines.tokens import Range, measured
from kura_core.run.cost.estimate import NAMED_AGAIN, Estimate, StepEstimate
from kura_core.run.cost.requests import FEWEST_PASSING
from kura_core.run.events import Emit
from kura_core.types import Usage

# Seconds between two tellings; a kill costs the account of what was spent since the last.
INTERVAL = 1.0


@dataclass(slots=True)
class _Progress:
    """One step while it works: what was there already does not count."""

    before: Usage
    cached: int
    total: int
    done: int = 0
    spent: Usage | None = None

    @property
    def fresh(self) -> int:
        return self.done - self.cached

    @property
    def left(self) -> float:
        """The share of the step's own work that is still to do."""
        whole = self.total - self.cached
        return (self.total - self.done) / whole if whole > 0 else 0.0


@dataclass(slots=True)
class Meter:
    """Receives a run's events, passes them on, and tells what was spent now and then.

    `keep` is called at each telling, so that a run that is killed knows what it has spent.
    """

    emit: Emit
    spending: Spending
    estimate: Estimate
    keep: Callable[[], None] = lambda: None
    clock: Callable[[], float] = time.monotonic
    _told: float | None = field(default=None, init=False)
    _said: Usage | None = field(default=None, init=False)
    _steps: dict[str, _Progress] = field(default_factory=dict, init=False)

    def __call__(self, event: str, **values: Any) -> None:
        """Take one event."""
        if event == "step_started":
            started = _Progress(
                self.spending.usage(), values["cached"], values["total"], values["cached"]
            )
            self._steps[values["step"]] = started
        step = self._steps.get(values.get("step", ""))
        if step is not None and event == "step_progress":
            step.done, step.total = values["done"], values["total"]
        if step is not None and event == "step_finished":
            step.done = step.total = values["total"]
            step.spent = self.spending.usage()
        if event == "run_finished":  # the last word of a run, whose account is kept already
            self.tell(keep=False)
            self.emit(event, **values)
            return
        self.emit(event, **values)
        if event == "step_finished" or self._due():
            self.tell()

    def tell(self, *, keep: bool = True) -> None:
        """Say what was spent, unless nothing was since the last time."""
        usage = self.spending.usage()
        if usage == self._said or not usage.sent:
            return
        self._told, self._said = self.clock(), usage
        if keep:
            self.keep()
        left_tokens, left_cost = self._left()
        tokens = usage.input_tokens + usage.output_tokens
        expected = None
        if left_cost is not None and usage.cost_usd is not None:
            spent = usage.cost_usd
            expected = [round(spent + left, 6) for left in (left_cost.low, left_cost.high)]
        self.emit(
            "meter",
            sent=usage.sent,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cost_usd=usage.cost_usd,
            expected_tokens=[round(tokens + left) for left in (left_tokens.low, left_tokens.high)],
            expected_usd=expected,
        )

    def _due(self) -> bool:
        return self._told is None or self.clock() - self._told >= INTERVAL

    def _left(self) -> tuple[Range, Range | None]:
        """Tokens and dollars still to come: estimated, and corrected by what servers counted."""
        factors = self._measured()
        tokens, cost = Range(), Range()
        known = True
        for step in self.estimate.steps:
            own_tokens, own_cost = self._step_left(step, factors)
            tokens = tokens.plus(own_tokens)
            known = known and own_cost is not None
            cost = cost.plus(own_cost or Range())
        return tokens, cost if known else None

    def _step_left(self, step: StepEstimate, factors: Range | None) -> tuple[Range, Range | None]:
        progress = self._steps.get(step.step)
        if progress is None:
            # Names are made from summaries, whose length and number of groups are not known yet.
            alike = factors is not None and step.step == "judge"
            read = step.input_tokens.times(factors) if alike and factors else step.input_tokens
            share = read.middle / step.input_tokens.middle if step.input_tokens.high else 1.0
            scaled = Range(share, share)
            cost = step.cost_usd.times(scaled) if step.cost_usd is not None else None
            both = read.plus(step.output_tokens)
            if step.step == "judge" and (passed := self._passed()) is not None:
                return both.times(passed), cost.times(passed) if cost is not None else None
            return both, cost
        if progress.spent is not None:
            return Range(), Range()
        left = Range(progress.left, progress.left)
        spent = _between(progress.before, self.spending.usage())
        answered = measured(Range(1.0, 1.0), 1.0, spent.sent)
        more = _more(step.step, progress, spent.sent)
        if answered is None or more is None:
            whole = step.input_tokens.plus(step.output_tokens).times(left)
            return whole, step.cost_usd.times(left) if step.cost_usd is not None else None
        each = answered.times(more)
        tokens = spent.input_tokens + spent.output_tokens
        cost_usd = spent.cost_usd
        return (
            each.times(Range(tokens, tokens)),
            each.times(Range(cost_usd, cost_usd)) if cost_usd is not None else None,
        )

    def _passed(self) -> Range | None:
        """The share that a screen let through, over the range it was taken to; None if unknown."""
        screened, read = self._steps.get("screen"), self._steps.get("summarise")
        # Where some answers were there before, the estimate knew of them.
        if screened is None or read is None or screened.cached or not screened.total:
            return None
        share = read.total / screened.total
        return Range(share / FEWEST_PASSING, share)

    def _measured(self) -> Range | None:
        """By how much the tokens read are off, as the summaries tell."""
        progress = self._steps.get("summarise")
        step = next((step for step in self.estimate.steps if step.step == "summarise"), None)
        if progress is None or step is None or not step.calls.high:
            return None
        spent = _between(progress.before, progress.spent or self.spending.usage())
        # By the call: how many there are is not known where a screen comes first.
        each = Range(
            step.input_tokens.low / max(step.calls.low, 1e-9),
            step.input_tokens.high / step.calls.high,
        )
        expected = each.times(Range(spent.sent, spent.sent))
        return measured(expected, spent.input_tokens, spent.sent)


def _more(step: str, progress: _Progress, sent: int) -> Range | None:
    """How much a step will yet take, as a multiple of what it took so far; None if unknown.

    Names are all asked for at once and settled afterwards, so that their calls are counted; of the
    others those that are done.
    """
    if step in ("name", "meta_cluster"):
        if not progress.total or not sent:
            return None
        calls = NAMED_AGAIN.times(Range(progress.total, progress.total))
        return Range(max(0.0, calls.low / sent - 1), max(0.0, calls.high / sent - 1))
    if progress.fresh <= 0:
        return None
    share = (progress.total - progress.done) / progress.fresh
    return Range(share, share)


def spent_by_model(spending: Spending) -> dict[str, dict[str, Any]]:
    """Give the account of each model, as the manifest keeps it."""
    return {
        model: {
            "sent": usage.sent,
            "retried": usage.retried,
            "input": usage.input_tokens,
            "output": usage.output_tokens,
            "cost_usd": usage.cost_usd,
        }
        for model, usage in spending.by_model().items()
    }


def spent_before(manifest: Mapping[str, Any]) -> dict[str, Usage]:
    """Read the account of an earlier attempt at the same run."""
    return {
        model: Usage(
            sent=own["sent"],
            retried=own["retried"],
            input_tokens=own["input"],
            output_tokens=own["output"],
            cost_usd=own["cost_usd"],
        )
        for model, own in (manifest.get("by_model") or {}).items()
    }


def _between(before: Usage, after: Usage) -> Usage:
    cost = None
    if before.cost_usd is not None and after.cost_usd is not None:
        cost = after.cost_usd - before.cost_usd
    return Usage(
        sent=after.sent - before.sent,
        input_tokens=after.input_tokens - before.input_tokens,
        output_tokens=after.output_tokens - before.output_tokens,
        cost_usd=cost,
    )
