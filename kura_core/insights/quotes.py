"""What users said, in their own (redacted) words: a few requests that speak for many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kura_core.engines.rules.words import content_stems, jaccard

if TYPE_CHECKING:
    import pandas as pd

QUOTES = 3
SHORTEST_QUOTE, LONGEST_QUOTE = 15, 160
FEWEST_WORDS = 3
# Quotes are looked for among so many requests; more would say the same again.
MOST_READ = 5_000
SAME_WORDS = 0.65


@dataclass(slots=True, frozen=True)
class Quote:
    """A request in a user's own (redacted) words, and the conversation it is from."""

    conversation_id: str
    text: str


def typical_quotes(members: pd.DataFrame, count: int = QUOTES) -> tuple[Quote, ...]:
    """Take the requests whose words most of them share, each said differently.

    `members` has conversation_id and request (null where there is none). Too short and too long
    ones are passed over, those in capitals come last;
    fewer than `count` come back where the rest repeat them.
    """
    asked = members[members["request"].notna()].head(MOST_READ)
    length = asked["request"].str.len()
    fit = asked[(length >= SHORTEST_QUOTE) & (length <= LONGEST_QUOTE)]
    words = [sorted(set(content_stems(text))) for text in fit["request"]]
    told = Counter(word for said in words for word in said)
    # Held back when shouted, and when short: a few common words alone say little.
    calm = [
        sum(map(str.isupper, text)) * 2 <= sum(map(str.isalpha, text)) for text in fit["request"]
    ]
    typical = [sum(told[word] for word in said) / (len(said) + 5) for said in words]
    full = [len(said) >= FEWEST_WORDS for said in words]
    ordered = sorted(
        zip(full, calm, typical, fit["conversation_id"], fit["request"], words, strict=True),
        key=lambda found: (not found[0], not found[1], -found[2], found[3]),
    )
    quotes: list[Quote] = []
    quoted: list[list[str]] = []
    for *_, conversation_id, request, said in ordered:
        if len(quotes) == count:
            break
        if all(jaccard(said, other) < SAME_WORDS for other in quoted):
            quotes.append(Quote(conversation_id, request))
            quoted.append(said)
    return tuple(quotes)
