"""What is missing in a run, found once all is judged and grouped, so that no page waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kura_core.run.context import RunContext
from kura_core.run.grouping import Grouping
from kura_core.run.reading import Reading
from kura_core.run.tables import typed_column
from kura_core.steps.gaps.causes import names_what_was_found
from kura_core.steps.gaps.find_gaps import FoundGap, find_gaps
from kura_core.types import Conversation, Judgement

if TYPE_CHECKING:
    import pandas as pd


def find_run_gaps(
    context: RunContext,
    reading: Reading,
    judgements: Sequence[Judgement | None] | None,
    grouping: Grouping,
) -> tuple[list[Judgement | None] | None, tuple[FoundGap, ...]]:
    """Settle what judges left open and find the gaps; nothing where nobody judged.

    Returns the judgements, aligned as they came, with what could be settled of their causes.
    """
    if judgements is None:
        return None, ()
    count = len(judgements)
    with context.step("gaps", count) as step:

        def tell(share: float) -> None:
            step.progress(round(share * count))
            context.check()

        found = find_gaps(_frame(reading, judgements, grouping), tell)
    rows = zip(*(found.causes[name] for name in found.causes), strict=True)
    settled = {row[0]: [value if isinstance(value, str) else None for value in row] for row in rows}
    return [_settled(one, settled) for one in judgements], found.gaps


def _settled(judgement: Judgement | None, settled: dict[str, list[Any]]) -> Judgement | None:
    if judgement is None:
        return None
    _, cause, kind, missing = settled[judgement.conversation_id]
    if (judgement.cause, judgement.gap_kind, judgement.missing) == (cause, kind, missing):
        return judgement
    return replace(judgement, cause=cause, gap_kind=kind, missing=missing)


def _frame(
    reading: Reading, judgements: Sequence[Judgement | None], grouping: Grouping
) -> pd.DataFrame:
    import pandas as pd

    conversations, summaries = reading.conversations, reading.summaries
    ids = [conversation.conversation_id for conversation in conversations]
    columns: dict[str, Any] = {"conversation_id": ids}
    for name in ("request", "summary", "topic", "language"):
        columns[name] = [getattr(summary, name) or None for summary in summaries]
    columns["cluster_id"] = [grouping.leaf_of[i] for i in ids]
    for name in ("outcome", "cause", "gap_kind", "missing"):
        columns[name] = [getattr(one, name) or None if one else None for one in judgements]
    texts = pd.DataFrame({name: pd.Series(said, dtype="str") for name, said in columns.items()})
    return texts.assign(**_retrieval(conversations))


def _retrieval(conversations: Sequence[Conversation]) -> dict[str, pd.Series]:
    """The metadata that may say what was found, each column of the type that the tables give it."""
    names = sorted({name for c in conversations for name in c.metadata})
    return {
        f"meta_{name}": typed_column([c.metadata.get(name) for c in conversations]).to_pandas()
        for name in names
        if names_what_was_found(name)
    }
