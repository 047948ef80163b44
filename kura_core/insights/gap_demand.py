"""Who asks for a missing thing, met or not: more than those who were turned away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from kura_core.engines.rules.judging.cause_foreign import read_foreign_wish
from kura_core.engines.rules.judging.cause_wishes import Wish, read_wish
from kura_core.engines.rules.judging.missing_words import FAMILIES, same
from kura_core.engines.rules.words import is_content, tokens
from kura_core.insights.gap_groups import GapGroup, read_gap
from kura_core.types import Message

if TYPE_CHECKING:
    import pandas as pd

# A gap is at home in a cluster with so much of it.
_HOME = 0.02
_FEWEST = 2
# Below so many failures there is too little to learn their wording from.
LEARNED_FROM = 12
# The share of those who failed for the gap that a conversation must look at least as much like.
_AS_ALIKE = 0.08
# About so many of a kind are learned from at most.
_EXAMPLES = 2_000
_DEEDS = frozenset(name for name, _, _ in FAMILIES)
_DATES = frozenset({same("modification"), same("date")})


def homes_of(failed: pd.DataFrame) -> tuple[str, ...]:
    """Find the clusters where a gap is at home, those with most of it first."""
    counted = Counter(failed["cluster_id"].dropna())
    least = max(_FEWEST, _HOME * counted.total())
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    at_home = tuple(cluster for cluster, count in ordered if count >= least)
    return at_home or tuple(cluster for cluster, _ in ordered[:1])


def who_asks(
    group: GapGroup, failed: pd.DataFrame, conversations: pd.DataFrame, *, alike: bool = True
) -> list[str]:
    """Find who asks for a gap's thing where it is at home, those it failed included.

    `failed` are the rows that failed because of it, `conversations` all rows (conversation_id,
    cluster_id, request, summary). Everyday deeds are read from the request; things by their words,
    and, unless `alike` is off, by wording like that of the failed.
    """
    lost = set(failed["conversation_id"])
    near = conversations[conversations["cluster_id"].isin(homes_of(failed))]
    near = near[~near["conversation_id"].isin(lost)]
    texts = _texts(near)
    said = [_said(text) for text in texts]
    languages = near["language"] if "language" in near else [None] * len(near)
    found = set(lost)
    for conversation_id, words, text, language in zip(
        near["conversation_id"], said, texts, languages, strict=True
    ):
        foreign = isinstance(language, str) and language != "en"
        if _asks_in_other_words(group, text) if foreign else _asks(group, words, text):
            found.add(conversation_id)
    if alike and not group.keys & _DEEDS:
        worded = _sounds_like(failed, near, said, conversations)
        found.update(
            conversation_id
            for conversation_id, words in zip(near["conversation_id"], said, strict=True)
            if conversation_id in worded and group.keys & set(words)
        )
    return sorted(found)


def _asks(group: GapGroup, words: Sequence[str], text: tuple[str | None, str]) -> bool:
    if group.keys & _DEEDS:
        return _wish(text).name in group.keys
    if group.keys == _DATES:
        return _wish(text).kind == "attribute"
    # One word alone may stand for anything: who says it must also be looking for something.
    return group.keys <= set(words) and (len(group.keys) > 1 or _wish(text).kind == "find")


def _asks_in_other_words(group: GapGroup, text: tuple[str | None, str]) -> bool:
    wish = read_foreign_wish(text[1])
    return wish is not None and read_gap(wish[2]).keys == group.keys


def _wish(text: tuple[str | None, str]) -> Wish:
    return read_wish([Message("user", text[1])], text[0])


def _texts(rows: pd.DataFrame) -> list[tuple[str | None, str]]:
    """Each row's request and summary; None and "" where there is none."""
    return [
        (request if isinstance(request, str) else None, summary if isinstance(summary, str) else "")
        for request, summary in zip(rows["request"], rows["summary"], strict=True)
    ]


def _said(text: tuple[str | None, str]) -> list[str]:
    """The synonym stems of what is asked, in order."""
    request, summary = text
    whole = summary if request is None or request in summary else f"{request} {summary}"
    return [same(word) for word in tokens(whole) if is_content(word)]


def _sounds_like(
    failed: pd.DataFrame,
    near: pd.DataFrame,
    said: Sequence[list[str]],
    conversations: pd.DataFrame,
) -> set[str]:
    """The ids among `near` that are worded like those that failed for a gap.

    Learns the failed from the rest as if the rest did not ask, and takes who scores above all but
    the least typical of the failed, themselves scored by models that did not see them (Elkan and
    Noto, "Learning classifiers from only positive and unlabeled data", 2008). Nobody where there
    are too few to learn from.
    """
    if len(failed) < LEARNED_FROM or not len(near):
        return set()
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    known = {*failed["conversation_id"], *near["conversation_id"]}
    rest = _every_so_often(conversations[~conversations["conversation_id"].isin(known)])
    positive = [_said(text) for text in _texts(_every_so_often(failed))]
    learned = said[:: len(said) // _EXAMPLES + 1]
    texts = [*positive, *learned, *(_said(text) for text in _texts(rest))]
    vectorizer = TfidfVectorizer(analyzer=_pairs_too, min_df=2, sublinear_tf=True)
    vectors = vectorizer.fit_transform(texts)
    target = np.arange(len(texts)) < len(positive)
    model = LogisticRegression(C=10.0, class_weight="balanced", solver="liblinear", random_state=0)
    folds = StratifiedKFold(n_splits=4, shuffle=True, random_state=0)
    score = cross_val_predict(model, vectors, target, cv=folds, method="decision_function")
    least = max(0.0, float(np.quantile(score[target], _AS_ALIKE)))
    # Who was learned from is scored by the models that did not see them, the others by one of all.
    of_near = model.fit(vectors, target).decision_function(vectorizer.transform(said))
    of_near[:: len(said) // _EXAMPLES + 1] = score[len(positive) : len(positive) + len(learned)]
    return {
        conversation_id
        for conversation_id, value in zip(near["conversation_id"], of_near, strict=True)
        if value >= least
    }


def _every_so_often(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, or evenly spaced ones where there are more than are learned from."""
    return rows.iloc[:: len(rows) // _EXAMPLES + 1]


def _pairs_too(words: list[str]) -> list[str]:
    return [*words, *(f"{one} {two}" for one, two in pairwise(words))]
