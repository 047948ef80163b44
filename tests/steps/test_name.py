"""Names that tell clusters apart, whatever the engine answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest

from kura_core.engines.rules.naming import is_taken
from kura_core.errors import ConversationError
from kura_core.steps.name import LONGEST_NAME, STOPGAP, name_clusters
from kura_core.types import ClusterEvidence, ClusterName
from tests.steps.planted import summary
from tests.steps.stub_engine import StubEngine


def _evidence(name: str, size: int = 3, keywords: Sequence[str] = ()) -> ClusterEvidence:
    members = [summary(f"{name}-{i}") for i in range(size)]
    return ClusterEvidence(members=members, size=size, keywords=[(term, 1.0) for term in keywords])


def _names(
    evidence: Sequence[ClusterEvidence], engine: StubEngine, taken: Sequence[str] = ()
) -> list[str]:
    return [n.name for n in asyncio.run(name_clusters(evidence, engine, taken=taken))]


def test_names_come_in_the_order_of_the_evidence_and_each_is_asked_for_once() -> None:
    engine = StubEngine(answer=lambda e: {1: "Pears", 2: "Apples", 3: "Plums"}[e.size])
    assert _names([_evidence("a", 2), _evidence("b", 3), _evidence("c", 1)], engine) == [
        "Apples",
        "Plums",
        "Pears",
    ]
    assert len(engine.asked) == 3


def test_no_clusters_need_no_engine() -> None:
    engine = StubEngine()
    assert _names([], engine) == []
    assert engine.asked == []


def test_the_larger_cluster_keeps_a_contested_name_and_the_other_is_asked_again() -> None:
    def answer(evidence: ClusterEvidence) -> str:
        return "Find invoices" if "Find contracts" in evidence.taken else "Find contracts"

    engine = StubEngine(answer)
    assert _names([_evidence("small", 3), _evidence("large", 9)], engine) == [
        "Find invoices",
        "Find contracts",
    ]
    assert len(engine.asked) == 3
    assert engine.asked[2].members[0].conversation_id == "small-0"


def test_of_clusters_of_equal_size_the_first_keeps_a_contested_name() -> None:
    names = _names([_evidence("a"), _evidence("b")], StubEngine(lambda e: "Find contracts"))
    assert names[0] == "Find contracts" != names[1]


def test_a_nearly_equal_name_is_contested_too() -> None:
    answers = {9: "Find signed contracts", 3: "Finding signed contract"}
    names = _names([_evidence("a", 3), _evidence("b", 9)], StubEngine(lambda e: answers[e.size]))
    assert names[1] == "Find signed contracts"
    assert names[0] != "Finding signed contract"


def test_what_stays_alike_is_told_apart_by_its_most_telling_term() -> None:
    evidence = [
        _evidence("a", 9, ["contracts"]),
        _evidence("b", 5, ["contracts", "invoices", "receipts"]),
    ]
    names = _names(evidence, StubEngine(lambda e: "Find contracts"))
    assert names == ["Find contracts", "Find contracts: invoices"]


def test_taken_names_reach_the_engine_and_are_never_repeated() -> None:
    engine = StubEngine(lambda e: "find CONTRACTS")
    names = _names([_evidence("a"), _evidence("b")], engine, taken=["Find contracts", "Other"])
    assert all(item.taken[:2] == ("Find contracts", "Other") for item in engine.asked)
    assert not {name.lower() for name in names} & {"find contracts", "other"}
    assert len({name.lower() for name in names}) == 2


@pytest.mark.parametrize(
    "stubborn", ["Help", "Find contracts", "One two three four five six seven eight"]
)
@pytest.mark.parametrize("keywords", [[], ["signed"], ["two words", "signed", "api"]])
def test_a_stubborn_engine_still_ends_with_distinct_names_of_at_most_eight_words(
    stubborn: str, keywords: list[str]
) -> None:
    evidence = [_evidence(f"c{i}", 3 + i, keywords) for i in range(12)]
    names = _names(evidence, StubEngine(lambda e: stubborn), taken=["Other"])
    assert len({name.lower() for name in names}) == 12
    assert all(1 <= len(name.split()) <= LONGEST_NAME for name in names)
    assert names[-1] == stubborn


def test_the_engine_is_asked_a_bounded_number_of_times() -> None:
    engine = StubEngine(lambda e: "Find contracts")
    _names([_evidence(f"c{i}") for i in range(10)], engine)
    assert len(engine.asked) <= 10 + 2 * 9


def test_every_name_is_told_once_as_it_ends_up() -> None:
    told: list[tuple[int, ClusterName]] = []
    evidence = [_evidence(f"c{i}", 1 + i % 4, ["signed"]) for i in range(8)]
    engine = StubEngine(lambda e: "Find contracts" if e.size > 1 else "Export rows")
    names = asyncio.run(
        name_clusters(evidence, engine, on_name=lambda place, name: told.append((place, name)))
    )
    assert sorted(place for place, _ in told) == list(range(8))
    assert all(names[place] == name for place, name in told)


def test_no_name_nearly_repeats_another_when_the_engine_can_tell_them_apart() -> None:
    fruits = ["Apples", "Pears", "Plums", "Cherries", "Quinces", "Figs"]

    def first_free(evidence: ClusterEvidence) -> str:
        return next(fruit for fruit in fruits if not is_taken(fruit, evidence.taken))

    names = _names([_evidence(f"c{i}", 3 + i) for i in range(6)], StubEngine(first_free))
    assert names == fruits[::-1]


def _refuse_the_large(evidence: ClusterEvidence) -> str:
    if evidence.size > 5:
        raise ConversationError("The server answered 400.")
    return "Export rows"


def test_a_cluster_that_cannot_be_named_gets_its_strongest_terms_and_is_told() -> None:
    told: list[tuple[int, str]] = []
    evidence = [_evidence("a", 3), _evidence("b", 9, ["signed contracts", "contracts", "invoices"])]
    names = asyncio.run(
        name_clusters(
            evidence,
            StubEngine(_refuse_the_large),
            on_failed=lambda position, error: told.append((position, str(error))),
        )
    )
    assert names == [
        ClusterName("Export rows", "What they share."),
        ClusterName("Signed contracts, invoices", STOPGAP),
    ]
    assert told == [(1, "The server answered 400.")]


def test_without_anyone_to_tell_a_cluster_that_cannot_be_named_is_an_error() -> None:
    with pytest.raises(ConversationError, match="400"):
        _names([_evidence("b", 9)], StubEngine(_refuse_the_large))


def test_clusters_that_cannot_be_named_and_have_no_terms_still_differ() -> None:
    names = asyncio.run(
        name_clusters(
            [_evidence("a", 8), _evidence("b", 9)],
            StubEngine(_refuse_the_large),
            on_failed=lambda position, error: None,
        )
    )
    assert len({name.name for name in names}) == 2


def test_a_reserved_name_may_be_nearly_but_not_wholly_repeated() -> None:
    def answer(evidence: ClusterEvidence) -> str:
        return "Book flights" if "Book a flight" in evidence.taken else "Book a flight"

    engine = StubEngine(answer)
    names = asyncio.run(name_clusters([_evidence("a")], engine, reserved=["Book a flight"]))
    assert [name.name for name in names] == ["Book flights"]


def test_three_hundred_names_are_told_apart_in_a_moment() -> None:
    evidence = [_evidence(f"c{i}", 1 + i % 7, [f"term{i}"]) for i in range(300)]
    engine = StubEngine(lambda e: f"Find the {e.members[0].conversation_id.partition('-')[0]}")
    started = time.process_time()
    assert len(set(_names(evidence, engine))) == 300
    assert time.process_time() - started < 3
