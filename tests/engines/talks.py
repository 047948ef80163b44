"""Small conversations and evidence for tests of the engines."""

from __future__ import annotations

from kura_core.types import ClusterEvidence, Conversation, ConversationSummary, Message


def talk(*texts: str, conversation_id: str = "c1") -> Conversation:
    """A conversation whose messages take turns, the user first."""
    roles = ("user", "assistant")
    messages = [Message(roles[place % 2], text) for place, text in enumerate(texts)]
    return Conversation(conversation_id, messages)


def talks(count: int) -> list[Conversation]:
    """Conversations that differ in one number."""
    return [
        talk(f"Where is invoice {i:03d} of March?", "Under billing.", conversation_id=f"c{i:03d}")
        for i in range(count)
    ]


def gists(what: str, count: int) -> list[ConversationSummary]:
    """Summaries that differ in one number."""
    return [
        ConversationSummary(f"{what}{i}", f"Asks about {what} number {i}.") for i in range(count)
    ]


def evidence(**changes: object) -> ClusterEvidence:
    """Evidence for a cluster about refunds, near one about parcels."""
    given: dict[str, object] = {
        "members": gists("refund", 30),
        "contrast": gists("parcel", 3),
        "keywords": [("refund", 2.0), ("money back", 1.0)],
        "size": 1234,
    }
    return ClusterEvidence(**{**given, **changes})
