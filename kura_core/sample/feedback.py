"""Who rates what, and what a user is worth: the two tables that come with the conversations."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from kura_core.sample.people import User
from kura_core.sample.topics import Topic, quota

# What the rated conversations (or, for contracts, the users) of a topic add up to, US dollars.
TOTALS = {
    "API issues": ("developer", 2_304_000),
    "Bulk export": ("operations", 502_000),
    "UI feedback": ("everyday", 203_000),
    "Find signed contracts": ("legal", 1_210_000),
}
_PLEASURE = {"achieved": 0.75, "partly": 0.4, "not achieved": 0.1, "cannot tell": 0.3}
_COMMENTS = {
    1: ("exactly what I needed", "quick", "nice, saved me an hour", "good", "worked first time",
        "very clear", "friendly at least", "thanks wick", "👍", "better than the help pages"),
    0: ("didn't answer the question", "wrong", "waste of time", "had to do it by hand",
        "same canned answer twice", "please fix this", "not helpful", "it just made something up",
        "👎", "still broken"),
}


def choose_rated(
    topic: Topic, ends: Sequence[tuple[bool, str, bool]], rng: random.Random
) -> dict[int, int]:
    """Which conversations of a topic are rated, by position, and the thumb: 1 up, 0 down.

    `ends` holds (week 7 or later, outcome, polite exit) of each. Counts are exactly the topic's;
    but for a topic that changes they are spread over both halves alike.
    """
    later = topic.later is not None
    halves = [[i for i, end in enumerate(ends) if end[0] is half] for half in (False, True)]
    shares = tuple(len(half) / len(ends) for half in halves)
    thumbs: dict[int, int] = {}
    chosen = [
        rng.sample(half, count)
        for half, count in zip(halves, quota(topic.rated, shares), strict=True)
    ]
    liked = quota(topic.liked, tuple(len(half) / max(topic.rated, 1) for half in chosen))
    if later:
        chosen, liked = [chosen[0] + chosen[1]], [topic.liked]
    for half, up in zip(chosen, liked, strict=True):
        pleased = sorted(
            half,
            key=lambda i: -(_PLEASURE[ends[i][1]] + 0.25 * ends[i][2] + rng.random() * 0.5),
        )
        thumbs |= {i: int(rank < up) for rank, i in enumerate(pleased)}
    return thumbs


def draw_comment(thumb: int, rng: random.Random) -> str:
    """A word left with the rating, mostly none."""
    return rng.choice(_COMMENTS[thumb]) if rng.random() < 0.14 else ""


def scale_revenue(
    users: Mapping[str, Sequence[User]], counted: Mapping[str, Sequence[User]]
) -> None:
    """Bring each segment's revenue to the planted total of its topic.

    `counted` lists, per topic of TOTALS, the users whose revenue adds up, as often as it counts.
    """
    for topic, (segment, total) in TOTALS.items():
        factor = total / sum(user.revenue for user in counted[topic])
        for user in users[segment]:
            user.revenue = round(user.revenue * factor)
