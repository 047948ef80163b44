"""Shares and means with intervals: against scipy, against theory, and where users repeat."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats as scipy_stats

from kura_core.explore.stats import mean_by, share, share_by


def frame(hits: list[int], users: list[str | None], group: str = "a") -> pd.DataFrame:
    values = {"g": [group] * len(hits), "user_id": users, "hit": np.array(hits, dtype=bool)}
    return pd.DataFrame(values).assign(value=np.arange(len(hits), dtype=float))


def alone(hits: list[int]) -> pd.DataFrame:
    return frame(hits, [f"u{n}" for n in range(len(hits))])


def of(result: pd.DataFrame) -> dict[str, float]:
    return {str(name): value for name, value in result.iloc[0].to_dict().items()}


def test_a_share_has_wilson_s_interval() -> None:
    # Worked example of the Wilson score interval: 15 of 50.
    found = share(15, 50)

    assert (found.value, found.n, found.method) == (0.3, 50, "wilson")
    assert (found.low, found.high) == pytest.approx((0.19103, 0.43750), abs=1e-5)


def test_nothing_known_is_any_share() -> None:
    found = share(0, 0)

    assert np.isnan(found.value)
    assert (found.low, found.high) == (0.0, 1.0)


@pytest.mark.parametrize("hits", [0, 3, 9, 12])
def test_where_users_do_not_repeat_a_group_has_the_same_interval(hits: int) -> None:
    found = of(share_by(alone([1] * hits + [0] * (12 - hits)), "g", "hit"))
    expected = share(hits, 12)

    assert (found["low"], found["high"]) == pytest.approx((expected.low, expected.high))
    assert (found["n"], found["users"], found["hits"]) == (12, 12, hits)


def test_conversations_without_a_user_count_as_one_each() -> None:
    found = of(share_by(frame([1, 0, 1, 0], [None, None, None, "u1"]), "g", "hit"))

    assert found["users"] == 4
    assert found["low"] == pytest.approx(share(2, 4).low)


def test_where_users_repeat_the_interval_is_wider() -> None:
    rng = np.random.default_rng(1)
    happy = rng.random(40) < 0.5
    users = [f"u{n}" for n in range(40) for _ in range(10)]
    found = of(share_by(frame([int(happy[int(u[1:])]) for u in users], users), "g", "hit"))
    naive = share(int(happy.sum()) * 10, 400)
    by_user = share(int(happy.sum()), 40)

    assert found["n"] == 400
    assert found["users"] == 40
    assert found["high"] - found["low"] > 2.5 * (naive.high - naive.low)
    # All of a user's conversations agree: it is a sample of 40.
    assert found["high"] - found["low"] == pytest.approx(by_user.high - by_user.low, rel=0.15)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    groups, people = 200, 40
    rate = rng.beta(3, 7, (groups, people))
    counts = rng.integers(1, 5, (groups, people))
    parts = []
    for number in range(groups):
        users = np.repeat(np.arange(people), counts[number])
        hits = rng.random(len(users)) < rate[number][users]
        part = {"g": f"g{number}", "user_id": users.astype(str), "hit": hits}
        parts.append(pd.DataFrame(part))
    found = share_by(pd.concat(parts, ignore_index=True), "g", "hit")
    covered = ((found["low"] <= 0.3) & (found["high"] >= 0.3)).mean()

    assert 0.88 <= covered <= 0.99


def test_one_user_who_says_everything_proves_little() -> None:
    found = of(share_by(frame([1] * 30, ["u1"] * 30), "g", "hit"))

    assert found["value"] == 1.0
    assert found["low"] == pytest.approx(share(1, 1).low)


def test_agreement_of_all_is_no_certainty() -> None:
    users = [f"u{n}" for n in range(30) for _ in range(2)]
    found = of(share_by(frame([0] * 60, users), "g", "hit"))

    assert found["low"] == 0.0
    assert found["high"] == pytest.approx(share(0, 30).high)


def test_a_mean_has_student_s_interval_where_users_do_not_repeat() -> None:
    values = [3.0, 4.0, 4.5, 7.0, 2.0]
    data = alone([0] * 5).assign(value=values)
    found = of(mean_by(data, "g", "value"))
    error = scipy_stats.sem(values)
    expected = scipy_stats.t.interval(0.95, 4, loc=np.mean(values), scale=error)

    assert found["value"] == pytest.approx(4.1)
    assert (found["low"], found["high"]) == pytest.approx(expected)


def test_a_mean_over_users_who_repeat_is_resampled_by_user() -> None:
    rng = np.random.default_rng(3)
    people = rng.normal(10, 2, 60)
    users = [f"u{n}" for n in range(60) for _ in range(1 + n % 3)]
    data = frame([0] * len(users), users).assign(value=[people[int(u[1:])] for u in users])
    found = of(mean_by(data, "g", "value"))
    expected = 2 * 1.96 * 2 / np.sqrt(60)

    assert found["value"] == pytest.approx(data["value"].mean())
    assert found["high"] - found["low"] == pytest.approx(expected, rel=0.3)


def test_a_mean_of_one_user_has_no_interval() -> None:
    found = of(mean_by(frame([0, 0], ["u1", "u1"]), "g", "value"))

    assert found["value"] == 0.5
    assert np.isnan(found["low"])


def test_nulls_are_left_out_of_a_mean() -> None:
    data = alone([0, 0, 0]).assign(value=[1.0, None, 3.0])

    assert of(mean_by(data, "g", "value"))["n"] == 2


def test_neither_row_order_nor_other_groups_change_a_group() -> None:
    rng = np.random.default_rng(4)
    users = [f"u{n % 37}" for n in range(150)]
    data = frame(list(rng.integers(0, 2, 150)), users)
    other = frame([1, 0, 1], ["x", "x", "y"], group="0")
    both = pd.concat([other, data]).sample(frac=1, random_state=0)

    for by, column in ((share_by, "hit"), (mean_by, "value")):
        first = of(by(data, "g", column))
        assert of(by(both, "g", column).tail(1)) == pytest.approx(first)
        assert of(by(data, "g", column)) == first


def test_another_seed_gives_another_but_close_interval() -> None:
    users = [f"u{n % 37}" for n in range(150)]
    data = frame([n % 3 == 0 for n in range(150)], users)
    first, second = (of(share_by(data, "g", "hit", seed=seed)) for seed in (0, 1))

    assert first["low"] != second["low"]
    assert first["low"] == pytest.approx(second["low"], abs=0.02)


def test_groups_are_ordered_and_none_is_lost() -> None:
    data = pd.concat([frame([1], ["u1"], "b"), frame([0], ["u2"], "a")])
    found = share_by(data, "g", "hit")

    assert list(found.columns) == ["g", "n", "users", "hits", "value", "low", "high"]
    assert list(found["g"]) == ["a", "b"]


def test_without_rows_there_are_no_groups() -> None:
    nothing = alone([1]).iloc[:0]

    assert share_by(nothing, "g", "hit").empty
    assert list(mean_by(nothing, "g", "value").columns)[-3:] == ["value", "low", "high"]
