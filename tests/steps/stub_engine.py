"""An engine whose answers a test sets, and which remembers what it was asked."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kura_core.config import Facet
from kura_core.engines.spending import Spending
from kura_core.errors import ConversationError
from kura_core.types import (
    ClusterEvidence,
    ClusterName,
    Conversation,
    ConversationSummary,
    Judgement,
)


def own_word(evidence: ClusterEvidence) -> str:
    """A made-up word that no other members and no other names below lead to."""
    ids = [member.conversation_id for member in evidence.members]
    digest = hashlib.sha256(repr([ids, [c.name for c in evidence.children]]).encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:10]).capitalize()


@dataclass
class StubEngine:
    answer: Callable[[ClusterEvidence], str] = own_word
    failing: frozenset[str] = frozenset()
    name: str = "stub"
    asked: list[ClusterEvidence] = field(default_factory=list)
    running: int = 0
    most_running: int = 0

    def identity(self) -> dict[str, Any]:
        return {"engine": self.name}

    def spend_within(self, spending: Spending) -> None:
        """Nothing is spent."""

    def name_identity(self) -> dict[str, Any]:
        return {"names": self.name}

    def judge_identity(self) -> dict[str, Any]:
        return {"judge": self.name}

    def screen_identity(self) -> dict[str, Any]:
        return {"screen": self.name}

    async def screen(self, conversation: Conversation, facet: Facet) -> bool | None:
        await self._work(conversation, "screened")
        return "no" not in conversation.conversation_id

    async def summarise(
        self, conversation: Conversation, facets: Sequence[Facet]
    ) -> ConversationSummary:
        await self._work(conversation, "summarised")
        return ConversationSummary(
            conversation.conversation_id, "Asked.", facets={facet.name: 1 for facet in facets}
        )

    async def judge(self, conversation: Conversation, request: str | None) -> Judgement:
        await self._work(conversation, "judged")
        return Judgement(conversation.conversation_id, "cannot tell", missing=request)

    async def name_cluster(self, evidence: ClusterEvidence) -> ClusterName:
        self.asked.append(evidence)
        await asyncio.sleep(0)
        return ClusterName(self.answer(evidence), "What they share.")

    async def aclose(self) -> None:
        """Nothing is held."""

    async def _work(self, conversation: Conversation, what: str) -> None:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        # Conversations end in another order than they began in.
        for _ in range(1 + 7 * len(conversation.conversation_id) % 5):
            await asyncio.sleep(0)
        self.running -= 1
        if conversation.conversation_id in self.failing:
            raise ConversationError(f"{conversation.conversation_id} cannot be {what}.")
