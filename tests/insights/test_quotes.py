"""What is quoted: a few requests that speak for many."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kura_core.insights.quotes import typical_quotes

LOST = "Why can't it find my signed contracts?"


def asked(requests: Sequence[str | None]) -> pd.DataFrame:
    ids = [f"c{number}" for number in range(len(requests))]
    return pd.DataFrame(
        {"conversation_id": ids, "request": pd.Series(list(requests), dtype="object")}
    )


def test_quotes_are_the_requests_whose_words_most_share() -> None:
    requests = [
        "Where are all my signed contracts?",
        "My signed contracts are missing",
        "Show me the missing signed supplier contracts for the audit",
        "MY signed contracts are missing!",
        "Ok so what now, robot overlord of lies",
    ]
    quotes = typical_quotes(asked(requests))
    assert {quote.text for quote in quotes[:2]} == {requests[1], requests[2]}
    assert requests[3] not in {quote.text for quote in quotes}, "the same words are there already"
    assert quotes[0].conversation_id == f"c{requests.index(quotes[0].text)}"


def test_what_is_shouted_is_quoted_last() -> None:
    shouted = "WHERE ARE ALL MY SIGNED CONTRACTS?"
    calm = "Show me the supplier list please"
    quotes = typical_quotes(asked([shouted] * 3 + [calm]))
    assert [quote.text for quote in quotes] == [calm, shouted]


def test_a_request_is_quoted_once_and_only_if_it_can_be_read() -> None:
    requests = ["same words, twice said"] * 2 + ["no", "x" * 500, None, LOST]
    texts = [quote.text for quote in typical_quotes(asked(requests))]
    assert sorted(texts) == [LOST, "same words, twice said"]


def test_no_more_are_given_than_asked_for() -> None:
    requests = ["Where is the contract with Ivelle", "Show my invoices of June", "Export all files"]
    assert len(typical_quotes(asked(requests), 1)) == 1


def test_without_requests_nothing_is_quoted() -> None:
    assert typical_quotes(asked([None, None])) == ()
