import pytest

from kura_core.config import Facet, RunConfig
from kura_core.engines.answers import summary_form
from kura_core.ready_facets import READY_FACETS

BY_NAME = {facet.name: facet for facet in READY_FACETS}


def test_all_of_them_can_be_asked_at_once() -> None:
    assert RunConfig(engine="openai", facets=READY_FACETS).facets == READY_FACETS
    assert summary_form(READY_FACETS).description.count("\n") == 6 + len(READY_FACETS)


@pytest.mark.parametrize("facet", READY_FACETS, ids=lambda facet: facet.name)
def test_a_question_defines_each_of_its_answers(facet: Facet) -> None:
    answers = [f'"{option}":' for option in facet.options]
    if facet.type == "number":
        assert facet.low is not None and facet.high is not None
        answers = [f" {number}:" for number in range(int(facet.low), int(facet.high) + 1)]
    assert len(answers) >= 5
    places = [facet.question.find(answer) for answer in answers]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("facet", READY_FACETS, ids=lambda facet: facet.name)
def test_options_can_be_edited_with_commas_between(facet: Facet) -> None:
    assert not [option for option in facet.options if set(option) & set(',;"\n')]


def test_published_scales_are_taken_as_they_are() -> None:
    assert [*BY_NAME] == ["task_type", "collaboration", "cognitive_skill", "concern"]
    assert BY_NAME["collaboration"].options == (
        "directive", "feedback loop", "task iteration", "learning", "validation",
    )  # fmt: skip
    assert BY_NAME["cognitive_skill"].options == (
        "remember", "understand", "apply", "analyse", "evaluate", "create",
    )  # fmt: skip
    assert BY_NAME["task_type"].options[-1] == "other"
    assert BY_NAME["concern"].column == "concern"
