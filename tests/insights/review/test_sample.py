from collections import Counter

import pandas as pd

from kura_core.insights.review.sample import draw_review_sample, stratum_of
from tests.insights.joined_runs import joined_of, several


def many(failed: int = 300, achieved: int = 500, unclear: int = 40, clusters: int = 8):
    rows = [
        *several(failed // 2, outcome="not achieved"),
        *several(failed - failed // 2, outcome="partly"),
        *several(achieved),
        *several(unclear, outcome="cannot tell"),
        *several(10, outcome=None),
    ]
    return joined_of([{**row, "cluster_id": f"k{n % clusters}"} for n, row in enumerate(rows)])


def strata(sample: pd.DataFrame) -> Counter[str]:
    return Counter(stratum_of(sample["outcome"]))


def test_failed_and_achieved_come_twice_as_often_as_cannot_tell() -> None:
    sample = draw_review_sample(many(), 20)

    assert strata(sample) == {"failed": 8, "achieved": 8, "cannot tell": 4}
    assert sample["conversation_id"].is_unique


def test_what_one_stratum_lacks_the_others_give() -> None:
    assert strata(draw_review_sample(many(failed=3, unclear=0), 20)) == {
        "failed": 3,
        "achieved": 17,
    }
    everything = many(failed=4, achieved=3, unclear=2)
    assert len(draw_review_sample(everything, 20)) == 9


def test_what_was_not_judged_is_not_drawn() -> None:
    assert draw_review_sample(joined_of(several(5, outcome=None)), 20).empty


def test_the_same_seed_draws_the_same_and_another_seed_others() -> None:
    def ids(seed: int) -> list[str]:
        return list(draw_review_sample(many(), 20, seed)["conversation_id"])

    assert ids(0) == ids(0)
    assert len(set(ids(0)) & set(ids(1))) < 5


def test_a_larger_sample_holds_the_smaller_one_first() -> None:
    small = list(draw_review_sample(many(), 20)["conversation_id"])
    large = list(draw_review_sample(many(), 60)["conversation_id"])

    assert large[:20] == small
    assert len(set(large)) == 60


def test_clusters_take_part_by_their_size() -> None:
    sizes = Counter(draw_review_sample(many(clusters=4), 80)["cluster_id"])

    assert set(sizes) == {"k0", "k1", "k2", "k3"}
    assert max(sizes.values()) - min(sizes.values()) <= 6


def test_every_conversation_of_a_stratum_is_as_likely_as_every_other() -> None:
    joined = many(failed=10, achieved=10, unclear=10)
    drawn = Counter(
        name
        for seed in range(400)
        for name in draw_review_sample(joined, 5, seed)["conversation_id"]
    )
    failed = joined.conversations[joined.conversations["outcome"].isin(["not achieved", "partly"])]

    # Two of ten in each of 400 draws: 80 times each.
    assert all(50 < drawn[name] < 110 for name in failed["conversation_id"])


def test_the_order_does_not_tell_what_the_judge_said() -> None:
    outcomes = stratum_of(draw_review_sample(many(), 40)["outcome"]).tolist()
    turns = [outcomes[start : start + 5] for start in range(0, 40, 5)]

    assert len({tuple(turn) for turn in turns}) > 4
