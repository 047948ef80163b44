"""The first sentence a reader sees: what users want most and do not get."""

from __future__ import annotations

from typing import Any

from kura_core.insights.actions.plan import what_to_do
from kura_core.insights.gaps import GapBoard
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.verdict import Verdict, verdict
from tests.insights.judged_runs import API, EXPORT, OTHER, board_of, conversations, judged

LOST = "Why can't it find my signed contracts?"
GAP: dict[str, Any] = {
    "outcome": "not achieved",
    "cause": "inventory gap",
    "gap_kind": "not indexed",
    "missing": "signed contracts",
    "request": LOST,
}
NOTHING = GapBoard((), 0, {}, 0)


def verdict_of(run: JoinedRun, board: GapBoard = NOTHING) -> Verdict:
    return verdict(run, what_to_do(run, board, None))


def test_the_headline_is_the_first_thing_to_do() -> None:
    run = judged(
        conversations(87, **GAP),
        conversations(44, missing="signed contracts"),
        conversations(9, cluster_id=API, outcome="partly", cause="answer quality"),
    )
    found = verdict_of(run, board_of(run, "signed contracts"))
    assert found.headline == (
        "Users ask for signed contracts in 131 conversations; 87 end without it."
    )
    assert [action.title for action in found.actions] == [
        "Index signed contracts",
        "Improve answers about API errors",
    ]
    assert found.quote is not None and found.quote.text == LOST
    assert found.wishes == ()


def test_of_the_things_to_do_the_first_three_are_shown() -> None:
    leaves = [conversations(6, cluster_id=leaf, outcome="partly") for leaf in (API, EXPORT)]
    gaps = [conversations(6, **{**GAP, "missing": f"thing {letter}"}) for letter in "abc"]
    run = judged(*leaves, *gaps)
    board = board_of(run, "thing a", "thing b", "thing c")
    assert len(what_to_do(run, board, None).actions) == 5
    assert len(verdict_of(run, board).actions) == 3


def test_a_theme_that_fails_is_said_by_its_name() -> None:
    run = judged(
        conversations(6, cluster_id=EXPORT, outcome="partly"), conversations(4, cluster_id=EXPORT)
    )
    assert verdict_of(run).headline == (
        "Users ask to export files in 10 conversations; 6 end without a usable answer."
    )


def test_what_always_fails_is_said_so() -> None:
    run = judged(conversations(6, cluster_id=API, outcome="not achieved"))
    assert verdict_of(run).headline == (
        "Users ask about API errors in 6 conversations; all end without a usable answer."
    )


def test_without_failures_it_says_what_users_want() -> None:
    run = judged(conversations(5, cluster_id=EXPORT), conversations(9, request=LOST))
    found = verdict_of(run)
    assert found.headline == (
        "Users ask about signed contracts in 9 conversations. "
        "Nothing in the transcripts shows that users were failed."
    )
    assert [wish.name for wish in found.wishes] == ["Signed contracts", "Export files"]
    assert found.quote == found.wishes[0].quotes[0]
    assert found.actions == ()
    assert found.wishes[0].users == 9


def test_too_few_failures_to_act_on_are_still_not_denied() -> None:
    run = judged(conversations(1, outcome="not achieved"), conversations(9))
    assert verdict_of(run).headline == (
        "Users ask about signed contracts in 10 conversations; one ends without a usable answer."
    )


def test_where_no_outcome_can_be_told_it_says_so() -> None:
    found = verdict_of(judged(conversations(5, outcome="cannot tell")))
    assert found.headline == (
        "Users ask about signed contracts in 5 conversations. "
        "The transcripts do not tell whether they got it."
    )


def test_where_nothing_was_judged_nothing_is_said_of_the_transcripts() -> None:
    found = verdict_of(judged(conversations(5, outcome=None)))
    assert found.headline == "Users ask about signed contracts in 5 conversations."


def test_one_conversation_has_a_verdict() -> None:
    found = verdict_of(judged(conversations(1)))
    assert found.headline.startswith("Users ask about signed contracts in one conversation.")


def test_what_is_left_over_is_no_wish() -> None:
    found = verdict_of(judged(conversations(4, cluster_id=OTHER)))
    assert found.wishes == ()
    assert found.quote is None
    assert found.headline == (
        "4 conversations were read, too few of a kind to find what users want."
    )


def test_without_user_ids_the_users_are_unknown() -> None:
    assert verdict_of(judged(conversations(4, user_id=None))).wishes[0].users is None
