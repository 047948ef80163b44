"""Who words a request like those that failed for a gap, learned from them and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kura_core.steps.gaps.readings import Ints, Readings

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Below so many failures there is too little to learn their wording from.
LEARNED_FROM = 12
# The share of those who failed for the gap that a conversation must look at least as much like.
_AS_ALIKE = 0.08
# About so many of a kind are learned from at most.
_EXAMPLES = 2_000
_FEWEST_WITH_TERM = 2


def worded_alike(candidates: Ints, failed: Ints, near: Ints, readings: Readings) -> Ints:
    """Find the candidates that are worded like the rows that failed for a gap.

    `near` are the rows at home with the gap that it did not fail, candidates among them. Learns
    the failed from the rest as if the rest did not ask, and takes who scores above all but the
    least typical of the failed, themselves scored by models that did not see them (Elkan and Noto,
    "Learning classifiers from only positive and unlabeled data", 2008).
    """
    if not len(candidates) or len(failed) < LEARNED_FROM:
        return np.empty(0, dtype=np.int64)
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    known = np.zeros(len(readings.requests), dtype=np.bool_)
    known[failed] = known[near] = True
    positive, others = _some(failed), _some(near)
    learned = np.concatenate([positive, others, _some(np.flatnonzero(~known))])
    target = np.arange(len(learned)) < len(positive)
    terms = _shared_terms(learned, readings)
    if not len(terms) or len(learned) - len(positive) < LEARNED_FROM:
        return np.empty(0, dtype=np.int64)
    weighted = TfidfTransformer(sublinear_tf=True)
    vectors = weighted.fit_transform(_counts(learned, terms, readings))
    model = LogisticRegression(C=10.0, class_weight="balanced", solver="liblinear", random_state=0)
    folds = StratifiedKFold(n_splits=4, shuffle=True, random_state=0)
    score = cross_val_predict(model, vectors, target, cv=folds, method="decision_function")
    least = max(0.0, float(np.quantile(score[target], _AS_ALIKE)))
    # Who was learned from is scored by the models that did not see them, the others by one of all.
    of_candidates = weighted.transform(_counts(candidates, terms, readings))
    alike = model.fit(vectors, target).decision_function(of_candidates)
    unseen = dict(zip(others.tolist(), score[len(positive) :], strict=False))
    scored = [unseen.get(row, own) for row, own in zip(candidates.tolist(), alike, strict=True)]
    return candidates[np.array(scored) >= least]


def _some(rows: Ints) -> Ints:
    """The rows, or evenly spaced ones where there are more than are learned from."""
    return rows[:: len(rows) // _EXAMPLES + 1]


def _shared_terms(rows: Ints, readings: Readings) -> Ints:
    """The terms that at least two rows have, in order."""
    owners, codes = _terms(rows, readings)
    terms, places = np.unique(codes, return_inverse=True)
    once = np.unique(owners * max(1, len(terms)) + places) % max(1, len(terms))
    return terms[np.bincount(once, minlength=len(terms)) >= _FEWEST_WITH_TERM]


def _terms(rows: Ints, readings: Readings) -> tuple[Ints, Ints]:
    """The terms of some rows: whose each is, by place in `rows`, and its code.

    Terms are stems and pairs of neighbours.
    """
    size = len(readings.vocabulary) + 1
    lengths = readings.starts[rows + 1] - readings.starts[rows]
    owner = np.repeat(np.arange(len(rows)), lengths)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    stems = readings.stems[np.repeat(readings.starts[rows], lengths) + within]
    paired = owner[1:] == owner[:-1]
    pairs = (stems[:-1][paired] + 1) * size + stems[1:][paired]
    return np.concatenate([owner, owner[1:][paired]]), np.concatenate([stems, pairs])


def _counts(rows: Ints, terms: Ints, readings: Readings) -> csr_array:
    """How often each row has each term."""
    from scipy.sparse import csr_array

    owners, codes = _terms(rows, readings)
    places = np.minimum(np.searchsorted(terms, codes), len(terms) - 1)
    known = terms[places] == codes
    # liblinear takes 32-bit places only.
    where = (owners[known].astype(np.int32), places[known].astype(np.int32))
    counted = csr_array((np.ones(len(where[0])), where), shape=(len(rows), len(terms)))
    counted.sum_duplicates()
    return counted
