"""What is known of every conversation of a run, as a few groups in order: what maps are coloured by
and what is counted inside a cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from kura_core.config import CONCERN
from kura_core.engines.languages import language_name
from kura_core.explore.ranges import in_ranges, number_text

if TYPE_CHECKING:
    import pandas as pd

    Whole = np.ndarray[Any, np.dtype[np.int64]]

# Groups a facet has at most, apart from OTHER; more are neither told apart nor read.
MOST = 8
OTHER = "All others"
NOT_KNOWN = "Not known"
NONE = "None"
ANSWERED = "Answered"
YES, NO = "Yes", "No"
# Whole numbers between bounds so far apart are groups of their own.
_MOST_STEPS = 10
_LONGEST_ANSWER = 60
_PREFIX = "facet_"

FacetKind = Literal["yes/no", "number", "category", "list", "text"]


@dataclass(slots=True, frozen=True)
class FacetColumn:
    """A column of the conversations table that holds one facet.

    `question` is what was asked, "" where it is one of our own; `order` are options in their order;
    `low` and `high` are the bounds of a number.
    """

    column: str
    label: str
    kind: FacetKind
    question: str = ""
    order: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(slots=True, frozen=True)
class Answers:
    """The groups of a facet and which conversations are in them.

    `rows` (positions of conversations) and `codes` (of `names`) are aligned: one pair for each
    conversation with an answer, several where a list holds several items, none where nothing is
    known. `known` says which conversations have an answer.
    """

    names: tuple[str, ...]
    rows: Whole
    codes: Whole
    known: np.ndarray[Any, np.dtype[np.bool_]]


_SCALE = FacetColumn("", "", "number", low=1, high=5)
_OWN = (
    FacetColumn("language", "Language", "category"),
    replace(_SCALE, column="frustration", label="Frustration (1–5)"),
    replace(_SCALE, column=CONCERN, label="Concern (1–5)"),
    FacetColumn(
        "outcome",
        "Outcome",
        "category",
        order=("achieved", "partly", "not achieved", "cannot tell"),
    ),
    FacetColumn(
        "dissatisfaction",
        "Voiced dissatisfaction",
        "list",
        order=("gave up", "corrected", "rephrased", "asked again"),
    ),
)


def facet_columns(conversations: pd.DataFrame, config: Mapping[str, Any]) -> list[FacetColumn]:
    """The facets of a run of which anything is known: our own first, then the user's.

    `config` is the one in the manifest; it has the questions, options and bounds. A column that it
    does not tell of is taken by what it holds.
    """
    asked = {
        CONCERN if facet["name"] == CONCERN else f"{_PREFIX}{facet['name']}": facet
        for facet in config.get("facets") or ()
    }
    own = {facet.column for facet in _OWN}
    found = [
        replace(facet, question=asked.get(facet.column, {}).get("question") or "")
        for facet in _OWN
        if facet.column in conversations
    ]
    found += [
        _as_asked(name, conversations[name], asked.get(name, {}))
        for name in map(str, conversations.columns)
        if name.startswith(_PREFIX) and name not in own
    ]
    return [facet for facet in found if known_values(conversations, facet).notna().any()]


def known_values(conversations: pd.DataFrame, facet: FacetColumn) -> pd.Series:
    """A facet's values; null is not known. Languages are named, yes and no are words."""
    values = conversations[facet.column]
    if facet.column == "language":
        return values.map({code: language_name(code) for code in values.dropna().unique()})
    if facet.column == "dissatisfaction":
        # With one message of the user nothing could be voiced yet.
        return values.where(values.map(_could_be_voiced))
    if facet.kind == "yes/no":
        return values.map({True: YES, False: NO})
    return values


