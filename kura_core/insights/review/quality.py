"""How far the judge can be trusted, from the judgements that people checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kura_core.explore.stats import share, share_by
from kura_core.insights.evidence import FAILURES
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.review.marks import Mark, still_valid
from kura_core.insights.review.sample import UNCLEAR, stratum_of
from kura_core.run.quadrants import UNKNOWN

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# With fewer checked, on either side of the judge's answer, nothing is said.
FEWEST_CHECKED = 3
_DRAWS = 4000
_INTERVAL = (0.025, 0.975)
_ALL = "all"


@dataclass(slots=True, frozen=True)
class Rate:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(slots=True, frozen=True)
class Checked:
    """One question to the judge against what people said; shares with 95 % intervals.

    `rate` is the judge's, `corrected` what it would be if people had judged all; `precision` is
    how many of those it names are so, `recall` how many of those that are so it names; None where
    too little was checked to say.
    """

    checked: int
    rate: Rate
    corrected: Rate | None
    precision: Rate | None
    recall: Rate | None


@dataclass(slots=True, frozen=True)
class JudgeQuality:
    """How good the judge is at failures, and at dissatisfaction; None where nothing is judged."""

    failures: Checked | None
    dissatisfaction: Checked | None


@dataclass(slots=True, frozen=True)
class _Cell:
    """Conversations judged alike: how many, whether named by the judge, and what people found."""

    size: int
    named: bool
    so: int
    checked: int


def judge_quality(joined: JoinedRun, marks: Iterable[Mark], *, seed: int = 0) -> JudgeQuality:
    """Estimate precision, recall and the corrected rate of failures and of dissatisfaction.

    Marks of a judgement that has changed since are not counted. The sample is drawn by what the
    judge said, so each stratum's share is weighted by the stratum's size (stratified estimation:
    Cochran, Sampling Techniques, 1977, chapter 5). Precision of failures is a plain share with a
    Wilson interval; the other intervals are drawn from the strata's Jeffreys posteriors, since
    resampling a handful of marks that all agree would see no doubt. The rate of failures is of all
    judged conversations, that of dissatisfaction of those in which the user spoke more than once.
    """
    frame = joined.conversations
    frame = frame[frame["outcome"].notna()]
    valid = {mark.conversation_id: mark for mark in still_valid(marks, frame)}
    checked = frame[frame["conversation_id"].isin(list(valid))]
    failures = dissatisfaction = None
    if len(frame):
        named = frame["outcome"].isin(FAILURES)
        truths = [_really_failed(valid[name]) for name in checked["conversation_id"]]
        cells = _cells(stratum_of(frame["outcome"]), named, checked, truths)
        failures = _checked(frame, named, cells, seed)
    spoke = frame[frame["dissatisfaction"].map(_could_voice).astype(bool)]
    if len(spoke):
        named = spoke["dissatisfaction"].map(len) > 0
        within = checked[checked["conversation_id"].isin(spoke["conversation_id"])]
        truths = [_really_voiced(valid[name]) for name in within["conversation_id"]]
        strata = stratum_of(spoke["outcome"]) + named.map({True: " voiced", False: ""})
        cells = _cells(strata, named, within, truths)
        dissatisfaction = _checked(spoke, named, cells, seed)
    return JudgeQuality(failures, dissatisfaction)


def quality_line(quality: JudgeQuality | None) -> str | None:
    """Say how good the judge is at failures, in one sentence; None where nothing was checked."""
    found = quality.failures if quality else None
    if found is None or not found.checked:
        return None
    said = []
    if found.precision:
        said.append(f"{_in_words(found.precision)} of what it calls a failure is one")
    if found.recall:
        said.append(f"it finds {_in_words(found.recall)} of all failures")
    if found.corrected:
        said.append(f"corrected for that, {_in_words(found.corrected)} fail")
    if not said:
        return None
    judgements = "judgement" if found.checked == 1 else "judgements"
    return f"By {found.checked:,} {judgements} checked by people: {'; '.join(said)}."


def _really_failed(mark: Mark) -> bool | None:
    """Whether a person saw a failure; None where the person did not say."""
    failed = mark.shown.outcome in FAILURES
    if mark.outcome is None:
        return None
    if mark.outcome == "right":
        return failed
    if mark.should_be is not None:
        return mark.should_be in FAILURES
    return None if mark.shown.outcome == UNCLEAR else not failed


def _really_voiced(mark: Mark) -> bool | None:
    if mark.dissatisfaction is None:
        return None
    return bool(mark.shown.dissatisfaction) == (mark.dissatisfaction == "right")


def _could_voice(said: object) -> bool:
    if said is None or isinstance(said, float):
        return False
    # A tuple, since looking into an array is slow.
    return UNKNOWN not in tuple(said)  # type: ignore[arg-type]


def _cells(
    strata: pd.Series, named: pd.Series, checked: pd.DataFrame, truths: list[bool | None]
) -> list[_Cell]:
    import pandas as pd

    answers = pd.DataFrame({"stratum": strata.loc[checked.index], "so": truths})
    answers = answers[answers["so"].notna()]
    return [
        _Cell(
            size=len(members),
            named=bool(named.loc[members].iloc[0]),
            so=int(answers.loc[answers["stratum"] == stratum, "so"].sum()),
            checked=int((answers["stratum"] == stratum).sum()),
        )
        for stratum, members in strata.groupby(strata, sort=True).groups.items()
    ]


def _checked(frame: pd.DataFrame, named: pd.Series, cells: list[_Cell], seed: int) -> Checked:
    import numpy as np

    rates = share_by(frame.assign(all=_ALL, named=named), "all", "named", seed=seed)
    rate = Rate(*(float(rates[name].iloc[0]) for name in ("value", "low", "high")))
    count = sum(cell.checked for cell in cells)
    points = _points(cells)
    rng = np.random.default_rng(seed)
    drawn = np.array([rng.beta(c.so + 0.5, c.checked - c.so + 0.5, _DRAWS) * c.size for c in cells])
    inside = np.array([cell.named for cell in cells])
    sides = {
        side
        for side in (True, False)
        if sum(cell.checked for cell in cells if cell.named == side) >= FEWEST_CHECKED
    }
    precision = recall = corrected = None
    if True in sides:
        positive = [cell for cell in cells if cell.named]
        if len(positive) == 1:
            plain = share(positive[0].so, positive[0].checked)
            precision = Rate(plain.value, plain.low, plain.high)
        else:
            size = sum(cell.size for cell in positive)
            precision = _rate(points[inside].sum() / size, drawn[inside].sum(axis=0) / size)
    if sides == {cell.named for cell in cells}:
        so = points.sum()
        corrected = _rate(so / len(frame), drawn.sum(axis=0) / len(frame))
        if so > 0 and True in sides:
            found = drawn[inside].sum(axis=0) / drawn.sum(axis=0)
            recall = _rate(points[inside].sum() / so, found)
    return Checked(count, rate, corrected, precision, recall)


def _points(cells: list[_Cell]) -> np.ndarray:
    """How many of each cell are so; one nobody checked goes by the checked ones on its side."""
    import numpy as np

    found = []
    for cell in cells:
        like = [cell] if cell.checked else [c for c in cells if c.named == cell.named]
        checked = sum(c.checked for c in like)
        found.append(cell.size * sum(c.so for c in like) / checked if checked else 0.0)
    return np.array(found)


def _rate(value: float, drawn: np.ndarray) -> Rate:
    import numpy as np

    low, high = (float(bound) for bound in np.quantile(drawn, _INTERVAL))
    return Rate(float(value), min(low, float(value)), max(high, float(value)))


def _in_words(rate: Rate) -> str:
    return f"{rate.value:.0%} ({rate.low:.0%} to {rate.high:.0%})"
