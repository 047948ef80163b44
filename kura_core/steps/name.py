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
_TRIES = 2
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
        places = {place for word in _all_keys(name) for place in self.by_word.get(word, ())}
        rivals = [self.names[place] for place in sorted(places)]
        return name.lower() in self.exact or is_taken(name, rivals)


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
    """Name clusters from their evidence, all at once, then ask again where two are alike.

    The larger cluster keeps a contested name; `taken` are names given elsewhere that none may
    repeat or nearly repeat, `reserved` those that none may equal. `on_name` is called with a
    position and its name as soon as that is settled. What further tries cannot tell apart gets its
    most telling term added. A cluster that the engine cannot name is named by its strongest
    keywords and told to `on_failed` with the ConversationError, which is raised without that.
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

    proposed = list(await asyncio.gather(*(ask(i, taken) for i in range(len(evidence)))))
    given = _Given()
    for other in taken:
        given.add(other)
    equal = {other.lower() for other in reserved}
    for position in sorted(range(len(evidence)), key=lambda i: (-evidence[i].size, i)):
        name = proposed[position]
        repeats: list[str] = []
        for _ in range(_TRIES if position not in failed else 0):
            if name.name.lower() in equal:
                repeats.append(name.name)
            elif not given.has(name.name):
                break
            name = await ask(position, (*given.names, *repeats))
        if name.name.lower() in equal or given.has(name.name):
            name = _told_apart(name, evidence[position], given, equal)
        proposed[position] = name
        given.add(name.name)
        on_name(position, name)
    return proposed


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
