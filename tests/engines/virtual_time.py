"""A loop whose time passes only where all wait for it: no test sleeps, and a hang is an error."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class Hung(Exception):
    """Nothing is left to happen, and not all is done."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs as asyncio's own, but where it would wait for a moment that moment comes at once.

    Without a socket or a thread there is nothing else to wait for.
    """

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        select = self._selector.select  # type: ignore[attr-defined]

        def at_once(timeout: float | None = None) -> Any:
            events = select(0)
            if timeout is None and not events:
                raise Hung
            if not events:
                self._now += max(timeout or 0.0, 0.0)
            return events

        self._selector.select = at_once  # type: ignore[attr-defined]

    def time(self) -> float:
        """Return the seconds that have passed."""
        return self._now


def run_at_once(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end without waiting. Raises Hung where the work would never end."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


def now() -> float:
    """Return the running loop's time: the clock of calls in a test."""
    return asyncio.get_running_loop().time()
