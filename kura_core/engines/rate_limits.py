"""What a provider's headers say of its limits: how much is left, and how soon there is more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

What = Literal["requests", "tokens"]

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_PARTS = re.compile(r"([\d.]+)(ms|s|m|h|d)")
_NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(slots=True, frozen=True)
class Allowance:
    """What is left of a limit on requests or tokens, and how much of it comes back a second."""

    what: What
    left: float
    most: float
    per_second: float


def allowances(headers: Mapping[str, str]) -> tuple[Allowance, ...]:
    """Read the rate-limit headers of either provider; none where a server sends none.

    OpenAI's end in a time to wait ("6m0s"), Anthropic's in a moment (RFC 3339); with both, the
    time is that until the whole limit is there again, so that it tells how fast it fills. See
    https://platform.openai.com/docs/guides/rate-limits and
    https://docs.claude.com/en/api/rate-limits.
    """
    found = []
    kinds: tuple[What, ...] = ("requests", "tokens")
    for what in kinds:
        for name in (f"x-ratelimit-{{}}-{what}", f"anthropic-ratelimit-{what}-{{}}"):
            left, most = (_number(headers.get(name.format(p))) for p in ("remaining", "limit"))
            seconds = _seconds(headers.get(name.format("reset")))
            if left is None or most is None or seconds is None or most <= 0:
                continue
            gone = max(most - left, 0.0)
            # Nothing is gone, or its time is over already: then a minute's limit is assumed.
            speed = gone / seconds if gone and seconds > 0 else most / 60.0
            found.append(Allowance(what, left, most, speed))
    return tuple(found)


def _number(text: str | None) -> float | None:
    return float(text) if text and _NUMBER.fullmatch(text.strip()) else None


def _seconds(text: str | None) -> float | None:
    """Return the seconds that "1m6.5s", "120ms", "20" or a moment stand for; None for no text."""
    if not text:
        return None
    plain = text.strip()
    if _NUMBER.fullmatch(plain):
        return float(plain)
    parts = _PARTS.findall(plain)
    if parts and "".join(f"{number}{unit}" for number, unit in parts) == plain:
        return sum(_number_of(number) * _UNITS[unit] for number, unit in parts)
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _number_of(text: str) -> float:
    return _number(text) or 0.0
