"""Two models for one run: a small one reads the many conversations, a stronger one names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kura_core.config import Facet
from kura_core.engines.kept_answers import AnswerCache
from kura_core.engines.language_model import LanguageModelEngine
from kura_core.engines.spending import Spending
from kura_core.types import (
    ClusterEvidence,
    ClusterName,
    Conversation,
    ConversationSummary,
    Judgement,
    Usage,
)


@dataclass(slots=True, frozen=True)
class TwoTierEngine:
    """Screens, summaries and judgements by `reader`, names of clusters and themes by `namer`.

    Each has its own calls: providers limit the rate of every model by itself.
    """

    reader: LanguageModelEngine
    namer: LanguageModelEngine

    @property
    def name(self) -> str:
        """The engine's name in a configuration."""
        return self.reader.name

    def identity(self) -> dict[str, Any]:
        """What summaries depend on: another model for names changes none."""
        return self.reader.identity()

    def name_identity(self) -> dict[str, Any]:
        """What names depend on besides the summaries."""
        return self.namer.name_identity()

    def judge_identity(self) -> dict[str, Any]:
        """What judgements depend on."""
        return self.reader.judge_identity()

    def screen_identity(self) -> dict[str, Any]:
        """What screens depend on."""
        return self.reader.screen_identity()

    def spend_within(self, spending: Spending) -> None:
        """Count the calls of both in one. Raises ConfigError for a budget without a price."""
        self.reader.spend_within(spending)
        self.namer.spend_within(spending)

    def keeping(self, cache: AnswerCache) -> TwoTierEngine:
        """Return this engine, keeping every answer of both models in a cache."""
        return TwoTierEngine(self.reader.keeping(cache), self.namer.keeping(cache))

    def usage(self) -> Usage:
        """What both have spent."""
        return self.reader.usage().plus(self.namer.usage())

    async def check(self) -> None:
        """Raise EngineError when either model cannot be used."""
        await self.reader.check()
        await self.namer.check()

    async def screen(self, conversation: Conversation, facet: Facet) -> bool | None:
        """Answer a yes/no facet. Raises ConversationError when it can't."""
        return await self.reader.screen(conversation, facet)

    async def summarise(
        self, conversation: Conversation, facets: Sequence[Facet]
    ) -> ConversationSummary:
        """Summarise one conversation. Raises ConversationError when it can't."""
        return await self.reader.summarise(conversation, facets)

    async def judge(self, conversation: Conversation, request: str | None) -> Judgement:
        """Judge one conversation. Raises ConversationError when it can't."""
        return await self.reader.judge(conversation, request)

    async def name_cluster(self, evidence: ClusterEvidence) -> ClusterName:
        """Name one cluster. Raises ConversationError when no answer is a name."""
        return await self.namer.name_cluster(evidence)

    async def aclose(self) -> None:
        """Close both clients."""
        await self.reader.aclose()
        await self.namer.aclose()
