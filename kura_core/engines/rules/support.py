"""How far the members of a cluster share each word: the statistics that names rest on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kura_core.engines.protocol import ClusterEvidence
from kura_core.engines.rules.gist import without_details
from kura_core.engines.rules.lexicon import BOOKING_VERBS, DETERMINERS, FINDING_VERBS, OWNERS
from kura_core.engines.rules.words import base_verb, content_stems, is_content, stem, tokens
from kura_core.types import ConversationSummary

# A stem that fewer members share is a detail of one conversation, or a slip of the pen.
DETAIL_SHARE = 0.12
# From this many members on, what only one of them says counts as such a detail.
_FEW = 4
# The share of a word's uses in capitals from which it counts as an abbreviation.
_CAPITALS_SHARE = 0.3
_LONGEST_ABBREVIATION = 5


@dataclass(slots=True, frozen=True)
class Voice:
    """One member: how much it counts (all sum to 1), its task's verb, and its content stems."""

    trust: float
    verb: str
    stems: frozenset[str]


@dataclass(slots=True, frozen=True)
class Support:
    """Per stem: the share of members that use it and how much it says about this cluster.

    `forms` are words in the case in which members write them, `spelled` each stem's most used word,
    `pairs` the number of members with two or three neighbouring content words, `countable` the
    nouns seen after "a" or "an", `heads` how often a stem closes a noun phrase, `counted`
    how often it is used at all, `verbs` the share
    of members whose task opens with each verb, `voices` the members themselves.
    """

    share: dict[str, float]
    weight: dict[str, float]
    forms: dict[str, str] = field(default_factory=dict)
    countable: frozenset[str] = frozenset()
    pairs: Counter[tuple[str, ...]] = field(default_factory=Counter)
    best: float = 1.0
    members: int = 0
    verbs: dict[str, float] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)
    heads: Counter[str] = field(default_factory=Counter)
    counted: Counter[str] = field(default_factory=Counter)
    voices: tuple[Voice, ...] = ()

    def is_detail(self, key: str) -> bool:
        """Whether so few members use a stem that it belongs to one conversation, or is a slip."""
        least = max(DETAIL_SHARE, 1.6 / self.members) if self.members >= _FEW else DETAIL_SHARE
        return self.share.get(key, 0.0) < least

    def joint(self, keys: Iterable[str], verb: str | None = None) -> float:
        """Share of members that use all these stems, and a verb of that kind where one is given."""
        wanted = frozenset(keys)
        return sum(
            voice.trust
            for voice in self.voices
            if wanted <= voice.stems
            and (verb is None or stem(verb) in voice.stems or _alike(verb, voice.verb))
        )

    def asking(self, keys: Iterable[str], verb: str) -> int:
        """Number of members whose task opens with a verb of that kind and that use all stems."""
        wanted = frozenset(keys)
        return sum(1 for voice in self.voices if wanted <= voice.stems and _alike(verb, voice.verb))

    def mostly(self, keys: Sequence[str], verb: str | None) -> float:
        """Share of members that use at least half of these stems and a verb of that kind."""
        wanted = frozenset(keys)
        return sum(
            voice.trust
            for voice in self.voices
            if 2 * len(wanted & voice.stems) >= len(wanted)
            and (verb is None or _alike(verb, voice.verb))
        )

    def either(self, keys: Iterable[str]) -> float:
        """Share of members that use any of these stems."""
        wanted = frozenset(keys)
        return sum(voice.trust for voice in self.voices if wanted & voice.stems)


def _alike(one: str, other: str) -> bool:
    return one == other or any({one, other} <= kind for kind in (FINDING_VERBS, BOOKING_VERBS))


def as_said(evidence: ClusterEvidence) -> ClusterEvidence:
    """The evidence with what users wrote alone, without what assistants asked back."""

    def cut(members: Sequence[ConversationSummary]) -> list[ConversationSummary]:
        return [replace(member, summary=without_details(member.summary)) for member in members]

    return replace(evidence, members=cut(evidence.members), contrast=cut(evidence.contrast))


