"""Base clusters found in vectors with planted groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from kura_core.errors import ConfigError
from kura_core.steps import cluster as module
from kura_core.steps.cluster import OTHER, Clustering, Method, cluster_vectors, keep_together
from kura_core.steps.neighbours import nearest_neighbours
from tests.steps.planted import blobs, random_rows, unit_rows

SIZES = [60, 45, 30, 20, 12]


def _assert_well_formed(found: Clustering, count: int, *, noise: bool = False) -> None:
    assert found.labels.shape == (count,)
    kept = found.labels[found.labels >= 0]
    sizes = np.bincount(kept)
    assert (found.labels >= (-1 if noise else 0)).all()
    assert (sizes > 0).all()
    assert (np.diff(sizes) <= 0).all()
    assert len(found.centroids) == len(sizes)
    assert np.isfinite(found.centroids).all()


def test_planted_groups_are_found_with_their_number() -> None:
    vectors, truth = blobs(SIZES)
    found = cluster_vectors(vectors)
    _assert_well_formed(found, len(vectors))
    # Group 0 is the largest, and so on: labels are the planted groups themselves.
    np.testing.assert_array_equal(found.labels, truth)
    assert max(found.silhouettes, key=lambda tried: tried[1])[0] == len(SIZES)


def test_centroids_are_of_unit_length_and_nearest_to_their_own() -> None:
    vectors, _ = blobs(SIZES)
    found = cluster_vectors(vectors)
    np.testing.assert_allclose(np.linalg.norm(found.centroids, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(np.argmax(vectors @ found.centroids.T, axis=1), found.labels)


@pytest.mark.parametrize("method", ["kmeans", "minibatch", "hdbscan"])
def test_equal_input_and_seed_give_equal_clusters(method: Method) -> None:
    vectors = random_rows(150)
    first = cluster_vectors(vectors, method=method, seed=4)
    again = cluster_vectors(vectors.copy(), method=method, seed=4)
    assert first.labels.tobytes() == again.labels.tobytes()
    assert first.centroids.tobytes() == again.centroids.tobytes()


def test_the_seed_decides_nothing_where_all_rows_are_looked_at() -> None:
    vectors, _ = blobs(SIZES, spread=0.25)
    first, other = (cluster_vectors(vectors, seed=seed) for seed in (0, 7))
    np.testing.assert_array_equal(first.labels, other.labels)


def test_neighbours_given_or_found_make_no_difference() -> None:
    vectors, _ = blobs(SIZES, spread=0.2)
    given_graph = cluster_vectors(vectors, nearest_neighbours(vectors))
    np.testing.assert_array_equal(given_graph.labels, cluster_vectors(vectors).labels)


@pytest.mark.parametrize("method", ["kmeans", "hdbscan"])
def test_the_order_of_rows_does_not_change_the_groups(method: Method) -> None:
    vectors, _ = blobs(SIZES)
    order = np.random.default_rng(5).permutation(len(vectors))
    straight = cluster_vectors(vectors, method=method)
    shuffled = cluster_vectors(vectors[order], method=method)
    assert adjusted_rand_score(straight.labels[order], shuffled.labels) == 1


@pytest.mark.parametrize("clusters", [1, 2, 3, 9, 40])
def test_as_many_clusters_as_asked_for(clusters: int) -> None:
    vectors = random_rows(120)
    found = cluster_vectors(vectors, clusters=clusters)
    _assert_well_formed(found, 120)
    assert len(found.centroids) == clusters
    assert found.silhouettes == ()


@pytest.mark.parametrize(("per_cluster", "clusters"), [(10, 12), (50, 2), (1000, 1)])
def test_as_many_clusters_as_their_mean_size_makes(per_cluster: int, clusters: int) -> None:
    found = cluster_vectors(random_rows(120), per_cluster=per_cluster)
    _assert_well_formed(found, 120)
    assert len(found.centroids) == clusters


def test_more_clusters_than_conversations_are_refused_with_a_remedy() -> None:
    with pytest.raises(ConfigError, match=r"Got 6 clusters for 5 .* to 5 or fewer"):
        cluster_vectors(random_rows(5), clusters=6)


@pytest.mark.parametrize("method", ["kmeans", "minibatch", "hdbscan"])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_handful_of_conversations_can_be_clustered(method: Method, count: int) -> None:
    found = cluster_vectors(random_rows(count), method=method)
    _assert_well_formed(found, count)
    assert len(found.centroids) == 1


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_every_conversation_can_be_its_own_cluster(count: int) -> None:
    found = cluster_vectors(np.eye(8, dtype=np.float32)[:count], clusters=count)
    assert sorted(found.labels) == list(range(count))


@pytest.mark.parametrize("method", ["kmeans", "minibatch", "hdbscan"])
@pytest.mark.parametrize("clusters", [None, 7])
def test_duplicates_only_are_one_cluster(method: Method, clusters: int | None) -> None:
    vectors = np.repeat(random_rows(1), 80, axis=0)
    found = cluster_vectors(vectors, method=method, clusters=clusters)
    assert (found.labels == 0).all()
    assert len(found.centroids) == 1


@settings(max_examples=25)
@given(
    count=st.integers(1, 40),
    distinct=st.integers(1, 40),
    clusters=st.none() | st.integers(1, 40),
    seed=st.integers(0, 3),
)
def test_every_row_gets_a_label_and_the_largest_cluster_comes_first(
    count: int, distinct: int, clusters: int | None, seed: int
) -> None:
    vectors = random_rows(distinct, dimensions=5, seed=seed)[np.arange(count) % distinct]
    found = cluster_vectors(
        vectors, clusters=None if clusters is None else min(clusters, count), seed=seed
    )
    _assert_well_formed(found, count)


def test_minibatch_finds_the_planted_groups_too() -> None:
    vectors, truth = blobs(SIZES)
    found = cluster_vectors(vectors, method="minibatch")
    _assert_well_formed(found, len(vectors))
    assert adjusted_rand_score(truth, found.labels) > 0.95


def test_hdbscan_finds_groups_without_noise_where_there_is_none() -> None:
    vectors, truth = blobs(SIZES)
    np.testing.assert_array_equal(cluster_vectors(vectors, method="hdbscan").labels, truth)


def test_hdbscan_does_not_split_equal_conversations() -> None:
    vectors = np.repeat(random_rows(4), [40, 30, 25, 20], axis=0)
    found = cluster_vectors(vectors, method="hdbscan")
    np.testing.assert_array_equal(found.labels, np.repeat([0, 1, 2, 3], [40, 30, 25, 20]))


def test_hdbscan_leaves_what_is_unlike_the_rest_as_noise_and_kmeans_does_not() -> None:
    grouped, truth = blobs([60, 40, 30], dimensions=64, spread=0.02)
    strays = unit_rows(np.random.default_rng(1).normal(size=(12, 64)))
    vectors = np.vstack([grouped, strays])
    found = cluster_vectors(vectors, method="hdbscan")
    _assert_well_formed(found, len(vectors), noise=True)
    np.testing.assert_array_equal(found.labels[: len(grouped)], truth)
    # Smoothing draws some strays into a group; what is left over is noise.
    assert (found.labels == -1).any()
    _assert_well_formed(cluster_vectors(vectors), len(vectors))


@pytest.mark.parametrize("method", ["kmeans", "minibatch", "hdbscan"])
def test_above_the_limit_all_are_assigned_to_clusters_of_a_sample(
    method: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIT_LIMIT", 200)
    vectors, truth = blobs([300, 200, 120, 80])
    found = cluster_vectors(vectors, method=method)
    _assert_well_formed(found, 700)
    assert adjusted_rand_score(truth, found.labels) > 0.98
    again = cluster_vectors(vectors, method=method)
    assert again.labels.tobytes() == found.labels.tobytes()


def test_rows_of_a_kind_get_the_label_most_of_them_have_and_empty_clusters_go() -> None:
    vectors = unit_rows(np.eye(3)[[0, 0, 0, 1, 1, 2, 2, 2]])
    labels = np.array([0, 0, 1, 0, 0, 2, 2, OTHER], dtype=np.int32)
    kinds = np.array([0, 0, 0, 1, 1, 2, 2, 2], dtype=np.int32)
    made = keep_together(Clustering(labels, vectors[:3]), vectors, kinds)
    assert made.labels.tolist() == [0, 0, 0, 0, 0, 1, 1, 1]
    assert made.centroids.shape == (2, 3)
    assert np.allclose(made.centroids[1], [0, 0, 1])


def test_what_is_together_already_stays_as_it_is() -> None:
    vectors = unit_rows(np.eye(3)[[0, 1, 2]])
    before = Clustering(np.array([1, 0, OTHER], dtype=np.int32), vectors[:2])
    assert keep_together(before, vectors, np.arange(3, dtype=np.int32)) is before


def test_between_a_cluster_and_noise_a_kind_goes_to_the_cluster() -> None:
    vectors = unit_rows(np.eye(2)[[0, 0, 1]])
    before = Clustering(np.array([OTHER, 1, 0], dtype=np.int32), vectors[1:])
    made = keep_together(before, vectors, np.array([0, 0, 1], dtype=np.int32))
    assert OTHER not in made.labels and made.labels[0] == made.labels[1]
