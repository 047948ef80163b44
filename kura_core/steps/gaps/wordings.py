"""What is missing, said in many ways, as one gap each: "the signed contract with X" is "signed
contracts"."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kura_core.engines.rules.clauses import keeps_case
from kura_core.engines.rules.judging.missing_words import ATTRIBUTE_KEYS, CARRIERS, FAMILIES, same
from kura_core.engines.rules.lexicon import CLAUSE_WORDS, NOUN_VERBS, PREPOSITIONS
from kura_core.engines.rules.words import base_verb, is_content, is_number, stem, tokens

# A gap of fewer conversations is folded into a near one, where there is one.
FEW = 3
# A narrower or wider wording joins a gap that is so many times as frequent …
_OUTWEIGHED = 3
# … or in whose clusters so much of it lies.
_AT_HOME = 0.6
# The share of a cluster's gaps from which one gap rules it.
_RULES = 0.75

# What is said around the thing: "the ability to send emails", "no access to signed contracts".
_OPENING = re.compile(
    r"^(?:(?:the|an?|no|any|missing|lack of|lacks?|unable to|cannot|can't|not able to|inability "
    r"to|ability|abilities|capability|capabilities|capacity|support|feature|function|"
    r"functionality|option|way|tool|tools|permission|access|indexed|index|indexing|searchable|"
    r"availability|available|system|user|users|for|of|to|with|directly|being able|integrate|"
    r"integrated|integration|connection) )+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?: (?:capability|capabilities|ability|functionality|feature|features|support|integration|"
    r"access|function|tool|tools|system|service|option|indexing|index|availability))+$",
    re.IGNORECASE,
)
_LINKED = re.compile(r"\b(?:integrat\w+|connect\w*|sync\w*)\b", re.IGNORECASE)
_DOING = frozenset(map(stem, ("send", "book", "schedule")))
_LEADS = frozenset("of for from with to about on regarding".split())


@dataclass(slots=True, frozen=True)
class GapText:
    """One wording of a missing thing: its synonym stems, the last noun's, and its verb's if any."""

    keys: frozenset[str]
    head: str
    family: str | None = None


@dataclass(slots=True, frozen=True)
class GapGroup:
    """One gap: its name, its stems, and each wording that stands for it with its count."""

    name: str
    keys: frozenset[str]
    wordings: tuple[tuple[str, int], ...]


@lru_cache(maxsize=50_000)
def read_gap(text: str) -> GapText:
    """The stems of a wording that tell it from others; names, figures and carriers are left out."""
    plain = _OPENING.sub("", text.strip().strip(".").replace("’", "'"))
    plain = _CLOSING.sub("", plain) or text
    words = tokens(plain.replace("last-", "last "))
    family = _family(words, linked=bool(_LINKED.search(text)))
    if family is not None:
        return GapText(frozenset({family}), family, family)
    kept: list[str] = []
    carried: list[str] = []
    for place, word in enumerate(words):
        low = word.lower()
        if low in PREPOSITIONS | CLAUSE_WORDS:
            if any(not _is_state(item) for item in kept) or low not in _LEADS:
                break
            continue
        name = word[0].isupper() and place > 0 and not keeps_case(word)
        if name or not is_content(word) or is_number(word):
            continue
        (carried if low in CARRIERS else kept).append(low)
    deed = bool(kept) and base_verb(kept[0]) is not None and len(kept) == 1
    read = (kept + carried if deed else kept or carried) or [plain.lower()]
    keys = frozenset(map(same, read))
    if "modification" in _plain_events(keys):
        # "edit history", "when it was last changed": what is known of a change.
        return GapText(frozenset({same("modification"), same("date")}), same("date"))
    nouns = [word for word in read if not _is_state(word)] or read
    return GapText(keys, same(nouns[-1]))


def group_gaps(
    counts: Mapping[tuple[str, str], int],
) -> list[GapGroup]:
    """Group wordings of what is missing, most frequent first; deterministic, near-linear.

    `counts` says how many conversations of which cluster miss what: (missing, cluster_id) → n.
    Wordings with the same stems are one gap. A narrower or wider wording of the same noun joins
    the frequent one, and so does a rare one that shares a word with the gap that rules its cluster.
    """
    members: dict[frozenset[str], Counter[str]] = defaultdict(Counter)
    homes: dict[frozenset[str], Counter[str]] = defaultdict(Counter)
    head_of: dict[frozenset[str], str] = {}
    for (text, cluster_id), count in sorted(counts.items()):
        read = read_gap(text)
        members[read.keys][text] += count
        homes[read.keys][cluster_id] += count
        head_of.setdefault(read.keys, read.head)
    into = _folded(members, homes, head_of)
    grouped: dict[frozenset[str], list[frozenset[str]]] = defaultdict(list)
    for keys in members:
        grouped[_root(keys, into)].append(keys)
    groups = [_group(root, parts, members) for root, parts in grouped.items()]
    return sorted(groups, key=lambda g: (-sum(n for _, n in g.wordings), g.name))


def _folded(
    members: Mapping[frozenset[str], Counter[str]],
    homes: Mapping[frozenset[str], Counter[str]],
    head_of: Mapping[frozenset[str], str],
) -> dict[frozenset[str], frozenset[str]]:
    """Which gap each lesser wording joins."""
    total = {keys: counted.total() for keys, counted in members.items()}
    ordered = sorted(members, key=lambda keys: (-total[keys], sorted(keys)))
    by_head: dict[str, list[frozenset[str]]] = defaultdict(list)
    in_cluster: dict[str, Counter[frozenset[str]]] = defaultdict(Counter)
    for keys, counted in homes.items():
        for cluster_id, count in counted.items():
            in_cluster[cluster_id][keys] += count
    ruling = {cluster_id: _ruler(counted) for cluster_id, counted in in_cluster.items()}
    into: dict[frozenset[str], frozenset[str]] = {}
    for keys in ordered:
        larger = by_head[head_of[keys]][:50]
        near = next(
            (
                other
                for other in larger
                if (other < keys or keys < other)
                and (
                    total[other] >= _OUTWEIGHED * total[keys]
                    or _shared(homes[keys], homes[other]) >= _AT_HOME
                )
            ),
            None,
        )
        if near is None and total[keys] < FEW:
            near = _ruler_near(keys, homes[keys], ruling, total)
        if near is not None:
            into[keys] = near
        else:
            by_head[head_of[keys]].append(keys)
    return into


def _ruler(counted: Counter[frozenset[str]]) -> tuple[frozenset[str], float]:
    keys, count = min(counted.items(), key=lambda item: (-item[1], sorted(item[0])))
    return keys, count / counted.total()


def _ruler_near(
    keys: frozenset[str],
    home: Counter[str],
    ruling: Mapping[str, tuple[frozenset[str], float]],
    total: Mapping[frozenset[str], int],
) -> frozenset[str] | None:
    """The gap that rules a rare wording's cluster, where they share a word or it rules alone."""
    for cluster_id in sorted(home, key=lambda name: (-home[name], name)):
        ruler, share = ruling[cluster_id]
        if (
            ruler != keys
            and total[ruler] >= _OUTWEIGHED * FEW
            and (share >= _RULES or ruler & keys)
        ):
            return ruler
    return None


