"""The map."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from kura_core.errors import RunCancelled
from kura_core.steps import project as module
from kura_core.steps.neighbours import Vectors, nearest_neighbours
from kura_core.steps.project import (
    HDBUMAP,
    MAP_RADIUS,
    Points,
    medoids,
    place_beside,
    project_conversations,
)
from tests.steps.planted import blobs, random_rows, unit_rows


def _assert_on_map(points: Points, count: int) -> None:
    assert points.shape == (count, 2)
    assert points.dtype == np.float64
    assert np.isfinite(points).all()
    assert np.abs(points).max(initial=0) <= MAP_RADIUS + 1e-9


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 11, 12, 13, 40])
def test_any_number_of_conversations_has_a_map(count: int) -> None:
    vectors = random_rows(count) if count else np.empty((0, 8), dtype=np.float32)
    points = project_conversations(vectors)
    _assert_on_map(points, count)
    assert len(np.unique(points, axis=0)) == count


@pytest.mark.parametrize("count", [1, 2, 11, 12, 40])
def test_equal_conversations_share_the_middle_of_the_map(count: int) -> None:
    points = project_conversations(np.repeat(random_rows(1), count, axis=0))
    np.testing.assert_array_equal(points, np.zeros((count, 2)))


@pytest.mark.parametrize("distinct", [2, 5, 11, 12])
def test_many_duplicates_of_a_few_conversations_have_a_map(distinct: int) -> None:
    vectors = random_rows(distinct)[np.arange(60) % distinct]
    _assert_on_map(project_conversations(vectors), 60)


def _opposites(count: int) -> Vectors:
    return random_rows(1) * np.where(np.arange(count) % 2, 1, -1)[:, None].astype(np.float32)


def _on_an_arc(count: int) -> Vectors:
    angles = np.linspace(0, 1, count)
    return unit_rows(np.stack([np.cos(angles), np.sin(angles)], axis=1))


def _one_wide(count: int) -> Vectors:
    return np.ones((count, 1), dtype=np.float32)


@pytest.mark.parametrize("count", [2, 5, 13, 40])
@pytest.mark.parametrize("make", [_opposites, _on_an_arc, _one_wide])
def test_rows_that_span_no_plane_have_a_map(make, count: int) -> None:
    _assert_on_map(project_conversations(make(count)), count)


def test_rows_of_zeros_have_a_map() -> None:
    vectors = np.vstack([random_rows(20), np.zeros((3, 8), dtype=np.float32)])
    _assert_on_map(project_conversations(vectors), 23)


@pytest.mark.parametrize("count", [5, 40])
def test_equal_input_and_seed_give_equal_places(count: int) -> None:
    vectors, model = random_rows(count), HDBUMAP(seed=3)
    first = project_conversations(vectors, model=model)
    assert project_conversations(vectors.copy(), model=model).tobytes() == first.tobytes()


def test_another_seed_gives_another_map() -> None:
    vectors = random_rows(40)
    first = project_conversations(vectors, model=HDBUMAP(seed=1))
    assert not np.allclose(project_conversations(vectors, model=HDBUMAP(seed=2)), first)


def test_fewer_than_a_dozen_are_placed_without_chance() -> None:
    vectors = random_rows(11)
    first = project_conversations(vectors, model=HDBUMAP(seed=1))
    np.testing.assert_array_equal(project_conversations(vectors, model=HDBUMAP(seed=2)), first)


def test_neighbours_given_or_found_make_no_difference() -> None:
    vectors = random_rows(40)
    points = project_conversations(vectors, nearest_neighbours(vectors))
    np.testing.assert_array_equal(points, project_conversations(vectors))


def _share_of_neighbours_in_own_group(points: Points, truth: np.ndarray) -> float:
    apart = ((points[:, None] - points[None, :]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    return float((truth[apart.argmin(axis=1)] == truth).mean())


def test_what_is_alike_stays_together_and_groups_stay_apart() -> None:
    vectors, truth = blobs([40, 30, 30, 20], spread=0.1)
    points = project_conversations(vectors)
    assert trustworthiness(vectors, points, n_neighbors=10, metric="cosine") > 0.9
    assert _share_of_neighbours_in_own_group(points, truth) == 1


def test_above_the_limit_everyone_is_placed_among_their_like(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FIT_LIMIT", 120)
    vectors, truth = blobs([150, 100, 80, 50], spread=0.1)
    points = project_conversations(vectors)
    _assert_on_map(points, 380)
    assert _share_of_neighbours_in_own_group(points, truth) > 0.98
    assert len(np.unique(points, axis=0)) == 380
    assert project_conversations(vectors).tobytes() == points.tobytes()


def test_the_map_is_scaled_to_its_bounds() -> None:
    points = project_conversations(random_rows(40))
    assert np.abs(points).max() == pytest.approx(MAP_RADIUS)


def test_medoids_are_members_in_the_middle_of_their_own() -> None:
    points = np.array([[0, 0], [1, 0], [2, 0], [90, 0], [5, 5], [7, 7.0]])
    places = medoids(points, [np.array([0, 1, 2, 3]), np.array([4]), np.array([5, 4])])
    # The far member does not draw the marker away from the others.
    assert places[0].tolist() in ([1, 0], [2, 0])
    assert places[1].tolist() == [5, 5]
    assert places[2].tolist() in ([5, 5], [7, 7])


def test_medoids_of_random_groups_are_among_their_members() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(100, 2))
    members = np.array_split(rng.permutation(100), 9)
    for place, rows in zip(medoids(points, members), members, strict=True):
        assert place.tolist() in points[rows].tolist()


def test_warming_up_leaves_the_next_map_as_it_was(tmp_path: Path) -> None:
    vectors = random_rows(40)
    before = project_conversations(vectors)
    module.warm_up(tmp_path)
    assert project_conversations(vectors).tobytes() == before.tobytes()


@pytest.mark.parametrize("limit", [400, 120])
def test_progress_is_told_without_changing_the_map(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIT_LIMIT", limit)
    vectors, _ = blobs([150, 100, 80, 50], spread=0.1)
    told: list[float] = []
    points = project_conversations(vectors, on_progress=told.append)
    assert points.tobytes() == project_conversations(vectors).tobytes()
    assert told == sorted(told)
    assert len(told) > 50
    assert told[0] < 0.1
    assert told[-1] == 1


def test_a_map_that_is_being_drawn_can_be_stopped() -> None:
    told: list[float] = []

    def stop(share: float) -> None:
        told.append(share)
        if share > 0.1:
            raise RunCancelled("enough")

    with pytest.raises(RunCancelled):
        project_conversations(random_rows(60), on_progress=stop)
    assert max(told) < 0.2


def test_after_a_map_was_stopped_another_thread_can_draw_one() -> None:
    def stop(share: float) -> None:
        raise RunCancelled("stop")

    with pytest.raises(RunCancelled):
        project_conversations(random_rows(40), on_progress=stop)
    drawn: list[Points] = []

    def draw() -> None:
        drawn.append(project_conversations(random_rows(40), on_progress=lambda share: None))

    other = threading.Thread(target=draw, daemon=True)
    other.start()
    other.join(60)
    assert drawn


def test_more_rows_are_placed_beside_those_most_like_them() -> None:
    vectors, _ = blobs([30, 30, 30])
    points = project_conversations(vectors)
    near = nearest_neighbours(vectors[:9], within=vectors)
    placed = place_beside(points, near, seed=3)
    assert placed.shape == (9, 2)
    assert np.abs(placed).max() <= MAP_RADIUS
    # Each is its own nearest: beside itself, not just on top.
    apart = np.linalg.norm(placed - points[:9], axis=1)
    assert 0 < apart.max() < 0.2 * MAP_RADIUS
    assert (place_beside(points, near, seed=3) == placed).all()
