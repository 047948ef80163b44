"""What names are made from."""

from __future__ import annotations

import numpy as np

from kura_core.steps.evidence import CONTRAST, KEYWORDS, MEMBERS, gather_evidence, merge_evidence
from kura_core.steps.neighbours import Vectors, unit
from kura_core.types import ClusterEvidence, ClusterName, ConversationSummary
from tests.steps.planted import summary


def _fan(
    sizes: list[int], *, seed: int = 0
) -> tuple[list[np.ndarray], Vectors, Vectors, list[ConversationSummary]]:
    """Clusters side by side, 20 degrees apart: cluster 1 lies between 0 and 2, and so on."""
    rng = np.random.default_rng(seed)
    group = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    angles = np.radians(20 * group + rng.uniform(-8, 8, len(group)))
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    rows = [np.flatnonzero(group == i) for i in range(len(sizes))]
    centroids = unit(np.stack([vectors[own].mean(axis=0) for own in rows]))
    summaries = [summary(f"{g}-{row}", f"About thing{g}") for row, g in enumerate(group)]
    return rows, centroids, vectors, summaries


def _cluster_of(item: ConversationSummary) -> int:
    return int(item.conversation_id.split("-")[0])


def _nearness(items: list[ConversationSummary], vectors: Vectors, centroid: Vectors) -> Vectors:
    return vectors[[int(item.conversation_id.split("-")[1]) for item in items]] @ centroid


def test_members_are_the_clusters_own_and_come_nearest_first() -> None:
    rows, centroids, vectors, summaries = _fan([30, 20, 15, 10, 10])
    for i, item in enumerate(gather_evidence(rows, centroids, vectors, summaries)):
        assert {_cluster_of(member) for member in item.members} == {i}
        assert len(item.members) == item.size == len(rows[i])
        nearness = _nearness(list(item.members), vectors, centroids[i])
        assert (np.diff(nearness) <= 1e-5).all()


def test_evidence_of_a_large_cluster_is_bounded_and_holds_its_nearest() -> None:
    rows, centroids, vectors, summaries = _fan([500, 80])
    large = gather_evidence(rows, centroids, vectors, summaries)[0]
    assert large.size == 500
    assert len(large.members) == MEMBERS
    assert len(large.contrast) == CONTRAST
    assert len(large.keywords) <= KEYWORDS
    kept = _nearness(list(large.members), vectors, centroids[0])
    everyone = np.sort(vectors[rows[0]] @ centroids[0])
    assert kept.min() >= everyone[-MEMBERS] - 1e-5


def test_contrast_is_never_a_member_and_is_the_nearest_of_the_nearest_siblings() -> None:
    rows, centroids, vectors, summaries = _fan([20, 20, 20, 20, 20])
    evidence = gather_evidence(rows, centroids, vectors, summaries)
    for i, item in enumerate(evidence):
        contrast = list(item.contrast)
        assert len(contrast) == CONTRAST
        assert i not in {_cluster_of(other) for other in contrast}
        outside = np.delete(np.arange(len(vectors)), rows[i])
        nearest = np.sort(vectors[outside] @ centroids[i])[::-1][:CONTRAST]
        np.testing.assert_allclose(_nearness(contrast, vectors, centroids[i]), nearest, atol=2e-5)
    assert {_cluster_of(other) for other in evidence[0].contrast} == {1}


def test_contrast_reaches_no_further_than_the_three_nearest_siblings() -> None:
    rows, centroids, vectors, summaries = _fan([5, 1, 1, 1, 50])
    contrast = gather_evidence(rows, centroids, vectors, summaries)[0].contrast
    assert sorted(_cluster_of(other) for other in contrast) == [1, 2, 3]


def test_keywords_tell_a_cluster_from_its_siblings() -> None:
    rows, centroids, vectors, summaries = _fan([10, 10, 10])
    for i, item in enumerate(gather_evidence(rows, centroids, vectors, summaries)):
        assert item.keywords[0][0] == f"thing{i}"
        weights = [weight for _, weight in item.keywords]
        assert weights == sorted(weights, reverse=True)


def test_an_only_cluster_has_members_and_nothing_to_contrast_with() -> None:
    rows, centroids, vectors, summaries = _fan([12])
    (item,) = gather_evidence(rows, centroids, vectors, summaries)
    assert len(item.members) == 12
    assert list(item.contrast) == []


def test_equal_input_and_seed_give_equal_evidence() -> None:
    fan = _fan([300, 40])
    assert gather_evidence(*fan, seed=2) == gather_evidence(*fan, seed=2)


def _leaf_evidence(name: str, size: int, text: str = "About a thing") -> ClusterEvidence:
    kept = min(size, MEMBERS)
    return ClusterEvidence(members=[summary(f"{name}-{i}", text) for i in range(kept)], size=size)


def _merged(*groups: list[ClusterEvidence]) -> list[ClusterEvidence]:
    names = [[ClusterName(f"Child {i}", "") for i in range(len(group))] for group in groups]
    return merge_evidence(groups, names, np.eye(len(groups), dtype=np.float32))


def _members_by_child(item: ClusterEvidence) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for member in item.members:
        child, place = member.conversation_id.split("-")
        found.setdefault(child, []).append(int(place))
    return found


def test_a_parent_takes_from_each_child_by_its_share_the_typical_first() -> None:
    (item,) = _merged([_leaf_evidence("a", 900), _leaf_evidence("b", 80), _leaf_evidence("c", 20)])
    by_child = _members_by_child(item)
    assert {child: len(places) for child, places in by_child.items()} == {"a": 54, "b": 5, "c": 1}
    assert all(places == list(range(len(places))) for places in by_child.values())
    # The most typical of every child before the second of any.
    assert [m.conversation_id for m in item.members[:3]] == ["a-0", "b-0", "c-0"]
    assert item.size == 1000
    assert [child.name for child in item.children] == ["Child 0", "Child 1", "Child 2"]


def test_a_parent_of_very_many_children_has_bounded_evidence() -> None:
    (item,) = _merged([_leaf_evidence(f"c{i}", 5) for i in range(200)])
    assert len(item.members) == MEMBERS
    assert item.size == 1000


def test_a_parents_contrast_comes_from_its_nearest_sibling() -> None:
    groups = [[_leaf_evidence(name, 20), _leaf_evidence(name * 2, 20)] for name in "abc"]
    angles = np.radians([0, 70, 100])
    centroids = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    merged = merge_evidence(groups, [[], [], []], centroids)
    origins = [{m.conversation_id[0] for m in item.contrast} for item in merged]
    assert origins == [{"b"}, {"c"}, {"b"}]
    assert all(len(item.contrast) == CONTRAST for item in merged)


def test_an_only_parent_has_nothing_to_contrast_with() -> None:
    (item,) = _merged([_leaf_evidence("a", 3), _leaf_evidence("b", 3)])
    assert list(item.contrast) == []


def test_what_assistants_ask_back_is_no_keyword() -> None:
    rows, centroids, vectors, summaries = _fan([12, 12])
    for item in summaries:
        item.summary += ". Details: city, seats."
    found = gather_evidence(rows, centroids, vectors, summaries)
    for item in (*found, *merge_evidence([found], [[]], centroids[:1])):
        terms = {term for term, _ in item.keywords}
        assert terms and not {"city", "seats", "details"} & terms
