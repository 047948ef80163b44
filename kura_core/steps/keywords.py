"""The terms that tell each cluster apart from the others."""

from __future__ import annotations

import numpy as np

_MOST_TERMS = 20_000


def class_keywords(
    texts_by_cluster: list[list[str]], top: int, seed: int
) -> list[list[tuple[str, float]]]:
    """The `top` strongest (term, weight) of each cluster, 1–2-grams, strongest first.

    Class-based TF-IDF of Grootendorst, "BERTopic" (2022): a term's share among its cluster's terms
    times log(1 + mean terms per cluster / the term's count over all). Terms of equal weight come in
    alphabetical order, so nothing is drawn at random; `seed` is taken for the steps' common form.
    A cluster without any term gets an empty list. Above 20 000 terms the most frequent are kept.
    """
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import CountVectorizer

    if not any(text.strip() for texts in texts_by_cluster for text in texts):
        return [[] for _ in texts_by_cluster]
    vectoriser = CountVectorizer(analyzer=_terms, max_features=_MOST_TERMS)
    try:
        counts = csr_matrix(
            vectoriser.fit_transform("\n".join(texts) for texts in texts_by_cluster)
        )
    except ValueError:
        # scikit-learn's way to say that no text holds a term.
        return [[] for _ in texts_by_cluster]
    terms = vectoriser.get_feature_names_out()
    sums = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    totals = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
    rarity = np.log1p(sums.mean() / totals)
    found: list[list[tuple[str, float]]] = []
    for row in range(counts.shape[0]):
        columns = counts.indices[counts.indptr[row] : counts.indptr[row + 1]]
        said = counts.data[counts.indptr[row] : counts.indptr[row + 1]]
        weights = said / max(sums[row], 1.0) * rarity[columns]
        order = np.lexsort((terms[columns].astype(str), -np.round(weights, 12)))[:top]
        found.append([(str(terms[columns[place]]), float(weights[place])) for place in order])
    return found


def _terms(text: str) -> list[str]:
    """Content words of each line and pairs of neighbours; a function word parts neighbours."""
    from kura_core.engines.rules.words import is_content, tokens

    found: list[str] = []
    for line in text.split("\n"):
        before = ""
        for word in tokens(line):
            term = word.lower() if is_content(word) and word[0].isalpha() else ""
            if term:
                found.append(term)
                if before:
                    found.append(f"{before} {term}")
            before = term
    return found
