"""Who asks for a missing thing, met or not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kura_core.steps.gaps.demand import homes_of, who_asks
from kura_core.steps.gaps.readings import Readings, read_rows
from kura_core.steps.gaps.wordings import GapGroup, read_gap


def group_of(name: str) -> GapGroup:
    return GapGroup(name, read_gap(name).keys, ((name, 1),))


def rows(*texts: str, cluster: str = "a", start: int = 0, **given: Any) -> pd.DataFrame:
    return pd.DataFrame([
        {"conversation_id": f"{cluster}{start + n:03d}", "cluster_id": cluster, "request": text,
         "summary": text, "language": "en", **given}
        for n, text in enumerate(texts)
    ])  # fmt: skip


def read(*frames: pd.DataFrame) -> tuple[pd.Series, Readings]:
    everyone = pd.concat(frames, ignore_index=True)
    return everyone["conversation_id"], read_rows(everyone, lambda share: None)


def asks(name: str, failed: pd.DataFrame, others: pd.DataFrame, **given: Any) -> set[str]:
    """Who asks for a thing besides those it failed."""
    ids, readings = read(failed, others)
    found = who_asks(group_of(name), np.arange(len(failed)), readings, **given)
    assert set(found) >= set(range(len(failed)))
    return set(ids[found]) - set(failed["conversation_id"])


def test_those_it_failed_ask_for_it() -> None:
    failed = rows("Where is it?", "no idea")
    _, readings = read(failed)
    assert list(who_asks(group_of("signed contracts"), np.arange(2), readings)) == [0, 1]


def test_only_those_it_is_asked_among_are_found() -> None:
    failed = rows("Find the signed contract", "the signed contract please")
    others = rows(*["any executed agreement?"] * 3, start=10)
    assert asks("signed contracts", failed, others, among=np.array([3])) == {"a011"}


def test_who_says_all_of_its_words_nearby_asks_for_it() -> None:
    failed = rows("Find the signed contract", "the signed contract please")
    others = rows("the executed agreement with Bo?", "Is a contract binding?", start=10)
    assert asks("signed contracts", failed, others) == {"a010"}


def test_far_from_home_nobody_asks_for_it() -> None:
    failed = rows("Find the signed contract", "the signed contract please")
    others = rows("Export the signed contracts as a zip", cluster="b")
    assert asks("signed contracts", failed, others) == set()


def test_an_everyday_deed_is_told_from_writing_about_it() -> None:
    failed = rows("Send this by mail", "mail it to Ada")
    others = rows("Can you e-mail the list to Bo?", "Draft an e-mail to my landlord", start=10)
    assert asks("send e-mail", failed, others) == {"a010"}


def test_other_languages_are_heard() -> None:
    failed = rows("Find the signed contract", "the signed contract please")
    others = rows("Wo ist der unterschriebene Vertrag?", start=10, language="de")
    assert asks("signed contracts", failed, others) == {"a010"}


def test_who_words_it_like_many_others_asks_for_it() -> None:
    names = "Ada Bo Cy Di Ed Flo Gus Hal Ida Jo Kay Lu Max Ned Oz Pia".split()
    ways = ("bring up the {} of {}, scanned, from the vault" for _ in names)
    things = ("signed contract", "contract")
    failed = rows(*(way.format(things[n % 2], names[n]) for n, way in enumerate(ways)))
    alike = rows("bring up the contract of Quy, scanned, from the vault", start=50)
    unlike = rows(*(f"how long is clause {n} of a contract valid" for n in range(30)), start=60)
    others = pd.concat([alike, unlike])
    assert asks("signed contracts", failed, others) == {"a050"}
    assert asks("signed contracts", failed, others, alike=False) == set()


def test_a_gap_is_at_home_where_much_of_it_lies() -> None:
    _, readings = read(rows(*["x"] * 60), rows(*["x"] * 5, cluster="b"), rows("x", cluster="c"))
    assert homes_of(np.arange(66), readings) == [0, 1]
    assert homes_of(np.array([65]), readings) == [2]


def test_a_conversation_in_no_cluster_is_at_home_nowhere() -> None:
    _, readings = read(rows("Find the signed contract", cluster="a").assign(cluster_id=None))
    found = who_asks(group_of("signed contracts"), np.array([0]), readings)
    assert list(found) == [0]


def test_a_word_alone_must_also_be_looked_for() -> None:
    failed = rows("Where is the city map?", "the map please")
    others = rows("Find a map of Brno", "Is a map a good gift?", start=10)
    assert asks("maps", failed, others) == {"a010"}


def test_who_wants_to_know_when_something_changed_asks_for_dates() -> None:
    failed = rows("When was this modified?", "who knows")
    others = rows("when was the plan last edited", "Change the plan, please", start=10)
    assert asks("modification dates", failed, others) == {"a010"}
