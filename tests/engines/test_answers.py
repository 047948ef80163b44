from __future__ import annotations

import json

import pytest

from kura_core.config import Facet
from kura_core.engines.answers import (
    AnswerError,
    json_object,
    name_form,
    read_name,
    summary_form,
)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": {"b": 1}}',
        'Sure!\n```json\n{"a": {"b": 1}}\n```\nAnything else?',
        '<think>maybe {"a": 2}</think>{"a": {"b": 1}}',
        'A set {x} first, then {"a": {"b": 1}} and {"c": 2}',
    ],
)
def test_the_object_is_found_in_what_a_model_writes(text: str) -> None:
    assert json_object(text) == {"a": {"b": 1}}


@pytest.mark.parametrize("text", ["", "no", "[1, 2]", '{"a": ', "{" * 5_000])
def test_what_holds_no_object_is_told(text: str) -> None:
    with pytest.raises(AnswerError):
        json_object(text)


def test_schemas_are_closed_and_use_only_what_strict_servers_take() -> None:
    facets = tuple(
        Facet(name=f"f{place}", question="Q?", type=kind, options=("a", "b"))
        for place, kind in enumerate(("text", "number", "yes/no", "one of", "list"))
    )
    forms = [summary_form(facets), name_form("cluster_name")]
    for form in forms:
        assert form.schema["additionalProperties"] is False
        assert form.schema["required"] == list(form.schema["properties"])
        written = json.dumps(form.schema)
        for word in ("$ref", "$defs", "minimum", "minLength", "maxItems", "default", "format"):
            assert f'"{word}"' not in written
    assert list(forms[0].schema["properties"])[-5:] == [facet.name for facet in facets]


def test_a_missing_optional_field_is_unknown() -> None:
    values = summary_form(()).read('{"summary": "Asks."}', lenient=False)
    assert values["summary"] == "Asks."
    assert values["frustration"] is None


def test_values_are_read_as_weaker_servers_write_them() -> None:
    mood = Facet(name="mood", question="Q?", type="one of", options=("Good", "Bad"))
    text = '{"summary": "S", "frustration": "4", "language": "Spanish", "mood": " good"}'
    values = summary_form((mood,)).read(text, lenient=False)
    assert (values["frustration"], values["language"], values["mood"]) == (4, "es", "Good")


def test_a_summary_cannot_be_left_out() -> None:
    with pytest.raises(AnswerError, match="summary"):
        summary_form(()).read('{"summary": "  "}', lenient=True)


def test_a_name_loses_quotes_and_full_stop() -> None:
    values = {"name": '"Asking for refunds."', "description": "Money back."}
    assert read_name(values, ()).name == "Asking for refunds"


@pytest.mark.parametrize("name", ["Other", "Various user requests", "General help", "N - / -"])
def test_names_that_say_nothing_are_refused(name: str) -> None:
    if name == "N - / -":
        assert read_name({"name": name, "description": "D"}, ()).name == name
        return
    with pytest.raises(AnswerError, match="does not say what"):
        read_name({"name": name, "description": "D"}, ())
