"""What a step needs from whoever writes summaries and names, and nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from kura_core.config import Facet
from kura_core.engines.spending import Spending
from kura_core.types import (
    ClusterEvidence,
    ClusterName,
    Conversation,
    ConversationSummary,
    Judgement,
    Usage,
)

__all__ = ["ClusterEvidence", "ClusterName", "Engine"]


class Engine(Protocol):
    """Writes summaries, judgements and names; one serves a whole run and is closed at its end."""

    @property
    def name(self) -> str:
        """The engine's name in a configuration."""
        ...

    def identity(self) -> dict[str, Any]:
        """All that summaries and names depend on besides their input, as plain JSON, no secrets."""
        ...

    def name_identity(self) -> dict[str, Any]:
        """The same of names, which another model may write, in other words."""
        ...

    def spend_within(self, spending: Spending) -> None:
        """Count all calls from here on in `spending`, and make none that its budget forbids.

        Raises ConfigError where there is a budget and a model's price is not known.
        """
        ...

    def judge_identity(self) -> dict[str, Any]:
        """The same of judgements, which are asked in other words and change for other reasons."""
        ...

    def screen_identity(self) -> dict[str, Any]:
        """The same of screens, which no prompt of the user's changes."""
        ...

    def usage(self) -> Usage:
        """What the engine has spent since it was made."""
        ...

    async def check(self) -> None:
        """Raise EngineError, saying what is wrong, when no summary could be made.

        Costs nothing, or a tiny call or two where nothing else would tell.
        """
        ...

    async def screen(self, conversation: Conversation, facet: Facet) -> bool | None:
        """Answer a yes/no facet about one (already redacted) conversation; None is unknown.

        Raises ConversationError when it can't, ConfigError where the engine answers no questions.
        """
        ...

    async def summarise(
        self, conversation: Conversation, facets: Sequence[Facet]
    ) -> ConversationSummary:
        """Summarise one (already redacted) conversation. Raises ConversationError when it can't."""
        ...

    async def judge(self, conversation: Conversation, request: str | None) -> Judgement:
        """Judge one (already redacted) conversation against its request; ratings are never seen.

        Raises ConversationError when it can't.
        """
        ...

    async def name_cluster(self, evidence: ClusterEvidence) -> ClusterName:
        """Name one cluster from its evidence."""
        ...

    async def aclose(self) -> None:
        """Free what the engine holds."""
        ...
