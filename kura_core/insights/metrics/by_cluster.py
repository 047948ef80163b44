"""Any column as a metric of the clusters: its mean or rate, with an interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from kura_core.errors import InputError
from kura_core.explore.stats import mean_by, share_by
from kura_core.insights.join_run import joined_name
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.levels import Level, at_level
from kura_core.run.side.columns import SHARE, SideColumn
from kura_core.run.side.rows import PREFIXES, typed_cells
from kura_core.run.side.tables import SideTable

if TYPE_CHECKING:
    import pandas as pd

ALL = "All conversations"
MetricKind = Literal["number", "yes/no", "category"]
_OWN = {
    "frustration": "Frustration (1–5)",
    "turns": "Messages in a conversation",
    "concern": "Concern (1–5)",
    "language": "Language",
}
_GIVEN = ("facet_", "meta_")
_NO_METRIC = {
    "text": "it holds text",
    "date": "it holds dates",
}


@dataclass(slots=True, frozen=True)
class Metric:
    """A column of `JoinedRun.conversations` that can be measured per cluster.

    `unit` is "share" (0.3 is 30 %), a currency or None; `per_user` ones are facts about users and
    count once per user and cluster. `categories` are a category's values, the most frequent first.
    """

    column: str
    label: str
    kind: MetricKind
    unit: str | None = None
    per_user: bool = False
    categories: tuple[str, ...] = ()

    @property
    def is_share(self) -> bool:
        """Whether it is measured in shares, from 0 to 1."""
        return self.kind != "number" or self.unit == SHARE


def metric_columns(joined: JoinedRun) -> list[Metric]:
    """The columns that can be a metric: feedback first, then users, facets, metadata, our own."""
    found = []
    for column, about, values in _described(joined):
        if about.kind not in _NO_METRIC and values.notna().any():
            found.append(_metric(column, about, values))
    return found


def find_metric(joined: JoinedRun, column: str) -> Metric:
    """One column as a metric. Raises InputError, saying why, when it cannot be one."""
    for name, about, values in _described(joined, only=column):
        has_values = bool(values.notna().any())
        if has_values and about.kind not in _NO_METRIC:
            return _metric(name, about, values)
        why = _NO_METRIC[about.kind] if has_values else "it has no value in this run"
        # A note says why numbers were kept as text.
        why = "; ".join([why, *(about.notes if about.kind == "text" else ())])
        raise InputError(
            f"The column “{about.name}” cannot be a metric: {why}. "
            "Choose a column of numbers, of yes and no, or of a few categories."
        )
    raise InputError(f"This run has no column “{column}” to measure; choose another.")


def metric_by_cluster(
    joined: JoinedRun, column: str, level: Level = "cluster", category: str | None = None
) -> pd.DataFrame:
    """Measure a column in every cluster of a level, in the tree's order, all of the run first.

    [cluster_id (null for all of the run), name, theme_name, conversations, n, users, value, low,
    high]: of numbers the mean, of yes/no the rate of yes, of a category the rate of `category`
    (left out: the most frequent). `n` are the conversations (for facts about users: the users) with
    a value; value and interval are NaN where there is none. Intervals are 95 %, as in `stats`.
    Raises InputError when the column cannot be a metric.
    """
    import pandas as pd

    metric = find_metric(joined, column)
    frame = measured_values(joined, metric, level)
    wanted = category if category is not None else next(iter(metric.categories), None)
    parts = []
    for group in ("whole", "group"):
        known = frame[frame["value"].notna() & frame[group].notna()]
        known = known.drop_duplicates([group, "user_id"]) if metric.per_user else known
        if metric.kind == "number":
            found = _possible(mean_by(known, group, "value"), known["value"])
        else:
            hit = known["value"] == (True if metric.kind == "yes/no" else wanted)
            found = share_by(known.assign(hit=hit.astype(bool)), group, "hit")
        parts.append(found.rename(columns={group: "cluster_id"}))
    measured = pd.concat(parts).set_index("cluster_id")[["n", "users", "value", "low", "high"]]
    groups = _groups(frame)
    result = groups.join(measured, on="cluster_id")
    counts = result[["n", "users"]].fillna(0).astype("int64")
    result["cluster_id"] = result["cluster_id"].where(result["cluster_id"] != ALL, None)
    order = {row.cluster_id: place for place, row in enumerate(joined.rows)}
    places = result["cluster_id"].map(order).fillna(-1)
    return result.assign(n=counts["n"], users=counts["users"]).iloc[places.argsort(kind="stable")]


def _possible(found: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Keep intervals among the values seen: of few, Student's reaches what cannot be."""
    low, high = float(values.min()), float(values.max())
    return found.assign(low=found["low"].clip(low, high), high=found["high"].clip(low, high))


def measured_values(joined: JoinedRun, metric: Metric, level: Level) -> pd.DataFrame:
    """[cluster_id, group, group_name, theme_name, user_id, whole, value] of every conversation."""
    frame = at_level(joined, level)
    ((_, _, values),) = _described(joined, only=metric.column)
    names = ["group", "group_name", "theme_name", "user_id"]
    return frame[names].assign(whole=ALL, value=values)


def _described(
    joined: JoinedRun, only: str | None = None
) -> Iterator[tuple[str, SideColumn, pd.Series]]:
    """The columns that may be metrics (or one of them), what they hold, and their typed values."""
    frame = joined.conversations
    wanted = list(frame.columns) if only is None else [only]
    for kind, table in joined.side.items():
        for column in table.columns:
            name = joined_name("feedback" if kind == "feedback" else "users", column.name)
            if name in wanted:
                yield name, _as_joined(column, frame[name], table), frame[name]
    for name in wanted:
        if name in frame and (name in _OWN or name.startswith(_GIVEN)):
            values, column = typed_cells(frame[name], name.removeprefix("facet_"))
            yield name, column, values


def _as_joined(column: SideColumn, values: pd.Series, table: SideTable) -> SideColumn:
    """Where several rows of a conversation became their mean, yes and no became a share."""
    is_mean = column.kind == "yes/no" and str(values.dtype) == "float64" and table.many == "mean"
    return replace(column, kind="number", unit=SHARE) if is_mean else column


def _metric(name: str, about: SideColumn, values: pd.Series) -> Metric:
    words = about.name.replace("_", " ").strip()
    found = Metric(
        name,
        _OWN.get(name, words[:1].upper() + words[1:]),
        "number",
        about.unit,
        name.startswith(PREFIXES["users"]),
    )
    if about.kind == "yes/no":
        return replace(found, kind="yes/no")
    if about.kind != "category":
        return found
    counts = values.value_counts().items()
    listed = sorted(((-int(count), str(value)) for value, count in counts))
    return replace(found, kind="category", categories=tuple(value for _, value in listed))


def _groups(frame: pd.DataFrame) -> pd.DataFrame:
    """A row a group with how many conversations it has; all of the run in front."""
    import pandas as pd

    about = frame[frame["group"].notna()].groupby("group", sort=True)
    groups = about.agg(
        name=("group_name", "first"),
        theme_name=("theme_name", "first"),
        conversations=("group", "size"),
    )
    groups = groups.reset_index(names="cluster_id")
    whole = {"cluster_id": ALL, "name": ALL, "theme_name": None, "conversations": len(frame)}
    return pd.concat([pd.DataFrame([whole]), groups], ignore_index=True)
