"""What to do first: chosen by what failures cost, said in sentences that know their evidence."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from kura_core.insights.actions.plan import Plan, as_markdown, what_to_do
from kura_core.insights.actions.text import Part, amount, escaped, plain
from kura_core.insights.evidence import FAILED, Evidence, conversations_of
from kura_core.insights.gaps import GapBoard
from kura_core.insights.joined_run import JoinedRun
from tests.insights.judged_runs import API, EXPORT, OTHER, board_of, conversations, judged

GAP: dict[str, Any] = {
    "cause": "inventory gap",
    "gap_kind": "not indexed",
    "missing": "signed contracts",
    "request": "Where are my signed contracts?",
}
BUILD: dict[str, Any] = {
    "cluster_id": EXPORT,
    "outcome": "not achieved",
    "cause": "capability gap",
    "gap_kind": "action",
    "missing": "send e-mail",
}
POOR: dict[str, Any] = {"cluster_id": API, "outcome": "not achieved", "cause": "answer quality"}
NOTHING = GapBoard((), 0, {}, 0)


def contracts(failed: int = 8, met: int = 2) -> list[dict[str, Any]]:
    lost = conversations(failed, outcome="not achieved", **GAP)
    return lost + conversations(met, missing="signed contracts")


def plan_of(run: JoinedRun, *things: str, impact: str | None = None) -> Plan:
    return what_to_do(run, board_of(run, *things, money=impact), impact)


def titles(plan: Plan) -> list[str]:
    return [action.title for action in plan.actions]


def test_gaps_and_badly_answered_themes_compete_for_the_first_place() -> None:
    run = judged(
        contracts(failed=8),
        conversations(6, **BUILD),
        conversations(12, **POOR),
        conversations(20, cluster_id=API),
    )
    plan = plan_of(run, "signed contracts", "send e-mail")
    assert titles(plan) == [
        "Improve answers about API errors",
        "Index signed contracts",
        "Build: send e-mail",
    ]
    assert [action.kind for action in plan.actions] == [
        "answer quality",
        "inventory gap",
        "capability gap",
    ]
    assert plan.ranked_by == "the number of users left without a usable answer"
    assert (plan.conversations, plan.failures, plan.judged, plan.unclear) == (48, 26, 48, 0)


def test_a_gap_is_said_with_its_users_its_failures_and_their_range() -> None:
    first = plan_of(judged(contracts(failed=8, met=2)), "signed contracts").actions[0]
    assert plain(first.sentence) == (
        "10 conversations from 10 users ask for this; 8 end without it (80%, 49–94%)."
    )
    assert first.quotes[0].text == "Where are my signed contracts?"


def test_a_theme_is_said_with_what_could_be_judged_and_what_nobody_knows() -> None:
    run = judged(
        conversations(5, **POOR),
        conversations(2, cluster_id=API, outcome="partly", cause="undetermined"),
        conversations(3, cluster_id=API),
        conversations(2, cluster_id=API, outcome="cannot tell"),
    )
    assert plain(what_to_do(run, NOTHING, None).actions[0].sentence) == (
        "7 of 12 conversations from 12 users end without a usable answer "
        "(70%, 40–89%, of the 10 that could be judged). "
        "For 2 of them the transcripts do not tell why; read some, then decide."
    )


def test_every_number_has_the_conversations_it_was_counted_from() -> None:
    run = judged(contracts(), conversations(7, **POOR), conversations(3, cluster_id=API))
    run.conversations["user_revenue"] = 10.0
    made = board_of(run, "signed contracts", money="user_revenue")
    plan = what_to_do(run, made, "user_revenue")
    assert len(plan.actions) == 2
    for action in plan.actions:
        for part in action.sentence:
            # The share and its range are worked out from the two counts before them.
            says = part.text.partition("(")[0]
            assert (part.evidence is not None) == any(map(str.isdigit, says)), part
            if part.evidence is not None and part.evidence.column is None:
                rows = conversations_of(run, part.evidence, made)
                assert f"{len(rows)}" == part.text.split()[0]
        assert len(conversations_of(run, action.evidence, made)) == action.numbers.asked


def test_users_money_decides_where_it_is_known_and_counts_once_a_user() -> None:
    few_but_rich = conversations(6, user_id="rich", **POOR)
    run = judged(contracts(failed=8, met=0), few_but_rich)
    run.conversations["user_revenue"] = [100.0] * 8 + [5000.0] * 6
    plan = plan_of(run, "signed contracts", impact="user_revenue")
    assert titles(plan) == [
        "Improve answers about API errors",
        "Index signed contracts",
    ]
    said = plain(plan.actions[0].sentence)
    assert "The users who ask are worth $5K (revenue, each user counted once)." in said
    assert "The users who ask are worth $800 " in plain(plan.actions[1].sentence)
    assert titles(plan_of(run, "signed contracts")) == titles(plan)[::-1]


def test_a_theme_whose_failures_a_gap_explains_is_not_listed_again() -> None:
    run = judged(contracts(failed=8), conversations(6, outcome="partly", cause="answer quality"))
    assert titles(plan_of(run, "signed contracts")) == ["Index signed contracts"]
    assert titles(what_to_do(run, NOTHING, None)) == [
        "Find out what is missing in requests about signed contracts"
    ]


def test_what_a_gap_leaves_unexplained_still_counts_for_its_theme() -> None:
    run = judged(contracts(failed=5), conversations(7, outcome="partly", cause="answer quality"))
    assert titles(plan_of(run, "signed contracts")) == [
        "Improve answers about signed contracts",
        "Index signed contracts",
    ]


def test_fewer_than_five_failures_are_no_action() -> None:
    run = judged(contracts(failed=4), conversations(4, **POOR), conversations(9))
    plan = plan_of(run, "signed contracts")
    assert plan.actions == ()
    assert plan.failures == 8
    assert "Nothing fails 5 times or more." in as_markdown(plan, "Sample", "Judged by rules.")


def test_what_is_left_over_is_no_theme() -> None:
    run = judged(conversations(9, **{**POOR, "cluster_id": OTHER}), conversations(2))
    assert what_to_do(run, NOTHING, None).actions == ()


def test_at_most_five_things_are_listed() -> None:
    things = [f"thing {letter}" for letter in "abcdefg"]
    groups = [conversations(5, **{**BUILD, "missing": thing}) for thing in things]
    run = judged(*groups)
    assert len(plan_of(run, *things).actions) == 5


@pytest.mark.parametrize(
    ("cause", "title"),
    [
        ("answer quality", "Improve answers to requests to export files"),
        ("undetermined", "Find out why requests to export files fail"),
        (None, "Find out why requests to export files fail"),
        ("policy refusal", "Review what the policy refuses in requests to export files"),
        ("user input", "Help users give what is needed in requests to export files"),
    ],
)
def test_what_to_do_about_a_theme_follows_its_main_cause(cause: str | None, title: str) -> None:
    run = judged(conversations(6, cluster_id=EXPORT, outcome="partly", cause=cause))
    assert titles(what_to_do(run, NOTHING, None)) == [title]


def test_a_theme_that_is_called_requests_is_not_called_so_twice() -> None:
    run = judged(conversations(6, outcome="partly", cause="answer quality"))
    run.conversations["cluster_name"] = "Requests in German"
    assert titles(what_to_do(run, NOTHING, None)) == ["Improve answers to requests in German"]


def test_what_cannot_be_told_weighs_neither_way() -> None:
    half = conversations(5, **POOR) + conversations(5, cluster_id=API)
    unclear = conversations(40, cluster_id=API, outcome="cannot tell")
    run = judged(half + unclear, contracts(failed=8, met=12))
    run.conversations["user_revenue"] = [1.0] * 50 + [2.0] * 20
    plan = plan_of(run, "signed contracts", impact="user_revenue")
    assert titles(plan) == ["Improve answers about API errors", "Index signed contracts"]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("not indexed", "Index signed contracts"),
        ("metadata incomplete", "Complete the metadata: signed contracts"),
        ("search context missing", "Give the search its context: signed contracts"),
    ],
)
def test_what_to_do_about_an_inventory_gap_follows_its_kind(kind: str, title: str) -> None:
    run = judged(conversations(6, outcome="partly", **{**GAP, "gap_kind": kind}))
    assert titles(plan_of(run, "signed contracts")) == [title]


def test_without_user_ids_conversations_are_counted() -> None:
    run = judged(conversations(6, outcome="partly", **{**GAP, "user_id": None}))
    plan = plan_of(run, "signed contracts")
    assert plain(plan.actions[0].sentence).startswith("6 conversations ask for this; 6 end")
    assert plan.ranked_by == "the number of conversations that end without a usable answer"


def test_nothing_judged_gives_no_actions() -> None:
    plan = what_to_do(judged(conversations(9, outcome=None)), NOTHING, None)
    assert (plan.actions, plan.judged, plan.failures) == ((), 0, 0)


def test_as_markdown_it_holds_the_numbers_the_quotes_and_what_to_tell_users() -> None:
    text = as_markdown(plan_of(judged(contracts()), "signed contracts"), "Q1 *chats*", "By rules.")
    assert text.startswith("# What to do: Q1 \\*chats\\*\n")
    assert "1. **Index signed contracts.** 10 conversations from 10 users ask for this; 8 " in text
    assert "   - “Where are my signed contracts?”" in text
    assert text.count("     - ") == 3
    assert "   - Tell users: " in text
    assert text.endswith("By rules.\n")


def test_what_users_wrote_is_no_markup_in_the_markdown() -> None:
    said = "Show [my](http://evil) <b>signed</b> contracts_of_2024 | $5$"
    run = judged(conversations(6, outcome="partly", **{**GAP, "request": said}))
    text = as_markdown(plan_of(run, "signed contracts"), "run", "")
    assert "\\[my\\](http://evil) \\<b\\>signed\\</b\\> contracts\\_of\\_2024 \\| \\$5\\$" in text


def test_escaped_text_stays_on_one_line() -> None:
    assert escaped("a\n# b") == "a \\# b"


@pytest.mark.parametrize(
    ("value", "impact", "shown"),
    [
        (1_156_755, "user_revenue_impact", "$1.16M"),
        (999_700, "user_revenue", "$1M"),
        (744_123, "user_revenue", "$744K"),
        (12_340, "user_seats", "12.3K"),
        (512, "user_revenue", "$512"),
        (-2_000, "user_revenue", "-$2K"),
        (0.5, "meta_score", "0.5"),
        (2.5e9, "user_arr", "$2.5B"),
    ],
)
def test_a_sum_is_written_with_three_digits(value: float, impact: str, shown: str) -> None:
    assert amount(value, impact) == shown


def test_a_part_without_a_number_needs_no_evidence() -> None:
    first = plan_of(judged(contracts()), "signed contracts").actions[0]
    assert Part(" from ") in first.sentence
    assert first.sentence[0].evidence == Evidence(gap="signed-contracts")
    failed = next(part for part in first.sentence if part.text == "8")
    assert failed.evidence == Evidence(gap="signed-contracts", outcome=FAILED)


def test_rows_in_another_order_give_the_same_plan() -> None:
    run = judged(contracts(), conversations(8, **POOR), conversations(8, **BUILD))
    plan = plan_of(run, "signed contracts", "send e-mail")
    mixed = run.conversations.sample(frac=1, random_state=1).reset_index(drop=True)
    other = JoinedRun(run.folder, pd.DataFrame(mixed), run.clusters, run.rows, {}, run.gaps)
    assert titles(plan_of(other, "signed contracts", "send e-mail")) == titles(plan)


def test_the_rate_is_the_failed_share_of_what_could_be_judged() -> None:
    run = judged(
        conversations(6, cluster_id=API, outcome="partly"),
        conversations(6),
        conversations(9, outcome="cannot tell"),
    )
    rate = what_to_do(run, board_of(run), None).rate
    assert rate is not None
    value, low, high = rate
    assert value == 0.5
    assert 0.2 < low < value < high < 0.8
    unclear = judged(conversations(3, outcome="cannot tell"))
    assert what_to_do(unclear, board_of(unclear), None).rate is None
