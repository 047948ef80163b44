"""The nearest-neighbour graph and what smoothing over it does."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kura_core.steps import neighbours as module
from kura_core.steps.neighbours import nearest_neighbours, smooth, unit
from tests.steps.planted import blobs, random_rows

# Rows of four halves are of unit length and their products exact, so that ties are really ties.
CORNERS = st.lists(
    st.tuples(*[st.sampled_from([-0.5, 0.5])] * 4).map(list), min_size=1, max_size=40
)


def _by_sorting(similarities: np.ndarray, k: int) -> np.ndarray:
    return np.argsort(-similarities, axis=1, kind="stable")[:, :k]


@given(rows=CORNERS, k=st.integers(1, 12), block=st.integers(1, 50))
def test_neighbours_equal_sorting_all_pairs_with_ties_to_the_lower_index(
    rows: list[list[float]], k: int, block: int
) -> None:
    vectors = np.array(rows, dtype=np.float32)
    products = vectors @ vectors.T
    np.fill_diagonal(products, -np.inf)
    expected = _by_sorting(products, min(k, len(rows) - 1))
    with mock.patch.object(module, "_BLOCK_ROWS", block):
        found = nearest_neighbours(vectors, k)
    np.testing.assert_array_equal(found.indices, expected)
    np.testing.assert_array_equal(
        found.similarities, np.take_along_axis(products, expected, axis=1)
    )


@given(rows=CORNERS, pool=CORNERS, k=st.integers(1, 12), block=st.integers(1, 50))
def test_neighbours_within_a_pool_equal_sorting_all_pairs(
    rows: list[list[float]], pool: list[list[float]], k: int, block: int
) -> None:
    vectors, within = np.array(rows, dtype=np.float32), np.array(pool, dtype=np.float32)
    expected = _by_sorting(vectors @ within.T, min(k, len(pool)))
    with mock.patch.object(module, "_BLOCK_ROWS", block):
        found = nearest_neighbours(vectors, k, within=within)
    np.testing.assert_array_equal(found.indices, expected)


def test_neighbours_come_nearest_first() -> None:
    found = nearest_neighbours(random_rows(50), 10)
    assert (np.diff(found.similarities, axis=1) <= 0).all()
    assert found.indices.shape == (50, 10)
    assert found.indices.dtype == np.int32


def test_no_row_is_its_own_neighbour_but_may_be_within_a_pool() -> None:
    vectors = random_rows(20)
    rows = np.arange(20)[:, None]
    assert not (nearest_neighbours(vectors, 19).indices == rows).any()
    assert (nearest_neighbours(vectors, 1, within=vectors).indices == rows).all()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_more_neighbours_than_rows_give_all_the_others(count: int) -> None:
    found = nearest_neighbours(random_rows(count), 15)
    assert found.indices.shape == found.similarities.shape == (count, count - 1)


def test_smoothing_keeps_unit_length_shape_and_dtype() -> None:
    vectors = random_rows(60)
    smoothed = smooth(vectors, nearest_neighbours(vectors, 5))
    assert smoothed.shape == vectors.shape
    assert smoothed.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(smoothed, axis=1), 1, atol=1e-6)


def test_smoothing_pulls_neighbours_together_and_leaves_groups_apart() -> None:
    vectors, truth = blobs([20, 20], spread=0.2)
    smoothed = smooth(vectors, nearest_neighbours(vectors, 5))
    same = truth[:, None] == truth[None, :]
    before, after = vectors @ vectors.T, smoothed @ smoothed.T
    assert after[same].mean() > before[same].mean() + 0.1
    assert after[~same].mean() < 0.5


def test_smoothing_leaves_a_single_row_as_it_is() -> None:
    vectors = random_rows(1)
    np.testing.assert_array_equal(smooth(vectors, nearest_neighbours(vectors)), vectors)


def test_smoothing_leaves_rows_of_zeros_finite() -> None:
    vectors = np.vstack([random_rows(5), np.zeros((2, 8), dtype=np.float32)])
    smoothed = smooth(vectors, nearest_neighbours(vectors))
    assert np.isfinite(smoothed).all()


def test_unit_scales_rows_and_leaves_rows_of_zeros() -> None:
    rows = np.array([[3, 4], [0, 0]], dtype=np.float32)
    np.testing.assert_allclose(unit(rows), [[0.6, 0.8], [0, 0]], atol=1e-7)
