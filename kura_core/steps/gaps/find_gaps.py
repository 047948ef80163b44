"""What is missing: each gap once, with who asks for it and whom it failed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kura_core.steps.gaps.causes import settle_by_peers, settle_by_retrieval
from kura_core.steps.gaps.demand import who_asks
from kura_core.steps.gaps.failures import FAILED, grouped_failures, usual
from kura_core.steps.gaps.readings import read_rows
from kura_core.types import Cause, GapKind

if TYPE_CHECKING:
    import pandas as pd

SETTLED = ("cause", "gap_kind", "missing")
# Wording is learned for so many gaps at most, the most frequent ones; who asks for a rarer one
# is told by its words alone.
_LEARNED = 24
# How far the work is once all is read, and once causes are settled.
_READ, _CAUSES = 0.3, 0.5


@dataclass(slots=True, frozen=True)
class FoundGap:
    """One missing thing, to index (inventory) or to build (capability).

    `asked_ids` are the conversations that ask for it, met or not, `failed_ids` those of them that
    were not achieved, or partly, because of it; both in order.
    """

    key: str
    name: str
    cause: Cause
    kind: GapKind | None
    asked_ids: tuple[str, ...]
    failed_ids: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class FoundGaps:
    """The gaps, most frequent first, and the causes with all that could be settled.

    `causes` has conversation_id, in order, with cause, gap_kind and missing.
    """

    gaps: tuple[FoundGap, ...]
    causes: pd.DataFrame


def find_gaps(
    conversations: pd.DataFrame, on_progress: Callable[[float], None] = lambda share: None
) -> FoundGaps:
    """Settle causes that transcripts left open and gather what is missing over all failures.

    `conversations` has conversation_id, request, summary, topic, cluster_id, outcome, cause,
    gap_kind and missing, where known language, and what retrieval found as meta_ columns. Causes
    are settled by retrieval, then by others who asked for the same. What asks for the same thing is
    one gap, however it is worded. `on_progress` is told the share that is done and may raise to
    stop. Deterministic, whatever the order of rows; near-linear in their number.
    """
    rows = conversations.sort_values("conversation_id", ignore_index=True)
    if not rows["outcome"].isin(FAILED).any():
        return FoundGaps((), rows[["conversation_id", *SETTLED]])
    readings = read_rows(rows, lambda share: on_progress(_READ * share))
    settled = settle_by_peers(settle_by_retrieval(rows), readings)
    ids = rows["conversation_id"].to_numpy()
    groups = grouped_failures(settled)
    gaps: list[FoundGap] = []
    taken: Counter[str] = Counter()
    for number, (group, failed) in enumerate(groups):
        on_progress(_CAUSES + (1 - _CAUSES) * number / len(groups))
        asked = who_asks(group, failed, readings, alike=number < _LEARNED)
        slug = _slug(group.name)
        taken[slug] += 1
        key = slug if taken[slug] == 1 else f"{slug}-{taken[slug]}"
        cause, kind = usual(settled.loc[failed, ["cause", "gap_kind"]])
        gaps.append(FoundGap(key, group.name, cause, kind, tuple(ids[asked]), tuple(ids[failed])))
    return FoundGaps(tuple(gaps), settled[["conversation_id", *SETTLED]])


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "gap"
