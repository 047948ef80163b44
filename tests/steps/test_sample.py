"""The bounded sample that clusters and map share."""

from __future__ import annotations

import numpy as np
import pytest

from kura_core.errors import RunCancelled
from kura_core.steps import cluster, project
from kura_core.steps.cluster import cluster_vectors
from kura_core.steps.neighbours import nearest_neighbours
from kura_core.steps.project import HDBUMAP, project_conversations
from kura_core.steps.sample import arrays_of, fit_sample, sample_from
from tests.steps.planted import blobs, random_rows


def test_few_rows_are_all_fitted() -> None:
    vectors = random_rows(40)
    sample = fit_sample(vectors, 40)
    graph = nearest_neighbours(vectors)
    assert sample.rows.tolist() == list(range(40))
    assert len(sample.rest) == len(sample.near.indices) == 0
    np.testing.assert_array_equal(sample.graph.indices, graph.indices)
    assert fit_sample(vectors, 40, graph=graph).graph is graph


def test_of_many_rows_each_is_fitted_or_finds_its_nearest_that_is() -> None:
    vectors = random_rows(200)
    sample = fit_sample(vectors, 50, seed=3)
    assert len(sample.rows) == 50
    assert sorted([*sample.rows, *sample.rest]) == list(range(200))
    expected = np.argmax(vectors[sample.rest] @ vectors[sample.rows].T, axis=1)
    np.testing.assert_array_equal(sample.near.indices[:, 0], expected)
    again, other = (fit_sample(vectors, 50, seed=seed) for seed in (3, 4))
    np.testing.assert_array_equal(again.rows, sample.rows)
    assert other.rows.tolist() != sample.rows.tolist()


def test_a_sample_comes_back_from_its_arrays() -> None:
    sample = fit_sample(random_rows(60), 20)
    kept = arrays_of(sample)
    assert kept.keys() == arrays_of(sample_from(kept)).keys()
    for name, array in arrays_of(sample_from(kept)).items():
        np.testing.assert_array_equal(array, kept[name])


def test_progress_is_told_to_the_end_and_may_stop() -> None:
    told: list[float] = []
    fit_sample(random_rows(60), 20, on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)

    def stop(share: float) -> None:
        raise RunCancelled("enough")

    with pytest.raises(RunCancelled):
        fit_sample(random_rows(60), 20, on_progress=stop)


def test_a_sample_given_or_found_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "FIT_LIMIT", 120)
    monkeypatch.setattr(project, "FIT_LIMIT", 120)
    vectors, _ = blobs([150, 100, 80], spread=0.1)
    sample = fit_sample(vectors, 120, seed=5)
    given = cluster_vectors(vectors, sample=sample, seed=5)
    np.testing.assert_array_equal(given.labels, cluster_vectors(vectors, seed=5).labels)
    model = HDBUMAP(seed=5)
    points = project_conversations(vectors, sample=sample, model=model)
    assert points.tobytes() == project_conversations(vectors, model=model).tobytes()
