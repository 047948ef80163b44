"""Which sentence is the request."""

from __future__ import annotations

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