def answers(
    conversations: pd.DataFrame, facet: FacetColumn, within: pd.Series | None = None
) -> Answers:
    """Sort conversations into the groups of a facet, at most ten and OTHER, in order.

    Options keep their order, other answers come the most frequent first (in the mask `within`,
    then in all), and beyond MOST they are OTHER. Numbers are single steps, or ranges where there
    are many. Of free text only answers that repeat are groups.
    """
    values = known_values(conversations, facet).reset_index(drop=True)
    known = values.notna().to_numpy()
    if not known.any():
        nothing = np.empty(0, dtype=np.int64)
        return Answers((), nothing, nothing, known)
    if facet.kind == "number":
        groups = _number_groups(values[known].astype("float64"), facet)
        rows = np.flatnonzero(known).astype(np.int64)
        labels = tuple(str(name) for name in groups.cat.categories)
        return Answers(labels, rows, groups.cat.codes.to_numpy().astype(np.int64), known)
    if facet.kind == "list":
        # An empty list explodes into one null.
        items = values[known].map(lambda said: sorted({str(item) for item in said})).explode()
    else:
        items = values[known].astype(str)
    empty = items.isna()
    first = ~empty if within is None else ~empty & within.to_numpy(dtype=bool)[items.index]
    names = _names(items[~empty], items[first], facet)
    code_of = {name: code for code, name in enumerate(names)}
    codes = items.map(code_of).fillna(len(names)).astype("int64")
    codes = codes.where(~empty, len(names) + 1)
    ours = {OTHER, NOT_KNOWN, *([NONE] if facet.kind == "list" else [])}
    shown = [f"{name} (answer)" if name in ours else name for name in names]
    shown += [ANSWERED if facet.kind == "text" and not names else OTHER, NONE]
    return _without_empty_tail(shown, codes, len(names), known)


def _could_be_voiced(said: object) -> bool:
    return isinstance(said, list | tuple | np.ndarray) and "unknown" not in said


def _as_asked(name: str, values: pd.Series, facet: Mapping[str, Any]) -> FacetColumn:
    from pandas.api import types

    words = name.removeprefix(_PREFIX).replace("_", " ").strip()
    first = next(iter(values.dropna()), None)
    kind: FacetKind = "text"
    if isinstance(first, bool | np.bool_):
        kind = "yes/no"
    elif types.is_numeric_dtype(values):
        kind = "number"
    elif isinstance(first, list | np.ndarray):
        kind = "list"
    elif facet.get("type") == "one of":
        kind = "category"
    return FacetColumn(
        name,
        words[:1].upper() + words[1:],
        kind,
        facet.get("question") or "",
        (YES, NO) if kind == "yes/no" else tuple(facet.get("options") or ()),
        facet.get("low"),
        facet.get("high"),
    )


def _names(items: pd.Series, first: pd.Series, facet: FacetColumn) -> list[str]:
    """The answers that are groups of their own: the most frequent of `first`, then of all."""
    counts = {str(item): int(count) for item, count in items.value_counts().items()}
    here = {str(item): int(count) for item, count in first.value_counts().items()}
    if facet.kind == "text":
        counts = {
            name: count
            for name, count in counts.items()
            if count > 1 and len(name) <= _LONGEST_ANSWER
        }
    place = {name: number for number, name in enumerate(facet.order)}
    frequent = sorted(counts, key=lambda name: (-here.get(name, 0), -counts[name], name))[:MOST]
    # Sorting is stable: what has no place of its own stays in this order.
    return sorted(frequent, key=lambda name: place.get(name, len(place)))


def _number_groups(numbers: pd.Series, facet: FacetColumn) -> pd.Series:
    import pandas as pd

    low, high = facet.low, facet.high
    steps = sorted(numbers.unique())
    if low is not None and high is not None:
        near = high - low < _MOST_STEPS
        steps = sorted({*steps, *map(float, range(round(low), round(high) + 1))}) if near else []
    if 0 < len(steps) <= _MOST_STEPS and all(step == round(step) for step in steps):
        codes = np.searchsorted(steps, numbers.to_numpy())
        names = pd.Index([number_text(step) for step in steps])
        return pd.Series(pd.Categorical.from_codes(codes, names), index=numbers.index)
    return in_ranges(numbers, MOST, low=low, high=high)


def _without_empty_tail(
    names: Sequence[str], codes: pd.Series, named: int, known: np.ndarray[Any, np.dtype[np.bool_]]
) -> Answers:
    """Leave out OTHER and NONE where nobody is in them; a conversation is once in a group."""
    kept = [*range(named), *(code for code in (named, named + 1) if bool((codes == code).any()))]
    place = {code: number for number, code in enumerate(kept)}
    pairs = codes.map(place).reset_index().drop_duplicates()
    rows, places = pairs.to_numpy(dtype=np.int64).T
    return Answers(tuple(names[code] for code in kept), rows, places, known)
