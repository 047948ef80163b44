"""How close proposed names come to their clusters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from kura_core.steps import closeness as module
from kura_core.steps.closeness import with_closeness
from kura_core.steps.neighbours import Vectors
from kura_core.types import ClusterEvidence, ConversationSummary

WORDS = ("contracts", "invoices")


def _cluster(thing: str, size: int = 4, language: str = "en") -> ClusterEvidence:
    members = [
        ConversationSummary(
            f"{thing}-{i}", f"Find {thing}", f"Find {thing}", f"Find {thing}", thing, language
        )
        for i in range(size)
    ]
    return ClusterEvidence(members, keywords=[(thing, 1.0)], size=size)


class Axes:
    """Each of two words is an axis; a text has the cosine of its words' share."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        rows = np.array([[word in text.lower() for word in WORDS] for text in texts], np.float32)
        return rows + np.float32(1e-6)


CENTROIDS = np.eye(2, dtype=np.float32)


def test_a_name_is_close_when_it_is_nearer_its_own_cluster_than_the_others() -> None:
    own, other = with_closeness([_cluster("contracts"), _cluster("invoices")], CENTROIDS, Axes())
    assert own.closeness["Find contracts"] == 1.0
    assert other.closeness["Find invoices"] == 1.0


def test_likeness_to_the_nearest_sibling_takes_away() -> None:
    near = np.array([[1.0, 0.0], [0.8, 0.6]], np.float32)
    own, _ = with_closeness([_cluster("contracts"), _cluster("invoices")], near, Axes())
    assert own.closeness["Find contracts"] == pytest.approx(1.0 - 0.75 * 0.8)


def test_values_have_four_digits_and_the_rest_of_the_evidence_stays() -> None:
    before = [_cluster("contracts"), _cluster("invoices")]
    for item, was in zip(with_closeness(before, CENTROIDS, Axes()), before, strict=True):
        assert all(value == round(value, 4) for value in item.closeness.values())
        assert (item.members, item.keywords, item.size) == (was.members, was.keywords, was.size)


def test_each_name_is_embedded_once_and_none_when_none_is_proposed() -> None:
    axes = Axes()
    with_closeness([_cluster("contracts"), _cluster("contracts")], CENTROIDS, axes)
    assert len(axes.asked) == len(set(axes.asked)) > 0
    axes = Axes()
    foreign = [_cluster("contratos", language="es")]
    assert with_closeness(foreign, CENTROIDS[:1], axes) == foreign
    assert with_closeness([], CENTROIDS[:0], axes) == []
    assert axes.asked == []


def test_a_cluster_alone_is_compared_too() -> None:
    (alone,) = with_closeness([_cluster("contracts")], CENTROIDS[:1], Axes())
    assert alone.closeness


def test_only_the_largest_clusters_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CLUSTERS", 1)
    small, large = with_closeness(
        [_cluster("contracts", 2), _cluster("invoices", 5)], CENTROIDS, Axes()
    )
    assert not small.closeness
    assert large.closeness


def test_it_can_be_stopped_before_any_name_is_embedded() -> None:
    axes = Axes()

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        with_closeness([_cluster("contracts")], CENTROIDS[:1], axes, stop)
    assert axes.asked == []
