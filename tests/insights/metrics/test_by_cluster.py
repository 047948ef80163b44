"""Columns as metrics of clusters: means, rates, users counted once, spread."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kura_core.errors import InputError
from kura_core.explore.stats import share
from kura_core.insights.join_run import join_run
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.metrics.by_cluster import (
    ALL,
    find_metric,
    metric_by_cluster,
    metric_columns,
)
from kura_core.insights.metrics.distributions import MOST_BARS, OTHERS, distribution
from kura_core.run.side.reading import read_side_table
from kura_core.run.side.tables import attach, known_ids
from kura_core.run.tables import read_tables
from tests.finished_runs import write_finished_run

USERS = "user_id,plan,revenue,growth_rate,mixed_rate,signed_up,notes\n" + "".join(
    f'u{n},{"pro" if n % 2 else "free"},"${n}00",{n} %,{0.5 if n else 30},2026-01-0{n % 9 + 1},'
    f"some words of note {n}\n"
    for n in range(17)
)
RATINGS = "conversation_id,thumbs_up\n" + "".join(
    f"c{n:03d},{int(n % 3 == 0)}\n" for n in range(24)
)


@pytest.fixture
def joined(tmp_path: Path) -> JoinedRun:
    folder = write_finished_run(tmp_path / "run")
    tables = read_tables(folder)
    for kind, content in (("feedback", RATINGS), ("users", USERS)):
        path = tmp_path / f"{kind}.csv"
        path.write_text(content, "utf-8")
        attach(folder, read_side_table(path, kind, known_ids(kind, tables)))  # type: ignore[arg-type]
    return join_run(folder, tables)


def row(measured: pd.DataFrame, name: str) -> pd.Series:
    return measured[measured["name"] == name].iloc[0]


def test_numbers_yes_no_and_categories_can_be_metrics_text_and_dates_not(
    joined: JoinedRun,
) -> None:
    kinds = {metric.column: metric.kind for metric in metric_columns(joined)}

    assert kinds["feedback_thumbs_up"] == "yes/no"
    assert kinds["user_plan"] == "category"
    assert kinds["user_revenue"] == kinds["user_growth_rate"] == kinds["frustration"] == "number"
    assert not {"user_signed_up", "user_notes", "user_mixed_rate", "concern", "summary"} & set(
        kinds
    )
    assert find_metric(joined, "user_revenue").unit == "$"
    assert find_metric(joined, "user_growth_rate").is_share


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("user_notes", "“notes” cannot be a metric: it holds text. Choose a column of numbers"),
        ("user_signed_up", "it holds dates"),
        ("user_mixed_rate", "percentages written in more than one way"),
        ("concern", "it has no value in this run"),
        ("summary", "no column “summary” to measure"),
        ("nope", "no column “nope”"),
    ],
)
def test_what_cannot_be_a_metric_is_refused_with_the_reason(
    joined: JoinedRun, column: str, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        metric_by_cluster(joined, column)


def test_a_yes_no_column_is_a_rate_of_those_that_have_it(joined: JoinedRun) -> None:
    measured = metric_by_cluster(joined, "feedback_thumbs_up", "theme")

    whole, code, mail = (row(measured, n) for n in (ALL, "Get help with code", "Send e-mail"))
    assert (whole["conversations"], whole["n"]) == (60, 24)
    assert pd.isna(whole["cluster_id"])
    assert code["value"] == pytest.approx(8 / 24)
    assert code["low"] < code["value"] < code["high"]
    assert mail["n"] == 0
    assert pd.isna(mail["value"])


def test_the_clusters_come_in_the_tree_s_order_after_all_of_the_run(joined: JoinedRun) -> None:
    measured = metric_by_cluster(joined, "frustration", "cluster")
    leaves = [r.cluster_id for r in joined.rows if not r.has_children]

    assert list(measured["cluster_id"])[1:] == leaves
    assert measured["name"].iloc[0] == ALL


def test_no_interval_reaches_values_that_cannot_be(joined: JoinedRun) -> None:
    measured = metric_by_cluster(joined, "turns", "cluster")
    turns = joined.conversations["turns"]
    assert measured["low"].min() >= turns.min()
    assert measured["high"].max() <= turns.max()


def test_a_fact_about_users_counts_once_per_user_and_cluster(joined: JoinedRun) -> None:
    measured = metric_by_cluster(joined, "user_revenue", "theme")
    frame = joined.conversations
    code = frame[frame["theme_name"] == "Get help with code"]
    expected = code.drop_duplicates("user_id")["user_revenue"].mean()

    found = row(measured, "Get help with code")
    assert len(code) > code["user_id"].nunique()
    assert (found["n"], found["users"]) == (17, 17)
    assert found["value"] == pytest.approx(expected)
    assert row(measured, ALL)["value"] == pytest.approx(800.0)


def test_a_category_is_the_rate_of_one_of_its_values(joined: JoinedRun) -> None:
    metric = find_metric(joined, "user_plan")
    assert metric.categories == ("free", "pro")
    free = row(metric_by_cluster(joined, "user_plan", "theme"), ALL)
    pro = row(metric_by_cluster(joined, "user_plan", "theme", category="pro"), ALL)

    assert free["value"] == pytest.approx(9 / 17)
    assert pro["value"] == pytest.approx(8 / 17)
    assert pro["low"] == pytest.approx(share(8, 17).low)


def test_the_spread_of_a_cluster_is_counted_beside_the_run(joined: JoinedRun) -> None:
    spread = distribution(joined, "feedback_thumbs_up", "theme", "aaaa000001")

    assert list(spread["label"]) == ["yes", "no"]
    assert list(spread["count"]) == [8, 16]
    assert list(spread["share"]) == pytest.approx([1 / 3, 2 / 3])
    assert list(spread["all_share"]) == pytest.approx([1 / 3, 2 / 3])


def test_small_whole_numbers_have_a_bar_each(joined: JoinedRun) -> None:
    spread = distribution(joined, "frustration")

    assert list(spread["label"]) == ["1", "2", "3", "4", "5"]
    assert spread["count"].sum() == 60


def test_many_values_are_counted_in_ranges_and_users_once(joined: JoinedRun) -> None:
    spread = distribution(joined, "user_revenue", "theme", "aaaa000003")

    assert len(spread) <= MOST_BARS
    assert " to " in spread["label"].iloc[1]
    inside = joined.conversations[joined.conversations["theme_id"] == "aaaa000003"]
    assert spread["count"].sum() == inside["user_id"].nunique()
    assert spread["all_share"].sum() == pytest.approx(1.0)


def test_rare_categories_are_counted_as_other(joined: JoinedRun) -> None:
    countries = [f"K{n % 17}" for n in range(60)]
    frame = joined.conversations.assign(meta_country=countries)
    more = replace(joined, conversations=frame)
    spread = distribution(more, "meta_country")

    assert len(spread) == MOST_BARS
    assert spread["label"].iloc[-1] == OTHERS
    assert spread["count"].sum() == 60


def test_a_column_with_one_value_has_one_bar(joined: JoinedRun) -> None:
    frame = joined.conversations.assign(meta_price=["$5"] * 60)
    more = replace(joined, conversations=frame)
    spread = distribution(more, "meta_price")

    assert spread["count"].sum() == 60
    assert (spread["count"] > 0).sum() == 1
