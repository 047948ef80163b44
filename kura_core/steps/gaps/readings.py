"""What conversations say, read once for all gaps: stems by row, rows by stem, rows by cluster."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from kura_core.engines.rules.judging.cause_foreign import read_foreign_wish
from kura_core.engines.rules.judging.cause_wishes import WishKind, read_wish_kind
from kura_core.engines.rules.judging.missing_words import same
from kura_core.engines.rules.words import is_content, tokens

if TYPE_CHECKING:
    import pandas as pd

Ints = np.ndarray[Any, np.dtype[np.int64]]
Wished = tuple[WishKind, str | None]
# Rows read between two words on how far it is.
_TOLD_EACH = 500


@dataclass(slots=True, frozen=True)
class Readings:
    """What rows say; a row is a place in the frame they were read from.

    Row r says stems[starts[r]:starts[r + 1]], in order, as places in `vocabulary`; `said_in` are
    the rows ordered by stem, those of stem s at said_from[s]:said_from[s + 1]. `clusters` has a
    number a row, that of its cluster's name in `cluster_names`, -1 where it has none, and `inside`
    the rows of each. `wishes` and `foreign_wishes` are those that were asked for so far.
    """

    requests: list[str | None]
    summaries: list[str]
    foreign: np.ndarray[Any, np.dtype[np.bool_]]
    vocabulary: dict[str, int]
    stems: Ints
    starts: Ints
    said_in: Ints
    said_from: Ints
    clusters: Ints
    cluster_names: list[str]
    inside: list[Ints]
    wishes: dict[int, Wished] = field(default_factory=dict)
    foreign_wishes: dict[int, str | None] = field(default_factory=dict)

    def wish(self, row: int) -> Wished:
        """What a row's user wants, and its name where it is a deed or an attribute."""
        if row not in self.wishes:
            self.wishes[row] = read_wish_kind(self.summaries[row], self.requests[row])
        return self.wishes[row]

    def foreign_wish(self, row: int) -> str | None:
        """The gap that a row in another language is about, by name."""
        if row not in self.foreign_wishes:
            found = read_foreign_wish(self.summaries[row])
            self.foreign_wishes[row] = found[2] if found else None
        return self.foreign_wishes[row]

    def saying(self, key: str) -> Ints:
        """The rows that say a stem, in order, each once."""
        place = self.vocabulary.get(key)
        if place is None:
            return np.empty(0, dtype=np.int64)
        return np.unique(self.said_in[self.said_from[place] : self.said_from[place + 1]])

    def at_home(self, homes: Iterable[int]) -> Ints:
        """The rows of some clusters, in order."""
        found = [self.inside[number] for number in homes]
        return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


def read_rows(frame: pd.DataFrame, on_progress: Callable[[float], None]) -> Readings:
    """Read the request and the summary of every row (columns request, summary, cluster_id, and
    language where it is known); `on_progress` is told the share that is read."""
    requests = [text if isinstance(text, str) else None for text in frame["request"]]
    summaries = [text if isinstance(text, str) else "" for text in frame["summary"]]
    vocabulary: dict[str, int] = {}
    stems, starts = array("q"), array("q", [0])
    for row, (request, summary) in enumerate(zip(requests, summaries, strict=True)):
        if row % _TOLD_EACH == 0:
            on_progress(row / len(frame))
        whole = summary if request is None or request in summary else f"{request} {summary}"
        for word in tokens(whole):
            if is_content(word):
                stems.append(vocabulary.setdefault(same(word), len(vocabulary)))
        starts.append(len(stems))
    said, ends = np.array(stems, dtype=np.int64), np.array(starts, dtype=np.int64)
    rows = np.repeat(np.arange(len(frame)), np.diff(ends))
    counted = np.bincount(said, minlength=len(vocabulary))
    clusters, names, inside = _clusters(frame["cluster_id"])
    known = "language" in frame
    languages = list(frame["language"]) if known else [None] * len(frame)
    return Readings(
        requests,
        summaries,
        np.array([isinstance(name, str) and name != "en" for name in languages], dtype=np.bool_),
        vocabulary,
        said,
        ends,
        rows[np.argsort(said, kind="stable")],
        np.concatenate([[0], np.cumsum(counted)]).astype(np.int64),
        clusters,
        names,
        inside,
    )


def _clusters(cluster_id: pd.Series) -> tuple[Ints, list[str], list[Ints]]:
    named = [name if isinstance(name, str) else None for name in cluster_id]
    names = sorted({name for name in named if name is not None})
    number = {name: place for place, name in enumerate(names)}
    clusters = np.array([-1 if n is None else number[n] for n in named], dtype=np.int64)
    ordered = np.argsort(clusters, kind="stable")
    edges = np.searchsorted(clusters[ordered], np.arange(len(names) + 1))
    inside = [ordered[start:end] for start, end in pairwise(edges)]
    return clusters, names, inside
