"""Prompts to offer users, in their own wording and without anybody's details."""

from __future__ import annotations

import pandas as pd
import pytest

from kura_core.insights.actions.starters import learn_words, suggest_starters


def asked(*requests: str | None, each: int = 3, language: str = "en") -> pd.DataFrame:
    """Every request, said by so many different users."""
    rows = [request for request in requests for _ in range(each)]
    ids = [f"c{number}" for number in range(len(rows))]
    return pd.DataFrame(
        {
            "conversation_id": ids,
            "user_id": ids,
            "request": pd.Series(rows, dtype="object"),
            "language": language,
        }
    )


def prompts(frame: pd.DataFrame, name: str = "signed contracts") -> tuple[str, ...]:
    return suggest_starters(frame, name, learn_words(frame)).prompts


def test_prompts_are_what_users_typically_ask_best_first() -> None:
    often = "Where do we keep the signed contracts?"
    seldom = "Is the canteen open on the roof?"
    assert prompts(asked(seldom, often, often, often)) == (
        often,
        seldom,
        "Tell me about signed contracts",
    )


@pytest.mark.parametrize(
    "request_text",
    [
        "Where is the signed contract with Ferrowick?",
        "Where is the signed contract with ferrowick?",
        "Where is the signed contract from 3 March 2024?",
        "Where is the signed contract <PERSON_1> sent?",
        "Where is the signed contract of dana@example.com?",
        "Where is the signed contract lease_v2.pdf?",
    ],
)
def test_a_prompt_has_no_names_dates_numbers_or_placeholders(request_text: str) -> None:
    frame = asked(request_text, "Tell Ferrowick that we know Ferrowick")
    for prompt in prompts(frame):
        lowered = prompt.lower()
        for private in ("ferrowick", "2024", "march", "person", "dana", "lease", "<", "@"):
            assert private not in lowered, prompt


def test_what_only_a_few_users_say_is_nobodys_prompt() -> None:
    rare = asked("Where is the zeppelin blueprint?", each=2)
    common = asked("Where are the signed contracts?", each=5)
    frame = pd.concat([rare, common], ignore_index=True)
    assert not [prompt for prompt in prompts(frame) if "zeppelin" in prompt]


@pytest.mark.parametrize(
    "request_text",
    [
        "Why can't it find my signed contracts?",
        "Where are those signed contracts again?",
        "Undo button is gone from signed contracts",
        "I never get signed contracts",
        "WHERE ARE THE SIGNED CONTRACTS",
        "When I open signed contracts the screen goes white?",
        "Contracts",
        "How do I get you to find signed contracts?",
        "Help there's a hole in my signed contracts",
        "Has been a signed contract here before?",
    ],
)
def test_complaints_fragments_and_shouting_are_no_prompts(request_text: str) -> None:
    assert prompts(asked(request_text)) == (
        "Tell me about signed contracts",
        "Help me with signed contracts",
        "What should I know about signed contracts?",
    )


def test_prompts_differ_from_each_other() -> None:
    frame = asked(
        "Where are the signed contracts?",
        "Where are my signed contracts?",
        "Where are our signed contracts kept?",
    )
    assert sum("signed contracts" in prompt and "Where" in prompt for prompt in prompts(frame)) == 1


def test_there_are_always_three_of_them_made_from_the_name_if_need_be() -> None:
    empty = asked(None)
    words = learn_words(empty)
    assert suggest_starters(empty, "signed contracts", words, is_missing=True).prompts == (
        "Find signed contracts",
        "Show me signed contracts",
        "Which signed contracts do we have?",
    )
    assert suggest_starters(empty, "send e-mail", words, is_missing=True).prompts == (
        "Help me send e-mail",
        "Can you send e-mail for me?",
        "How do I send e-mail?",
    )


def test_a_name_that_a_theme_is_about_may_stay() -> None:
    frame = asked("How do I pivot rows in Pandas?", "Ask whether Pandas can sort", each=5)
    assert "How do I pivot rows in Pandas?" in prompts(frame, "Pandas rows")
    assert not [prompt for prompt in prompts(frame, "Rows") if "Pandas" in prompt]


def test_the_line_says_what_got_better_and_how_to_try_it() -> None:
    frame = asked("Where are the signed contracts?")
    line = suggest_starters(frame, "signed contracts", learn_words(frame)).line
    assert line == (
        "We got better at questions about signed contracts. Try “Where are the signed contracts?”"
    )
    frame = asked("Book a meeting for the team")
    line = suggest_starters(frame, "book meetings", learn_words(frame)).line
    assert line == "We got better at helping you book meetings. Try “Book a meeting for the team”."


def test_of_a_missing_thing_the_line_says_that_it_is_there_now() -> None:
    words = learn_words(asked(None))
    empty = asked(None)
    found = suggest_starters(empty, "signed contracts", words, is_missing=True).line
    assert found == "You can now find signed contracts. Try “Find signed contracts”."
    done = suggest_starters(empty, "send e-mail", words, is_missing=True).line
    assert done == "You can now send e-mail. Try “Help me send e-mail”."


def test_for_a_missing_thing_only_what_names_it_is_a_prompt() -> None:
    frame = asked("Book a meeting for the team", "Set up the projector")
    words = learn_words(frame)
    offered = suggest_starters(frame, "book meetings", words, is_missing=True).prompts
    assert offered == (
        "Book a meeting for the team",
        "Help me book meetings",
        "Can you book meetings for me?",
    )


def test_users_languages_are_kept() -> None:
    frame = asked("Wo finde ich den unterschriebenen Vertrag?", language="de")
    assert prompts(frame)[0] == "Wo finde ich den unterschriebenen Vertrag?"


def test_a_word_counts_once_a_user() -> None:
    frame = asked("Where is the zeppelin?", each=5)
    frame["user_id"] = "one"
    assert learn_words(frame).users["zeppelin"] == 1
