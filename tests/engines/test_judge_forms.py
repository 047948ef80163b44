"""What a judging model answered, checked against the transcript."""

from __future__ import annotations

import json

import pytest

from kura_core.engines.judge_forms import (
    dissatisfaction_form,
    failure_form,
    found_quote,
    outcome_form,
    read_dissatisfaction,
)
from tests.engines.talks import talk

TEXT = "I’m sorry,\n\n  I could not find   a signed contract (PDF). Is there a name?"


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("I could not find a signed contract", "I could not find a signed contract"),
        ("“i COULD not find…”", "I could not find"),
        ("I'm sorry, I could", "I’m sorry, I could"),
        ("a signed contract (PDF).", "a signed contract (PDF)."),
        ("a signed contract (PDF)", "a signed contract (PDF)."),
        ("I could find", None),
        ("", None),
        (" “…” ", None),
    ],
)
def test_a_quote_is_found_whatever_its_case_spaces_and_marks(quote: str, found: str | None) -> None:
    assert found_quote(quote, TEXT) == found


def test_a_quote_in_a_text_without_end_is_looked_for_in_no_time() -> None:
    endless = "a a a a a " * 20_000
    assert found_quote("a " * 59 + "b", endless) is None


def test_kinds_come_in_one_order_and_once() -> None:
    values = {"kinds": ["gave up", "rephrased", "gave up"], "message": 2, "quote": "never mind"}
    voiced = read_dissatisfaction(values, talk("a", "b", "Never mind"), last=False)
    assert voiced.kinds == ("rephrased", "gave up")
    assert (voiced.message, voiced.quote) == (2, "Never mind")


@pytest.mark.parametrize("form", [outcome_form(), dissatisfaction_form(), failure_form()])
def test_a_form_is_one_that_strict_servers_take(form: object) -> None:
    schema = form.schema  # type: ignore[attr-defined]
    assert schema["additionalProperties"] is False
    assert schema["required"] == list(schema["properties"])
    written = json.dumps(schema)
    for word in ("minimum", "maximum", "default", "$ref", "minLength"):
        assert word not in written
    for name in schema["properties"]:
        assert f"- {name}: " in form.description  # type: ignore[attr-defined]
