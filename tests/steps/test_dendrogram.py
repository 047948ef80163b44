"""Ward's dendrogram, by scipy and by chains of nearest neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from kura_core.steps.dendrogram import cut, ward, weighted_ward
from tests.steps.planted import blobs, random_rows


@pytest.mark.parametrize("branches", [1, 2, 5, 17, 40])
def test_a_cut_leaves_as_many_branches_as_asked_for(branches: int) -> None:
    labels = cut(ward(random_rows(40)), branches)
    assert sorted(set(labels.tolist())) == list(range(branches))


def test_cutting_at_the_planted_number_finds_the_planted_groups() -> None:
    vectors, truth = blobs([30, 20, 10, 5])
    assert adjusted_rand_score(truth, cut(ward(vectors), 4)) == 1


def test_equal_points_are_cut_into_the_number_asked_for_too() -> None:
    same = np.repeat(random_rows(1), 9, axis=0)
    assert len(set(cut(ward(same), 4).tolist())) == 4
    assert len(set(cut(weighted_ward(same, [1] * 9), 4).tolist())) == 4


@pytest.mark.parametrize("branches", [2, 3, 8, 20])
def test_with_equal_weights_both_ways_agree(branches: int) -> None:
    rows = random_rows(60, seed=3)
    one, other = cut(ward(rows), branches), cut(weighted_ward(rows, [1.0] * 60), branches)
    assert adjusted_rand_score(one, other) == 1


def test_a_weight_counts_as_that_many_equal_points() -> None:
    rows = random_rows(12, seed=1)
    weights = [1, 5, 2, 1, 3, 1, 4, 1, 1, 2, 6, 1]
    of_groups = cut(weighted_ward(rows, weights), 4)
    of_points = cut(ward(np.repeat(rows, weights, axis=0)), 4)
    assert adjusted_rand_score(np.repeat(of_groups, weights), of_points) == 1


@pytest.mark.parametrize("count", [1, 2])
def test_a_point_or_two_need_no_merging_to_speak_of(count: int) -> None:
    assert weighted_ward(random_rows(count), [1] * count).shape == (count - 1, 2)
    assert cut(ward(random_rows(count)), count).tolist() == list(range(count))
