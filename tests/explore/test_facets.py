"""The facets a run has, and the groups their answers fall into."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from kura_core.explore.facets import (
    ANSWERED,
    MOST,
    NONE,
    OTHER,
    FacetColumn,
    answers,
    facet_columns,
)


def asked(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "question": f"What of {name}?", "type": kind, **more}


def grouped(values: list[Any], **about: Any) -> dict[str, int]:
    """How many conversations each group of a facet has, in order."""
    facet = FacetColumn("facet_a", "A", **about)
    found = answers(pd.DataFrame({"facet_a": pd.Series(values)}), facet)
    counts = np.bincount(found.codes, minlength=len(found.names))
    return dict(zip(found.names, counts.tolist(), strict=True))


def test_our_own_facets_come_first_and_those_without_an_answer_are_left_out() -> None:
    frame = pd.DataFrame(
        {
            "facet_zeal": ["a", None],
            "facet_empty": pd.Series([None, None], dtype=object),
            "summary": ["x", "y"],
            "outcome": pd.Series([None, None], dtype=object),
            "frustration": [1, 2],
            "language": ["en", None],
        }
    )

    found = facet_columns(frame, {"facets": [asked("empty", "text")]})
    assert [facet.column for facet in found] == ["language", "frustration", "facet_zeal"]


def test_nothing_is_known_of_dissatisfaction_where_it_could_not_be_voiced() -> None:
    silent = pd.DataFrame({"dissatisfaction": [["unknown"], None]})
    assert facet_columns(silent, {}) == []

    frame = pd.DataFrame({"dissatisfaction": [["unknown"], None, [], ["gave up"]]})
    (facet,) = facet_columns(frame, {})
    found = answers(frame, facet)
    assert found.names == ("gave up", NONE)
    assert found.known.tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    ("values", "declared", "kind"),
    [
        ([True, None], "yes/no", "yes/no"),
        ([1.5, None], "number", "number"),
        (["a", None], "one of", "category"),
        (["a", None], "text", "text"),
        ([["a"], None], "list", "list"),
    ],
)
def test_a_column_is_taken_as_it_was_asked(values: list[Any], declared: str, kind: str) -> None:
    frame = pd.DataFrame({"facet_my_name": values})
    config = {"facets": [asked("my_name", declared, options=["b", "a"])]}

    (facet,) = facet_columns(frame, config)
    assert (facet.label, facet.kind, facet.question) == ("My name", kind, "What of my_name?")
    (untold,) = facet_columns(frame, {})
    assert untold.kind == ("text" if kind == "category" else kind)


def test_the_question_about_concern_is_shown_with_its_own_column() -> None:
    frame = pd.DataFrame({"concern": pd.array([1, None], dtype="Int32")})

    (facet,) = facet_columns(frame, {"facets": [asked("concern", "number", low=1, high=5)]})
    assert facet.question == "What of concern?"
    assert answers(frame, facet).names == ("1", "2", "3", "4", "5")


def test_options_keep_their_order_and_other_answers_follow() -> None:
    values = ["late", "late", "early", "odd", None]

    assert grouped(values, kind="category", order=("early", "mid", "late")) == {
        "early": 1,
        "late": 2,
        "odd": 1,
    }


def test_more_answers_than_can_be_told_apart_are_all_others() -> None:
    values = [f"a{number:02d}" for number in range(20) for _ in range(20 - number)]
    counts = grouped(values, kind="category")

    assert list(counts) == [*(f"a{number:02d}" for number in range(MOST)), OTHER]
    assert sum(counts.values()) == len(values)


def test_the_most_frequent_of_a_part_come_first_then_those_of_all() -> None:
    frame = pd.DataFrame({"facet_a": ["x"] * 5 + ["y"] * 3 + ["z"]})
    within = pd.Series([False] * 8 + [True])

    facet = FacetColumn("facet_a", "A", "category")
    assert answers(frame, facet, within).names == ("z", "x", "y")


def test_an_answer_that_reads_like_our_own_words_is_told_apart() -> None:
    assert grouped(["Not known", None], kind="category") == {"Not known (answer)": 1}
    assert grouped([["None"], []], kind="list") == {"None (answer)": 1, NONE: 1}


def test_a_conversation_is_in_every_group_of_its_list_once() -> None:
    assert grouped([["b", "a", "b"], ["b"], [], None], kind="list") == {"b": 2, "a": 1, NONE: 1}


@pytest.mark.parametrize(
    ("values", "bounds", "names"),
    [
        ([1, 3], (1, 5), ["1", "2", "3", "4", "5"]),
        ([0, 100, 37], (0, 100), ["0 to 20", "20 to 40", "40 to 60", "60 to 80", "80 to 100"]),
        ([0.0, 0.5, 1.0], (0, 1), ["0 to 0.2", "0.2 to 0.4", "0.4 to 0.6", "0.6 to 0.8",
                                   "0.8 to 1"]),
        ([7, 7, None], (None, None), ["7"]),
    ],
)  # fmt: skip
def test_numbers_are_steps_or_ranges_within_their_bounds(
    values: list[Any], bounds: tuple[float | None, float | None], names: list[str]
) -> None:
    counts = grouped(values, kind="number", low=bounds[0], high=bounds[1])

    assert list(counts) == names
    assert sum(counts.values()) == sum(value is not None for value in values)


@pytest.mark.parametrize("high", [None, 83.0])
def test_numbers_never_fall_into_more_ranges_than_can_be_told_apart(high: float | None) -> None:
    values = list(np.random.default_rng(0).uniform(3, 83, 500))
    counts = grouped(values, kind="number", low=None if high is None else 3.0, high=high)

    assert 3 <= len(counts) <= MOST
    assert sum(counts.values()) == 500


def test_of_free_text_only_answers_that_repeat_are_groups() -> None:
    assert grouped(["one", "two"], kind="text") == {ANSWERED: 2}
    assert grouped(["a", "a", "b"], kind="text") == {"a": 2, OTHER: 1}
    assert grouped(["long " * 20] * 2, kind="text") == {ANSWERED: 2}


def test_the_order_of_conversations_changes_no_group() -> None:
    values = ["a", "b", "b", "c", "a", None]

    assert grouped(values, kind="category") == grouped(values[::-1], kind="category")
