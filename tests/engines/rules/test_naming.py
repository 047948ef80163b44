"""Names a person would write, told apart from their siblings."""

from __future__ import annotations

import asyncio

import pytest

from kura_core.engines.offline import OfflineEngine
from kura_core.engines.protocol import ClusterEvidence, ClusterName
from kura_core.engines.rules.general import side_by_side
from kura_core.engines.rules.naming import is_taken
from kura_core.engines.rules.support import measure_support
from kura_core.engines.rules.wording import headline
from kura_core.types import Conversation, ConversationSummary, Message

ENGINE = OfflineEngine()


def members(*texts: str) -> list[ConversationSummary]:
    return [
        asyncio.run(ENGINE.summarise(Conversation(f"c{place}", [Message("user", text)]), ()))
        for place, text in enumerate(texts)
    ]


def name(evidence: ClusterEvidence) -> ClusterName:
    return asyncio.run(ENGINE.name_cluster(evidence))


CONTRACTS = members(
    "Why can't it find my signed contracts?",
    "find the signed contract with Acme",
    "I'm looking for signed contracts from 2023",
    "where are my signed contracts",
    "Can you find all signed contracts of last year",
    "hello, I need the countersigned contracts",
)
FLIGHTS = members(
    "I'd like to book a flight to Paris",
    "book a flight from Rome for Tuesday",
    "can you book me a flight please",
    "need to book a cheap flight to Oslo on 3 May",
)


def test_a_name_is_what_most_members_ask_for() -> None:
    keywords = [("signed contracts", 0.4), ("signed", 0.3), ("contracts", 0.3)]
    named = name(ClusterEvidence(CONTRACTS, FLIGHTS, keywords, size=6))
    assert named.name == "Find signed contracts"
    assert named.description.startswith("Users ask to find signed contracts")
    assert "Typical: “" in named.description


def test_a_name_holds_no_detail_of_one_conversation() -> None:
    assert (
        name(ClusterEvidence(FLIGHTS, CONTRACTS, [("flight", 0.5)], size=4)).name == "Book a flight"
    )


def test_a_taken_name_is_not_repeated_nor_nearly() -> None:
    taken = ["Book a flight"]
    other = name(ClusterEvidence(FLIGHTS, CONTRACTS, [("flight", 0.5)], size=4, taken=taken)).name
    assert not is_taken(other, taken)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Book a flight", "Book flights"),
        ("Find signed contracts", "find signed contracts"),
        ("Check claim status", "Find claim status"),
        ("Reset account password", "Reset the account password now"),
        ("Send an e-mail", "Send emails"),
        ("Send a mail", "Send an e-mail"),
        ("Manage cards", "Cards"),
    ],
)
def test_near_equal_names_are_taken(one: str, other: str) -> None:
    assert is_taken(one, [other])


def test_different_names_are_free() -> None:
    assert not is_taken("Cancel a flight", ["Book a hotel", "Find signed contracts"])


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        (("Schedule a meeting", "Cancel a meeting", "Move a meeting"), "Manage meetings"),
        (("Find a doctor", "Find a dentist"), "Find doctors and dentists"),
        (("Find flights", "Book a flight"), "Find and book flights"),
        (("Export documents", "Signed contracts"), "Documents and contracts"),
        (("Combat deck", "Life support"), "Combat deck and life support"),
        (("Add a dependent", "Remove a dependent", "Remove someone"), "Manage dependents"),
        (("Flip a coin", "Roll a dice"), "Coins and dices"),
    ],
)
def test_a_parent_is_named_over_its_children(below: tuple[str, ...], expected: str) -> None:
    texts = [f"I want to {text}" for text in below] + ["cancel a meeting", "a doctor or a dentist"]
    children = [ClusterName(text, "…") for text in below]
    named = name(ClusterEvidence(members(*texts), children=children, size=9))
    assert named.name == expected
    assert named.description.startswith(f"Brings together {len(below)} groups")


@pytest.mark.parametrize("below", [("English", "Summaries"), ("Change language", "Speak french")])
def test_one_language_never_stands_in_a_theme(below: tuple[str, ...]) -> None:
    children = [ClusterName(text, "…") for text in below]
    texts = ["translate it to english", "speak french", "change the language", "make a summary"]
    named = name(ClusterEvidence(members(*texts), children=children, size=9)).name.lower()
    assert "language" in named
    assert "english" not in named and "french" not in named


def test_a_parent_never_has_the_name_of_a_child() -> None:
    below = ("Find flights", "Flights", "Book a flight")
    children = [ClusterName(text, "…") for text in below]
    named = name(ClusterEvidence(FLIGHTS, children=children, size=9))
    assert named.name not in below


