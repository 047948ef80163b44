"""One conversation in, the same conversation without its personal data out."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kura_core.privacy.redact import make_redactor
from kura_core.types import Conversation, Message


def conversation(*texts: str, **metadata: Any) -> Conversation:
    messages = [
        Message("assistant" if index % 2 else "user", text) for index, text in enumerate(texts)
    ]
    return Conversation("c1", messages, user_id="ann@example.com", metadata=metadata)


def texts_of(redacted: Conversation) -> list[str]:
    return [message.content for message in redacted.messages]


def test_the_same_value_has_the_same_placeholder_throughout() -> None:
    result = make_redactor("standard")(
        conversation(
            "I am ann@example.com, call +1 415-555-2671",
            "Is it Ann@Example.com and (415) 555-2671?",
            "no, bob@example.com",
            contact="ann@example.com",
        )
    )
    assert texts_of(result.conversation) == [
        "I am <EMAIL_1>, call <PHONE_1>",
        "Is it <EMAIL_1> and <PHONE_1>?",
        "no, <EMAIL_2>",
    ]
    assert result.conversation.metadata == {"contact": "<EMAIL_1>"}
    assert result.counts == {"EMAIL": 4, "PHONE": 2}


def test_ids_stay_because_other_tables_are_joined_on_them() -> None:
    metadata = {"agent_id": "bob@example.com", "accountId": "415-555-2671", "id": "a@example.com"}
    result = make_redactor("standard")(conversation("hello", **metadata))
    assert result.conversation.user_id == "ann@example.com"
    assert result.conversation.conversation_id == "c1"
    assert result.conversation.metadata == metadata


def test_a_metadata_value_is_read_with_the_name_of_its_column() -> None:
    result = make_redactor("standard")(conversation("hello", phone="5551234", score="5551234"))
    assert result.conversation.metadata == {"phone": "<PHONE_1>", "score": "5551234"}


def test_a_bare_number_is_read_with_the_question_it_answers() -> None:
    talk = conversation("my order", "What is your phone number?", "5551234")
    assert texts_of(make_redactor("standard")(talk).conversation)[2] == "<PHONE_1>"


def test_placeholders_of_the_input_are_not_used_again() -> None:
    result = make_redactor("standard")(conversation("<EMAIL_3> wrote to ann@example.com"))
    assert texts_of(result.conversation) == ["<EMAIL_3> wrote to <EMAIL_4>"]


def test_off_changes_nothing_and_standard_leaves_urls_that_strict_takes() -> None:
    talk = conversation("ann@example.com reads https://example.com/a")
    assert make_redactor("off")(talk).conversation == talk
    assert make_redactor("off")(talk).counts == {}
    (standard,) = texts_of(make_redactor("standard")(talk).conversation)
    (strict,) = texts_of(make_redactor("strict")(talk).conversation)
    assert standard == "<EMAIL_1> reads https://example.com/a"
    assert strict == "<EMAIL_1> reads <URL_1>"


def test_what_is_given_is_left_as_it_is() -> None:
    talk = conversation("ann@example.com", mail="ann@example.com")
    before = copy.deepcopy(talk)
    make_redactor("strict")(talk)
    assert talk == before


@pytest.mark.parametrize("level", ["standard", "strict"])
@given(texts=st.lists(st.text() | st.from_regex(r"[\d @.:+()a-c-]{0,40}"), max_size=4))
def test_any_text_is_redacted_the_same_each_time_and_what_is_counted_is_gone(
    level: Any, texts: list[str]
) -> None:
    redact = make_redactor(level)
    first = redact(conversation(*texts))
    assert redact(conversation(*texts)) == first
    assert sum(first.counts.values()) == 0 or texts_of(first.conversation) != texts
