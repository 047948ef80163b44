"""Step 5: a name and a description for every cluster, no two siblings alike."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from kura_core.engines.protocol import Engine
from kura_core.engines.rules.naming import is_taken, name_keys
from kura_core.errors import ConversationError
from kura_core.types import ClusterEvidence, ClusterName

LONGEST_NAME = 8
_WORDS_OF_STOPGAP = 3
STOPGAP = "Named by its most telling words: no name could be written for it."

Named = Callable[[int, ClusterName], None]
Failed = Callable[[int, ConversationError], None]


@dataclass(slots=True)
class _Given:
    """Names that are given, found by their words: near-equal names always share one."""

    names: list[str] = field(default_factory=list)
    exact: set[str] = field(default_factory=set)
    by_word: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str) -> None:
        for word in _all_keys(name):
            self.by_word[word].append(len(self.names))
        self.names.append(name)
        self.exact.add(name.lower())

    def has(self, name: str) -> bool:
        """Whether a name or one nearly equal is given."""
        return name.lower() in self.exact or is_taken(name, self._sharing_a_word(name))

    def rivals(self, name: str) -> list[str]:
        """Return the given names that a name equals or nearly equals; none where it is free."""
        if not self.has(name):
            return []
        alike = [other for other in self._sharing_a_word(name) if is_taken(name, [other])]
        return alike or [name]

    def _sharing_a_word(self, name: str) -> list[str]:
        places = {place for word in _all_keys(name) for place in self.by_word.get(word, ())}
        return [self.names[place] for place in sorted(places)]


def _ignore(position: int, name: ClusterName) -> None:
    """Take no notice of a name."""


async def name_clusters(
    evidence: Sequence[ClusterEvidence],
    engine: Engine,
    *,
    taken: Sequence[str] = (),
    reserved: Sequence[str] = (),
    on_name: Named = _ignore,
    on_failed: Failed | None = None,
) -> list[ClusterName]:
    """Name clusters from their evidence, all at once, then those again that are alike.

    The larger cluster keeps a contested name; `taken` are names given elsewhere that none may
    repeat or nearly repeat, `reserved` those that none may equal. The others are asked for again,
    all at once, told what they must not be like, and one by one where that made new rivals.
    `on_name` is called with a position and its name as soon as that is settled. What further tries
    cannot tell apart gets its most telling term added. A cluster that the engine cannot name is
    named by its strongest keywords and told to `on_failed` with the ConversationError, which is
    raised without that.
    """
    failed: set[int] = set()

    async def ask(position: int, others: Sequence[str]) -> ClusterName:
        try:
            return await engine.name_cluster(replace(evidence[position], taken=tuple(others)))
        except ConversationError as error:
            if on_failed is None:
                raise
            if position not in failed:
                failed.add(position)
                on_failed(position, error)
            return _stopgap(evidence[position])

    given = _Given()
    for other in taken:
        given.add(other)
    equal = {other.lower() for other in reserved}
    names: dict[int, ClusterName] = {}

    def settle(position: int, name: ClusterName) -> None:
        if name.name.lower() in equal or given.has(name.name):
            name = _told_apart(name, evidence[position], given, equal)
        given.add(name.name)
        names[position] = name
        on_name(position, name)

    def rivals(name: str) -> list[str]:
        return [name] if name.lower() in equal else given.rivals(name)

    proposed = await asyncio.gather(*(ask(i, taken) for i in range(len(evidence))))
    contested: dict[int, list[str]] = {}
    for position in sorted(range(len(evidence)), key=lambda i: (-evidence[i].size, i)):
        found = rivals(proposed[position].name)
        if found and position not in failed:
            contested[position] = [*taken, proposed[position].name, *found]
        else:
            settle(position, proposed[position])
    again = await asyncio.gather(*(ask(i, others) for i, others in contested.items()))
    for (position, others), name in zip(contested.items(), again, strict=True):
        # Names of the same round may be alike. What repeats a name it was told of is stubborn.
        if rivals(name.name) and position not in failed and not is_taken(name.name, others):
            name = await ask(position, (*given.names, name.name))
        settle(position, name)
    return [names[position] for position in range(len(evidence))]


def _all_keys(text: str) -> frozenset[str]:
    stems, words = name_keys(text)
    return stems | words


def _stopgap(evidence: ClusterEvidence) -> ClusterName:
    """The strongest keywords that share no word, side by side."""
    kept: list[str] = []
    for term, _ in evidence.keywords:
        if not any(_all_keys(term) & _all_keys(other) for other in kept):
            kept.append(term)
    text = ", ".join(kept[:_WORDS_OF_STOPGAP]) or "Unnamed group"
    return ClusterName(text[:1].upper() + text[1:], STOPGAP)


def _told_apart(
    name: ClusterName, evidence: ClusterEvidence, given: _Given, equal: set[str]
) -> ClusterName:
    """Add what sets the cluster apart: a telling term, or failing all of those, a number."""
    words = name.name.split()
    used = given.exact | equal
    longer = [
        f"{' '.join(words[: LONGEST_NAME - 1 - len(term.split())])}: {term}"
        for term, _ in evidence.keywords
        if term.lower() not in name.name.lower()
    ]
    new = [candidate for candidate in longer if candidate.lower() not in used]
    # A name with a term added often counts as nearly equal still: better that than a number.
    for candidate in [*(c for c in new if not given.has(c)), *new]:
        return replace(name, name=candidate)
    base_name = " ".join(words[: LONGEST_NAME - 1])
    number = 2
    while f"{base_name} {number}".lower() in used:
        number += 1
    return replace(name, name=f"{base_name} {number}")
