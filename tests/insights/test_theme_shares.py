"""How large the themes are, give or take."""

from __future__ import annotations

from kura_core.insights.theme_shares import theme_shares
from tests.insights.judged_runs import OTHER, TOP, conversations, judged


def test_every_theme_has_a_range_around_its_share() -> None:
    found = theme_shares(judged(conversations(75), conversations(25, cluster_id=OTHER)))
    assert found.keys() == {TOP, OTHER}
    low, high = found[OTHER]
    assert 0.15 < low < 0.25 < high < 0.35


def test_many_conversations_of_one_user_make_a_share_less_sure() -> None:
    def widths(each: int) -> float:
        rows = [{"user_id": f"u{n // each}", "cluster_id": OTHER} for n in range(60)]
        low, high = theme_shares(judged(rows, conversations(60)))[OTHER]
        return high - low

    assert widths(20) > 1.5 * widths(1)
