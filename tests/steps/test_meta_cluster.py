"""The tree above the base clusters."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kura_core.engines.offline import OfflineEngine
from kura_core.engines.protocol import Engine
from kura_core.errors import ConversationError
from kura_core.steps.meta_cluster import build_tree, cluster_id_of, meta_cluster
from kura_core.types import Cluster, ClusterEvidence
from tests.steps.planted import leaf, random_rows, unit_rows
from tests.steps.stub_engine import StubEngine


def _tree(leaves: list[Cluster], engine: Engine | None = None, *, max_top: int) -> list[Cluster]:
    return asyncio.run(meta_cluster(leaves, engine or StubEngine(), max_top=max_top))


def _assert_is_tree_over(leaves: list[Cluster], tree: list[Cluster], max_top: int) -> None:
    by_id = {cluster.cluster_id: cluster for cluster in tree}
    place = {cluster.cluster_id: i for i, cluster in enumerate(tree)}
    children: dict[str, list[Cluster]] = {}
    assert len(by_id) == len(tree)
    for cluster in tree:
        if cluster.parent_id is None:
            assert cluster.level == 0
        else:
            assert cluster.level == by_id[cluster.parent_id].level + 1
            assert place[cluster.parent_id] < place[cluster.cluster_id]
            children.setdefault(cluster.parent_id, []).append(cluster)
    roots = [cluster for cluster in tree if cluster.parent_id is None]
    assert len(roots) <= max_top
    assert set(by_id) - set(children) == {own.cluster_id for own in leaves}
    for parent_id, own in children.items():
        assert len(own) >= 2
        below = sorted(i for child in own for i in child.conversation_ids)
        assert by_id[parent_id].conversation_ids == below
        evidence = by_id[parent_id].evidence
        assert evidence is not None
        assert evidence.size == len(below)
    everyone = [i for own in leaves for i in own.conversation_ids]
    assert Counter(i for root in roots for i in root.conversation_ids) == Counter(everyone)


@settings(max_examples=60)
@given(
    count=st.integers(1, 70),
    max_top=st.integers(1, 12),
    distinct=st.integers(1, 70),
    noise=st.booleans(),
    seed=st.integers(0, 5),
)
def test_any_leaves_end_in_a_tree_of_few_enough_roots(
    count: int, max_top: int, distinct: int, noise: bool, seed: int
) -> None:
    centroids = random_rows(distinct, dimensions=6, seed=seed)[np.arange(count) % distinct]
    leaves = [leaf(i, centroids[i], size=1 + i % 4) for i in range(count)]
    if noise:
        leaves.append(leaf(count, centroids[0], size=5, name="Other", is_other=True))
    tree = _tree(leaves, max_top=max_top)
    # Noise is no theme of the others, so it cannot share a single root with them.
    _assert_is_tree_over(leaves, tree, max(max_top, 2) if noise else max_top)
    if noise:
        assert tree[-1] == leaves[-1]
        assert (tree[-1].parent_id, tree[-1].level) == (None, 0)


@settings(max_examples=60)
@given(count=st.integers(1, 300), max_top=st.integers(1, 12), seed=st.integers(0, 5))
def test_branches_part_the_leaves_at_every_level(count: int, max_top: int, seed: int) -> None:
    top = build_tree(random_rows(count, dimensions=6, seed=seed), max_top=max_top)
    assert len(top) <= max_top
    assert sorted(own for branch in top for own in branch.leaves) == list(range(count))
    waiting = list(top)
    while waiting:
        branch = waiting.pop()
        assert len(branch.children) != 1
        assert branch.children or len(branch.leaves) == 1
        if branch.children:
            below = sorted(own for child in branch.children for own in child.leaves)
            assert below == sorted(branch.leaves)
        waiting.extend(branch.children)


def test_few_leaves_stay_as_they_are() -> None:
    leaves = [leaf(i, row) for i, row in enumerate(np.eye(10))]
    engine = StubEngine()
    assert _tree(leaves, engine, max_top=10) == leaves
    assert engine.asked == []


def test_no_leaves_give_no_tree() -> None:
    assert _tree([], max_top=10) == []


def test_a_leaf_of_noise_alone_is_the_whole_tree() -> None:
    noise = leaf(0, [1.0, 0.0], is_other=True)
    assert _tree([noise], max_top=1) == [noise]


def _planted_themes(themes: int, each: int) -> list[Cluster]:
    rng = np.random.default_rng(0)
    theme = np.arange(themes * each) % themes
    centroids = unit_rows(np.eye(16)[theme] + rng.normal(scale=0.05, size=(themes * each, 16)))
    return [leaf(i, row, text=f"About theme {theme[i]}") for i, row in enumerate(centroids)]


@pytest.mark.parametrize("max_top", [7, 10])
def test_no_root_mixes_planted_themes(max_top: int) -> None:
    tree = _tree(_planted_themes(themes=7, each=6), max_top=max_top)
    roots = [cluster for cluster in tree if cluster.parent_id is None]
    assert 7 <= len(roots) <= max_top
    for root in roots:
        numbers = {int(i[4:7]) % 7 for i in root.conversation_ids}
        assert len(numbers) == 1
    np.testing.assert_allclose(
        [np.linalg.norm(root.centroid) for root in roots if root.centroid], 1, atol=1e-6
    )


def test_many_leaves_get_a_level_in_between() -> None:
    leaves = [leaf(i, row) for i, row in enumerate(random_rows(150))]
    assert max(cluster.level for cluster in _tree(leaves, max_top=2)) >= 2


def test_ids_are_ten_hex_digits_of_the_sorted_member_ids() -> None:
    expected = hashlib.sha256(b"a\nb\nc").hexdigest()[:10]
    assert cluster_id_of(["c", "a", "b"]) == expected
    tree = _tree(_planted_themes(themes=3, each=4), max_top=3)
    assert all(c.cluster_id == cluster_id_of(c.conversation_ids) for c in tree)


def test_an_id_with_half_a_surrogate_pair_can_be_hashed() -> None:
    assert len(cluster_id_of(["\ud83d"])) == 10


def test_parents_are_named_from_their_childrens_names_and_never_like_another() -> None:
    leaves = _planted_themes(themes=4, each=40)
    engine = StubEngine(answer=lambda evidence: "Leaf 3")
    tree = _tree(leaves, engine, max_top=4)
    names = [cluster.name.lower() for cluster in tree]
    assert len(set(names)) == len(names)
    child_names = {child.name for evidence in engine.asked for child in evidence.children}
    assert child_names >= {own.name for own in leaves}


def test_a_parent_may_sound_like_its_children_but_not_like_what_stands_beside_it() -> None:
    # Two tight pairs and one leaf far from both, which stays at the top.
    places = [[1, 0, 0], [1, 0.05, 0], [0, 1, 0], [0, 1, 0.05], [0, 0, 1]]
    names = ["Book a flight", "Cancel a flight", "Find a hotel", "Rate a hotel", "Play trivia"]
    leaves = [
        leaf(i, unit_rows(np.array([place]))[0], size=9, name=name, text=name)
        for i, (place, name) in enumerate(zip(places, names, strict=True))
    ]
    engine = StubEngine(answer=lambda evidence: "Book flights")
    tree = _tree(leaves, engine, max_top=3)
    assert all("Play trivia" in evidence.taken for evidence in engine.asked)
    assert not any("Book a flight" in evidence.taken for evidence in engine.asked)
    assert sum(cluster.name == "Book flights" for cluster in tree) == 1


def test_a_theme_that_cannot_be_named_is_told_and_gets_its_strongest_terms() -> None:
    def refuse(evidence: ClusterEvidence) -> str:
        raise ConversationError("the model refused")

    told: list[str] = []
    tree = asyncio.run(
        meta_cluster(
            _planted_themes(themes=2, each=3),
            StubEngine(answer=refuse),
            max_top=2,
            on_failed=lambda position, error: told.append(str(error)),
        )
    )
    assert told == ["the model refused"] * 2
    assert all(cluster.name for cluster in tree)


def test_small_unlike_groups_do_not_take_the_place_of_large_ones() -> None:
    # Six large groups in three pairs and three tiny strays, further apart than the pairs are.
    places = [[1, 0, 0, 0], [1, 0.3, 0, 0], [0, 1, 0, 0], [0, 1, 0.3, 0], [0, 0, 1, 0]]
    places += [[0, 0, 1, 0.3], [0.3, 0, 0, 1], [0, 0.3, 0, 1], [0, 0, 0.3, 1]]
    centroids = unit_rows(np.array(places))
    tree = build_tree(centroids, [400] * 6 + [2] * 3, max_top=4)
    assert [branch.leaves for branch in tree] == [(0, 1), (2, 3), (4, 5), (6, 7, 8)]


def test_progress_counts_named_parents_up_to_all_of_them() -> None:
    told: list[tuple[int, int]] = []
    leaves = [leaf(i, row) for i, row in enumerate(random_rows(150))]
    tree = asyncio.run(
        meta_cluster(
            leaves,
            StubEngine(),
            max_top=3,
            on_named=lambda done, total: told.append((done, total)),
        )
    )
    parents = len(tree) - len(leaves)
    assert {total for _, total in told} == {parents}
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1][0] == parents


def test_equal_leaves_give_an_equal_tree_and_are_left_as_they_were() -> None:
    leaves = _planted_themes(themes=5, each=8)
    before = repr(leaves)
    assert _tree(leaves, max_top=4) == _tree(leaves, max_top=4)
    assert repr(leaves) == before


ASKED = {
    "contracts": ["Find signed contracts", "Search contracts by date", "Share a contract"],
    "exports": ["Export rows to CSV", "Export a table in bulk", "Schedule a bulk export"],
    "errors": ["Fix an API error", "Handle API rate limits", "Renew an API key"],
}


@pytest.mark.parametrize("max_top", [1, 3])
def test_the_offline_engine_names_every_theme(max_top: int) -> None:
    leaves = [
        leaf(3 * i + j, np.eye(4)[i] + 0.05 * np.eye(4)[3] * j, size=4, name=name, text=name)
        for i, names in enumerate(ASKED.values())
        for j, name in enumerate(names)
    ]
    tree = _tree(leaves, OfflineEngine(), max_top=max_top)
    _assert_is_tree_over(leaves, tree, max_top)
    names = [cluster.name for cluster in tree]
    assert len({name.lower() for name in names}) == len(names)
    assert all(1 <= len(name.split()) <= 8 for name in names)
    assert all(cluster.description for cluster in tree)
