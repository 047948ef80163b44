"""Which sentence is the request."""

from __future__ import annotations

import time

import pytest

from kura_core.engines.rules.gist import gist, tidy
from kura_core.engines.rules.request import best_request, is_social, user_sentences
from kura_core.engines.rules.words import tokens
from kura_core.types import Message


def ask(*turns: str) -> list[Message]:
    return [Message("user", text) for text in turns]


@pytest.mark.parametrize(
    "text",
    ["hi", "Hello there!", "hi alex", "thank you so much", "ok", "No, that's all. Thanks!",
     "thanks charlie", "have a nice day", "sounds good to me", "bye"],
)  # fmt: skip
def test_small_talk_is_no_request(text: str) -> None:
    assert is_social(tokens(text), text)


@pytest.mark.parametrize(
    "text", ["thanks but how do I export it?", "hi can you cancel my order", "no, I need two"]
)
def test_a_request_among_thanks_is_not_small_talk(text: str) -> None:
    assert not is_social(tokens(text), text)


@pytest.mark.parametrize(
    ("turns", "request_text"),
    [
        (
            ("hey", "my name is Ann Lee", "I want to change my address", "94105"),
            "I want to change my address",
        ),
        (("Can you help me? Somebody used my card in Rome.",), "Somebody used my card in Rome."),
        (
            ("I need a ride to the airport", "7pm", "can I pay in cash?"),
            "I need a ride to the airport",
        ),
        (("4793821948983294 is my number", "how much do I owe"), "how much do I owe"),
    ],
)
def test_the_request_is_told_from_names_ids_and_later_questions(
    turns: tuple[str, ...], request_text: str
) -> None:
    best = best_request(user_sentences(ask(*turns)))
    assert best is not None
    assert best.text == request_text


def test_nothing_said_has_no_request() -> None:
    assert best_request(user_sentences(ask("", "   "))) is None


def test_the_gist_keeps_to_sixty_words_and_drops_names_and_thanks() -> None:
    found = user_sentences(
        ask(
            "hello",
            "I need help with my order. " + "The parcel came very late indeed. " * 30,
            "my name is Bo",
            "bye",
        )
    )
    best = best_request(found)
    assert best is not None
    text = gist(best, found)
    assert len(text.split()) <= 61
    assert "Bo" not in text
    assert "hello" not in text.lower()


def test_greetings_are_tidied_off_a_sentence() -> None:
    assert tidy("hi there, please find my files") == "Find my files"
    assert tidy("hi") == "Hi"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hi I'm Alexis, I need to schedule a meeting.", "I need to schedule a meeting."),
        ("my name is Bo Lee and i want to cancel my plan", "I want to cancel my plan"),
        ("I'm Dutch and proud", "I'm Dutch and proud"),
        ("I need to return an item, can you help me with that?", "I need to return an item"),
        ("how do i reset it for good, please help?", "How do i reset it for good?"),
        ("Can you help me find a house?", "Can you help me find a house?"),
        ("Hi, can you help me?", "Can you help me?"),
    ],
)
def test_names_and_bare_pleas_are_tidied_off_a_request(text: str, shown: str) -> None:
    assert tidy(text) == shown


@pytest.mark.parametrize("unit", ["I'm Al ", "can you help ", "please help, ", "x,", " "])
def test_tidying_stays_fast_on_endless_repeats(unit: str) -> None:
    begun = time.perf_counter()
    tidy(unit * 5_000)
    assert time.perf_counter() - begun < 0.5


def test_the_gist_keeps_to_three_hundred_characters() -> None:
    found = user_sentences(ask("I need my extraordinarily complicated documentation " * 12))
    best = best_request(found)
    assert best is not None
    assert len(gist(best, found)) <= 301
