"""Why a request was not met, by rules: the cause, the kind of gap, and what is missing."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from kura_core import sample
from kura_core.engines.rules.judging.cause import FoundCause, find_cause
from kura_core.load import load_conversations
from kura_core.types import Conversation, Message

TRUTH = Path(__file__).parents[3] / "sample" / "truth.csv"


def found(*turns: str, outcome: str = "not achieved") -> FoundCause:
    messages = [
        Message("assistant" if place % 2 else "user", text) for place, text in enumerate(turns)
    ]
    return find_cause(messages, turns[0], outcome, len(messages) - 1)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def planted() -> list[tuple[Conversation, dict[str, str]]]:
    with TRUTH.open(encoding="utf-8") as file:
        rows = {row["conversation_id"]: row for row in csv.DictReader(file)}
    talks = load_conversations(sample.conversations_path()).conversations
    return [(talk, rows[talk.conversation_id]) for talk in talks]


def cause_of(talk: Conversation, row: dict[str, str]) -> FoundCause:
    places = [i for i, message in enumerate(talk.messages) if message.role == "assistant"]
    opening = next(message.content for message in talk.messages if message.role == "user")
    return find_cause(talk.messages, opening, row["outcome"], places[-1] if places else None)  # type: ignore[arg-type]


@pytest.mark.parametrize("outcome", ["achieved", "cannot tell"])
def test_what_did_not_fail_has_no_cause(outcome: str) -> None:
    assert found("Send it", "I can't send e-mails.", outcome=outcome) == FoundCause()


@pytest.mark.parametrize(
    ("turns", "kind", "missing"),
    [
        (("Please delete the old invoices", "I'm unable to delete files."), "action",
         "delete old invoices"),
        (("Post this on LinkedIn", "I'm not able to post to social networks."), "action",
         "post to social networks"),
        (("Print the report", "Printing isn't supported."), "action", "print report"),
        (("Create a Jira ticket for this bug", "I don't have access to Jira, but here's a text."),
         "external system", "create Jira tickets"),
        (("Put lunch with Ada in my calendar", "I have no connection to calendars yet."),
         "external system", "book meetings"),
        (("Set up a call with the dentist", "To schedule a meeting, open your calendar, choose a "
          "slot and click Save."), "external system", "book meetings"),
        (("When is Noor free for a meeting?", "I don't know when Noor is available."),
         "external system", "book meetings"),
        (("Remind me every Friday to water the plants", "I can't set reminders."), "workflow",
         "set reminders"),
        (("Shoot Ida a note that we're late", "I'm sorry, I don't have access to your mailbox."),
         "action", "send e-mail"),
        (("Forward this to Bo", "I've drafted it for you. You can copy it into your mail client."),
         "action", "send e-mail"),
    ],
)  # fmt: skip
def test_what_the_system_cannot_do_is_a_capability_gap(
    turns: tuple[str, ...], kind: str, missing: str
) -> None:
    assert found(*turns) == FoundCause("capability gap", kind, missing)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("turns", "kind", "missing"),
    [
        (("find photos from our Rome trip", "No photos found."), "not indexed", "photos"),
        (("Where are the approved budgets?", "I couldn't find any approved budgets for 2024."),
         "not indexed", "approved budgets"),
        (("show me the sales figures for Q3", "I only have data up to Q2."), "not indexed",
         "sales figures"),
        (("looking for the lease with both signatures, the executed one",
          "The signed copy isn't among the documents I can search."), "not indexed",
         "signed contracts"),
        (("What was my blood test result from March?",
          "I couldn't find any lab results from March in your record."), "not indexed",
         "lab results"),
        (("when was the menu last changed?", "Based on its content it appears to be recent."),
         "metadata incomplete", "modification dates"),
        (("Can you tell me who wrote this page?", "I don't know who the author is."),
         "metadata incomplete", "authors"),
        (("who owns this ticket", "The owner of this ticket is not recorded."),
         "metadata incomplete", "owners"),
        (("what did we discuss last week?", "I don't have access to earlier conversations."),
         "search context missing", "earlier conversations"),
        (("Show me our invoices", "I can't see invoices or payments."), "search context missing",
         "invoices"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_an_inventory_gap(
    turns: tuple[str, ...], kind: str, missing: str
) -> None:
    assert found(*turns) == FoundCause("inventory gap", kind, missing)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "turns",
    [
        ("The page crashes on save", "Please clear the cache and try again.", "still broken"),
        ("summarise chapter 4", "The document has an introduction, a main part and an ending.",
         "that says nothing"),
        ("How do I export a list?", "To export a list, open it and choose Export.", "no such menu"),
    ],
)  # fmt: skip
def test_an_answer_that_misses_is_answer_quality(turns: tuple[str, ...]) -> None:
    assert found(*turns) == FoundCause("answer quality")


@pytest.mark.parametrize(
    "answer",
    [
        "I can't give medical advice. Please see a doctor.",
        "I'm not able to help with that.",
        "Basic fares are non-refundable.",
        "I cannot cancel it, as it does not meet the conditions of our policy.",
        "I can't help promote investment offers.",
    ],
)
def test_what_the_rules_forbid_is_a_policy_refusal(answer: str) -> None:
    assert found("Is it ok to double my dose?", answer) == FoundCause("policy refusal")


def test_who_could_not_be_verified_gave_the_wrong_input() -> None:
    turns = ("Someone took money from my account", "I cannot authenticate you with these details.")
    assert found(*turns) == FoundCause("user input")


@pytest.mark.parametrize(
    "turns",
    [
        ("Book a table for nine", "I'm sorry, no table is available at your requested time."),
        ("Load the page", "Something went wrong."),
        ("我的发票在哪里", "好的。"),
    ],
)
def test_what_the_words_leave_open_is_undetermined(turns: tuple[str, ...]) -> None:
    assert found(*turns) == FoundCause("undetermined")


@pytest.mark.parametrize(
    ("turns", "missing"),
    [
        (("Schick das Protokoll bitte per Mail an Ida, mit mir in Kopie.", "Leider nein."),
         "send e-mail"),
        (("Réserve une réunion avec Paul", "Malheureusement je ne peux pas."), "book meetings"),
        (("¿Dónde está el contrato firmado?", "No encontré documentos."), "signed contracts"),
        (("Wann wurde die Liste zuletzt geändert?", "Das kann ich leider nicht sagen."),
         "modification dates"),
    ],
)  # fmt: skip
def test_everyday_gaps_are_found_in_other_languages(turns: tuple[str, ...], missing: str) -> None:
    assert found(*turns).missing == missing


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (("I can't send emails through the AI", "What would you like to send?", "the minutes, to "
          "Ada", "Here is a text you can paste."),
         FoundCause("capability gap", "action", "send e-mail")),
        (("I cannot mail anything with this assistant", "Thanks for letting us know."),
         FoundCause("capability gap", "action", "send e-mail")),
        (("Why can't it find my signed contracts?", "Which one?", "the one with Ostrava",
          "Nothing matched your search."),
         FoundCause("inventory gap", "not indexed", "signed contracts")),
        (("Why does the search never find our executed agreements?", "Please try other keywords."),
         FoundCause("inventory gap", "not indexed", "signed contracts")),
        (("Why doesn't it know when this was modified?", "Which file?", "the price list",
          "It covers 40 products."),
         FoundCause("inventory gap", "metadata incomplete", "modification dates")),
        (("it doesn't know when a page was last edited", "The page is about travel."),
         FoundCause("inventory gap", "metadata incomplete", "modification dates")),
    ],
)  # fmt: skip
def test_complaints_of_the_product_get_their_bucket(
    turns: tuple[str, ...], expected: FoundCause
) -> None:
    assert found(*turns) == expected


def test_the_planted_sentences_get_their_bucket(
    planted: list[tuple[Conversation, dict[str, str]]],
) -> None:
    verbatim = [(talk, row) for talk, row in planted if row["planted"] == "verbatim"]
    assert len(verbatim) == 6
    for talk, row in verbatim:
        got = cause_of(talk, row)
        assert (got.cause, got.missing) == (row["gap"], row["missing"]), talk.conversation_id


def test_most_planted_causes_and_things_are_found(
    planted: list[tuple[Conversation, dict[str, str]]],
) -> None:
    failed = [(t, row) for t, row in planted if row["outcome"] in ("partly", "not achieved")]
    gaps = [(cause_of(talk, row), row) for talk, row in failed if row["missing"]]
    rest = [cause_of(talk, row) for talk, row in failed if row["gap"] == "answer quality"]
    assert sum(got.cause == row["gap"] for got, row in gaps) >= 0.9 * len(gaps)
    assert sum(got.missing == row["missing"] for got, row in gaps) >= 0.8 * len(gaps)
    assert sum(got.cause in ("inventory gap", "capability gap") for got in rest) <= 0.05 * len(rest)


def test_hostile_length_costs_little() -> None:
    text = "I can't " + "really " * 20_000 + "to " * 20_000
    started = time.perf_counter()
    found("please send " + "send me " * 20_000, text, "why can't it " * 10_000, text)
    assert time.perf_counter() - started < 2
