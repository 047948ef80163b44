"""A run's results: Parquet tables and the manifest, written whole, read by everything after."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from kura_core.config import Facet
from kura_core.errors import InputError
from kura_core.run.quadrants import quadrants
from kura_core.steps.gaps.find_gaps import FoundGap
from kura_core.types import Cluster, Conversation, ConversationSummary, Judgement

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SCHEMA_VERSION = 1
MANIFEST = "manifest.json"
TABLES = ("conversations", "clusters", "excluded", "gaps", "messages")
ROW_GROUP = 20_000
# What a judge says of a conversation; `quadrant` follows from it and from explicit feedback.
JUDGED = (
    "outcome",
    "outcome_message",
    "outcome_quote",
    "failure_score",
    "dissatisfaction",
    "dissatisfaction_message",
    "dissatisfaction_quote",
    "cause",
    "gap_kind",
    "missing",
)

MessageRow = tuple[str, int, str, str, datetime | None]


@dataclass(slots=True, frozen=True)
class ExcludedRow:
    """A row of the input that is in no cluster: failed, filtered or rejected, and why."""

    conversation_id: str | None
    source_row: int | None
    kind: str
    stage: str
    reason: str


@dataclass(slots=True, frozen=True)
class RunTables:
    """The tables of a finished run as data frames, columns as in the tables' files.

    `gaps` has a row for every conversation that asks for a missing thing, by gap; it is empty for
    a run made before gaps were found.
    """

    conversations: pd.DataFrame
    clusters: pd.DataFrame
    excluded: pd.DataFrame
    gaps: pd.DataFrame


def write_tables(
    folder: Path,
    conversations: Sequence[Conversation],
    summaries: Sequence[ConversationSummary],
    leaf_of: Mapping[str, str],
    points: Mapping[str, tuple[float, float]],
    clusters: Sequence[Cluster],
    excluded: Sequence[ExcludedRow],
    facets: Sequence[Facet] = (),
    *,
    judgements: Sequence[Judgement | None] | None = None,
    gaps: Sequence[FoundGap] = (),
    negative: Mapping[str, bool] | None = None,
    on_table: Callable[[int], None] = lambda done: None,
) -> None:
    """Write `tables/` under `folder`, replacing an earlier one only when all files are complete.

    `conversations`, `summaries` and `judgements` are aligned and in order of id; None among the
    judgements is a conversation that could not be judged, None in their place a run without a
    judge. `facets` are the questions that the summaries hold answers to. `leaf_of` and `points` map
    a conversation id to its leaf and its place on the map, `negative` to whether its explicit
    feedback was; `gaps` are the missing things. The same input gives the same bytes. `on_table` is
    told, again and again, how many tables are finished, and may raise to stop.
    """
    import pyarrow.parquet as pq

    fresh = folder / "tables.part"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)

    made = (
        lambda: _conversations(
            conversations,
            summaries,
            leaf_of,
            points,
            facets,
            _judged(conversations, judgements, negative),
        ),
        lambda: _clusters(clusters, conversations),
        lambda: _excluded(excluded),
        lambda: gaps_table(gaps),
    )
    for done, (name, make) in enumerate(zip(TABLES, made, strict=False)):
        on_table(done)
        path = fresh / f"{name}.parquet"
        pq.write_table(make(), path, compression="zstd", row_group_size=ROW_GROUP)
    # By far the largest table is never held whole.
    schema = _messages([]).schema
    rows = _message_rows(conversations)
    with pq.ParquetWriter(fresh / "messages.parquet", schema, compression="zstd") as writer:
        while batch := list(islice(rows, ROW_GROUP)):
            on_table(len(made))
            writer.write_table(_messages(batch), row_group_size=ROW_GROUP)
    on_table(len(TABLES))
    shutil.rmtree(folder / "tables", ignore_errors=True)
    os.replace(fresh, folder / "tables")


def read_tables(folder: Path) -> RunTables:
    """Read a finished run's tables. Raises InputError when the folder holds no finished run."""
    import pandas as pd

    tables = folder / "tables"
    try:
        names = ("conversations", "clusters", "excluded")
        conversations, clusters, excluded = (
            pd.read_parquet(tables / f"{name}.parquet") for name in names
        )
    except FileNotFoundError as error:
        raise InputError(
            f"Got a folder without results ({folder.name}); needed is a finished run. Start the "
            "run again, or open another one."
        ) from error
    path = tables / "gaps.parquet"
    gaps = pd.read_parquet(path) if path.exists() else gaps_table(()).to_pandas()
    return RunTables(conversations, clusters, excluded, gaps)


