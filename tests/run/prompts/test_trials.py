"""Two versions of a prompt on five conversations: what is asked, kept, shown and said."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kura_core.config import RunConfig
from kura_core.errors import ConfigError, EngineError
from kura_core.prompts import DEFAULT_PROMPTS, SUMMARY, Prompts
from kura_core.run.prompts.evidence import groups_of_run
from kura_core.run.prompts.sample import draw_conversations
from kura_core.run.prompts.trials import Trial, changed_words, try_prompt
from kura_core.types import Conversation
from tests.llm_server import LLMServer, Order, answered, running
from tests.plausible_answers import of_its_own
from tests.run.prompts.prompt_workspace import KEYS, QUICK, PromptWorkspace, open_prompt_workspace

OWN = "What is wanted here? {conversation}"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[PromptWorkspace]:
    with running(LLMServer(answer=of_its_own)) as server:
        yield open_prompt_workspace(tmp_path, server)


def five(made: PromptWorkspace, config: RunConfig) -> list[Conversation]:
    return draw_conversations(made.sample(config).conversations, config.seed, 5)


def tried(
    made: PromptWorkspace, config: RunConfig, name: str = "summary", text: str = OWN
) -> Trial:
    versions = [getattr(DEFAULT_PROMPTS, name), text]
    subjects = five(made, config)
    return try_prompt(
        made.workspace, config, name, versions, subjects, KEYS, patience=QUICK, seconds=20
    )


def test_ten_calls_the_first_time_none_again_and_a_run_asks_only_for_the_rest(
    made: PromptWorkspace,
) -> None:
    config = made.config()
    trial = tried(made, config)
    assert made.asked("summary") == 10 == trial.usage.sent - trial.tests
    assert trial.usage.cost_usd and trial.usage.cached == 0
    assert [len(answers) for answers in trial.answers] == [2] * 5
    before, now = trial.answers[0]
    assert before.fields["summary"] and now.fields["request"] and before.problem is None

    received = len(made.server.received)
    again = tried(made, config)
    assert (again.usage.sent, again.usage.cached, again.usage.cost_usd) == (0, 10, 0.0)
    assert again.answers == trial.answers and len(made.server.received) == received

    made.run(made.config(Prompts(summary=OWN)), "Logs", 1)
    assert made.asked("summary") == 10 + 24 - 5


def test_one_version_alone_can_be_tried(made: PromptWorkspace) -> None:
    config = made.config()
    trial = try_prompt(
        made.workspace, config, "summary", [SUMMARY], five(made, config), KEYS, patience=QUICK
    )
    assert made.asked("summary") == 5 and {len(answers) for answers in trial.answers} == {1}


def test_what_fails_says_why_and_the_others_are_answered(made: PromptWorkspace) -> None:
    config = made.config()
    words = five(made, config)[2].messages[0].content
    made.server.orders.append(Order(400, "completions", words, message="not about this"))
    trial = tried(made, config)
    problems = [[answer.problem for answer in answers] for answers in trial.answers]
    assert all("not about this" in (problem or "") for problem in problems[2])
    assert problems[:2] + problems[3:] == [[None, None]] * 4


@pytest.mark.parametrize("name", ["outcome", "dissatisfaction", "failure"])
def test_a_judges_prompt_is_tried_on_what_it_bears_on(made: PromptWorkspace, name: str) -> None:
    made.server.answer = lambda schema, text: {
        **answered(schema, text), "message": None, "quote": None, "failure_probability": 40,
    } if "outcome" in schema["properties"] else of_its_own(schema, text)  # fmt: skip
    variables = "".join(f"{{{v}}}" for v in ("conversation", "request", "verdict"))
    text = {"outcome": "{conversation} {request}", "dissatisfaction": "{conversation}"}
    config = made.config(judges="engine")
    trial = tried(made, config, name, text.get(name, variables))
    wanted = {"outcome": "outcome_quote", "dissatisfaction": "dissatisfaction", "failure": "cause"}
    fields = [answer.fields for answers in trial.answers for answer in answers if answer.fields]
    assert all(wanted[name] in one for one in fields)
    # Summaries serve both versions, and what both ask alike is asked once.
    assert made.asked("summary") == 5


def test_names_are_tried_on_clusters_of_a_finished_run(made: PromptWorkspace) -> None:
    config = made.config()
    folder = made.run(config, "Logs", 1).folder
    groups = groups_of_run(folder, "cluster_name", 0)[:5]
    asked = made.asked("cluster_name")
    versions = [DEFAULT_PROMPTS.text_of("cluster_name"), "Name it: {examples}"]
    trial = try_prompt(
        made.workspace,
        config,
        "cluster_name",
        versions,
        [group.evidence for group in groups],
        KEYS,
        patience=QUICK,
    )
    # Those of the version before are kept from the run.
    assert made.asked("cluster_name") == asked + 5 and trial.usage.cached == 5
    assert [answers[0].fields["name"] for answers in trial.answers] == [g.name for g in groups]


def test_a_wrong_key_and_a_server_that_is_not_there_are_sentences(made: PromptWorkspace) -> None:
    config = made.config()
    made.server.orders.append(Order(401, message="bad key"))
    with pytest.raises(EngineError, match="key"):
        tried(made, config)
    with pytest.raises(EngineError, match="cannot be reached"):
        tried(made, config.model_copy(update={"base_url": "http://127.0.0.1:9/v1"}))


def test_a_budget_is_not_broken_and_needs_a_price(made: PromptWorkspace) -> None:
    with pytest.raises(ConfigError, match="price"):
        tried(made, made.config(budget=1.0, price=None, model="home-made"))
    made.server.models = ("home-made",)
    config = made.config(price=(1000.0, 1000.0), model="home-made")
    trial = tried(made, config)
    spent = trial.usage.cost_usd or 0.0
    other = tried(
        made, config.model_copy(update={"budget": spent / 2}), text="Other {conversation}"
    )
    problems = [answer.problem for answers in other.answers for answer in answers if answer.problem]
    assert problems and all("budget" in problem for problem in problems)
    assert (other.usage.cost_usd or 0.0) <= spent / 2


def test_it_ends_though_no_answer_comes(made: PromptWorkspace) -> None:
    config = made.config()
    tried(made, config)  # the server is known
    made.server.orders.append(Order("stall", "completions"))
    subjects = five(made, config)
    trial = try_prompt(
        made.workspace, config, "summary", ["Late {conversation}"], subjects, KEYS, seconds=0.3
    )
    problems = [answer.problem for answers in trial.answers for answer in answers]
    assert problems == ["No answer in 0.3 seconds."] * 5


def test_a_stranger_cannot_ask_inside_the_servers_network(made: PromptWorkspace) -> None:
    public = replace(made.workspace, public=True)
    config = made.config()
    with pytest.raises(ConfigError, match="own network"):
        try_prompt(public, config, "summary", [OWN], five(made, config), KEYS)
    assert made.server.received == []


@pytest.mark.parametrize(
    ("before", "now", "pieces"),
    [
        ("find the file", "find a file", [("find", False), ("a", True), ("file", False)]),
        ("same", "same", [("same", False)]),
        ("", "all new", [("all new", True)]),
        ("gone now", "now", [("now", False)]),
    ],
)
def test_the_words_that_are_new_are_told(
    before: str, now: str, pieces: list[tuple[str, bool]]
) -> None:
    assert changed_words(before, now) == pieces
