"""Step 5: a name and a description for every cluster, no two siblings alike."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from kura_core.engines.protocol import Engine
from kura_core.engines.rules.naming import is_taken
from kura_core.types import ClusterEvidence, ClusterName

LONGEST_NAME = 8
_TRIES = 2

Named = Callable[[int, ClusterName], None]


def _ignore(position: int, name: ClusterName) -> None:
    """Take no notice of a name."""


async def name_clusters(
    evidence: Sequence[ClusterEvidence],
    engine: Engine,
    *,
    taken: Sequence[str] = (),
    on_name: Named = _ignore,
) -> list[ClusterName]:
    """Name clusters from their evidence, all at once, then ask again where two are alike.

    The larger cluster keeps a contested name; `taken` are names given elsewhere that none may
    repeat. `on_name` is called with a position and its name as soon as that is settled. What two
    further tries cannot tell apart gets its most telling term added.
    """
    first: list[Awaitable[ClusterName]] = [
        engine.name_cluster(replace(item, taken=tuple(taken))) for item in evidence
    ]
    proposed = list(await asyncio.gather(*first))
    settled: list[str] = list(taken)
    order = sorted(range(len(evidence)), key=lambda i: (-evidence[i].size, i))
    for position in order:
        name = proposed[position]
        for _ in range(_TRIES):
            if not is_taken(name.name, settled):
                break
            name = await engine.name_cluster(replace(evidence[position], taken=tuple(settled)))
        if is_taken(name.name, settled):
            name = _told_apart(name, evidence[position], settled)
        proposed[position] = name
        settled.append(name.name)
        on_name(position, name)
    return proposed


def _told_apart(
    name: ClusterName, evidence: ClusterEvidence, settled: Sequence[str]
) -> ClusterName:
    """Add what sets the cluster apart: a telling term, or failing all of those, a number."""
    words = name.name.split()
    used = {other.lower() for other in settled}
    longer = [
        f"{' '.join(words[: LONGEST_NAME - 1 - len(term.split())])}: {term}"
        for term, _ in evidence.keywords
        if term.lower() not in name.name.lower()
    ]
    new = [candidate for candidate in longer if candidate.lower() not in used]
    # A name with a term added often counts as nearly equal still: better that than a number.
    for candidate in [*(c for c in new if not is_taken(c, settled)), *new]:
        return replace(name, name=candidate)
    base_name = " ".join(words[: LONGEST_NAME - 1])
    number = 2
    while f"{base_name} {number}".lower() in used:
        number += 1
    return replace(name, name=f"{base_name} {number}")
