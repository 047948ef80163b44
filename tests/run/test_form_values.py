import math

import pytest

from kura_core.config import Facet
from kura_core.errors import ConfigError
from kura_core.ready_facets import READY_FACETS
from kura_core.run.form_values import make_config, question_rows, read_questions


def row(
    name: object,
    question: object,
    kind: object = "text",
    options: object = None,
    low: object = None,
    high: object = math.nan,
) -> dict:
    cells = {"name": name, "question": question, "type": kind, "options": options}
    return {**cells, "low": low, "high": high}


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
        (row("kind", "Which?", "one of", "a, A"), "at least two options"),
        (row("kind", "Which?", "text", "a, b"), "only “one of” and “list” have"),
        (row("kind", "Which?", "perhaps"), "type: "),
        (row("score", "How many?", "number", None, 5.0, 1.0), "goes from 5 to 1"),
        (row("score", "How many?", "number", None, 1.0, 1.0), "must be the smaller"),
        (row("score", "How?", "text", None, 1.0), "only a number has"),
        (row("concern", "How much?", "number", None, 1.0, 10.0), "a number from 1 to 5"),
        (row("concern", "How much?", "yes/no"), "a number from 1 to 5"),
    ],
)
def test_a_wrong_row_is_named_and_the_others_stay(wrong: dict, said: str) -> None:
    facets, problems = read_questions([row("tone", "How does the user sound?"), wrong])

    assert [facet.name for facet in facets] == ["tone"]
    assert len(problems) == 1
    assert problems[0].startswith("Question 2: ")
    assert said in problems[0]


def test_every_wrong_row_is_said_with_its_number() -> None:
    _, problems = read_questions([row("A", "?"), row("", ""), row("b", None), row("c", "Fine?")])

    assert [problem.split(":")[0] for problem in problems] == ["Question 1", "Question 3"]


def test_a_number_has_the_bounds_that_were_given() -> None:
    facets, problems = read_questions(
        [row("a", "?", "number", None, 0, 10.5), row("b", "?", "number", None, None, math.nan)]
    )

    assert problems == []
    assert [(facet.low, facet.high) for facet in facets] == [(0.0, 10.5), (None, None)]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("a, b; c\nd", ("a", "b", "c", "d")),
        (' "yes, please" , no', ("yes, please", "no")),
        ('say "yes", no', ('say "yes"', "no")),
        ('"a ""b"", c", d', ('a "b", c', "d")),
        ('"never closed, b', ('"never closed', "b")),
        ("E-Mail, e-mail , two  words", ("E-Mail", "two words")),
    ],
)
def test_options_stand_between_commas_or_in_quotes(text: str, options: tuple[str, ...]) -> None:
    facets, problems = read_questions([row("kind", "Which?", "list", text)])

    assert problems == []
    assert facets[0].options == options


def test_facets_and_rows_are_the_same_thing() -> None:
    facets = (
        *READY_FACETS,
        Facet(name="kind", question="Which?", type="one of", options=("a", 'b, "c"', '"d"')),
        Facet(name="tags", question="Which?", type="list"),
        Facet(name="score", question="How many?", type="number", high=3.5),
    )

    assert read_questions(question_rows(facets)) == (facets, [])
