"""Outcomes by rules, and the evidence they cite."""

from __future__ import annotations

import time

import pytest

from kura_core.engines.rules.judging.outcome import judge_outcome
from kura_core.types import Message


def talk(*turns: str) -> list[Message]:
    return [Message("assistant" if place % 2 else "user", text) for place, text in enumerate(turns)]


def outcome_of(*turns: str) -> str:
    return judge_outcome(talk(*turns), turns[0]).outcome


@pytest.mark.parametrize(
    "turns",
    [
        ("Book a room", "Your room has been booked."),
        ("Book a room", "Your room has been booked.", "thanks", "You're welcome!"),
        ("Cancel my gym membership", "Done: your membership is cancelled from 1 May."),
        ("Find my luggage", "I couldn't find it.", "try belt 4", "It has been found and sent."),
    ],
)
def test_a_reported_deed_is_achieved(turns: tuple[str, ...]) -> None:
    assert outcome_of(*turns) == "achieved"


@pytest.mark.parametrize(
    "turns",
    [
        ("How do I export?", "Open the menu and choose export.", "that worked, thanks"),
        ("My bike squeaks", "Grease the chain, then wipe it dry.", "perfect, no more noise"),
        (
            "What time does the pool open?",
            "It opens at 7 am on weekdays.",
            "and on sundays?",
            "On Sundays it opens at 9 am.",
        ),
    ],
)
def test_praise_or_a_question_that_builds_on_the_answer_is_success(turns: tuple[str, ...]) -> None:
    assert outcome_of(*turns) == "achieved"


@pytest.mark.parametrize(
    "turns",
    [
        ("Write a loop in Rust", "```rust\nfor i in 0..3 { println!(\"{i}\"); }\n```"),
        ("Translate 'good night, dear guests' into German", "Gute Nacht, liebe Gäste, schlafen "
         "Sie gut und bis morgen."),
        ("How do I change a tyre?", "1. Loosen the nuts. 2. Jack up the car. 3. Swap the wheel."),
        ("How many moons does Mars have?", "Mars has 2 moons, Phobos and Deimos."),
    ],
)  # fmt: skip
def test_what_was_plainly_asked_for_and_delivered_is_achieved(turns: tuple[str, ...]) -> None:
    assert outcome_of(*turns) == "achieved"


@pytest.mark.parametrize(
    "answer",
    [
        "I couldn't find any flight.",
        "I searched all airlines for that day but couldn't find any flights matching it.",
        "There are no results for direct flights on that day.",
        "It looks like that flight isn't among the ones I can search.",
        "Booking seats isn't something I can do at the moment.",
        "Unfortunately that connection is not available.",
        "I'm sorry, I only see flights of this week.",
    ],
)
@pytest.mark.parametrize("parting", [(), ("ok thanks",), ("alright, i'll ask my travel agent",)])
def test_a_refusal_is_a_failure_however_politely_it_is_taken(
    answer: str, parting: tuple[str, ...]
) -> None:
    assert outcome_of("Find me a direct flight to Oslo", answer, *parting) == "not achieved"


@pytest.mark.parametrize(
    "answer",
    [
        "No encontré vuelos para esa fecha.",
        "Je n'ai trouvé aucun vol pour cette date.",
        "Je suis désolé, je ne trouve pas ce vol.",
        "Ich konnte keine Flüge für diesen Tag finden.",
        "Não consegui encontrar voos nessa data.",
        "Mi dispiace, non ho trovato voli per quella data.",
        "Ik kon geen vluchten vinden voor die datum.",
        "申し訳ありませんが、便が見つかりませんでした。該当する便が見つかりません。",
        "抱歉，找不到当天的航班。",
        "К сожалению, не удалось найти рейс.",
    ],
)
def test_refusals_are_heard_in_other_languages(answer: str) -> None:
    assert outcome_of("Oslo 12/5 ?", answer) == "not achieved"


@pytest.mark.parametrize(
    "answer",
    [
        "Thank you for your feedback! We are always working to improve the menu.",
        "I'm sorry to hear that. Have you tried restarting your router?",
        "Please make sure your card is valid and try again later.",
        "I understand your frustration. Please contact customer support.",
    ],
)
def test_what_would_fit_any_question_answers_none(answer: str) -> None:
    assert outcome_of("The thermostat app shows a blank screen", answer, "ok") == "not achieved"


def test_being_told_how_is_no_deed() -> None:
    told = "To order a taxi, open the taxi app, enter the address and press Order."
    assert outcome_of("Please order a taxi for 6 pm", told) == "not achieved"
    assert outcome_of("How do I order a taxi?", told) != "not achieved"


def test_the_same_answer_again_after_the_user_asked_again_is_a_failure() -> None:
    answer = "Parcels usually arrive within five working days of the order."
    assert outcome_of("Where is parcel 12?", answer, "no, that one is late", answer) == (
        "not achieved"
    )