def _shared(home: Counter[str], other: Counter[str]) -> float:
    """The share of one wording's conversations that lie where the other is at home."""
    least = max(2.0, 0.1 * other.total())
    return sum(n for name, n in home.items() if other[name] >= least) / home.total()


def _root(keys: frozenset[str], into: Mapping[frozenset[str], frozenset[str]]) -> frozenset[str]:
    while keys in into:
        keys = into[keys]
    return keys


def _group(
    root: frozenset[str],
    parts: Sequence[frozenset[str]],
    members: Mapping[frozenset[str], Counter[str]],
) -> GapGroup:
    wordings: Counter[str] = Counter()
    for part in parts:
        wordings.update(members[part])
    own = members[root]
    name = _clearest(own)
    ordered = sorted(wordings.items(), key=lambda item: (-item[1], item[0]))
    return GapGroup(name, root, tuple(ordered))


def _clearest(counted: Counter[str]) -> str:
    """The wording most often used for a gap, the shortest of those that are as frequent."""
    family = next((read_gap(text).family for text in counted if read_gap(text).family), None)
    if family is not None:
        return family
    best = max(counted.values())
    usual = [text for text, count in counted.items() if 2 * count > best]
    chosen = min(usual, key=lambda text: (len(text.split()), -counted[text], len(text), text))
    return chosen[:1].lower() + chosen[1:] if not keeps_case(chosen.split()[0]) else chosen


def _family(words: Sequence[str], *, linked: bool) -> str | None:
    """One of the everyday deeds: its noun, with one of its verbs or a link to where it is done."""
    if not words:
        return None
    keys = {same(word) for word in words}
    verbs = {base_verb(word) for word in words if base_verb(word)}
    own = {verb for verb in verbs if verb not in NOUN_VERBS or verb == base_verb(words[0])}
    for name, nouns, doing in FAMILIES:
        mailed = words[0].lower() in {"email", "mail", "e-mail"} and name == "send e-mail"
        told = own - {"email", "mail"} and own & doing
        if nouns & keys and (told or (mailed and len(words) > 1) or linked or keys & _DOING):
            return name
    return None


def _is_state(word: str) -> bool:
    return word.endswith("ed") and base_verb(word) is not None


def _plain_events(keys: frozenset[str]) -> set[str]:
    """ "modification" where both a change and what is known of it are named."""
    change = same("modification")
    known = keys & (ATTRIBUTE_KEYS | {same("time"), same("last"), same("when")})
    return {"modification"} if change in keys and known - {change} else set()
