"""Who asks for a missing thing, met or not."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kura_core.insights.gap_demand import homes_of, who_asks
from kura_core.insights.gap_groups import GapGroup, read_gap


def group_of(name: str) -> GapGroup:
    return GapGroup(name, read_gap(name).keys, ((name, 1),))


def rows(*texts: str, cluster: str = "a", start: int = 0, **given: Any) -> pd.DataFrame:
    return pd.DataFrame([
        {"conversation_id": f"{cluster}{start + n:03d}", "cluster_id": cluster, "request": text,
         "summary": text, "language": "en", **given}
        for n, text in enumerate(texts)
    ])  # fmt: skip


def asks(name: str, failed: pd.DataFrame, others: pd.DataFrame, **given: Any) -> set[str]:
    everyone = pd.concat([failed, others], ignore_index=True)
    return set(who_asks(group_of(name), failed, everyone, **given)) - set(failed["conversation_id"])


def test_those_it_failed_ask_for_it() -> None:
    failed = rows("Where is it?", "no idea")
    assert who_asks(group_of("signed contracts"), failed, failed) == ["a000", "a001"]


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
    failed = pd.concat([rows(*["x"] * 60), rows(*["x"] * 5, cluster="b"), rows("x", cluster="c")])
    assert homes_of(failed) == ("a", "b")
    assert homes_of(rows("x", cluster="z")) == ("z",)
