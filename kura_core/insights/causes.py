"""Settling what a transcript leaves open: retrieval columns, and others who asked for the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kura_core.engines.rules.judging.cause_wishes import read_wish
from kura_core.insights.gap_demand import LEARNED_FROM, who_asks
from kura_core.insights.gaps import FAILED, UNDETERMINED, grouped_failures
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


def retrieval_columns(conversations: pd.DataFrame) -> list[str]:
    """List the metadata columns that say what retrieval found: how many, which, or how near."""
    return [
        str(name)
        for name in conversations.columns
        if str(name).startswith(_PREFIX)
        and (_is_count(conversations, name) or _is_score(conversations, name))
    ]


def settle_causes(conversations: pd.DataFrame) -> pd.DataFrame:
    """Settle causes that the transcripts left open; a new frame, other columns untouched.

    Where retrieval columns say that nothing was found, an open cause is an inventory gap; where
    something was found, an inventory gap is none (answer quality instead), unless only what is
    known about the thing was lacking. A named capability gap stays: who asks for a deed has nothing
    retrieved. After that an open failure that asks for what a frequent gap lacks counts for it.
    """
    settled = conversations.copy()
    if not len(settled) or settled["cause"].isna().all():
        return settled
    _by_retrieval(settled)
    _by_peers(settled)
    return settled


def _by_retrieval(settled: pd.DataFrame) -> None:
    columns = retrieval_columns(settled)
    if not columns:
        return
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


def _thing_asked(request: object, topic: object) -> str | None:
    if isinstance(request, str):
        wish = read_wish([Message("user", request)], request)
        if wish.name is not None and wish.kind != "deed":
            return wish.name
    return topic if isinstance(topic, str) else None


def _by_peers(settled: pd.DataFrame) -> None:
    failures = settled[settled["outcome"].isin(FAILED)]
    unnamed = (
        failures["cause"].isin(["inventory gap", "capability gap"]) & failures["missing"].isna()
    )
    is_open = failures["cause"].fillna(UNDETERMINED).eq(UNDETERMINED) | unnamed
    if not is_open.any():
        return
    waiting = set(failures.loc[is_open, "conversation_id"])
    for group, failed in grouped_failures(failures):
        if len(failed) < LEARNED_FROM:
            break
        ids = who_asks(group, failed, failures, alike=False)
        asks = failures[failures["conversation_id"].isin(ids)]
        known = len(asks) - int(asks["conversation_id"].isin(waiting).sum())
        if len(failed) < _AGREE * known:
            continue
        joins = asks[asks["conversation_id"].isin(waiting)]
        waiting -= set(joins["conversation_id"])
        usual = failed[["cause", "gap_kind"]].value_counts(sort=True).index[0]
        settled.loc[joins.index, ["cause", "gap_kind"]] = list(usual)
        settled.loc[joins.index, "missing"] = group.name


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
    import numpy as np
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
