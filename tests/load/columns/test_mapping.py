"""The text behind --map, and columns that are not there."""

from __future__ import annotations

import pytest

from kura_core.errors import ConfigError, InputError
from kura_core.load.columns.mapping import matched_columns, parse_column_map


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conversation_id=thread,text=body", {"conversation_id": "thread", "text": "body"}),
        ("text=Message body , role = Sent by", {"text": "Message body", "role": "Sent by"}),
        ('text="a, b=c",role="say ""who"""', {"text": "a, b=c", "role": 'say "who"'}),
        ("text='a, b',role=user's role", {"text": "a, b", "role": "user's role"}),
        ("text=a=b", {"text": "a=b"}),
        ("Conversation-ID=x", {"conversation_id": "x"}),
    ],
)
def test_a_map_is_read(text: str, expected: dict[str, str]) -> None:
    assert parse_column_map(text) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("thread", "FIELD=COLUMN is needed"),
        ("body=text", "unknown field 'body'; the fields are conversation_id, .*response"),
        ("text=", "names no column for text"),
        ("text=a,text=b", "names text twice"),
        ("text=a,role=a", "'a' twice"),
        ('text="a', "FIELD=COLUMN is needed"),
    ],
)
def test_a_wrong_map_says_what_is_wrong(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        parse_column_map(text)


def test_columns_are_matched_in_the_files_own_spelling() -> None:
    assert matched_columns({"text": "BODY "}, ["id", "Body"], "f.csv") == {"text": "Body"}
    with pytest.raises(InputError, match=r"f\.csv has no column 'x'.*'id', 'Body'.*--map text="):
        matched_columns({"text": "x"}, ["id", "Body"], "f.csv")
