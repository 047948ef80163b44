import numpy as np
import pytest

from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.review.marks import Mark, Said, judged_as, new_mark
from kura_core.insights.review.quality import JudgeQuality, judge_quality, quality_line
from kura_core.insights.review.sample import draw_review_sample
from tests.insights.joined_runs import joined_of, several

FAILED = {"outcome": "not achieved"}


def marked(joined: JoinedRun, wrong: dict[str, int], checked: dict[str, int]) -> list[Mark]:
    """The first `checked` of each outcome are marked, of these the first `wrong` as wrong."""
    marks = []
    for outcome, count in checked.items():
        rows = joined.conversations[joined.conversations["outcome"] == outcome].head(count)
        for number, row in enumerate(rows.to_dict("records")):
            said: Said = "wrong" if number < wrong.get(outcome, 0) else "right"
            marks.append(new_mark(row["conversation_id"], judged_as(row), said))
    return marks


@pytest.fixture
def joined() -> JoinedRun:
    return joined_of([*several(300, **FAILED), *several(600), *several(100, outcome="cannot tell")])


def test_strata_are_weighted_by_their_size(joined: JoinedRun) -> None:
    marks = marked(joined, {"not achieved": 2, "achieved": 1}, {"not achieved": 10, "achieved": 10})
    found = judge_quality(joined, marks).failures

    assert found is not None
    assert found.checked == 20
    assert found.rate.value == pytest.approx(0.3)
    assert found.precision is not None and found.precision.value == pytest.approx(0.8)
    # 240 of the 300 named, 60 of the 600 and, for want of marks, 10 of the 100 others fail.
    assert found.corrected is not None and found.corrected.value == pytest.approx(0.310)
    assert found.recall is not None and found.recall.value == pytest.approx(240 / 310)
    for rate in (found.rate, found.corrected, found.precision, found.recall):
        assert rate.low < rate.value < rate.high


def test_the_precision_of_failures_has_wilsons_interval(joined: JoinedRun) -> None:
    found = judge_quality(
        joined, marked(joined, {"not achieved": 1}, {"not achieved": 10})
    ).failures

    assert found is not None and found.precision is not None
    assert (found.precision.low, found.precision.high) == pytest.approx((0.5958, 0.9821), abs=1e-3)
    assert found.recall is None and found.corrected is None


def test_marks_that_all_agree_leave_doubt(joined: JoinedRun) -> None:
    found = judge_quality(joined, marked(joined, {}, {"not achieved": 8, "achieved": 8})).failures

    assert found is not None and found.recall is not None
    assert found.recall.value == found.recall.high == 1
    assert found.recall.low < 0.85


def test_what_it_should_have_been_decides(joined: JoinedRun) -> None:
    def precision(should_be: str | None) -> float:
        rows = joined.conversations.head(4).to_dict("records")
        marks = [
            new_mark(row["conversation_id"], judged_as(row), "wrong", should_be) for row in rows
        ]
        found = judge_quality(joined, marks).failures
        assert found is not None and found.precision is not None
        return found.precision.value

    assert precision("partly") == 1
    assert precision("cannot tell") == 0
    assert precision("achieved") == 0
    assert precision(None) == 0


def test_a_cannot_tell_that_is_wrong_counts_only_with_what_it_should_have_been(
    joined: JoinedRun,
) -> None:
    row = joined.conversations[joined.conversations["outcome"] == "cannot tell"].iloc[0]
    without = [new_mark(row["conversation_id"], judged_as(row), "wrong")]
    named = [new_mark(row["conversation_id"], judged_as(row), "wrong", "not achieved")]

    assert judge_quality(joined, without).failures.checked == 0
    assert judge_quality(joined, named).failures.checked == 1


def test_skipped_and_changed_judgements_do_not_count(joined: JoinedRun) -> None:
    first, second = joined.conversations.head(2).to_dict("records")
    skipped = new_mark(first["conversation_id"], judged_as(first))
    changed = judged_as({**second, "outcome_quote": "Other words."})
    marks = [skipped, new_mark(second["conversation_id"], changed, "wrong")]

    assert judge_quality(joined, marks).failures.checked == 0


