"""What the assistant asked back, as words beside the request."""

from __future__ import annotations

import time

import pytest

from kura_core.engines.rules.details import DETAILS, details_asked
from kura_core.engines.rules.summary import summarise_by_rules
from kura_core.types import Conversation, Message


def talk(*turns: str) -> list[Message]:
    roles = ["user", "assistant"]
    return [Message(roles[place % 2], text) for place, text in enumerate(turns)]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("In which city? And what genre do you like?", ["city", "genre"]),
        ("Are you reserving for the weekend?", ["weekend"]),
        ("Could I have your full name and phone number, please?", []),
        ("Sure, how can I help you?", []),
        ("Please enter the destination.", ["destination"]),
        ("Shall I book the seat with Alaska Airlines?", ["book", "seat"]),
        ("Shall I find one?", []),
        ("It is 20 degrees and sunny.", []),
        ("", []),
    ],
)
def test_questions_give_their_own_words_without_names_and_courtesies(
    reply: str, words: list[str]
) -> None:
    assert details_asked(talk("I need a flight", reply), 0, ()) == words


def test_what_the_request_said_is_not_said_again() -> None:
    assert details_asked(talk("A table", "A table in which city?"), 0, ["table", "tabl"]) == [
        "city"
    ]


def test_a_long_answer_is_no_question_back() -> None:
    answer = "The oven should be hot before the bread goes in. " * 12 + "Does that answer it?"
    assert details_asked(talk("How do I bake bread?", answer), 0, ()) == []


def test_only_the_first_two_replies_after_the_request_count() -> None:
    messages = talk("hi", "Which city?", "a room", "Which area?", "x", "A balcony?", "y", "A pool?")
    assert details_asked(messages, 2, ()) == ["area", "balcony"]


def test_there_are_at_most_five() -> None:
    reply = "Which city, area, street, floor, balcony, garden and pool?"
    assert len(details_asked(talk("a room", reply), 0, ())) == DETAILS


def test_alike_requests_get_different_summaries_by_what_was_asked_back() -> None:
    def summary(reply: str) -> str:
        return summarise_by_rules(
            Conversation("c", talk("I want to watch a movie.", reply))
        ).summary

    assert summary("In which city?") == "I want to watch a movie. Details: city."
    assert summary("With subtitles?") == "I want to watch a movie. Details: subtitles."
    assert summary("") == "I want to watch a movie."


def test_an_opinion_is_not_given_the_assistants_words() -> None:
    said = talk("People never change.", "What makes you think so, a friend's behaviour?")
    assert summarise_by_rules(Conversation("c", said)).summary == "People never change."


@pytest.mark.parametrize("unit", ["Which \u200dcity? ", "\ud83d\ude00?", "a? ", "[[ ", "é? "])
def test_endless_replies_are_bounded_in_time(unit: str) -> None:
    begun = time.perf_counter()
    details_asked(talk("I need a room", unit * 200_000), 0, ())
    details_asked(talk("I need a room", unit * 20), 0, ())
    assert time.perf_counter() - begun < 0.5
