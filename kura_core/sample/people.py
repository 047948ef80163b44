"""The users of the sample and the twelve weeks in which they write."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kura_core.sample.style import Style, draw_style

FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
WEEKS = 12
NEW_VERSIONS_FROM = 6  # the seventh week, counted from 0

_COUNTRIES = ("US", "US", "US", "GB", "GB", "CA", "IE", "AU", "NL", "SE", "IN", "SG", "ZA", "NZ")
_HOME = {"de": "DE", "es": "ES", "fr": "FR", "pt": "BR", "it": "IT", "nl": "NL", "ja": "JP",
         "pl": "PL"}
_FIELDS = ("computer science",) * 7 + (
    "economics", "biology", "history", "law", "psychology", "mechanical engineering",
    "mathematics", "nursing", "business", "literature", "chemistry",
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A kind of user: how many there are, on which plans, and what a year of one is worth."""

    users: int
    plans: tuple[str, ...]
    revenue: float  # median, US dollars a year
    spread: float  # of the logarithm


SEGMENTS = {
    "developer": Segment(62, ("business", "enterprise", "enterprise"), 11_000, 0.75),
    "operations": Segment(45, ("team", "business", "business"), 4_800, 0.6),
    "everyday": Segment(85, ("free", "free", "pro"), 700, 0.8),
    "legal": Segment(96, ("business", "enterprise"), 10_500, 0.6),
    "student": Segment(75, ("education",), 70, 0.4),
    "manager": Segment(52, ("pro", "team", "team", "business"), 2_600, 0.8),
    "spammer": Segment(5, ("free",), 0, 0.0),
}


@dataclass(slots=True)
class User:
    """One account. `appetite` says how often it writes compared with others."""

    user_id: str
    segment: str
    plan: str
    country: str
    signup: date
    revenue: int
    style: Style
    appetite: float
    field: str | None
    language: str = "en"
    used: bool = False

    def speaks(self, language: str) -> None:
        """Make this a user who writes in another language, from a country where people do."""
        self.language = language
        self.country = _HOME[language]


def draw_users(rng: random.Random) -> dict[str, list[User]]:
    """All users by segment; the numbers in their ids say nothing about the segment."""
    total = sum(segment.users for segment in SEGMENTS.values())
    ids = [f"u{number:03d}" for number in range(1, total + 1)]
    rng.shuffle(ids)
    return {
        name: [_draw_user(ids.pop(), name, segment, rng) for _ in range(segment.users)]
        for name, segment in SEGMENTS.items()
    }


def _draw_user(user_id: str, name: str, segment: Segment, rng: random.Random) -> User:
    days = rng.randrange(3, 20) if name == "spammer" else int(rng.paretovariate(0.7) * 25) % 1100
    return User(
        user_id=user_id,
        segment=name,
        plan=rng.choice(segment.plans),
        country=rng.choice(_COUNTRIES),
        signup=FIRST_DAY.date() - timedelta(days=days + 1),
        revenue=round(segment.revenue * rng.lognormvariate(0, segment.spread)),
        style=draw_style(rng),
        appetite=min(rng.paretovariate(1.4), 9),
        field=rng.choice(_FIELDS) if name == "student" else None,
    )


def draw_start(week: int, segment: str, rng: random.Random) -> datetime:
    """A moment in the given week: office hours, but students late and spammers at any time."""
    if segment == "student":
        day = rng.choices(range(7), (10, 10, 10, 10, 6, 6, 11))[0]
        hour = rng.choices(range(8, 24), (1, 2, 3, 3, 2, 3, 4, 4, 4, 3, 3, 5, 6, 6, 4, 2))[0]
    elif segment == "spammer":
        day, hour = rng.randrange(7), rng.randrange(24)
    else:
        day = rng.choices(range(7), (19, 21, 20, 19, 15, 3, 3))[0]
        hour = rng.choices(range(6, 22), (1, 3, 7, 10, 11, 9, 6, 9, 11, 10, 8, 5, 3, 2, 2, 1))[0]
    return FIRST_DAY + timedelta(
        days=week * 7 + day, hours=hour, minutes=rng.randrange(60), seconds=rng.randrange(60)
    )


def spread_weeks(count: int, growth: float, rng: random.Random) -> list[int]:
    """A week for each of `count` conversations; each week has `growth` times those of the last.

    The counts follow the curve exactly, so that nothing but the planted topic grows by chance.
    """
    weights = [growth**week for week in range(WEEKS)]
    shift = rng.random()
    total, reached, weeks = sum(weights), 0.0, []
    for week, weight in enumerate(weights):
        before = int(reached + shift)
        reached += count * weight / total
        weeks += [week] * (int(reached + shift) - before)
    return (weeks + [WEEKS - 1] * count)[:count]
