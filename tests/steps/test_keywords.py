"""Keywords tell clusters apart."""

from __future__ import annotations

from kura_core.steps.keywords import class_keywords


def test_a_word_all_clusters_share_ranks_below_what_sets_one_apart() -> None:
    texts = [
        ["open the report file", "sign the contract file", "contract file please"],
        ["open the report file", "book a flight file", "flight to Rome file"],
    ]
    first, second = class_keywords(texts, 20, 0)
    ranks = {term: place for place, (term, _) in enumerate(first)}
    assert ranks["contract"] < ranks["report"]
    assert "flight" not in ranks
    assert "flight" in dict(second)
    assert "contract file" in ranks


def test_weights_fall_and_top_is_kept() -> None:
    found = class_keywords([["one alpha beta gamma delta", "alpha beta", "alpha"], ["omega"]], 3, 0)
    weights = [weight for _, weight in found[0]]
    assert len(weights) == 3
    assert weights == sorted(weights, reverse=True)
    assert found[0][0][0] == "alpha"


def test_clusters_without_words_get_none() -> None:
    assert class_keywords([], 5, 0) == []
    assert class_keywords([["", "the and of"], ["12 34"]], 5, 0) == [[], []]
    assert class_keywords([["contract"], ["!!"]], 5, 0)[1] == []


def test_ties_are_broken_by_the_alphabet() -> None:
    assert [term for term, _ in class_keywords([["zeta. eta"], ["iota"]], 9, 0)[0]] == [
        "eta", "zeta", "zeta eta",
    ]  # fmt: skip
