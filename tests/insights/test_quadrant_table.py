import pandas as pd
import pytest

from kura_core.insights.evidence import ANY_SILENT, Evidence, conversations_of
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.quadrant_table import COLUMNS, quadrant_table, quadrant_totals, quiet_users
from kura_core.run.quadrants import DISAGREES, FRICTION, FRUSTRATED, POLITE, RATED, SUCCESS, VOICED
from tests.insights.joined_runs import joined_of, several

FAILED = {"outcome": "not achieved"}
SAID = {"dissatisfaction": ["corrected"]}
BAD = {"negative": True}


@pytest.fixture
def joined() -> JoinedRun:
    return joined_of(
        [
            *several(3, **FAILED, **SAID, **BAD, cluster_id="a"),
            *several(4, **FAILED, **SAID, cluster_id="a"),
            *several(2, **FAILED, **BAD, cluster_id="b"),
            *several(5, outcome="partly", dissatisfaction=["unknown"], cluster_id="b"),
            *several(1, **SAID, **BAD, cluster_id="c"),
            *several(2, **SAID, cluster_id="c"),
            *several(1, **BAD, cluster_id="c"),
            *several(6, negative=False, cluster_id="c"),
            *several(2, outcome="cannot tell", cluster_id="c"),
            *several(1, outcome=None, cluster_id="d"),
        ],
        themes={"a": "t", "b": "t"},
    )


def test_every_conversation_is_in_one_quadrant_or_beside_the_table(joined: JoinedRun) -> None:
    totals = quadrant_totals(joined)

    assert {name: totals.counts[name] for name in COLUMNS} == {
        ANY_SILENT: 9,
        FRUSTRATED: 4,
        POLITE: 5,
        VOICED: 3,
        RATED: 2,
        FRICTION: 3,
        DISAGREES: 1,
        SUCCESS: 6,
    }
    assert (totals.sorted, totals.cannot_tell, totals.not_judged) == (24, 2, 1)
    assert (totals.friction_rated, totals.rated) == (1, 13)


def test_shares_are_of_what_was_sorted_and_have_an_interval(joined: JoinedRun) -> None:
    value, low, high = quadrant_totals(joined).shares[ANY_SILENT]

    assert value == pytest.approx(9 / 24)
    assert 0.15 < low < value < high < 0.65


def test_a_user_who_comes_back_widens_the_interval() -> None:
    def width(users: int) -> float:
        rows = [
            {**(FAILED if i % users < users / 2 else {}), "user_id": f"u{i % users}"}
            for i in range(240)
        ]
        _, low, high = quadrant_totals(joined_of(rows)).shares[POLITE]
        return high - low

    assert width(12) > 2 * width(240)


def test_without_feedback_all_failures_are_silent() -> None:
    totals = quadrant_totals(joined_of([*several(3, **FAILED), *several(2, **FAILED, **SAID)]))

    assert totals.rated == 0
    assert totals.counts[ANY_SILENT] == 5


def test_without_any_judgement_there_are_no_shares() -> None:
    totals = quadrant_totals(joined_of(several(3, outcome=None)))

    assert totals.shares == {}
    assert totals.not_judged == 3
    assert set(totals.counts.values()) == {0}


def test_themes_hold_what_their_clusters_hold_and_the_most_silent_comes_first(
    joined: JoinedRun,
) -> None:
    themes = quadrant_table(joined, "theme")
    leaves = quadrant_table(joined, "cluster")

    assert list(dict.fromkeys(themes["cluster_id"])) == ["t", "c", "d"]
    assert list(dict.fromkeys(leaves["cluster_id"])) == ["b", "a", "c", "d"]
    for quadrant in COLUMNS:
        counts = [t.loc[t["quadrant"] == quadrant, "count"].sum() for t in (themes, leaves)]
        assert counts == [quadrant_totals(joined).counts[quadrant]] * 2


def test_each_count_is_that_of_its_evidence(joined: JoinedRun) -> None:
    for row in quadrant_table(joined, "theme").to_dict("records"):
        evidence = Evidence(cluster=row["cluster_id"], quadrant=row["quadrant"])
        assert len(conversations_of(joined, evidence)) == row["count"]


def test_a_group_that_was_not_judged_has_no_shares(joined: JoinedRun) -> None:
    table = quadrant_table(joined, "theme")
    row = table[table["cluster_id"] == "d"]

    assert list(row["quadrant"]) == list(COLUMNS)
    assert (row["count"] == 0).all()
    assert row["value"].isna().all()
    assert (row["not_judged"] == 1).all()


def test_users_with_the_most_silent_failures_come_first() -> None:
    rows = [
        *several(2, **FAILED, user_id="quiet", cluster_id="a", created_at="2026-02-01"),
        {"user_id": "quiet", "cluster_id": "b", "created_at": "2026-03-01"},
        *several(2, **FAILED, **SAID, user_id="rich", cluster_id="b"),
        *several(3, **FAILED, **BAD, user_id="loud"),
        *several(4, **FAILED, user_id=None),
    ]
    joined = joined_of(rows)
    worth = {"quiet": 10.0, "rich": 500.0, "loud": 9.0}
    joined.conversations["user_mrr"] = joined.conversations["user_id"].map(worth)

    users = quiet_users(joined, "user_mrr")

    assert list(users["user_id"]) == ["rich", "quiet"]
    assert list(users["silent"]) == [2, 2]
    assert list(users["conversations"]) == [2, 3]
    assert list(users["impact"]) == [500.0, 10.0]
    assert users["last_seen"].iloc[1] == pd.Timestamp("2026-03-01", tz="UTC")
    assert users["themes"].iloc[1] == ["Name a"]
    assert quiet_users(joined, None)["impact"].isna().all()


def test_without_user_ids_nobody_is_listed() -> None:
    assert quiet_users(joined_of(several(3, **FAILED, user_id=None)), None).empty
