"""What every part of a run shares: where it keeps things, whom it tells, when it must stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kura_core.config import RunConfig
from kura_core.engines.kept_answers import AnswerCache
from kura_core.engines.protocol import Engine
from kura_core.engines.spending import Spending
from kura_core.errors import RunCancelled
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.events import Emit, Step, no_events
from kura_core.types import Usage

if TYPE_CHECKING:
    from kura_core.run.waiting.early_requests import EarlyRequests
    from kura_core.run.waiting.early_vectors import EarlyVectors


@dataclass(slots=True)
class RunContext:
    """One run while it works; `seconds` and `notices` end up in its manifest.

    `store` keeps the finished items, `earlier` are stores of other runs to take items from.
    `keys` (provider → key) are for embeddings that a provider makes, and never written anywhere.
    `partial` is the folder for results that are shown before they are final, if anywhere.
    """

    config: RunConfig
    engine: Engine
    store: JSONLCheckpointManager
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    earlier: Sequence[JSONLCheckpointManager] = ()
    partial: Path | None = None
    emit: Emit = no_events
    stop_requested: Callable[[], bool] = lambda: False
    seconds: dict[str, float] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    cache: AnswerCache | None = None
    # Vectors that are made while the engine is waited for, and what makes UMAP ready.
    early: EarlyVectors | EarlyRequests | None = None
    map_warm_up: threading.Thread | None = None
    spending: Spending = field(default_factory=Spending)

    def usage(self) -> Usage:
        """Add up what engine and embeddings have spent, in earlier attempts at this run too."""
        return replace(self.spending.usage(), cached=self.engine.usage().cached)

    def check(self) -> None:
        """Raise RunCancelled when the run was asked to stop."""
        if self.stop_requested():
            raise RunCancelled(
                "The run was cancelled. What is finished is kept: start it again to go on."
            )

    def step(self, name: str, total: int, cached: int = 0) -> Step:
        """Begin a step whose time is kept for the manifest."""
        return Step(self.emit, name, total, cached, seconds=self.seconds)

    def notice(self, text: str) -> None:
        """Tell the user something about this run, on screen and in the manifest."""
        self.notices.append(text)
        self.emit("notice", level="warning", text=text)
