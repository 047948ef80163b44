"""A name for a cluster, chosen among its members' own phrases."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from kura_core.engines.protocol import ClusterEvidence
from kura_core.engines.rules.candidates import NAME_WORDS, is_private, is_well_formed
from kura_core.engines.rules.general import foreign_names, is_foreign, readable_part
from kura_core.engines.rules.lexicon import COMPLAINT_WORDS, FINDING_VERBS
from kura_core.engines.rules.phrase import excerpt, topic_of
from kura_core.engines.rules.sayings import typical_sayings
from kura_core.engines.rules.shortlist import rank_names
from kura_core.engines.rules.support import Support, measure_support
from kura_core.engines.rules.wording import headline
from kura_core.engines.rules.words import is_content, jaccard, stem, tokens

NEAR_EQUAL = 0.6
_HARDLY_TYPICAL = 0.1
# Verbs that set no group apart from another: "Cards" and "Manage cards" are one to a reader.
_FINDING_STEMS = frozenset(stem(word) for word in FINDING_VERBS | {"manage"})


def choose_name(evidence: ClusterEvidence, support: Support) -> str:
    """The best phrase that repeats none of `evidence.taken`; at most eight words.

    The best is the fittest, or where the evidence says how close names come to the cluster, the
    best by both. Where most members do not write English: their language, if it sets them apart;
    else what those who do ask for; else an excerpt of the most central request.
    """
    if is_foreign(evidence):
        read = readable_part(evidence)
        if read is not None:
            evidence, support = read, measure_support(read)
        else:
            for name in foreign_names(evidence):
                if not is_taken(name, evidence.taken):
                    return name
    for name in rank_names(evidence, support):
        if not is_taken(name, evidence.taken):
            return name
    return _last_resort(evidence, support)


def is_taken(name: str, taken: Sequence[str]) -> bool:
    """Whether a sibling has this name or one nearly equal.

    Nearly equal: the same content stems ("find", "check" and "manage" aside), or a Jaccard
    similarity of words or of content stems of .6 or more.
    """
    keys, words = name_keys(name)
    for other in taken:
        other_keys, other_words = name_keys(other)
        if name.lower() == other.lower() or (keys and keys == other_keys):
            return True
        if keys - _FINDING_STEMS and keys - _FINDING_STEMS == other_keys - _FINDING_STEMS:
            return True
        if jaccard(words, other_words) >= NEAR_EQUAL or jaccard(keys, other_keys) >= NEAR_EQUAL:
            return True
    return False


def _is_detail(words: Sequence[str], support: Support) -> bool:
    """Whether a term holds a file name, a code or what is only ever written like a name."""
    return any(
        is_private(word, support) or support.forms.get(word, word).istitle() for word in words
    )


@lru_cache(maxsize=20_000)
def name_keys(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The content stems of a name, and all its words in lower case."""
    words = tokens(name)
    return (
        frozenset(stem(word) for word in words if is_content(word)),
        frozenset(word.lower() for word in words),
    )


def _last_resort(evidence: ClusterEvidence, support: Support) -> str:
    """Names from what members say, keywords, excerpts, or a number: never one that is taken."""
    said = typical_sayings(evidence, support, least=_HARDLY_TYPICAL)
    for name in [] if evidence.children else said:
        if not is_taken(name, evidence.taken):
            return name
    terms = [tuple(word.lower() for word in tokens(term)) for term, _ in evidence.keywords]
    terms = [
        words
        for words in terms
        if is_well_formed(words)
        and not _is_detail(words, support)
        and not COMPLAINT_WORDS.intersection(words)
    ]
    joined = [
        (*left, "and", *right)
        for place, left in enumerate(terms[:6])
        for right in terms[place + 1 : 7]
        if not set(left) & set(right)
    ]
    for words in (*terms, *joined):
        name = headline(words, support)
        if not is_taken(name, evidence.taken):
            return name
    for member in evidence.members:
        name = excerpt(member.request or member.summary)
        if name and not is_taken(name, evidence.taken):
            return name
    first = topic_of(tokens(evidence.taken[0])) if evidence.taken else None
    stock = f"Other requests about {first}" if first else "Mixed requests"
    stock = " ".join(stock.split()[: NAME_WORDS - 1])
    used = {other.lower() for other in evidence.taken}
    name, number = stock, 2
    while name.lower() in used:
        name, number = f"{stock} {number}", number + 1
    return name
