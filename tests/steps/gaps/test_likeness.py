"""Who words a request like those that failed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kura_core.steps.gaps.likeness import LEARNED_FROM, worded_alike
from kura_core.steps.gaps.readings import Readings, read_rows

COUNT = 40


def read(*texts: str) -> Readings:
    frame = pd.DataFrame({"request": None, "summary": texts, "cluster_id": "a"})
    return read_rows(frame, lambda share: None)


def test_the_wording_of_the_failed_is_told_from_the_rest() -> None:
    failed = [f"bring up the contract from vault{n}" for n in range(COUNT)]
    rest = [f"how long is clause{n} of a contract valid" for n in range(COUNT)]
    readings = read(*failed, *rest, "bring up the contract", "how long is a contract valid")
    near = np.arange(COUNT, 2 * COUNT + 2)
    candidates = np.array([2 * COUNT, 2 * COUNT + 1])
    assert list(worded_alike(candidates, np.arange(COUNT), near, readings)) == [2 * COUNT]


def test_from_too_few_nothing_is_learned() -> None:
    few = LEARNED_FROM - 1
    readings = read(*["bring up the contract"] * few, *["bring up the contract"] * COUNT)
    rest = np.arange(few, few + COUNT)
    assert len(worded_alike(rest, np.arange(few), rest, readings)) == 0


def test_without_others_or_without_shared_words_nothing_is_learned() -> None:
    failed = np.arange(COUNT)
    alone = read(*["bring up the contract"] * (COUNT + 1))
    assert len(worded_alike(np.array([COUNT]), failed, np.array([COUNT]), alone)) == 0
    unlike = read(*[f"word{n}" for n in range(2 * COUNT)])
    rest = np.arange(COUNT, 2 * COUNT)
    assert len(worded_alike(rest, failed, rest, unlike)) == 0
