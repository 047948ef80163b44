"""The records that travel through the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Role = Literal["user", "assistant", "system", "tool"]
Outcome = Literal["achieved", "partly", "not achieved", "cannot tell"]
Dissatisfaction = Literal["rephrased", "corrected", "asked again", "gave up", "unknown"]
Cause = Literal[
    "inventory gap",
    "capability gap",
    "answer quality",
    "policy refusal",
    "user input",
    "undetermined",
]
GapKind = Literal[
    "not indexed",
    "metadata incomplete",
    "search context missing",
    "action",
    "external system",
    "workflow",
]


@dataclass(slots=True)
class Message:
    """One turn of a conversation. `created_at` is timezone-aware UTC or None."""

    role: Role
    content: str
    created_at: datetime | None = None


@dataclass(slots=True)
class Conversation:
    """One conversation in normal form; `metadata` never reaches an engine or an embedding."""

    conversation_id: str
    messages: list[Message]
    created_at: datetime | None = None
    user_id: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    truncated: bool = False

    @classmethod
    def from_hf_dataset(cls, name: str, split: str | None = None) -> list[Conversation]:
        """Load a Hugging Face data set, or a local folder of one (see `kura_core.load`)."""
        from kura_core.load.huggingface import load_dataset_conversations

        return load_dataset_conversations(name, split)


@dataclass(slots=True)
class ConversationSummary:
    """What an engine extracted from one conversation.

    `summary` is the gist, and the text that is embedded and clustered unless `embedded_text` is
    set (offline: all that the user said, which tells topics apart better). `frustration` and
    `concern` are 1–5, `language` is an ISO 639-1 code. None means unknown, never "".
    """

    conversation_id: str
    summary: str
    request: str | None = None
    task: str | None = None
    topic: str | None = None
    language: str | None = None
    frustration: int | None = None
    concern: int | None = None
    truncated: bool = False
    embedded_text: str | None = None
    facets: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Judgement:
    """Whether one user got what was asked for, and why not, from the transcript alone.

    `outcome` is of the whole conversation, `outcome_message` the index of the assistant message it
    rests on and `outcome_quote` the words. `failure_score` (0–1) orders conversations by how likely
    the request was not met, also where the outcome is `cannot tell`; None where nothing speaks
    either way. `dissatisfaction` is what the user voiced: () none, ("unknown",) with fewer than two
    user messages; message and quote are of its strongest sign. `cause` is set where the outcome is
    `partly` or `not achieved`; `gap_kind` and `missing` (what to build or to index, a short noun or
    verb phrase: "signed contracts", "send e-mail") for the two gaps.
    """

    conversation_id: str
    outcome: Outcome
    outcome_message: int | None = None
    outcome_quote: str | None = None
    failure_score: float | None = None
    dissatisfaction: tuple[Dissatisfaction, ...] = ()
    dissatisfaction_message: int | None = None
    dissatisfaction_quote: str | None = None
    cause: Cause | None = None
    gap_kind: GapKind | None = None
    missing: str | None = None


@dataclass(slots=True, frozen=True)
class ClusterName:
    """A name of at most eight words and a description of one or two sentences."""

    name: str
    description: str


@dataclass(slots=True, frozen=True)
class ClusterEvidence:
    """What a name is made from; bounded, whatever the size of the cluster.

    `members` come nearest the centroid first; `contrast` are the nearest conversations outside the
    cluster; `keywords` are (term, weight) by class-based TF-IDF against the sibling clusters,
    strongest first; `children` are the names below, for a meta cluster; `taken` are names that
    siblings already have and that the answer must not repeat or nearly repeat. `closeness` says of
    names that the rules propose how much closer each comes to the cluster than to its nearest
    sibling; it is empty where nothing was compared.
    """

    members: Sequence[ConversationSummary]
    contrast: Sequence[ConversationSummary] = ()
    keywords: Sequence[tuple[str, float]] = ()
    children: Sequence[ClusterName] = ()
    size: int = 0
    taken: Sequence[str] = ()
    closeness: Mapping[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Cluster:
    """A node of the tree. Leaves hold their conversations, parents the union of their children's.

    `cluster_id` is ten hex digits of a hash of the sorted member ids at birth; `level` is 0 at the
    top; `centroid` is the unit mean of the members' vectors; `evidence` is what the name was made
    from; `x` and `y` are set once the map is made.
    """

    cluster_id: str
    name: str
    description: str
    conversation_ids: list[str]
    parent_id: str | None = None
    level: int = 0
    is_other: bool = False
    centroid: list[float] | None = None
    evidence: ClusterEvidence | None = None
    x: float | None = None
    y: float | None = None


@dataclass(slots=True)
class Usage:
    """What an engine has spent so far: calls and tokens, and dollars (None: price unknown).

    `sent` counts every request that left, `retried` those that were sent again for the same
    answer, `cached` answers that needed none.
    """

    sent: int = 0
    cached: int = 0
    retried: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0

    def plus(self, other: Usage) -> Usage:
        """Add what another has spent; a price that is unknown stays so."""
        costs = (self.cost_usd, other.cost_usd)
        return Usage(
            self.sent + other.sent,
            self.cached + other.cached,
            self.retried + other.retried,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            None if None in costs else sum(cost or 0.0 for cost in costs),
        )
