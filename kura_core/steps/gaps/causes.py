"""Settling what a transcript leaves open: retrieval columns, and others who asked for the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from kura_core.engines.rules.judging.cause_wishes import read_wish
from kura_core.steps.gaps.demand import who_asks
from kura_core.steps.gaps.failures import (
    FAILED,
    GAP_CAUSES,
    UNDETERMINED,
    grouped_failures,
    usual,
)
from kura_core.steps.gaps.likeness import LEARNED_FROM
from kura_core.steps.gaps.readings import Readings
from kura_core.types import Message

if TYPE_CHECKING:
    import pandas as pd

_PREFIX = "meta_"
_THINGS = (
    r"(?:results?|hits?|documents?|docs?|sources?|chunks?|passages?|snippets?|citations?|matches|"
    r"contexts?|records?|articles?|references)"
)
_FOUND = r"(?:found|retrieved|returned|matched|used|cited|count|num|number|total)"
_COUNTS = re.compile(
    rf"^(?:(?:n|num|number_of|count|total|retrieval|retrieved|search|rag|kb|retriever|top)_)*"
    rf"(?:{_THINGS}(?:_{_FOUND})*|{_FOUND}_{_THINGS}|retrieved|retrieval_count|hit_count)$"
)
_SCORES = re.compile(
    r"^(?:(?:retrieval|retriever|search|rag|top|max|best|mean|avg|kb|vector|document|doc|chunk)_?)+"
    r"(?:score|similarity|relevance|distance_score)s?$|^(?:max_|top_|best_)?(?:similarity|relevance)"
    r"(?:_score)?$|^retrieval_(?:confidence|quality)$"
)
# Of the best score seen: below the first nothing fit, above the second something did.
_BOTTOM, _FIT = 0.1, 0.5
# So many of those who ask for a gap's thing and whose cause is known must have failed for the gap.
_AGREE = 0.6
_EMPTY = frozenset({"", "[]", "{}", "()", "none", "null", "nan", "0", "0.0", "false", "no"})


def names_what_was_found(column: str) -> bool:
    """Whether a metadata column's name says that it tells what retrieval found."""
    return bool(_COUNTS.match(_plain(column)) or _SCORES.match(_plain(column)))


def retrieval_columns(conversations: pd.DataFrame) -> list[str]:
    """List the metadata columns that say what retrieval found: how many, which, or how near."""
    return [
        str(name)
        for name in conversations.columns
        if str(name).startswith(_PREFIX)
        and (_is_count(conversations, name) or _is_score(conversations, name))
    ]


def settle_by_retrieval(conversations: pd.DataFrame) -> pd.DataFrame:
    """Settle causes by what retrieval found; a new frame, other columns untouched.

    Where nothing was found, an open cause is an inventory gap; where something was, an inventory
    gap is none (answer quality instead), unless only what is known about the thing was lacking. A
    named capability gap stays: who asks for a deed has nothing retrieved.
    """
    settled = conversations.copy()
    columns = retrieval_columns(settled)
    if not columns:
        return settled
    failed = settled["outcome"].isin(FAILED)
    found = _found(settled, columns)
    cause = settled["cause"].fillna(UNDETERMINED)
    nothing = failed & found.eq(False).fillna(False) & (cause == UNDETERMINED)
    attribute = settled["gap_kind"].eq("metadata incomplete").fillna(False)
    something = (
        failed
        & found.eq(True).fillna(False)
        & (cause.eq(UNDETERMINED) | (cause.eq("inventory gap") & ~attribute))
    )
    settled.loc[nothing, "cause"] = "inventory gap"
    settled.loc[nothing, "gap_kind"] = "not indexed"
    settled.loc[nothing, "missing"] = [
        _thing_asked(row.request, row.topic) for row in settled[nothing].itertuples()
    ]
    settled.loc[something, "cause"] = "answer quality"
    settled.loc[something, ["gap_kind", "missing"]] = None
    return settled


def settle_by_peers(conversations: pd.DataFrame, readings: Readings) -> pd.DataFrame:
    """Count an open failure that asks for what a frequent gap lacks for that gap; a new frame.

    `readings` are of the same rows. A gap with no name joins as well. Only gaps that most of those
    who ask for the thing failed for settle anything.
    """
    settled = conversations.copy()
    failures = settled[settled["outcome"].isin(FAILED)]
    unnamed = failures["cause"].isin(GAP_CAUSES) & failures["missing"].isna()
    is_open = failures["cause"].fillna(UNDETERMINED).eq(UNDETERMINED) | unnamed
    waiting = failures.index[is_open].to_numpy()
    for group, failed in grouped_failures(settled):
        if len(failed) < LEARNED_FROM or not len(waiting):
            break
        asks = who_asks(group, failed, readings, alike=False, among=failures.index.to_numpy())
        joins = np.intersect1d(asks, waiting)
        if len(failed) < _AGREE * (len(asks) - len(joins)):
            continue
        waiting = np.setdiff1d(waiting, joins)
        of_failed = settled.loc[failed, ["cause", "gap_kind"]]
        settled.loc[joins, ["cause", "gap_kind"]] = list(usual(of_failed))
        settled.loc[joins, "missing"] = group.name
    return settled


def _thing_asked(request: object, topic: object) -> str | None:
    if isinstance(request, str):
        wish = read_wish([Message("user", request)], request)
        if wish.name is not None and wish.kind != "deed":
            return wish.name
    return topic if isinstance(topic, str) else None


def _found(conversations: pd.DataFrame, columns: list[str]) -> pd.Series:
    """True where retrieval found something, False where nothing, null where nobody can tell."""
    import pandas as pd

    found = pd.Series(pd.NA, index=conversations.index, dtype="boolean")
    for name in columns:
        values = conversations[name]
        said = _of_scores(values) if _is_score(conversations, name) else values.map(_any_found)
        said = said.astype("boolean")
        # Something found by one column is found.
        found = (found | said).where(found.notna() & said.notna(), found.fillna(said))
    return found


def _any_found(value: object) -> object:
    import pandas as pd

    if isinstance(value, list | tuple | np.ndarray):
        return len(value) > 0
    if value is None or value is pd.NA or value != value:
        return pd.NA
    if isinstance(value, str):
        return value.strip().lower() not in _EMPTY
    return bool(value)


def _of_scores(values: pd.Series) -> pd.Series:
    import pandas as pd

    best = values.max()
    said = pd.Series(pd.NA, index=values.index, dtype="boolean")
    if not best > 0:
        return said.mask(values.notna(), False)
    said[values >= _FIT * best] = True
    said[values <= _BOTTOM * best] = False
    return said


def _plain(name: object) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(name).removeprefix(_PREFIX))
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def _is_count(conversations: pd.DataFrame, name: object) -> bool:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    if not _COUNTS.match(_plain(name)):
        return False
    values = conversations[name].dropna()
    if is_numeric_dtype(values) or is_bool_dtype(values):
        return len(values) > 0
    # Names of what was found come as a list, or as one written out.
    return len(values) > 0 and all(
        not isinstance(value, str) or value.strip()[:1] in {"[", "{", "("} or value.strip() == ""
        for value in values
    )


def _is_score(conversations: pd.DataFrame, name: object) -> bool:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    values = conversations[name]
    numeric = is_numeric_dtype(values) and not is_bool_dtype(values)
    return numeric and bool(_SCORES.match(_plain(name))) and bool(values.notna().any())
