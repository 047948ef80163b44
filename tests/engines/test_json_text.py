from __future__ import annotations

import time

import pytest

from kura_core.engines.answers import AnswerError, json_object
from kura_core.engines.json_text import find_object

WANTED = {"summary": "Asks.", "frustration": 2, "sure": True, "topic": None}


@pytest.mark.parametrize(
    "text",
    [
        '{"summary": "Asks.", "frustration": 2, "sure": true, "topic": null}',
        '{"summary": "Asks.", "frustration": 2, "sure": true, "topic": null,}',
        "{'summary': 'Asks.', 'frustration': 2, 'sure': True, 'topic': None}",
        '{summary: "Asks.", frustration: 2, sure: true, topic: null}',
        '{"summary": "Asks.", // two sentences\n"frustration": 2, "sure": True, "topic": None}',
        "```json\n{“summary”: “Asks.”, “frustration”: 2, “sure”: true, “topic”: null}\n```",
        'I think {maybe} so.\n</think>\n{"summary": "Asks.", "frustration": 2, "sure": true,'
        ' "topic": null}',
        '<thinking>{"summary": "no"}</thinking>{"summary": "Asks.", "frustration": 2,'
        ' "sure": true, "topic": null} Is that what you wanted {user}?',
        'For instance {"a": 1}. So: {"summary": "Asks.", "frustration": 2, "sure": true,'
        ' "topic": null}',
        '{"answer": {"summary": "Asks.", "frustration": 2, "sure": true, "topic": null}}',
        '[{"summary": "Asks.", "frustration": 2, "sure": true, "topic": null}]',
    ],
)
def test_what_models_write_for_json_is_read(text: str) -> None:
    assert find_object(text, WANTED) == WANTED


def test_a_string_may_hold_line_breaks_quotes_and_what_looks_like_a_mistake() -> None:
    text = """{"summary": "One,\ntwo ,} and 'three' // four", 'topic': 'It\\'s "so"'}"""
    assert find_object(text, WANTED) == {
        "summary": "One,\ntwo ,} and 'three' // four",
        "topic": 'It\'s "so"',
    }


@pytest.mark.parametrize(
    "text",
    ['{"summary": "Asks', '{"summary": "Asks."', "{'summary': 'the user's", "{]", "{" * 100_000],
)
def test_what_breaks_off_or_has_two_meanings_is_not_guessed(text: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(AnswerError):
        json_object(text, WANTED)
    assert time.perf_counter() - begun < 2


def test_an_object_without_the_fields_is_taken_where_there_is_no_other() -> None:
    assert find_object('{"other": 1} and {"else": 2}', WANTED) == {"other": 1}
