"""How a facet colours the map: the group of each conversation, and the colour of each group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kura_core.explore.facets import (
    ANSWERED,
    NONE,
    NOT_KNOWN,
    OTHER,
    FacetColumn,
    answers,
)

if TYPE_CHECKING:
    import pandas as pd

# The tones of the themes in shades that colour-blind eyes tell apart too, on white and near-black:
# at least 17 apart in CIELAB with the vision of G. M. Machado, M. M. Oliveira and L. A. F.
# Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009.
TONES = "#428ce9 #f48c3f #47845a #af498c #6843b2 #5ec1e9 #d1a685 #a84129".split()
# From little to much, so that much stands out from the page.
RAMP = "#f3c98b #e8975a #cf6046 #98364b #571d43".split()
RAMP_ON_DARK = "#7d4a86 #a85a86 #d77468 #eda55c #fbe3a8".split()
_OTHER, _NOTHING = "#9498a0", "#8496ab"
_NOT_KNOWN, _NOT_KNOWN_ON_DARK = "#ccd0d4", "#4d5653"
# An outcome means the same colour in every run, whichever occur.
_OUTCOMES = {
    "achieved": TONES[0],
    "partly": TONES[1],
    "not achieved": TONES[7],
    "cannot tell": _NOTHING,
}


@dataclass(slots=True, frozen=True)
class Colouring:
    """A group of each conversation, as a categorical, and the colour of each of its categories.

    The last category is NOT_KNOWN where there are such conversations.
    """

    title: str
    groups: pd.Series
    colours: tuple[str, ...]


def colour_by(conversations: pd.DataFrame, facet: FacetColumn, *, dark: bool = False) -> Colouring:
    """Colour conversations by a facet.

    Numbers go from pale to strong, all else has a colour of its own. Of a list the first of its
    items in the order of the groups counts: the strongest sign where they have an order, else the
    most frequent item.
    """
    import pandas as pd

    found = answers(conversations, facet)
    unknown = len(found.names)
    codes = np.full(len(conversations), unknown, dtype=np.int64)
    np.minimum.at(codes, found.rows, found.codes)
    names, colours = [*found.names], _colours(found.names, facet, dark)
    if not found.known.all():
        names.append(NOT_KNOWN)
        colours.append(_NOT_KNOWN_ON_DARK if dark else _NOT_KNOWN)
    groups = pd.Categorical.from_codes(codes, pd.Index(names))
    return Colouring(facet.label, pd.Series(groups, index=conversations.index), tuple(colours))


def _colours(names: tuple[str, ...], facet: FacetColumn, dark: bool) -> list[str]:
    if facet.kind == "number":
        return _ramp(len(names), RAMP_ON_DARK if dark else RAMP)
    own = {OTHER: _OTHER, **({NONE: _NOTHING} if facet.kind == "list" else {ANSWERED: TONES[0]})}
    own |= _OUTCOMES if facet.column == "outcome" else {}
    tones = iter(TONES)
    return [own[name] if name in own else next(tones) for name in names]


def _ramp(count: int, ramp: list[str]) -> list[str]:
    """As many colours along a ramp, its ends included; one alone is its middle."""
    stops = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in ramp])
    places = np.linspace(0, len(ramp) - 1, count) if count > 1 else [(len(ramp) - 1) / 2]
    mixed = [np.interp(places, range(len(ramp)), stops[:, part]) for part in range(3)]
    return [
        "#" + "".join(f"{round(part):02x}" for part in colour)
        for colour in zip(*mixed, strict=True)
    ]
