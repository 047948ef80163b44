"""Frustration is read from the user's words."""

from __future__ import annotations

from kura_core.engines.rules.frustration import frustration_level


def test_a_calm_request_is_one() -> None:
    assert frustration_level(["Please export my invoices", "Thank you"]) == 1


def test_anger_rises_with_its_signs() -> None:
    mild = frustration_level(["The export doesn't work", "it still does not work"])
    loud = frustration_level(
        ["The export doesn't work!!", "THIS IS RIDICULOUS, I ALREADY TOLD YOU", "useless!!!"]
    )
    assert 1 < mild < loud
    assert loud == 5


def test_repeating_the_question_counts() -> None:
    again = ["where are the signed contracts from May", "where are my signed contracts of May"]
    assert frustration_level(again * 2) > frustration_level(again[:1])


def test_a_broken_shift_key_is_not_rage() -> None:
    assert frustration_level(["I NEED A NEW CABLE SERVICE", "THANK YOU VERY MUCH"]) <= 2
