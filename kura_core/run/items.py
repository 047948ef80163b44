"""How the records of a run look as the JSON of a checkpoint line, and back."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from kura_core.types import (
    Cluster,
    ClusterEvidence,
    ClusterName,
    Conversation,
    ConversationSummary,
    Judgement,
    Message,
)

_SUMMARY_FIELDS = tuple(field.name for field in fields(ConversationSummary))
_JUDGEMENT_FIELDS = tuple(field.name for field in fields(Judgement))


def conversation_item(conversation: Conversation) -> dict[str, Any]:
    """Return a conversation as plain JSON, times in ISO 8601."""
    return {
        "conversation_id": conversation.conversation_id,
        "messages": [
            {"role": m.role, "content": m.content, "created_at": _iso(m.created_at)}
            for m in conversation.messages
        ],
        "created_at": _iso(conversation.created_at),
        "user_id": conversation.user_id,
        "metadata": conversation.metadata,
        "truncated": conversation.truncated,
    }


def conversation_of(item: dict[str, Any]) -> Conversation:
    """Rebuild a conversation from its JSON."""
    messages = [
        Message(m["role"], m["content"], _moment(m["created_at"])) for m in item["messages"]
    ]
    return Conversation(
        conversation_id=item["conversation_id"],
        messages=messages,
        created_at=_moment(item["created_at"]),
        user_id=item["user_id"],
        metadata=item["metadata"],
        truncated=item["truncated"],
    )


def summary_item(summary: ConversationSummary) -> dict[str, Any]:
    """Return a summary as plain JSON."""
    return {name: getattr(summary, name) for name in _SUMMARY_FIELDS}


def summary_of(item: dict[str, Any]) -> ConversationSummary:
    """Rebuild a summary from its JSON."""
    return ConversationSummary(**item)


def screen_item(answer: bool | None) -> dict[str, Any]:
    """Return the answer to a screen as plain JSON."""
    return {"answer": answer}


def screen_of(item: dict[str, Any]) -> bool | None:
    """Rebuild the answer to a screen from its JSON."""
    answer: bool | None = item["answer"]
    return answer


def judgement_item(judgement: Judgement) -> dict[str, Any]:
    """Return a judgement as plain JSON."""
    return {name: getattr(judgement, name) for name in _JUDGEMENT_FIELDS}


def judgement_of(item: dict[str, Any]) -> Judgement:
    """Rebuild a judgement from its JSON."""
    return Judgement(**{**item, "dissatisfaction": tuple(item["dissatisfaction"])})


def cluster_item(cluster: Cluster) -> dict[str, Any]:
    """Return a cluster as plain JSON."""
    return asdict(cluster)


def cluster_of(item: dict[str, Any]) -> Cluster:
    """Rebuild a cluster from its JSON."""
    evidence = item["evidence"]
    return Cluster(**{**item, "evidence": _evidence_of(evidence) if evidence else None})


def _evidence_of(item: dict[str, Any]) -> ClusterEvidence:
    return ClusterEvidence(
        members=[summary_of(member) for member in item["members"]],
        contrast=[summary_of(member) for member in item["contrast"]],
        keywords=[(term, weight) for term, weight in item["keywords"]],
        children=[ClusterName(**child) for child in item["children"]],
        size=item["size"],
        taken=item["taken"],
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
