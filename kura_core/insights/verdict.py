"""The first thing a reader sees: what users want most and do not get, in plain sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kura_core.engines.rules.words import base_verb, content_stems, jaccard
from kura_core.run.tables import RunTables

if TYPE_CHECKING:
    import pandas as pd

FINDINGS = 3
QUOTES = 3
SHORTEST_QUOTE, LONGEST_QUOTE = 15, 160
FEWEST_WORDS = 3
SAME_WORDS = 0.65
# Below this many a failure is an anecdote, not a finding.
FEWEST_FAILURES = 3


@dataclass(slots=True, frozen=True)
class Quote:
    """A request in a user's own (redacted) words, and the conversation it is from."""

    conversation_id: str
    text: str


@dataclass(slots=True, frozen=True)
class Finding:
    """What one base cluster's users want, how often, and how often they leave without it.

    Counts are of conversations: `failed` those judged not achieved, `partly` and `unclear` (cannot
    tell) beside them. `users` is None where the data has no user ids.
    """

    cluster_id: str
    name: str
    sentence: str
    conversations: int
    failed: int
    partly: int
    unclear: int
    users: int | None
    quotes: tuple[Quote, ...]


@dataclass(slots=True, frozen=True)
class Verdict:
    """The headline, the findings behind it, and how many conversations could be judged at all."""

    headline: str
    findings: tuple[Finding, ...]
    judged: int
    unclear: int
    conversations: int


def verdict(tables: RunTables) -> Verdict:
    """Say what most users leave without, largest number first; without failures, what they want.

    Looks at the leaves of the tree, "other" left out, ordered by conversations whose outcome is
    judged not achieved, then by size.
    """
    conversations = tables.conversations
    outcome = conversations["outcome"]
    unclear = int((outcome == "cannot tell").sum())
    judged = int(outcome.notna().sum()) - unclear
    leaves = tables.clusters[tables.clusters["cluster_id"].isin(conversations["cluster_id"])]
    members = dict(tuple(conversations.groupby("cluster_id", observed=True)))
    findings = [
        _finding(leaf, members[leaf["cluster_id"]])
        for _, leaf in leaves[~leaves["is_other"]].iterrows()
    ]
    findings.sort(key=lambda f: (-f.failed, -f.conversations, f.cluster_id))
    failing = [f for f in findings if f.failed >= FEWEST_FAILURES][:FINDINGS]
    shown = tuple(
        replace(finding, quotes=_quotes(members[finding.cluster_id], finding.failed))
        for finding in failing or sorted(findings, key=lambda f: -f.conversations)[:FINDINGS]
    )
    total = len(conversations)
    if not shown:
        headline = f"{total:,} conversations were read, too few of a kind to find what users want."
    elif any(f.failed for f in shown):
        headline = shown[0].sentence
    elif not judged:
        headline = f"{shown[0].sentence} The transcripts do not tell whether they got it."
    else:
        headline = f"{shown[0].sentence} Nothing in the transcripts shows that users were failed."
    return Verdict(headline, shown, judged, unclear, total)


def _finding(leaf: pd.Series, members: pd.DataFrame) -> Finding:
    counts = members["outcome"].value_counts()
    failed = int(counts.get("not achieved", 0))
    users = leaf["users"]
    return Finding(
        cluster_id=leaf["cluster_id"],
        name=leaf["name"],
        sentence=_sentence(leaf["name"], len(members), failed),
        conversations=len(members),
        failed=failed,
        partly=int(counts.get("partly", 0)),
        unclear=int(counts.get("cannot tell", 0)),
        users=int(users) if users == users and users is not None else None,
        quotes=(),
    )


def _sentence(name: str, conversations: int, failed: int) -> str:
    words = name.split()
    # "API errors" and "JavaScript help" keep their capitals.
    plain = bool(words) and words[0][1:] == words[0][1:].lower()
    lowered = name[:1].lower() + name[1:] if plain else name
    first = words[0].lower() if words else ""
    verb = len(words) > 1 and base_verb(first) == first
    times = "once" if conversations == 1 else f"{conversations:,} times"
    wish = f"Users ask to {lowered} {times}" if verb else f"Users ask about {lowered} {times}"
    if failed == 0:
        return f"{wish}."
    if failed == conversations:
        return f"{wish}, and leave without an answer every time."
    left = "one of them leaves" if failed == 1 else f"{failed:,} of them leave"
    return f"{wish}; {left} without an answer."


def _quotes(members: pd.DataFrame, failed: int) -> tuple[Quote, ...]:
    """Take the requests, of those failed if any, whose words most of them share."""
    asked = members[members["request"].notna()]
    if failed:
        asked = asked[asked["outcome"] == "not achieved"]
    length = asked["request"].str.len()
    fit = asked[(length >= SHORTEST_QUOTE) & (length <= LONGEST_QUOTE)]
    words = [sorted(set(content_stems(text))) for text in fit["request"]]
    told = Counter(word for said in words for word in said)
    # Held back when short: a few common words alone say little.
    typical = [sum(told[word] for word in said) / (len(said) + 5) for said in words]
    full = [len(said) >= FEWEST_WORDS for said in words]
    ordered = sorted(
        zip(full, typical, fit["conversation_id"], fit["request"], words, strict=True),
        key=lambda found: (not found[0], -found[1], found[2]),
    )
    quotes: list[Quote] = []
    quoted: list[list[str]] = []
    for _, _, conversation_id, request, said in ordered:
        if len(quotes) < QUOTES and all(jaccard(said, other) < SAME_WORDS for other in quoted):
            quotes.append(Quote(conversation_id, request))
            quoted.append(said)
    return tuple(quotes)
