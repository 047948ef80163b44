"""The text by which a summary's conversation is grouped with others."""

from __future__ import annotations

from dataclasses import replace

from kura_core.config import GROUPED_BY
from kura_core.types import ConversationSummary

SUMMARY = "summary"


def grouped_text(summary: ConversationSummary, cluster_by: str) -> str | None:
    """Return the text of a summary that is embedded and grouped; None where it has none.

    `cluster_by` is "summary" (which every conversation has), "request", "task", "topic", or the
    name of a facet that is answered in text.
    """
    if cluster_by == SUMMARY:
        return summary.embedded_text or summary.summary
    known = cluster_by in GROUPED_BY
    value = getattr(summary, cluster_by) if known else summary.facets.get(cluster_by)
    return (str(value).strip() or None) if value is not None else None


def text_to_embed(summary: ConversationSummary, cluster_by: str) -> str:
    """Return the text that stands for a summary among vectors: its own gist where it has no other.

    By that gist a conversation without an answer finds its place on the map.
    """
    return grouped_text(summary, cluster_by) or grouped_text(summary, SUMMARY) or ""


def as_grouped(summary: ConversationSummary, cluster_by: str) -> ConversationSummary:
    """Return a summary as names are to see it: the text it is grouped by in place of all others."""
    if cluster_by == SUMMARY:
        return summary
    return replace(
        summary,
        summary=grouped_text(summary, cluster_by) or "",
        request=None,
        task=None,
        topic=None,
        embedded_text=None,
    )
