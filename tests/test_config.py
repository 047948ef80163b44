"""What settings are refused, and with which words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kura_core.config import GROUPED_BY, Facet, RunConfig

CHANNEL = Facet(name="channel", question="Where to?")
SUPPORT = Facet(name="support", question="Is this about support?", type="yes/no")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"low": 1}, "bounds, which only a number has"),
        ({"type": "number", "low": 5, "high": 5}, "the first must be the smaller"),
        ({"type": "number", "low": float("nan")}, "finite"),
        ({"type": "one of", "options": ("a",)}, "at least two options"),
        ({"name": "concern"}, "is a number from 1 to 5"),
        ({"name": "concern", "type": "number", "low": 0, "high": 10}, "is a number from 1 to 5"),
        ({"name": "topic"}, "is already a column"),
        ({"name": "Two words"}, "lower-case letters"),
    ],
)
def test_a_facet_that_cannot_be_asked_is_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Facet(**{"name": "mood", "question": "Which?", **values})


def test_the_column_of_a_facet_is_its_own_but_for_concern() -> None:
    concern = Facet(name="concern", question="How worrying?", type="number", low=1, high=5)
    assert (CHANNEL.column, concern.column) == ("facet_channel", "concern")


@pytest.mark.parametrize("name", [*GROUPED_BY, "channel"])
def test_conversations_are_grouped_by_what_every_summary_has_or_a_text_facet(name: str) -> None:
    config = RunConfig(engine="openai", facets=(CHANNEL, SUPPORT), cluster_by=name)
    assert config.cluster_by == name


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"cluster_by": "support"}, "choose one of summary, request, task, topic, channel"),
        ({"cluster_by": "gone"}, "cannot be grouped by 'gone'"),
        ({"screen": "channel"}, "'channel' is no facet of type yes/no"),
        ({"engine": "offline", "screen": "support"}, "need a language model"),
        ({"engine": "offline", "cluster_by": "channel"}, "need a language model"),
        ({"facets": (CHANNEL, CHANNEL)}, "two facets have the same name"),
        ({"clusters": 3, "per_cluster": 4}, "set one of the two"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        RunConfig(**{"engine": "openai", "facets": (CHANNEL, SUPPORT), **values})


def test_rules_group_by_topic_without_a_language_model() -> None:
    assert RunConfig(cluster_by="topic").engine == "offline"