def test_a_cluster_in_another_language_is_named_in_its_words() -> None:
    spanish = members("¿Dónde están los contratos firmados?", "No encuentro los contratos firmados")
    assert name(ClusterEvidence(spanish, size=2)).name == "Dónde están los contratos firmados"


def test_a_file_name_never_stands_in_a_name() -> None:
    files = members(
        "When was budget_v7.xlsx last modified?",
        "when was offer-final.docx last modified",
        "Can you tell me when plan2.pdf was last modified?",
        "When was notes.txt last modified",
    )
    named = name(ClusterEvidence(files, FLIGHTS, [("modified", 0.4), ("last", 0.3)], size=4))
    assert named.name == "Find out when a file was last modified"


def test_codes_and_placeholders_never_stand_in_a_name() -> None:
    trips = members(
        "Cancel my reservation QX81ZD",
        "please cancel reservation 4TT9K2",
        "I need to cancel the reservation <BOOKING_1>",
        "cancel reservation QX81ZD for me",
    )
    said = name(ClusterEvidence(trips, FLIGHTS, [("reservation", 0.5)], size=4)).name
    assert said in ("Cancel reservation", "Cancel a reservation")


API = members(
    "The API returns an error on every call",
    "Our API calls fail with a 401",
    "How many API calls can we make per minute?",
    "api calls time out since Monday",
    "The api call to the webhook is never answered",
    "Find the api key in the settings",
    "Why is the API so slow today?",
    "the API answers with the wrong status",
    "Which header does the API need?",
    "Our API calls are rejected",
    "API calls return the old data",
    "Does the API have a sandbox?",
)


def test_what_few_members_ask_does_not_speak_for_all() -> None:
    named = name(ClusterEvidence(API, FLIGHTS, [("api", 0.5), ("api calls", 0.2)], size=12))
    assert named.name == "API calls"
    assert named.description.startswith("Users write about API calls")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("create", "a", "c++", "program"), "Create a C++ program"),
        (("apis", "and", "urls"), "APIs and URLs"),
        (("pandas", "rows"), "Pandas rows"),
        (("iphone", "screen"), "iPhone screen"),
        (("dpa", "templates"), "DPA templates"),
    ],
)
def test_tools_and_abbreviations_keep_their_usual_case(
    words: tuple[str, ...], expected: str
) -> None:
    texts = members("send me the DPA of the vendor", "where is the DPA", "I need the dpa")
    assert headline(words, measure_support(ClusterEvidence(texts, size=3))) == expected


def test_two_subjects_side_by_side_agree_in_number() -> None:
    texts = members(
        "Where do I see the invoice?",
        "Pay the invoice",
        "I need a contract",
        "where are the contracts",
        "the contracts are signed",
    )
    support = measure_support(ClusterEvidence(texts, size=5))
    joined = side_by_side(("signed", "contract"), ("invoice",), support)
    assert joined == ("signed", "contracts", "and", "invoices")


GERMAN = members(
    "Wo finde ich den unterschriebenen Vertrag mit der Firma?",
    "Wann wurde dieses Dokument zuletzt von jemandem geändert?",
    "Kannst du mir bitte eine E-Mail an den Vermieter schreiben?",
)
FRENCH = members(
    "Où est-ce que je trouve la facture du mois dernier ?",
    "Je voudrais déplacer ma réunion de vendredi à lundi",
    "Peux-tu résumer ce document en trois phrases pour moi ?",
)


def test_a_language_that_sets_members_apart_names_them() -> None:
    assert name(ClusterEvidence(GERMAN, FLIGHTS, size=3)).name == "Requests in German"


def test_a_topic_in_many_languages_is_named_by_what_its_english_members_ask() -> None:
    read = [*FLIGHTS, *GERMAN, *FRENCH]
    named = name(ClusterEvidence(read, [*GERMAN, *FRENCH], [("flight", 0.5)], size=10))
    assert named.name == "Book a flight"


def test_groups_in_several_languages_are_requests_in_other_languages() -> None:
    children = [ClusterName("Requests in German", "…"), ClusterName("Requests in French", "…")]
    mixed = [member for pair in zip(GERMAN, FRENCH, strict=True) for member in pair]
    named = name(ClusterEvidence(mixed, FLIGHTS, children=children, size=6))
    assert named.name == "Requests in other languages"


def test_names_do_not_depend_on_the_process() -> None:
    evidence = ClusterEvidence(CONTRACTS, FLIGHTS, [("signed", 0.3)], size=6)
    assert name(evidence) == name(evidence)
