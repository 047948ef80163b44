"""The engine that needs no key and no network: rules and light statistics."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from kura_core.config import Facet
from kura_core.engines.protocol import ClusterEvidence, ClusterName
from kura_core.engines.rules.describe import describe_cluster
from kura_core.engines.rules.generalise import parent_name
from kura_core.engines.rules.judging.judge import judge_by_rules
from kura_core.engines.rules.naming import choose_name
from kura_core.engines.rules.summary import summarise_by_rules
from kura_core.engines.rules.support import as_said, measure_support
from kura_core.engines.spending import Spending
from kura_core.errors import ConfigError
from kura_core.types import Conversation, ConversationSummary, Judgement, Usage


class OfflineEngine:
    """Summaries, judgements and names by rules (`kura_core.engines.rules`): deterministic, no I/O.

    It cannot answer user-defined facets: `facets` of its summaries is always empty, and `concern`
    is always None.
    """

    name = "offline"

    def identity(self) -> dict[str, Any]:
        """The engine and a hash of its rules' source, so an edited rule is never taken as done."""
        return {"engine": self.name, "rules_version": _rules_version()}

    def spend_within(self, spending: Spending) -> None:
        """Nothing is spent."""

    def name_identity(self) -> dict[str, Any]:
        """As `identity`."""
        return self.identity()

    def judge_identity(self) -> dict[str, Any]:
        """As `identity`: the same rules read and judge."""
        return self.identity()

    def screen_identity(self) -> dict[str, Any]:
        """As `identity`."""
        return self.identity()

    def usage(self) -> Usage:
        """Nothing: rules cost no call."""
        return Usage()

    async def check(self) -> None:
        """Nothing can be missing."""

    async def screen(self, conversation: Conversation, facet: Facet) -> bool | None:
        """Raise ConfigError: rules answer no question that a user writes."""
        raise ConfigError(
            f"Got the screen {facet.name!r} for the offline engine, whose rules cannot answer a "
            "question of your own. Choose a language model, or leave the screen out."
        )

    async def summarise(
        self, conversation: Conversation, facets: Sequence[Facet]
    ) -> ConversationSummary:
        """Summarise one conversation. Raises ConversationError when no user message has text."""
        return summarise_by_rules(conversation)

    async def judge(self, conversation: Conversation, request: str | None) -> Judgement:
        """Judge one conversation against its request, without ratings."""
        return judge_by_rules(conversation, request)

    async def name_cluster(self, evidence: ClusterEvidence) -> ClusterName:
        """Name and describe one cluster; a parent where the evidence holds children."""
        evidence = as_said(evidence)
        support = measure_support(evidence)
        name = (
            parent_name(evidence, support) if evidence.children else choose_name(evidence, support)
        )
        return ClusterName(name, describe_cluster(name, evidence, support))

    async def aclose(self) -> None:
        """Nothing is held."""


@cache
def _rules_version() -> str:
    folder = files("kura_core.engines.rules")
    digest = hashlib.sha256()
    rooms = (folder, folder / "judging")
    sources = sorted(
        (item for room in rooms for item in room.iterdir() if item.name.endswith(".py")),
        key=lambda item: item.name,
    )
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
