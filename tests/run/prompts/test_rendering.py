"""What a prompt is shown to send, against what a run then sends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kura_core.config import Facet
from kura_core.errors import ConfigError
from kura_core.prompts import DEFAULT_PROMPTS, SUMMARY, Prompts
from kura_core.run.cache import open_cache
from kura_core.run.prompts.evidence import (
    groups_of_run,
    newest_finished_run,
    stand_in_evidence,
)
from kura_core.run.prompts.rendering import render_prompt, with_prompt
from kura_core.run.prompts.sample import draw_conversations
from kura_core.types import Conversation, Message
from tests.llm_server import LLMServer, running
from tests.plausible_answers import of_its_own
from tests.run.prompts.prompt_workspace import PromptWorkspace, open_prompt_workspace

OWN = "What is wanted here? {{braces}} {conversation}"
SAID = [
    Message("user", "Where is my contract? Write to ada@example.com"),
    Message("assistant", "I cannot find it."),
    Message("user", "Look again."),
]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[PromptWorkspace]:
    with running(LLMServer(answer=of_its_own)) as server:
        yield open_prompt_workspace(tmp_path, server)


def sent(made: PromptWorkspace, form: str) -> set[tuple[str, str]]:
    """The (system, user) texts the server got for a form."""
    return {
        tuple(message["content"] for message in request.body["messages"])
        for request in made.server.asked("completions")
        if request.body["response_format"].get("json_schema", {}).get("name") == form
    }


def test_it_is_the_very_request_that_a_run_sends(made: PromptWorkspace) -> None:
    facets = (Facet(name="plan", question="Which plan?"),)
    config = made.config(Prompts(summary=OWN), facets=facets)
    shown = [
        render_prompt(config, "summary", OWN, conversation)
        for conversation in made.sample(config).conversations
    ]
    made.run(config, "Logs", 1)
    assert {(one.system, one.user) for one in shown if one} == sent(made, "summary")
    assert all(one and "Which plan?" in one.system and "{braces}" in one.user for one in shown)
    assert all(one and 0 < one.tokens.low < one.tokens.high and not one.stands_in for one in shown)


def test_names_are_shown_as_the_newest_run_asked_for_them(made: PromptWorkspace) -> None:
    config = made.config(clusters=12)
    made.run(config, "Logs", 1)
    run = newest_finished_run(made.workspace, made.upload.path)
    assert run is not None
    folder = made.workspace.runs / run.run_id
    for prompt in ("cluster_name", "theme_name"):
        groups = groups_of_run(folder, prompt, 0)
        text = getattr(DEFAULT_PROMPTS, prompt)
        shown = [render_prompt(config, prompt, text, group.evidence) for group in groups]
        assert shown and {(one.system, one.user) for one in shown if one} <= sent(made, prompt)
    assert groups_of_run(folder, "cluster_name", 0) == groups_of_run(folder, "cluster_name", 0)
    assert newest_finished_run(made.workspace, tmp := Path("elsewhere")) is None
    assert groups_of_run(tmp, "cluster_name", 0) == []


def test_without_a_run_the_first_conversations_stand_in(made: PromptWorkspace) -> None:
    config = made.config()
    first = made.sample(config).conversations
    for prompt in ("cluster_name", "theme_name"):
        text = getattr(DEFAULT_PROMPTS, prompt)
        shown = render_prompt(config, prompt, text, stand_in_evidence(prompt, first))
        assert shown is not None and first[0].messages[0].content in shown.user


@pytest.mark.parametrize(
    ("text", "said"),
    [("Say what.", "lacks {conversation}"), ("{conversation} {mood}", "{mood}, which nothing")],
)
def test_a_variable_that_is_missing_or_unknown_is_refused(
    made: PromptWorkspace, text: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said.replace("{", r"\{")):
        render_prompt(made.config(), "summary", text, Conversation("c", SAID))


def test_a_judge_is_shown_the_request_of_a_kept_summary_or_told_it_is_an_example(
    made: PromptWorkspace,
) -> None:
    config = made.config(judges="engine")
    cache = made.workspace.root / "cache"
    conversation = made.sample(config).conversations[0]
    text = DEFAULT_PROMPTS.text_of("outcome")
    before = render_prompt(config, "outcome", text, conversation, cache)
    assert before is not None and before.stands_in.endswith("the request, which the summary gives.")
    made.run(made.config(), "Logs", 1)
    after = render_prompt(config, "outcome", text, conversation, cache)
    assert after is not None and not after.stands_in and after.user != before.user
    failure = render_prompt(
        config, "failure", DEFAULT_PROMPTS.text_of("failure"), conversation, cache
    )
    assert failure is not None and failure.stands_in == "Only an example here: the first judgement."
    assert made.asked("outcome") == 0


def test_nothing_is_asked_about_dissatisfaction_where_the_user_spoke_once(
    made: PromptWorkspace,
) -> None:
    text = DEFAULT_PROMPTS.text_of("dissatisfaction")
    config = made.config(judges="engine")
    assert render_prompt(config, "dissatisfaction", text, Conversation("c", SAID[:2])) is None
    assert render_prompt(config, "dissatisfaction", text, Conversation("c", SAID)) is not None


def test_the_built_in_text_counts_as_no_text_of_ones_own(made: PromptWorkspace) -> None:
    config = made.config(Prompts(summary=OWN))
    assert with_prompt(config, "summary", SUMMARY + "\n").prompts.summary is None
    assert with_prompt(config, "outcome", "{request} {conversation}").prompts.summary == OWN


def test_what_is_drawn_is_redacted_different_and_the_same_each_time(tmp_path: Path) -> None:
    rows = [
        {
            "conversation_id": f"c{number}",
            "messages": [{"role": "user", "content": f"Call {number % 8}: ada@example.com"}],
            "metadata": {"plan": "team"},
        }
        for number in range(16)
    ]
    made = open_prompt_workspace(tmp_path, LLMServer(), rows)
    sample = made.sample(made.config())
    assert (sample.count, sample.whole) == (16, True)
    assert "ada@example.com" not in str(sample.conversations)
    assert all(not conversation.metadata for conversation in sample.conversations)
    drawn = draw_conversations(sample.conversations, 3, 20)
    assert len(drawn) == 8 and drawn == draw_conversations(sample.conversations, 3, 20)
    assert drawn[:5] == draw_conversations(sample.conversations, 3, 20)[:5]
    assert drawn != draw_conversations(sample.conversations, 4, 20)


def test_nothing_is_kept_by_looking(made: PromptWorkspace, tmp_path: Path) -> None:
    cache = tmp_path / "kept"
    open_cache(cache, lambda text: None)
    render_prompt(made.config(), "summary", SUMMARY, Conversation("c", SAID), cache)
    assert made.server.received == []
