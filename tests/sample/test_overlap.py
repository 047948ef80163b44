"""The 5-gram rule."""

from __future__ import annotations

from kura_core.sample.overlap import OverlapIndex, five_grams


def test_five_grams_ignore_case_and_punctuation() -> None:
    assert five_grams("One, two three FOUR five six!") == {
        ("one", "two", "three", "four", "five"), ("two", "three", "four", "five", "six"),
    }


def test_the_share_is_of_the_smaller_text() -> None:
    index = OverlapIndex()
    index.add("a b c d e f g h i")
    assert index.nearest("a b c d e f") == 1
    assert index.nearest("a b c d e x y z") == 0.25
    assert index.nearest("nothing of that is in here") == 0


def test_texts_without_a_5_gram_must_not_be_equal() -> None:
    index = OverlapIndex()
    index.add("Where is it?")
    assert index.nearest("where is it") == 1
    assert index.nearest("where is that") == 0