def gaps_table(gaps: Sequence[FoundGap]) -> pa.Table:
    """A row for every gap and conversation that asks for it: `failed` says whom it failed."""
    import pyarrow as pa

    rows = sorted(
        (gap.key, asked, gap.name, gap.cause, gap.kind, asked in failed)
        for gap, failed in ((gap, frozenset(gap.failed_ids)) for gap in gaps)
        for asked in gap.asked_ids
    )
    return pa.table(
        {
            "gap": pa.array([row[0] for row in rows], pa.string()),
            "name": pa.array([row[2] for row in rows], pa.string()),
            "cause": pa.array([row[3] for row in rows], pa.string()),
            "gap_kind": pa.array([row[4] for row in rows], pa.string()),
            "conversation_id": pa.array([row[1] for row in rows], pa.string()),
            "failed": pa.array([row[5] for row in rows], pa.bool_()),
        }
    )


def read_messages(folder: Path, conversation_id: str) -> pd.DataFrame:
    """Read one conversation's (redacted) messages in order; empty when there is none of that id."""
    import pandas as pd

    messages = pd.read_parquet(
        folder / "tables" / "messages.parquet",
        filters=[("conversation_id", "==", conversation_id)],
    )
    return messages.sort_values("message_index", ignore_index=True)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a run's manifest; an empty one when there is none or it cannot be read."""
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / (MANIFEST + ".part")
    partial.write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2, default=str))
    os.replace(partial, folder / MANIFEST)


def _conversations(
    conversations: Sequence[Conversation],
    summaries: Sequence[ConversationSummary],
    leaf_of: Mapping[str, str],
    points: Mapping[str, tuple[float, float]],
    facets: Sequence[Facet],
    judged: Mapping[str, pa.Array],
) -> pa.Table:
    import pyarrow as pa

    ids = [c.conversation_id for c in conversations]
    moment = pa.timestamp("us", tz="UTC")
    columns: dict[str, pa.Array] = {
        "conversation_id": pa.array(ids, pa.string()),
        "user_id": pa.array([c.user_id for c in conversations], pa.string()),
        "created_at": pa.array([c.created_at for c in conversations], moment),
        "turns": pa.array([len(c.messages) for c in conversations], pa.int32()),
    }
    for name, kind in (
        ("summary", pa.string()),
        ("request", pa.string()),
        ("task", pa.string()),
        ("topic", pa.string()),
        ("language", pa.string()),
        ("frustration", pa.int32()),
        ("concern", pa.int32()),
        ("truncated", pa.bool_()),
    ):
        columns[name] = pa.array([_value(getattr(s, name)) for s in summaries], kind)
    columns["cluster_id"] = pa.array([leaf_of[i] for i in ids], pa.string())
    columns["x"] = pa.array([points[i][0] for i in ids], pa.float64())
    columns["y"] = pa.array([points[i][1] for i in ids], pa.float64())
    columns |= judged
    for facet in facets:
        if facet.column not in columns:
            columns[facet.column] = _answers(facet, [s.facets.get(facet.name) for s in summaries])
    for name in sorted({key for c in conversations for key in c.metadata}):
        columns[f"meta_{name}"] = typed_column([c.metadata.get(name) for c in conversations])
    return pa.table(columns)


def _answers(facet: Facet, values: Sequence[Any]) -> pa.Array:
    """A facet's column: its type is the question's, also where no answer is known."""
    import pyarrow as pa

    kinds = {"number": pa.float64(), "yes/no": pa.bool_(), "list": pa.list_(pa.string())}
    return pa.array([_value(value) for value in values], kinds.get(facet.type, pa.string()))


