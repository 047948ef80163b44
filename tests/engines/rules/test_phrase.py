"""Requests boiled down to a task and its topic."""

from __future__ import annotations

import pytest

from kura_core.engines.rules.phrase import excerpt, task_and_topic


@pytest.mark.parametrize(
    ("request_text", "task"),
    [
        ("Reset my password", "Reset password"),
        ("how do i reset my password", "Reset password"),
        ("Could you tell me how I can reset my password?", "Reset password"),
        ("can you please help me debug a C++ segfault", "Debug a C++ segfault"),
        ("Is there a way to merge two folders?", "Merge folders"),
        ("I'm looking for a nearby insurance agent.", "Find nearby insurance agent"),
        ("Where can I find the invoice from March?", "Find invoice"),
        ("schedule a meeting with Anna next Tuesday at 3pm", "Schedule a meeting"),
        ("I'd like to book a flight to Paris on 3 May for 2 people", "Book a flight"),
        ("my credit card was stolen yesterday", "Stolen credit card"),
        ("why was my card declined", "Declined card"),
        ("I lost my phone", "Lost phone"),
        ("the dark mode toggle doesn't do anything", "Fix dark mode toggle"),
        ("Why can't my ID be verified?", "Verify ID"),
        ("What's my balance", "Balance"),
        ("Will I be able to top up by cheque?", "Top up by cheque"),
        ("when was this file last modified?", "Find out when file was last modified"),
        ("what should I do if my passcode won't work?", "Fix passcode"),
        ("Quick question: how do I export a folder?", "Export a folder"),
        ("PLEASE RESET MY PASSWORD NOW", "Reset password"),
    ],
)
def test_a_request_becomes_a_short_task(request_text: str, task: str) -> None:
    assert task_and_topic(request_text)[0] == task


@pytest.mark.parametrize(
    ("request_text", "topic"),
    [
        ("Why can't it find my signed contracts?", "signed contracts"),
        ("Check the status of my claim", "claim status"),
        ("Give me a list of vegetarian restaurants near <LOCATION>", "vegetarian restaurants list"),
        ("thanks", None),
    ],
)
def test_the_topic_is_the_noun_phrase(request_text: str, topic: str | None) -> None:
    assert task_and_topic(request_text)[1] == topic


def test_placeholders_of_redaction_never_reach_a_task() -> None:
    task, topic = task_and_topic("Send the report to <EMAIL_ADDRESS> please")
    assert task == "Send report"
    assert topic == "report"


def test_an_excerpt_is_short_and_capitalised() -> None:
    assert excerpt("¿dónde están los contratos?") == "Dónde están los contratos"
    assert len(excerpt("ein " * 40).split()) == 8
