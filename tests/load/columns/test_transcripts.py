"""Texts that hold a talk, in the forms tools write it, and texts that do not."""

from __future__ import annotations

import time

import pytest

from kura_core.load.columns.transcripts import parse_transcript


@pytest.mark.parametrize(
    "text",
    [
        "User: Hi there\nAssistant: Yo",
        "User: Hi there Assistant: Yo",
        "\n\nHuman: Hi there\n\nAssistant: Yo",
        "Customer: Hi there\nAgent (John): Yo",
        "[user] Hi there\n[assistant] Yo",
        "<|user|>\nHi there\n<|assistant|>\nYo",
        "<|im_start|>user\nHi there<|im_end|>\n<|im_start|>assistant\nYo<|im_end|>",
        "USER> Hi there\nBOT> Yo",
        "[2026-01-31 09:00:01] Customer: Hi there\n[2026-01-31 09:00:05] Agent: Yo",
        "09:00 - User: Hi there\n09:01 - Bot: Yo",
        "**User:** Hi there\n\n**Assistant:** Yo",
        "### Human:\nHi there\n### Assistant:\nYo",
        "<user>Hi there</user>\n<assistant>Yo</assistant>",
        "Kunde: Hi there\nBerater: Yo",
        "Anna Smith: Hi there\nAgent: Yo",
        "Q: Hi there\nA: Yo",
    ],
)
def test_speakers_are_found_in_every_form(text: str) -> None:
    messages, problem = parse_transcript(text)
    assert problem is None
    assert messages == [
        {"role": "user", "content": "Hi there"},
        {"role": "assistant", "content": "Yo"},
    ]


def test_lines_without_a_speaker_belong_to_the_one_before() -> None:
    messages, _ = parse_transcript("Chat 7\nUser: one\ntwo: 2\nBot: three\nUser: four")
    assert messages is not None
    assert [message["content"] for message in messages] == [
        "Chat 7",
        "one\ntwo: 2",
        "three",
        "four",
    ]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]


@pytest.mark.parametrize(
    "text",
    [
        "Just words.",
        "Note: this\nand: that",
        "I wrote\nUser: foo",
        "",
        "Error: a\nNote: b\nError: c",
    ],
)
def test_other_texts_are_no_transcripts(text: str) -> None:
    assert parse_transcript(text) == (None, None)


def test_two_speakers_nobody_knows_are_named_and_not_guessed() -> None:
    messages, problem = parse_transcript("Anna: a\nBen: b\nAnna: c")
    assert messages is None and problem is not None and "'Anna' and 'Ben'" in problem


@pytest.mark.parametrize("piece", ["\t", "a: ", "[", "\n", "User: ", "1:00 ", "<|", "- "])
def test_no_text_takes_longer_than_its_length(piece: str) -> None:
    start = time.process_time()
    parse_transcript(piece * 100_000)
    assert time.process_time() - start < 5
