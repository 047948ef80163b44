"""How a metric's values are spread inside a cluster, beside all of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kura_core.explore.ranges import in_ranges, number_text
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.levels import Level
from kura_core.insights.metrics.by_cluster import Metric, find_metric, measured_values

if TYPE_CHECKING:
    import pandas as pd

MOST_BARS = 15
OTHERS = "other"


def distribution(
    joined: JoinedRun, column: str, level: Level = "cluster", cluster_id: str | None = None
) -> pd.DataFrame:
    """Count a column's values in a cluster (left out: the whole run), beside all of it.

    [label, count, share, all_share], in the order of the values. Numbers that take many values are
    counted in at most fifteen ranges, the same for every cluster, the outermost hundredths in the
    last; categories beyond the fourteen most frequent as "other". Facts about users count each user
    once. Raises InputError when the column cannot be a metric.
    """
    import pandas as pd

    metric = find_metric(joined, column)
    frame = measured_values(joined, metric, level)
    frame = frame[frame["value"].notna()]
    inside = frame if cluster_id is None else frame[frame["group"] == cluster_id]
    labels = _labels(frame["value"], metric)
    if metric.per_user:
        frame, inside = (part.drop_duplicates("user_id") for part in (frame, inside))
    names = list(labels.cat.categories)
    counts = labels[inside.index].value_counts().reindex(names)
    everywhere = labels[frame.index].value_counts().reindex(names)
    return pd.DataFrame(
        {
            "label": names,
            "count": counts.astype("int64").to_numpy(),
            "share": (counts / max(1, len(inside))).to_numpy(dtype=float),
            "all_share": (everywhere / max(1, len(frame))).to_numpy(dtype=float),
        }
    )


def _labels(values: pd.Series, metric: Metric) -> pd.Series:
    """The bar each value is counted in, as a categorical with the bars in order."""
    import pandas as pd

    if metric.kind == "yes/no":
        words = values.astype("boolean").map({True: "yes", False: "no"}).astype("object")
        return words.astype(pd.CategoricalDtype(["yes", "no"]))
    if metric.kind == "category":
        names = list(metric.categories)
        if len(names) > MOST_BARS:
            names = [*names[: MOST_BARS - 1], OTHERS]
        words = values.astype("object").where(values.isin(names), OTHERS)
        return words.astype(pd.CategoricalDtype(names))
    numbers = values.astype("float64")
    distinct = sorted(numbers.unique())
    if len(distinct) <= MOST_BARS and metric.unit is None:
        names = [number_text(number) for number in distinct]
        by_number = dict(zip(distinct, names, strict=True))
        return numbers.map(by_number).astype(pd.CategoricalDtype(list(dict.fromkeys(names))))
    return in_ranges(numbers, MOST_BARS, percent=metric.is_share)
