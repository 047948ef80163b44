"""Any column as a metric of the clusters: a chart, the numbers, and the spread inside one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.levels import Level
from kura_core.insights.metrics.by_cluster import Metric, metric_by_cluster, metric_columns
from kura_core.insights.metrics.charts import (
    MOST_ROWS,
    distribution_chart,
    interval_text,
    metric_chart,
    value_text,
)
from kura_core.insights.metrics.distributions import distribution
from kura_core.run.side.tables import side_stamp
from pages.panels.download import offer_csv
from pages.panels.runs import Shown
from pages.panels.text import counted, distinct, escape

if TYPE_CHECKING:
    import pandas as pd

SOURCES = {
    "feedback_": "feedback",
    "user_": "users",
    "facet_": "asked of every conversation",
    "meta_": "in your data",
}
LEVELS: dict[Level, str] = {"theme": "Themes", "cluster": "Base clusters"}


def draw_metrics(shown: Shown, joined: JoinedRun) -> None:
    """Choose a column and see it for every cluster, lowest first."""
    metrics = _columns(str(shown.directory), shown.changed, side_stamp(shown.directory), joined)
    if not metrics:
        st.text(
            "This run has nothing to measure yet. Add ratings or facts about users under “Your "
            "data”, or load conversations with more columns."
        )
        return
    metric, level, category = _choose(metrics)
    measured = _measure(
        str(shown.directory),
        shown.changed,
        side_stamp(shown.directory),
        metric.column,
        level,
        category,
        joined,
    )
    title = f"Share of “{category}”" if category else _title(metric)
    st.subheader(f"{escape(metric.label)} by {LEVELS[level].lower()}", anchor=False)
    _whole(measured, metric, title)
    st.altair_chart(
        metric_chart(measured, metric, dark=st.context.theme.type == "dark", title=title),
        width="stretch",
        theme="streamlit",
        alt=f"{title} for every cluster, with 95% intervals.",
    )
    _how_to_read(measured, metric)
    _table(measured, metric, title)
    _spread(joined, metric, level, measured)


def _choose(metrics: list[Metric]) -> tuple[Metric, Level, str | None]:
    by_column = {metric.column: metric for metric in metrics}
    labels = distinct({m.column: _label(m) for m in metrics})
    left, middle, right = st.columns([4, 3, 3], vertical_alignment="bottom")
    column = left.selectbox(
        "Metric",
        list(labels),
        format_func=lambda name: labels[name],
        key="metric-column",
        help="Every column of numbers, yes and no, or a few categories can be measured. Text and "
        "dates cannot.",
    )
    level: Level = middle.segmented_control(
        "For",
        list(LEVELS),
        default="theme",
        format_func=lambda name: LEVELS[name],
        key="metric-level",
        required=True,
        help="Themes are the top of the tree, base clusters its leaves.",
    )
    metric = by_column[column]
    category = None
    if metric.kind == "category":
        category = right.selectbox(
            "Share of", metric.categories, key=f"metric-category-{metric.column}"
        )
    return metric, level, category


def _label(metric: Metric) -> str:
    source = next((name for part, name in SOURCES.items() if metric.column.startswith(part)), "")
    return f"{metric.label} ({source})" if source else metric.label


def _title(metric: Metric) -> str:
    if metric.kind == "yes/no":
        return f"Share of yes in “{metric.label}”"
    unit = f", {metric.unit}" if metric.unit and not metric.is_share else ""
    return f"Mean of “{metric.label}”{unit}"


def _whole(measured: pd.DataFrame, metric: Metric, title: str) -> None:
    whole = measured.iloc[0]
    interval = interval_text(whole["low"], whole["high"], metric)
    unit = "user" if metric.per_user else "conversation"
    st.markdown(
        f"{escape(title)} over all of the run: **{escape(value_text(whole['value'], metric))}** "
        f"(95% interval {escape(interval)}; {counted(int(whole['n']), unit)} with a value)."
    )


def _how_to_read(measured: pd.DataFrame, metric: Metric) -> None:
    parts = ["Points are clusters, bars their 95% intervals, the dashed line all of the run."]
    if metric.per_user:
        parts.append("Each user counts once per cluster.")
    valued = int((measured["n"] > 0).sum()) - 1
    without = len(measured) - 1 - valued
    if valued > MOST_ROWS:
        parts.append(f"The {MOST_ROWS} clusters with the most values are drawn, of {valued:,}.")
    if without:
        parts.append(f"{counted(without, 'cluster')} without a value, only in the table.")
    st.caption(
        " ".join(parts),
        help="Where users come back, the interval takes users, not conversations, as witnesses: "
        "ten conversations of one user say less than ten users. A wide bar means: too few to tell.",
    )


def _table(measured: pd.DataFrame, metric: Metric, title: str) -> None:
    import pandas as pd

    unit = "Users with a value" if metric.per_user else "With a value"
    shown = pd.DataFrame(
        {
            "Cluster": measured["name"],
            title: [value_text(value, metric) for value in measured["value"]],
            "95% interval": [
                interval_text(low, high, metric)
                for low, high in zip(measured["low"], measured["high"], strict=True)
            ],
            unit: measured["n"],
            "Users": measured["users"],
            "Conversations": measured["conversations"],
        }
    )
    if metric.per_user:
        shown = shown.drop(columns="Users")
    height: int | Literal["content"] = "content" if len(shown) <= 15 else 420
    counts = (unit, "Users", "Conversations")
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height=height,
        column_config={
            "Cluster": st.column_config.TextColumn(pinned=True),
            **{name: st.column_config.NumberColumn(format="localized") for name in counts},
        },
        alt=f"{title} for every cluster, with 95% intervals.",
    )
    offer_csv(measured.drop(columns="theme_name"), f"kura-metric-{metric.column}.csv", "metric-csv")


def _spread(joined: JoinedRun, metric: Metric, level: Level, measured: pd.DataFrame) -> None:
    known = measured[(measured["n"] > 0) & measured["cluster_id"].notna()]
    if known.empty:
        return
    st.subheader("Inside a cluster", anchor=False)
    labels = distinct(
        {
            row["cluster_id"]: f"{row['name']} ({row['n']:,})"
            for row in known.sort_values("n", ascending=False).to_dict("records")
        }
    )
    cluster_id = st.selectbox(
        "Cluster",
        list(labels),
        format_func=lambda name: labels[name],
        key=f"metric-cluster-{level}",
    )
    spread = distribution(joined, metric.column, level, cluster_id)
    st.altair_chart(
        distribution_chart(spread, metric, dark=st.context.theme.type == "dark"),
        width="stretch",
        theme="streamlit",
        alt=f"How {metric.label} is spread in the chosen cluster.",
    )
    unit = "users" if metric.per_user else "conversations"
    st.caption(f"Bars: shares of the cluster's {unit} with a value. Upright marks: all of the run.")


@st.cache_resource(max_entries=8, show_spinner=False)
def _columns(directory: str, changed: int, stamp: str, _joined: JoinedRun) -> list[Metric]:
    return metric_columns(_joined)


@st.cache_resource(max_entries=32, show_spinner=False)
def _measure(
    directory: str,
    changed: int,
    stamp: str,
    column: str,
    level: Level,
    category: str | None,
    _joined: JoinedRun,
) -> pd.DataFrame:
    return metric_by_cluster(_joined, column, level, category)