def test_too_few_checked_say_nothing(joined: JoinedRun) -> None:
    found = judge_quality(joined, marked(joined, {}, {"not achieved": 2, "achieved": 2})).failures

    assert found is not None
    assert found.checked == 4
    assert found.precision is found.recall is found.corrected is None


def test_dissatisfaction_is_judged_where_the_user_spoke_more_than_once() -> None:
    rows = [
        *several(40, **FAILED, dissatisfaction=["corrected"]),
        *several(60, dissatisfaction=[]),
        *several(50, dissatisfaction=["unknown"]),
    ]
    joined = joined_of(rows)
    marks = []
    for start, wrong in ((0, 3), (40, 0), (100, 10)):
        for number, row in enumerate(
            joined.conversations.iloc[start : start + 10].to_dict("records")
        ):
            said: Said = "wrong" if number < wrong else "right"
            marks.append(
                new_mark(row["conversation_id"], judged_as(row), "right", dissatisfaction=said)
            )
    found = judge_quality(joined, marks).dissatisfaction

    assert found is not None
    assert found.checked == 20
    assert found.rate.value == pytest.approx(0.4)
    assert found.precision.value == pytest.approx(0.7)
    assert found.recall.value == 1
    assert found.corrected.value == pytest.approx(0.28)


def test_strata_of_dissatisfaction_are_weighted_too() -> None:
    rows = [
        *several(30, **FAILED, dissatisfaction=["corrected"]),
        *several(10, dissatisfaction=["corrected"]),
        *several(60, dissatisfaction=[]),
    ]
    joined = joined_of(rows)
    marks = []
    for start, wrong in ((0, 0), (30, 5), (40, 0)):
        for number, row in enumerate(
            joined.conversations.iloc[start : start + 5].to_dict("records")
        ):
            said: Said = "wrong" if number < wrong else "right"
            marks.append(new_mark(row["conversation_id"], judged_as(row), dissatisfaction=said))
    found = judge_quality(joined, marks).dissatisfaction

    assert found.precision.value == pytest.approx(30 / 40)


def test_nothing_judged_has_no_quality() -> None:
    quality = judge_quality(joined_of(several(3, outcome=None)), [])

    assert quality == JudgeQuality(None, None)
    assert quality_line(quality) is None
    assert quality_line(None) is None


def test_the_line_says_what_was_checked_and_how_sure_it_is(joined: JoinedRun) -> None:
    marks = marked(joined, {"not achieved": 2}, {"not achieved": 10, "achieved": 10})
    line = quality_line(judge_quality(joined, marks))

    assert line is not None
    assert "20 judgements checked by people" in line
    assert "80% (49% to 94%) of what it calls a failure is one" in line
    assert quality_line(judge_quality(joined, [])) is None


def test_the_interval_of_the_corrected_rate_holds_the_truth_as_often_as_it_says() -> None:
    # The judge names 300 of 1,000, of which 270 fail, and misses 70 of the others.
    joined = joined_of([*several(300, **FAILED), *several(700)])
    rng = np.random.default_rng(7)
    truly = np.r_[np.arange(300) < 270, np.arange(700) < 70]
    rows = joined.conversations.to_dict("records")
    held = 0
    for seed in range(40):
        mixed = np.r_[rng.permutation(truly[:300]), rng.permutation(truly[300:])]
        is_so = dict(zip(joined.conversations["conversation_id"], mixed, strict=True))
        by_id = {row["conversation_id"]: row for row in rows}
        marks = [
            new_mark(
                name,
                judged_as(by_id[name]),
                "right" if is_so[name] == (by_id[name]["outcome"] == "not achieved") else "wrong",
            )
            for name in draw_review_sample(joined, 30, seed)["conversation_id"]
        ]
        found = judge_quality(joined, marks, seed=seed).failures
        held += found.corrected.low <= 0.34 <= found.corrected.high

    assert held >= 35
