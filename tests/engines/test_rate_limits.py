"""What providers' headers say of what is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kura_core.engines.rate_limits import allowances


def headers(reset: str, left: str = "10", most: str = "70") -> dict[str, str]:
    return {
        "x-ratelimit-limit-requests": most,
        "x-ratelimit-remaining-requests": left,
        "x-ratelimit-reset-requests": reset,
    }


@pytest.mark.parametrize(
    ("reset", "seconds"), [("30s", 30), ("1m30s", 90), ("500ms", 0.5), ("60", 60), ("1h0m0s", 3600)]
)
def test_a_time_to_wait_tells_how_fast_a_limit_fills(reset: str, seconds: float) -> None:
    (found,) = allowances(headers(reset))
    assert (found.what, found.left, found.most) == ("requests", 10, 70)
    assert found.per_second == pytest.approx(60 / seconds)


def test_a_moment_tells_it_too() -> None:
    moment = datetime.now(UTC) + timedelta(seconds=20)
    (found,) = allowances(
        {
            "anthropic-ratelimit-tokens-limit": "5000",
            "anthropic-ratelimit-tokens-remaining": "1000",
            "anthropic-ratelimit-tokens-reset": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    )
    assert (found.what, found.left) == ("tokens", 1000)
    assert found.per_second == pytest.approx(200, rel=0.2)


@pytest.mark.parametrize("reset", ["0s", "2020-01-01T00:00:00Z"])
def test_a_time_that_is_over_counts_as_a_minutes_limit(reset: str) -> None:
    assert allowances(headers(reset))[0].per_second == pytest.approx(70 / 60)


@pytest.mark.parametrize(
    "bad",
    [
        {},
        headers("soon"),
        headers("1x"),
        headers("1s", left="many"),
        headers("1s", most="0"),
        headers("1s", left="-1"),
        {"x-ratelimit-remaining-requests": "3"},
    ],
)
def test_what_says_nothing_limits_nothing(bad: dict[str, str]) -> None:
    assert allowances(bad) == ()
