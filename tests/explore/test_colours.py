"""Which colour a conversation has on the map."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kura_core.explore import colours
from kura_core.explore.colours import RAMP, RAMP_ON_DARK, TONES, colour_by
from kura_core.explore.facets import NOT_KNOWN, FacetColumn, facet_columns

# Machado, Oliveira and Fernandes 2009, severity 1.0.
EYES = {
    "all": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no green": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "no blue": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
TO_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]


def seen(colour: str, eyes: str) -> Any:
    """A colour in CIELAB as such eyes see it."""
    part = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    light = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.array(EYES[eyes]) @ light, 0, 1) / [0.9505, 1, 1.0888]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def coloured(values: list[Any], **about: Any) -> dict[Any, str]:
    facet = FacetColumn("facet_a", "A", **about)
    found = colour_by(pd.DataFrame({"facet_a": pd.Series(values)}), facet)
    return dict(zip(found.groups.cat.categories, found.colours, strict=True))


@pytest.mark.parametrize("eyes", EYES)
def test_the_tones_stay_apart_for_all_eyes(eyes: str) -> None:
    greys = [colours._OTHER, colours._NOT_KNOWN, colours._NOT_KNOWN_ON_DARK]
    pairs = [*itertools.combinations(TONES, 2), *itertools.product(TONES, greys)]
    distances = [np.linalg.norm(seen(a, eyes) - seen(b, eyes)) for a, b in pairs]

    assert min(distances) > 13
    assert min(distances[: len(TONES) * (len(TONES) - 1) // 2]) > 17


@pytest.mark.parametrize("eyes", EYES)
def test_a_ramp_grows_away_from_the_page(eyes: str) -> None:
    for ramp, sign in ((RAMP, -1), (RAMP_ON_DARK, 1)):
        lightness = [seen(colour, eyes)[0] for colour in ramp]
        assert all(sign * (b - a) > 5 for a, b in itertools.pairwise(lightness))


def test_a_conversation_without_an_answer_is_grey_and_said() -> None:
    by_group = coloured(["a", None, "a"], kind="category")

    assert list(by_group) == ["a", NOT_KNOWN]
    assert by_group[NOT_KNOWN] == colours._NOT_KNOWN
    assert list(coloured(["a", "a"], kind="category")) == ["a"]


def test_numbers_go_from_little_to_much() -> None:
    by_group = coloured([1, 2, 5], kind="number", low=1, high=5)

    assert list(by_group) == ["1", "2", "3", "4", "5"]
    assert list(by_group.values()) == RAMP
    dark = pd.DataFrame({"facet_a": [1, 5]})
    facet = FacetColumn("facet_a", "A", "number", low=1, high=5)
    assert list(colour_by(dark, facet, dark=True).colours) == RAMP_ON_DARK


def test_yes_is_the_same_colour_whoever_is_asked_first() -> None:
    for values in ([True, False], [False, True, False]):
        by_group = coloured(values, kind="yes/no", order=("Yes", "No"))
        assert by_group == {"Yes": TONES[0], "No": TONES[1]}


def test_an_outcome_has_its_colour_whichever_occur() -> None:
    for outcomes in (["achieved", "not achieved"], ["not achieved"]):
        frame = pd.DataFrame({"outcome": outcomes})
        (facet,) = facet_columns(frame, {})
        found = colour_by(frame, facet)
        assert found.colours[-1] == TONES[7]


def test_of_a_list_the_strongest_sign_counts_or_the_most_frequent_item() -> None:
    frame = pd.DataFrame({"dissatisfaction": [["rephrased", "gave up"], ["rephrased"], []]})
    (facet,) = facet_columns(frame, {})
    assert colour_by(frame, facet).groups.tolist() == ["gave up", "rephrased", "None"]

    own = pd.DataFrame({"facet_a": [["x", "y"], ["y"], ["x", "z"], ["y"]]})
    found = colour_by(own, FacetColumn("facet_a", "A", "list"))
    assert found.groups.tolist() == ["y", "y", "x", "y"]


def test_the_groups_have_the_index_of_their_conversations() -> None:
    frame = pd.DataFrame({"facet_a": ["a", None, "b"]}, index=[7, 3, 9])
    found = colour_by(frame, FacetColumn("facet_a", "A", "category"))

    assert found.groups.to_dict() == {7: "a", 3: NOT_KNOWN, 9: "b"}
