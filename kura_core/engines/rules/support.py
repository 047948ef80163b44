"""How far the members of a cluster share each word: the statistics that names rest on."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from kura_core.engines.protocol import ClusterEvidence
from kura_core.engines.rules.words import content_stems, is_content, stem, tokens

# A stem that fewer members share is a detail of one conversation, or a slip of the pen.
DETAIL_SHARE = 0.12
# From this many members on, what only one of them says counts as such a detail.
_FEW = 4


@dataclass(slots=True, frozen=True)
class Support:
    """Per stem: the share of members that use it and how much it says about this cluster.

    `forms` are words in the case in which members write them, `pairs` neighbouring content words,
    `countable` the nouns seen after "a" or "an", `verbs` the share of members whose task opens
    with each verb.
    """

    share: dict[str, float]
    weight: dict[str, float]
    forms: dict[str, str] = field(default_factory=dict)
    countable: frozenset[str] = frozenset()
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    best: float = 1.0
    members: int = 0
    verbs: dict[str, float] = field(default_factory=dict)

    def is_detail(self, key: str) -> bool:
        """Whether so few members use a stem that it belongs to one conversation, or is a slip."""
        least = max(DETAIL_SHARE, 1.6 / self.members) if self.members >= _FEW else DETAIL_SHARE
        return self.share.get(key, 0.0) < least


def measure_support(evidence: ClusterEvidence) -> Support:
    """Shares and weights over the members' texts, those nearest the centroid counting most.

    A stem's weight is its share among members, raised by its rank among the keywords that tell the
    cluster apart and lowered by its share among the nearest non-members.
    """
    share: dict[str, float] = defaultdict(float)
    cased: dict[str, Counter[str]] = defaultdict(Counter)
    countable: set[str] = set()
    pairs: Counter[tuple[str, str]] = Counter()
    verbs: dict[str, float] = defaultdict(float)
    total = 0.0
    for rank, member in enumerate(evidence.members):
        trust = 1.0 / (1.0 + 0.04 * rank)
        total += trust
        opening = (member.task or "").split(" ")[0].lower()
        verbs[opening] += trust
        text = " ".join(part for part in (member.summary, member.task, member.topic) if part)
        for key in sorted(set(content_stems(text))):
            share[key] += trust
        _collect_forms(member.summary, cased, countable, pairs)
    share = {key: value / total for key, value in share.items()} if total else {}
    said = {verb: value / total for verb, value in verbs.items()} if total else {}
    near: dict[str, float] = defaultdict(float)
    for other in evidence.contrast:
        for key in sorted(set(content_stems(f"{other.summary} {other.task or ''}"))):
            near[key] += 1.0 / len(evidence.contrast)
    strength = _keyword_strength(evidence)
    weight = {
        key: value * (0.45 + 0.55 * strength.get(key, 0.0)) / (1.0 + 0.6 * near.get(key, 0.0))
        for key, value in share.items()
    }
    best = max(weight.values(), default=1.0)
    forms = {low: _usual_form(low, counts) for low, counts in cased.items()}
    return Support(
        share, weight, forms, frozenset(countable), pairs, best or 1.0, len(evidence.members), said
    )


def _collect_forms(
    text: str,
    cased: dict[str, Counter[str]],
    countable: set[str],
    pairs: Counter[tuple[str, str]],
) -> None:
    words = tokens(text)
    for place, word in enumerate(words):
        if place and is_content(word):
            cased[word.lower()][word] += 1
        before = words[place - 1].lower() if place else ""
        if word.lower() in ("a", "an"):
            countable.update(_head_after(words, place))
        if place and is_content(word) and is_content(words[place - 1]):
            pairs[(before, word.lower())] += 1


def _head_after(words: list[str], place: int) -> list[str]:
    """The last of the content words that follow an article: the noun that is counted."""
    run: list[str] = []
    for word in words[place + 1 : place + 5]:
        if not is_content(word):
            break
        run.append(word.lower())
    return run[-1:]


def _usual_form(low: str, counts: Counter[str]) -> str:
    """The case in which members write a word, mid-sentence; lower case unless most agree."""
    form, count = max(sorted(counts.items()), key=lambda item: item[1])
    return form if form != low and count >= 2 and count > 0.6 * counts.total() else low


def _keyword_strength(evidence: ClusterEvidence) -> dict[str, float]:
    """Each keyword stem's weight over the strongest keyword's; a bigram counts for both words."""
    strongest = max((weight for _, weight in evidence.keywords), default=0.0)
    found: dict[str, float] = {}
    if strongest <= 0:
        return found
    for term, weight in evidence.keywords:
        for word in tokens(term):
            key = stem(word)
            found[key] = max(found.get(key, 0.0), weight / strongest)
    return found
