"""What goes to a checkpoint line comes back the same."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson

from kura_core.run.items import (
    cluster_item,
    cluster_of,
    conversation_item,
    conversation_of,
    judgement_item,
    judgement_of,
    summary_item,
    summary_of,
)
from kura_core.types import (
    Cluster,
    ClusterEvidence,
    ClusterName,
    Conversation,
    ConversationSummary,
    Judgement,
    Message,
)

MOMENT = datetime(2026, 1, 31, 9, 0, 0, 123456, tzinfo=UTC)
SUMMARY = ConversationSummary("c1", "Find contracts", request="where?", facets={"tags": ["x"]})


def through_json(item: dict[str, object]) -> dict[str, object]:
    loaded: dict[str, object] = orjson.loads(orjson.dumps(item))
    return loaded


def test_a_conversation_comes_back() -> None:
    conversation = Conversation(
        "c1",
        [Message("user", "hi\n", MOMENT), Message("tool", "")],
        None,
        "u1",
        {"plan": "team", "n": 1.5},
        truncated=True,
    )
    assert conversation_of(through_json(conversation_item(conversation))) == conversation
    conversation.created_at = MOMENT
    assert conversation_of(through_json(conversation_item(conversation))) == conversation


def test_a_summary_comes_back() -> None:
    assert summary_of(through_json(summary_item(SUMMARY))) == SUMMARY


def test_a_judgement_comes_back() -> None:
    judgement = Judgement(
        "c1", "partly", 1, "It is not there.", 0.75, ("rephrased", "gave up"), 2, "Hello?",
        "inventory gap", "not indexed", "signed contracts",
    )  # fmt: skip
    assert judgement_of(through_json(judgement_item(judgement))) == judgement
    bare = Judgement("c1", "cannot tell")
    assert judgement_of(through_json(judgement_item(bare))) == bare


def test_a_cluster_comes_back_with_its_evidence() -> None:
    evidence = ClusterEvidence(
        members=[SUMMARY],
        contrast=[SUMMARY],
        keywords=[("contract", 0.25)],
        children=[ClusterName("A", "b")],
        size=3,
        taken=["Other"],
    )
    cluster = Cluster(
        "0123456789", "Name", "Text", ["c1"], "abc", 1, True, [0.5], evidence, 1.0, 2.0
    )
    assert cluster_of(through_json(cluster_item(cluster))) == cluster
    bare = Cluster("0123456789", "Name", "Text", ["c1"])
    assert cluster_of(through_json(cluster_item(bare))) == bare
