"""Who asks for a missing thing, met or not: more than those who were turned away."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kura_core.engines.rules.judging.cause_foreign import FOREIGN_NAMES
from kura_core.engines.rules.judging.missing_words import FAMILIES, same
from kura_core.steps.gaps.likeness import LEARNED_FROM, worded_alike
from kura_core.steps.gaps.readings import Ints, Readings
from kura_core.steps.gaps.wordings import GapGroup, read_gap

# A gap is at home in a cluster with so much of it.
_HOME = 0.02
_FEWEST = 2
_DEEDS = frozenset(name for name, _, _ in FAMILIES)
_DATES = frozenset({same("modification"), same("date")})
# The gaps that are known by their words in other languages too.
_FOREIGN = {read_gap(name).keys: name for name in FOREIGN_NAMES}


def homes_of(failed: Ints, readings: Readings) -> list[int]:
    """Find the clusters where a gap is at home, those with most of it first, by number.

    `failed` are the rows that failed because of it.
    """
    own = readings.clusters[failed]
    counted = np.bincount(own[own >= 0], minlength=len(readings.cluster_names))
    least = max(_FEWEST, _HOME * int(counted.sum()))
    ordered = [int(place) for place in np.argsort(-counted, kind="stable") if counted[place]]
    return [place for place in ordered if counted[place] >= least] or ordered[:1]


def who_asks(
    group: GapGroup,
    failed: Ints,
    readings: Readings,
    *,
    alike: bool = True,
    among: Ints | None = None,
) -> Ints:
    """Find the rows that ask for a gap's thing where it is at home, those it failed included.

    Everyday deeds are read from the request; things by their words and, unless `alike` is off, by
    wording like that of the failed. Only rows `among` are looked at, all where it is None.
    """
    homes = homes_of(failed, readings)
    is_near = _membership(homes, readings, failed, among)
    found = [failed, *_in_other_words(group, homes, readings, is_near)]
    if group.keys & _DEEDS:
        found.append(_wishing(homes, readings, is_near, lambda wish: wish[1] in group.keys))
        return np.unique(np.concatenate(found))
    if group.keys == _DATES:
        found.append(_wishing(homes, readings, is_near, lambda wish: wish[0] == "attribute"))
    saying = [readings.saying(key) for key in sorted(group.keys)]
    if group.keys != _DATES:
        in_all = saying[0]
        for rows in saying[1:]:
            in_all = np.intersect1d(in_all, rows, assume_unique=True)
        native = [int(row) for row in in_all[is_near(in_all)] if not readings.foreign[row]]
        # One word alone may stand for anything: who says it must also be looking for something.
        told = len(saying) > 1
        found.append(np.array([r for r in native if told or readings.wish(r)[0] == "find"], int))
    if alike and len(failed) >= LEARNED_FROM:
        in_any = np.unique(np.concatenate(saying))
        candidates = np.setdiff1d(in_any[is_near(in_any)], np.concatenate(found))
        near = np.setdiff1d(readings.at_home(homes), failed, assume_unique=True)
        found.append(worded_alike(candidates, failed, near, readings))
    return np.unique(np.concatenate(found))


def _membership(
    homes: list[int], readings: Readings, failed: Ints, among: Ints | None
) -> Callable[[Ints], np.ndarray]:
    def is_near(rows: Ints) -> np.ndarray:
        near = np.isin(readings.clusters[rows], homes) & ~np.isin(rows, failed)
        return near if among is None else near & np.isin(rows, among)

    return is_near


def _wishing(
    homes: list[int],
    readings: Readings,
    is_near: Callable[[Ints], np.ndarray],
    fits: Callable[[tuple[str, str | None]], bool],
) -> Ints:
    rows = readings.at_home(homes)
    native = rows[is_near(rows) & ~readings.foreign[rows]]
    return np.array([row for row in native if fits(readings.wish(int(row)))], dtype=np.int64)


def _in_other_words(
    group: GapGroup,
    homes: list[int],
    readings: Readings,
    is_near: Callable[[Ints], np.ndarray],
) -> list[Ints]:
    """The rows in other languages that ask for a gap which is known by its words there."""
    name = _FOREIGN.get(group.keys)
    if name is None:
        return []
    rows = readings.at_home(homes)
    foreign = rows[is_near(rows) & readings.foreign[rows]]
    asking = [row for row in foreign if readings.foreign_wish(int(row)) == name]
    return [np.array(asking, dtype=np.int64)]
