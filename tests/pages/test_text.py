from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.panels.text import (
    counted,
    day_and_time,
    days,
    distinct,
    duration,
    escape,
    file_size,
    percent,
    remaining,
    shortened,
)


@pytest.mark.parametrize(
    "text",
    [
        "**b**",
        "[a](http://b)",
        "<b>x</b>",
        "`c`",
        "$m$",
        "# h",
        "a | b",
        ":red[x]",
        "~~s~~",
        "1. a",
    ],
)
def test_no_markdown_character_is_left_unescaped(text: str) -> None:
    escaped = escape(text)

    for mark in "*[]<>`$#|~!_":
        assert mark not in escaped.replace("\\" + mark, "")


def test_an_icon_name_stays_text() -> None:
    assert ":smile" not in escape(":smile:").replace("\\", "")


@given(st.text(alphabet="ab \n\t*:[]", max_size=60))
def test_escaping_keeps_the_words_and_makes_one_line(text: str) -> None:
    plain = escape(text).replace("\\", "").replace("\u2060", "")

    assert plain == " ".join(text.split())


@given(st.text(max_size=200), st.integers(1, 80))
def test_shortened_text_fits(text: str, limit: int) -> None:
    assert len(shortened(text, limit)) <= limit + 1


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (counted(1, "conversation"), "1 conversation"),
        (counted(1200, "conversation"), "1,200 conversations"),
        (counted(0, "reply", "replies"), "0 replies"),
        (percent(0, 10), "0%"),
        (percent(1, 300), "0.3%"),
        (percent(87, 131), "66%"),
        (percent(1, 0), "–"),
        (duration(3.24), "3.2 s"),
        (duration(59.7), "1 min"),
        (duration(200), "3 min 20 s"),
        (duration(3900), "1 h 5 min"),
        (remaining(2), "a few seconds left"),
        (remaining(43), "about 45 s left"),
        (remaining(600), "about 10 min left"),
        (file_size(200), "1 KB"),
        (file_size(3_400_000), "3.4 MB"),
        (day_and_time(datetime(2025, 11, 3, 14, 5)), "3 Nov 2025, 14:05"),
    ],
)
def test_numbers_are_written_for_people(shown: str, wanted: str) -> None:
    assert shown == wanted


def test_a_span_of_days_is_said_and_none_where_no_time_is_known() -> None:
    moments = pd.Series(pd.to_datetime(["2026-01-25", None, "2025-11-03"], utc=True))

    assert days(moments) == "3 Nov 2025 – 25 Jan 2026"
    assert days(moments[1:2]) is None


def test_labels_that_occur_again_get_a_number() -> None:
    assert distinct({"a": "x", "b": "y", "c": "x", "d": "x"}) == {
        "a": "x",
        "b": "y",
        "c": "x (2)",
        "d": "x (3)",
    }
