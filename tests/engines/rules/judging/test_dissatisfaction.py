"""What dissatisfaction rules hear in a user's own messages."""

from __future__ import annotations

import time

import pytest

from kura_core.engines.rules.judging.dissatisfaction import Voiced, read_dissatisfaction
from kura_core.types import Message

REFUSED = "I'm sorry, I can't book flights."
ANSWERED = "The museum opens at 9 am and costs 12 euros."


def voiced(*turns: str) -> Voiced:
    messages = [
        Message("assistant" if place % 2 else "user", text) for place, text in enumerate(turns)
    ]
    return read_dissatisfaction(messages, turns[0])


@pytest.mark.parametrize("turns", [("Book a flight",), ("Book a flight", REFUSED)])
def test_fewer_than_two_user_messages_are_unknown(turns: tuple[str, ...]) -> None:
    assert voiced(*turns) == Voiced(("unknown",))


@pytest.mark.parametrize(
    "again",
    [
        "can you book the flight to Oslo or not, simple question: is booking possible?",
        "let me put it differently: I need a flight to Oslo booked",
        "again: a flight, to Oslo, booked",
        "what I want is a booked flight, not advice",
        "Please book me the flight to Oslo?",
    ],
)
def test_the_same_goal_after_a_refusal_is_rephrased_or_asked_again(again: str) -> None:
    assert set(voiced("Book a flight to Oslo", REFUSED, again).kinds) <= {
        "rephrased",
        "asked again",
    }
    assert voiced("Book a flight to Oslo", REFUSED, again).kinds


def test_the_same_words_again_after_a_real_answer_are_rephrased() -> None:
    asked = "Which platform does the night train to Vienna leave from?"
    answer = "The night train has sleeping cars and a restaurant."
    again = "Which platform does the night train to Vienna leave from, please?"
    assert voiced(asked, answer, again).kinds == ("rephrased",)


@pytest.mark.parametrize(
    "refined",
    [
        "How about the 28th?",
        "Actually, make it a flight to Bergen",
        "try another day then",
        "can you try Thursday at 6 pm?",
        "I just remembered I need a flight to Bergen",
    ],
)
def test_a_new_constraint_is_refinement(refined: str) -> None:
    assert voiced("Book a flight to Oslo", "There are no flights on that day.", refined) == Voiced()


@pytest.mark.parametrize(
    "turns",
    [
        ("When does the museum open?", ANSWERED, "and on Sundays?"),
        ("When does the museum open?", ANSWERED, "thanks!"),
        ("When does the museum open?", ANSWERED, "is there a cloakroom?"),
        ("Book a flight", "For which date?", "the 12th of May"),
        ("Book a flight", "Would you like a window seat?", "no"),
        ("Play jazz", "Please confirm: jazz on the television.", "No, I want it in the kitchen"),
        ("Book a flight", "Done. Is there anything else?", "No, that's it. Thank you"),
    ],
)
def test_going_on_answering_and_thanking_voice_nothing(turns: tuple[str, ...]) -> None:
    assert voiced(*turns) == Voiced()


@pytest.mark.parametrize(
    "words",
    [
        "no, not what I asked",
        "that's wrong",
        "nope, thats something else",
        "wrong one",
        "No. I asked about the library",
        "no",
        "that menu doesn't exist",
        "restarted it twice, same error",
        "das ist falsch",
    ],
)
def test_saying_that_an_answer_is_wrong_is_corrected(words: str) -> None:
    assert voiced("When does the library open?", ANSWERED, words).kinds == ("corrected",)


@pytest.mark.parametrize(
    "words",
    [
        "you didnt answer my question",
        "hello??",
        "what does that mean?",
        "so is that a yes or a no",
        "and? what about the other half",
        "what am I supposed to do with this?",
        "I still don't see how that helps",
        "is that all?",
    ],
)
def test_missing_or_unclear_content_is_asked_again(words: str) -> None:
    assert voiced("Why is my parcel late?", ANSWERED, words).kinds == ("asked again",)


def test_asking_for_a_sign_of_life_needs_no_answer_between() -> None:
    said = [Message("user", "Where is my parcel?"), Message("user", "hello??")]
    late = Message("assistant", "It is on its way.")
    assert read_dissatisfaction([*said, late], "Where is my parcel?").kinds == ("asked again",)


def test_without_any_recorded_answer_nothing_is_voiced_about_one() -> None:
    said = [Message("user", text) for text in ("Where is my parcel?", "no", "that's wrong")]
    assert read_dissatisfaction(said, "Where is my parcel?") == Voiced()


@pytest.mark.parametrize(
    "words",
    [
        "forget it",
        "nvm, I'll ask someone else",
        "ok you cant help. bye",
        "this is a waste of my time",
        "I give up.",
        "I'll find another way",
        "ok i'll do it by hand like every week",
        "ok forget it, doing it by hand",
        "vergiss es",
    ],
)
@pytest.mark.parametrize("answer", [REFUSED, "An error occurred. Please try again later."])
def test_leaving_right_after_a_refusal_or_an_error_is_giving_up(words: str, answer: str) -> None:
    assert voiced("Book a flight to Oslo", answer, words).kinds == ("gave up",)


@pytest.mark.parametrize(
    "words",
    ["ok", "okay, thanks", "understood, thanks", "alright, will ask support", "fine", "bye"],
)
def test_a_polite_exit_voices_nothing(words: str) -> None:
    assert voiced("Book a flight to Oslo", REFUSED, words) == Voiced()


def test_leaving_after_the_deed_is_no_giving_up() -> None:
    assert voiced("Book a flight", "Your flight has been booked.", "never mind then, bye") == (
        Voiced()
    )


def test_giving_up_counts_only_at_the_end() -> None:
    turns = ("Book a flight", REFUSED, "forget it", "I could book a train.", "Yes, book that train")
    assert "gave up" not in voiced(*turns).kinds
    assert voiced(*turns[:3], "Goodbye.", "bye").kinds == ("gave up",)


def test_taking_back_a_remark_is_no_giving_up() -> None:
    turns = ("Book a room", "I only book rooms.", "Never mind. Please go ahead and book the room")
    assert "gave up" not in voiced(*turns).kinds


def test_kinds_come_in_the_order_voiced_with_the_words_of_the_strongest() -> None:
    found = voiced(
        "Send the report to Ann", "I can't send mail.",
        "that's wrong", "Sorry, I can only draft it.",
        "hello??", "I'm sorry, I have no access to mail.",
        "useless, I give up",
    )  # fmt: skip
    assert found.kinds == ("corrected", "asked again", "gave up")
    assert (found.message_index, found.quote) == (6, "useless, I give up")


def test_only_what_users_say_is_heard() -> None:
    turns = ("Tell a joke", "That's wrong, forget it, I give up!", "haha nice", "Useless, hello??")
    assert voiced(*turns) == Voiced()


@pytest.mark.parametrize("piece", ["a", " ", "no ", "ok so ", "i ", "don't ", "?", "nope, ", "是"])
def test_endless_messages_take_no_longer_than_long_ones(piece: str) -> None:
    endless = piece * (1_000_000 // len(piece))
    began = time.process_time()
    voiced(endless, endless, endless, endless, endless)
    assert time.process_time() - began < 2.0
