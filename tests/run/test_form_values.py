import math

import pytest

from kura_core.config import Facet
from kura_core.errors import ConfigError
from kura_core.run.form_values import make_config, question_rows, read_questions


def row(name: object, question: object, kind: object = "text", options: object = None) -> dict:
    return {"name": name, "question": question, "type": kind, "options": options}


def test_settings_that_contradict_each_other_are_a_sentence() -> None:
    with pytest.raises(ConfigError, match="set one of the two"):
        make_config({"clusters": 3, "per_cluster": 4})


def test_a_setting_out_of_its_range_is_named() -> None:
    with pytest.raises(ConfigError, match="concurrency"):
        make_config({"concurrency": 0})


def test_rows_become_facets_and_empty_rows_nothing() -> None:
    facets, problems = read_questions(
        [
            row("channel", "Where?", "one of", "e-mail, phone; chat, phone"),
            row(None, math.nan, None),
            row(" tone ", "How does the user sound?", None),
        ]
    )

    assert problems == []
    assert facets == (
        Facet(
            name="channel", question="Where?", type="one of", options=("e-mail", "phone", "chat")
        ),
        Facet(name="tone", question="How does the user sound?"),
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (row("channel", None), "lacks the question"),
        (row(None, "Where?"), "lacks a name"),
        (row("My Channel", "Where?"), "lower-case"),
        (row("summary", "What?"), "already a column"),
        (row("kind", "Which?", "one of", "only"), "at least two options"),
        (row("tone", "Again?"), "taken already"),
    ],
)
def test_a_wrong_row_is_named_and_the_others_stay(wrong: dict, said: str) -> None:
    facets, problems = read_questions([row("tone", "How does the user sound?"), wrong])

    assert [facet.name for facet in facets] == ["tone"]
    assert len(problems) == 1
    assert problems[0].startswith("Question 2: ")
    assert said in problems[0]


def test_facets_and_rows_are_the_same_thing() -> None:
    facets = (Facet(name="kind", question="Which?", type="one of", options=("a", "b")),)

    assert read_questions(question_rows(facets)) == (facets, [])
