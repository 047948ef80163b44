"""From a number to the conversations behind it: as a link, as rows and in words."""

from __future__ import annotations

import pandas as pd
import pytest

from kura_core.errors import InputError
from kura_core.insights.evidence import (
    Evidence,
    conversations_of,
    evidence_of,
    query_of,
    title_of,
)
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.quadrants import FRUSTRATED, POLITE, SUCCESS
from tests.insights.judged_runs import API, CONTRACTS, OTHER, TOP, board_of, conversations, judged

GAP = {"cause": "inventory gap", "gap_kind": "not indexed", "missing": "signed contracts"}
EVERYTHING = Evidence(
    CONTRACTS, "failed", "silent", "signed-contracts", "inventory gap", "voiced", "none", "u000",
    "user_plan", "team",
)  # fmt: skip


def run() -> JoinedRun:
    made = judged(
        conversations(2, outcome="not achieved", quadrant=POLITE, **GAP),
        conversations(1, outcome="partly", quadrant=FRUSTRATED, dissatisfaction=["gave up"], **GAP),
        conversations(1, missing="signed contracts", quadrant=SUCCESS, negative=False),
        conversations(1, cluster_id=API, outcome="partly", cause="undetermined", negative=True),
        conversations(1, cluster_id=API, outcome="cannot tell", dissatisfaction=["unknown"]),
        conversations(1, cluster_id=OTHER, user_id="u000"),
    )
    made.conversations["user_plan"] = pd.Series(["team"] * 3 + [None] * 4, dtype="object")
    return made


def found(evidence: Evidence) -> list[int]:
    made = run()
    rows = conversations_of(made, evidence, board_of(made, "signed contracts"))
    return [int(identity[1:]) for identity in rows["conversation_id"]]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (Evidence(), [0, 1, 2, 3, 4, 5, 6]),
        (Evidence(cluster=API), [4, 5]),
        (Evidence(cluster=TOP), [0, 1, 2, 3, 4, 5]),
        (Evidence(outcome="partly"), [2, 4]),
        (Evidence(outcome="failed"), [0, 1, 2, 4]),
        (Evidence(quadrant=POLITE), [0, 1]),
        (Evidence(quadrant="silent"), [0, 1, 2]),
        (Evidence(gap="signed-contracts"), [0, 1, 2, 3]),
        (Evidence(gap="signed-contracts", outcome="failed"), [0, 1, 2]),
        (Evidence(cause="undetermined"), [4]),
        (Evidence(dissatisfaction="gave up"), [2]),
        (Evidence(dissatisfaction="voiced"), [2]),
        (Evidence(dissatisfaction="unknown"), [5]),
        (Evidence(rating="negative"), [4]),
        (Evidence(rating="positive"), [3]),
        (Evidence(rating="none"), [0, 1, 2, 5, 6]),
        (Evidence(user="u000"), [0, 6]),
        (Evidence(column="user_plan"), [0, 1, 2]),
        (Evidence(column="user_plan", value="free"), []),
        (Evidence(cluster=CONTRACTS, outcome="not achieved", user="u001"), [1]),
    ],
)
def test_the_conversations_are_those_that_were_counted(
    evidence: Evidence, expected: list[int]
) -> None:
    assert found(evidence) == expected


@pytest.mark.parametrize("evidence", [Evidence(), Evidence(cluster=API), EVERYTHING])
def test_a_link_leads_back_to_the_same_evidence(evidence: Evidence) -> None:
    assert evidence_of({"run": "r", "view": "evidence", **query_of(evidence)}) == evidence


def test_an_empty_parameter_says_nothing() -> None:
    assert evidence_of({"cluster": ""}) == Evidence()


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(cluster="0000000000"),
        Evidence(gap="nothing-like-it"),
        Evidence(outcome="lost"),
        Evidence(quadrant="loud"),
        Evidence(cause="weather"),
        Evidence(dissatisfaction="shouted"),
        Evidence(rating="five stars"),
        Evidence(column="user_height"),
    ],
)
def test_what_the_run_does_not_have_is_said_by_its_name(evidence: Evidence) -> None:
    made = run()
    name = next(iter(query_of(evidence).values()))
    with pytest.raises(InputError, match=name):
        conversations_of(made, evidence, board_of(made, "signed contracts"))


@pytest.mark.parametrize(
    ("evidence", "title"),
    [
        (Evidence(), "All conversations"),
        (Evidence(cluster=API), "Conversations in “API errors”"),
        (
            Evidence(cluster=API, outcome="failed"),
            "Conversations in “API errors” that end without a usable answer",
        ),
        (Evidence(gap="signed-contracts"), "Conversations that ask for “signed contracts”"),
        (
            Evidence(gap="signed-contracts", outcome="failed"),
            "Conversations that end without “signed contracts”",
        ),
        (
            Evidence(outcome="failed", cause="undetermined"),
            "Conversations that end without a usable answer, "
            "for a cause the transcript does not tell",
        ),
        (Evidence(quadrant="silent"), "Conversations sorted as “silent failure”"),
        (
            Evidence(user="u7", dissatisfaction="gave up", rating="none"),
            "Conversations of the user u7 whose user gave up, without a rating",
        ),
        (Evidence(column="user_plan"), "Conversations that have “Plan”"),
        (Evidence(column="user_plan", value="team"), "Conversations where “Plan” is “team”"),
        (
            Evidence(cluster=API, column="user_id"),
            "Conversations in “API errors” whose user is known",
        ),
    ],
)
def test_the_title_says_what_they_have_in_common(evidence: Evidence, title: str) -> None:
    made = run()
    assert title_of(made, evidence, board_of(made, "signed contracts")) == title


@pytest.mark.parametrize("evidence", [Evidence(cluster="0000000000"), Evidence(gap="nothing")])
def test_the_title_of_what_is_not_there_is_an_error_too(evidence: Evidence) -> None:
    made = run()
    with pytest.raises(InputError, match="not part of this run"):
        title_of(made, evidence, board_of(made, "signed contracts"))