@pytest.mark.parametrize(
    "parting",
    [
        "that's not what I asked",
        "useless",
        "never mind",
        "forget it, i'll do it by hand",
        "ok you cant help. bye",
        "I'll ask my doctor instead",
        "thanks for trying",
    ],
)
def test_parting_words_of_failure_outweigh_the_answer(parting: str) -> None:
    answer = "Ibuprofen comes in 200 mg and 400 mg tablets."
    assert outcome_of("Which dose is right for a child?", answer, parting) == "not achieved"


def test_a_no_to_an_offer_turns_nothing_down() -> None:
    turns = ("Which bus goes to Bath?", "The 11:10 bus goes to Bath and costs $10.", "good")
    offered = ("Would you like me to buy a ticket?", "No, not right now.", "Have a nice day!")
    assert outcome_of(*turns, *offered) == "achieved"


@pytest.mark.parametrize(
    "turns",
    [
        ("Send both files", "I have sent the first file. Unfortunately the second is locked."),
        ("List the 4 invoices", "Invoices 11 and 12 are unpaid. I couldn't open the other two."),
        ("Book table and taxi", "Your table is booked.", "and the taxi?", "I can't book taxis."),
    ],
)
def test_half_of_it_is_partly(turns: tuple[str, ...]) -> None:
    assert outcome_of(*turns) == "partly"


@pytest.mark.parametrize(
    "turns",
    [
        ("I feel rather lonely", "Many people feel like this now and then."),
        ("Book a room", "For which date?"),
        ("Book a room",),
        ("hello", "Hello! How can I help you?", "bye", "Goodbye!"),
        ("Why is the sky dark at night?", "People have asked themselves that for centuries."),
        ("asdf", "I didn't understand that. Could you say it in other words?"),
    ],
)
def test_silence_and_small_talk_prove_nothing(turns: tuple[str, ...]) -> None:
    assert outcome_of(*turns) == "cannot tell"


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("Write a letter that declines the invitation", "Dear Ann,\nI can't come on Friday, and I "
         "am truly sorry about it. Let us meet in May.\nYours, Tom"),
        ("How do I read a file in Python?", "Use open():\n```python\nopen(path).read()\n```\nIf "
         "the file cannot be found, an error is raised."),
    ],
)  # fmt: skip
def test_a_denial_within_what_was_ordered_is_no_refusal(request_: str, answer: str) -> None:
    assert outcome_of(request_, answer) == "achieved"


def test_the_citation_is_an_assistant_message_and_words_of_it() -> None:
    messages = talk(
        "Find my contract", "Sure, let me look. I couldn't find any contract.", "ok bye"
    )
    judged = judge_outcome(messages, "Find my contract")
    assert judged.message_index == 1
    assert judged.quote == "I couldn't find any contract."


def test_a_failure_that_only_the_user_voices_still_cites_the_assistant() -> None:
    judged = judge_outcome(talk("Book a room", "For which date?", "forget it"), "Book a room")
    assert (judged.outcome, judged.message_index) == ("not achieved", 1)
    assert judged.quote == "For which date?"


@pytest.mark.parametrize(
    "piece",
    ["a", " ", "!", "I ", "we have ", "`", "```", '"', "no ", "to a", "\n1. ", "Hi! ", "是", "n' "],
)
def test_endless_messages_take_no_longer_than_long_ones(piece: str) -> None:
    endless = piece * (1_000_000 // len(piece))
    began = time.process_time()
    judge_outcome(talk(endless, endless, endless, f"{endless} more", endless), endless)
    assert time.process_time() - began < 2.0


def test_half_an_answer_stays_half_when_the_rest_is_refused_later() -> None:
    half = "The first two pages are translated. I couldn't open the rest."
    turns = ("Translate the four pages", half, "and the rest?", "I'm sorry, I can't open it.")
    assert outcome_of(*turns) == "partly"


def test_advertising_that_is_turned_away_asked_for_nothing() -> None:
    advert = "Double your money in 10 days! No risk! Join at cash-out.example now!"
    refusal = "I'm not able to post promotions."
    assert outcome_of(advert, refusal) == "cannot tell"
    assert outcome_of("Please post our summer promotion", refusal) == "not achieved"


def test_a_numbered_how_to_is_no_deed_either() -> None:
    told = "To cancel an order: 1. Open the shop. 2. Choose Orders. 3. Press Cancel. 4. Confirm it."
    assert outcome_of("Please cancel my order 4711", told, "noted") == "not achieved"


def test_a_wrong_guess_in_a_quiz_is_no_refusal() -> None:
    turns = ("Ask me a riddle", "What has keys but no locks?", "a map")
    assert outcome_of(*turns, "Unfortunately your answer was wrong. It is a piano.") != (
        "not achieved"
    )