def measure_support(evidence: ClusterEvidence) -> Support:
    """Shares and weights over the members' texts, those nearest the centroid counting most.

    A stem's weight is its share among members, raised by its rank among the keywords that tell the
    cluster apart and lowered by its share among the nearest non-members.
    """
    texts = _Texts()
    share: dict[str, float] = defaultdict(float)
    voices: list[Voice] = []
    verbs: dict[str, float] = defaultdict(float)
    total = sum(1.0 / (1.0 + 0.04 * rank) for rank in range(len(evidence.members)))
    for rank, member in enumerate(evidence.members):
        trust = 1.0 / (1.0 + 0.04 * rank) / total
        opening = (member.task or "").split(" ")[0].lower()
        verbs[opening] += trust
        text = " ".join(part for part in (member.summary, member.task, member.topic) if part)
        stems = frozenset(content_stems(text))
        voices.append(Voice(trust, base_verb(opening) or "", stems))
        for key in sorted(stems):
            share[key] += trust
        texts.read(member.summary, member.topic)
    near: dict[str, float] = defaultdict(float)
    for other in evidence.contrast:
        for key in sorted(set(content_stems(f"{other.summary} {other.task or ''}"))):
            near[key] += 1.0 / len(evidence.contrast)
    strength = _keyword_strength(evidence)
    weight = {
        key: value * (0.45 + 0.55 * strength.get(key, 0.0)) / (1.0 + 0.6 * near.get(key, 0.0))
        for key, value in share.items()
    }
    return Support(
        share=dict(share),
        weight=weight,
        forms={low: _usual_form(low, counts) for low, counts in texts.cased.items()},
        countable=frozenset(texts.countable),
        pairs=texts.pairs,
        best=max(weight.values(), default=1.0) or 1.0,
        members=len(evidence.members),
        verbs=dict(verbs),
        spelled={
            key: max(sorted(counts.items()), key=lambda item: item[1])[0]
            for key, counts in texts.spelled.items()
        },
        heads=texts.heads,
        counted=Counter({key: counts.total() for key, counts in texts.spelled.items()}),
        voices=tuple(voices),
    )


@dataclass(slots=True)
class _Texts:
    """What is counted while members' texts are read."""

    cased: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    spelled: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    countable: set[str] = field(default_factory=set)
    heads: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def read(self, text: str, topic: str | None) -> None:
        words = tokens(text)
        low = [word.lower() for word in words]
        shouted = 2 * sum(map(str.isupper, words)) > len(words)
        runs: set[tuple[str, ...]] = set()
        heads = {stem(word) for word in tokens(topic or "")[-1:] if base_verb(word) is None}
        for place, word in enumerate(words):
            if low[place] in DETERMINERS | OWNERS:
                head = _head_after(words, place)
                heads.update(map(stem, head))
                self.countable.update(head if low[place] in ("a", "an") else ())
            if not is_content(word):
                continue
            self.spelled[stem(word)][low[place]] += 1
            if (place and not shouted) or (_is_abbreviation(word) and not shouted):
                self.cased[low[place]][word] += 1
            for size in (2, 3):
                if place + 1 >= size and all(map(is_content, words[place + 1 - size : place])):
                    runs.add(tuple(low[place + 1 - size : place + 1]))
        self.pairs.update(runs)
        self.heads.update(heads)


def _is_abbreviation(word: str) -> bool:
    return word.isalpha() and word.isupper() and 2 <= len(word) <= _LONGEST_ABBREVIATION


def _head_after(words: list[str], place: int) -> list[str]:
    """The last of the content words that follow an article: the noun that is counted."""
    run: list[str] = []
    for word in words[place + 1 : place + 5]:
        if not is_content(word):
            break
        run.append(word.lower())
    return run[-1:]


def _usual_form(low: str, counts: Counter[str]) -> str:
    """The case in which members write a word, mid-sentence; lower case unless most agree.

    For capitals throughout fewer need agree: people leave them out of what is an abbreviation.
    """
    capitals = low.upper()
    if (
        _is_abbreviation(capitals)
        and counts[capitals] >= 2
        and counts[capitals] >= _CAPITALS_SHARE * counts.total()
    ):
        return capitals
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