def _judged(
    conversations: Sequence[Conversation],
    judgements: Sequence[Judgement | None] | None,
    negative: Mapping[str, bool] | None,
) -> dict[str, pa.Array]:
    """The columns of what a judge said, all null where nobody judged."""
    import pandas as pd
    import pyarrow as pa

    found = judgements if judgements is not None else [None] * len(conversations)
    values: dict[str, list[Any]] = {
        name: [_value(getattr(one, name)) if one is not None else None for one in found]
        for name in JUDGED
    }
    kinds = {
        "outcome_message": pa.int32(),
        "failure_score": pa.float64(),
        "dissatisfaction": pa.list_(pa.string()),
        "dissatisfaction_message": pa.int32(),
    }
    columns = {name: pa.array(values[name], kinds.get(name, pa.string())) for name in JUDGED}
    said = None
    if negative is not None:
        said = pd.Series([negative.get(c.conversation_id) for c in conversations], dtype="boolean")
    sorted_into = quadrants(
        pd.Series(values["outcome"], dtype="string"),
        pd.Series(values["dissatisfaction"], dtype=object),
        said,
    )
    columns["quadrant"] = pa.array(sorted_into, pa.string(), from_pandas=True)
    return columns


def _clusters(clusters: Sequence[Cluster], conversations: Sequence[Conversation]) -> pa.Table:
    import pyarrow as pa

    user_of = {c.conversation_id: c.user_id for c in conversations}
    users_known = any(user is not None for user in user_of.values())
    ordered = sorted(clusters, key=lambda cluster: cluster.cluster_id)
    users = [
        len({user_of[i] for i in c.conversation_ids} - {None}) if users_known else None
        for c in ordered
    ]
    nothing = [None] * len(ordered)
    return pa.table(
        {
            "cluster_id": pa.array([c.cluster_id for c in ordered], pa.string()),
            "parent_id": pa.array([c.parent_id for c in ordered], pa.string()),
            "level": pa.array([c.level for c in ordered], pa.int32()),
            "name": pa.array([_value(c.name) for c in ordered], pa.string()),
            "description": pa.array([_value(c.description) for c in ordered], pa.string()),
            "conversations": pa.array([len(c.conversation_ids) for c in ordered], pa.int32()),
            "users": pa.array(users, pa.int32()),
            "x": pa.array([c.x for c in ordered], pa.float64()),
            "y": pa.array([c.y for c in ordered], pa.float64()),
            "is_other": pa.array([c.is_other for c in ordered], pa.bool_()),
            "stability": pa.array(nothing, pa.float64()),
            "separation": pa.array(nothing, pa.float64()),
        }
    )


def _excluded(rows: Sequence[ExcludedRow]) -> pa.Table:
    import pyarrow as pa

    ordered = sorted(
        rows, key=lambda row: (row.conversation_id or "", row.source_row or 0, row.reason)
    )
    return pa.table(
        {
            "conversation_id": pa.array([r.conversation_id for r in ordered], pa.string()),
            "source_row": pa.array([r.source_row for r in ordered], pa.int64()),
            "kind": pa.array([r.kind for r in ordered], pa.string()),
            "stage": pa.array([r.stage for r in ordered], pa.string()),
            "reason": pa.array([r.reason for r in ordered], pa.string()),
        }
    )


def _message_rows(conversations: Sequence[Conversation]) -> Iterator[MessageRow]:
    for conversation in conversations:
        for position, message in enumerate(conversation.messages):
            yield (
                conversation.conversation_id,
                position,
                message.role,
                message.content,
                message.created_at,
            )


def _messages(rows: Sequence[MessageRow]) -> pa.Table:
    import pyarrow as pa

    names = ("conversation_id", "message_index", "role", "content", "created_at")
    kinds = (pa.string(), pa.int32(), pa.string(), pa.string(), pa.timestamp("us", tz="UTC"))
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pa.table(
        {
            name: pa.array(column, kind)
            for name, kind, column in zip(names, kinds, columns, strict=True)
        }
    )


def typed_column(values: Sequence[Any]) -> pa.Array:
    """Keep a column's own type where all its values share one, else make it text."""
    import pyarrow as pa

    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and all(abs(value) < 2**63 for value in values if value is not None):
        return pa.array(values, pa.int64())
    if float in kinds and kinds <= {int, float}:
        return pa.array([None if v is None else float(v) for v in values], pa.float64())
    if kinds == {list}:
        lists = [None if v is None else [str(item) for item in v] for v in values]
        return pa.array(lists, pa.list_(pa.string()))
    return pa.array([_value(None if v is None else str(v)) for v in values], pa.string())


def _value(value: Any) -> Any:
    return None if value == "" else value
