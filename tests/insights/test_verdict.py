"""The first sentence a reader sees: what users want most and leave without."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from kura_core.insights.verdict import verdict
from kura_core.run.tables import RunTables

LOST = "Why can't it find my signed contracts?"
Leaf = tuple[str, Sequence[str | None]]


def tables(*leaves: Leaf, other: Sequence[str] = (), users: bool = True) -> RunTables:
    """One base cluster a leaf, from its name and the outcomes of its conversations."""
    rows, clusters = [], []
    named = [(name, outcomes, False) for name, outcomes in leaves]
    for place, (name, outcomes, is_other) in enumerate([*named, ("Other", other, True)]):
        if not outcomes:
            continue
        cluster_id = f"{place:010x}"
        for number, outcome in enumerate(outcomes):
            rows.append(
                {
                    "conversation_id": f"{name}-{number:03d}",
                    "request": f"{LOST} ({name}, {number})",
                    "cluster_id": cluster_id,
                    "outcome": outcome,
                    "x": float(place + number),
                    "y": 0.0,
                }
            )
        clusters.append(
            {
                "cluster_id": cluster_id,
                "parent_id": "ffffffffff",
                "name": name,
                "conversations": len(outcomes),
                "users": 2 if users else None,
                "x": float(place),
                "y": 0.0,
                "is_other": is_other,
            }
        )
    top = {"cluster_id": "ffffffffff", "parent_id": None, "name": "Everything", "is_other": False}
    clusters.append({**top, "conversations": len(rows), "users": None, "x": 0.0, "y": 0.0})
    conversations = pd.DataFrame(rows)
    conversations["outcome"] = conversations["outcome"].astype("str")
    conversations.loc[[row["outcome"] is None for row in rows], "outcome"] = None
    return RunTables(conversations, pd.DataFrame(clusters), pd.DataFrame())


def outcomes(failed: int = 0, achieved: int = 0, unclear: int = 0, partly: int = 0) -> list[str]:
    return (
        ["not achieved"] * failed
        + ["achieved"] * achieved
        + ["cannot tell"] * unclear
        + ["partly"] * partly
    )


def test_what_most_users_leave_without_comes_first() -> None:
    found = verdict(
        tables(
            ("Export data", outcomes(failed=5, achieved=200)),
            ("Find signed contracts", outcomes(failed=87, achieved=30, unclear=10, partly=4)),
            ("Reset a password", outcomes(achieved=12)),
        )
    )
    assert found.headline == (
        "Users ask to find signed contracts 131 times; 87 of them leave without an answer."
    )
    first = found.findings[0]
    assert (first.conversations, first.failed, first.partly, first.unclear) == (131, 87, 4, 10)
    assert first.users == 2
    assert [finding.name for finding in found.findings] == ["Find signed contracts", "Export data"]
    assert (found.conversations, found.unclear, found.judged) == (348, 10, 338)


def test_at_most_three_findings_are_shown() -> None:
    found = verdict(tables(*((f"Find {word}", outcomes(failed=4)) for word in "abcdef")))
    assert len(found.findings) == 3


def test_quotes_are_the_requests_of_those_who_failed_whose_words_most_of_them_share() -> None:
    made = tables(("Find contracts", [*outcomes(achieved=1), *outcomes(failed=5)]))
    asked = [
        "Where are my signed contracts from spring?",
        "Where are all my signed contracts?",
        "My signed contracts are missing",
        "Show me the missing signed supplier contracts for the audit",
        "MY signed contracts are missing!",
        "Ok so what now, robot overlord of lies",
    ]
    made.conversations["request"] = asked
    quotes = verdict(made).findings[0].quotes
    assert {quote.text for quote in quotes[:2]} == {asked[2], asked[3]}
    assert asked[0] not in {quote.text for quote in quotes}, "its user got the contracts"
    assert asked[4] not in {quote.text for quote in quotes}, "the same words are there already"



def test_a_request_is_quoted_once_and_only_if_it_can_be_read() -> None:
    given = tables(("Find contracts", outcomes(failed=6)))
    given.conversations["request"] = ["same words, twice said"] * 2 + ["no", "x" * 500, None, LOST]
    texts = [quote.text for quote in verdict(given).findings[0].quotes]
    assert sorted(texts) == [LOST, "same words, twice said"]


def test_without_failures_it_says_what_users_want() -> None:
    found = verdict(
        tables(("Export data", outcomes(achieved=5)), ("Find contracts", outcomes(achieved=9)))
    )
    assert found.headline == (
        "Users ask to find contracts 9 times. "
        "Nothing in the transcripts shows that users were failed."
    )
    assert [finding.name for finding in found.findings] == ["Find contracts", "Export data"]
    assert found.findings[0].quotes


def test_too_few_failures_for_a_finding_are_still_not_denied() -> None:
    found = verdict(tables(("Find contracts", outcomes(failed=1, achieved=9))))
    assert found.headline == (
        "Users ask to find contracts 10 times; one of them leaves without an answer."
    )


@pytest.mark.parametrize("given", [[None] * 5, outcomes(unclear=5)])
def test_where_no_outcome_is_known_it_says_so(given: list[str | None]) -> None:
    found = verdict(tables(("Find contracts", given)))
    assert found.headline == (
        "Users ask to find contracts 5 times. The transcripts do not tell whether they got it."
    )
    assert found.judged == 0
    assert found.findings[0].failed == 0


def test_one_conversation_has_a_verdict() -> None:
    assert verdict(tables(("Find contracts", outcomes(achieved=1)))).headline.startswith(
        "Users ask to find contracts once."
    )


def test_what_is_left_over_is_no_finding() -> None:
    found = verdict(tables(other=outcomes(failed=4)))
    assert found.findings == ()
    assert found.headline == (
        "4 conversations were read, too few of a kind to find what users want."
    )


def test_without_user_ids_the_users_are_unknown() -> None:
    found = verdict(tables(("Find contracts", outcomes(failed=4)), users=False))
    assert found.findings[0].users is None


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Find signed contracts", "to find signed contracts"),
        ("Signed contracts", "about signed contracts"),
        ("API rate limits", "about API rate limits"),
        ("Set up SSO", "to set up SSO"),
        ("Programming assistance", "about programming assistance"),
        ("JavaScript help", "about JavaScript help"),
        ("Invoices", "about invoices"),
        ("Export", "about export"),
    ],
)
@pytest.mark.parametrize(
    ("given", "rest"),
    [
        (outcomes(failed=3), " 3 times, and leave without an answer every time."),
        (outcomes(failed=4, achieved=1_000), " 1,004 times; 4 of them leave without an answer."),
    ],
)
def test_names_of_either_kind_make_a_sentence(
    name: str, asked: str, given: list[str], rest: str
) -> None:
    assert verdict(tables((name, given))).headline == f"Users ask {asked}{rest}"
