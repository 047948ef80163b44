"""Prompts as settings: shown as they are sent, tried on five, kept as versions, counted before."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kura_core.config import RunConfig
from kura_core.prompts import SUMMARY, Prompts
from kura_core.run.prompts.sample import draw_conversations
from kura_core.run.workspace import Workspace
from tests.llm_server import LLMServer, Order, running
from tests.pages.conftest import OpenPage
from tests.pages.test_engine_settings import started, warnings, with_prompt
from tests.pages.test_pipeline import words
from tests.plausible_answers import of_its_own
from tests.run.prompts.prompt_workspace import PromptWorkspace, open_prompt_workspace

__all__ = ["started"]

OWN = "What is wanted here? {conversation}"


@pytest.fixture
def made(workspace: Workspace) -> Iterator[PromptWorkspace]:
    with running(LLMServer(answer=of_its_own)) as server:
        yield open_prompt_workspace(workspace.home, server)


def opened(
    open_page: OpenPage, made: PromptWorkspace, name: str = "summary", **state: Any
) -> AppTest:
    """The settings of a run of the file by the test's server, at one of the prompts."""
    app = open_page("pipeline", input=made.upload.upload_id)
    for key, value in {"engine": "openai", "base_url": made.config().base_url, **state}.items():
        app.session_state[key] = value
    with_prompt(app, name)
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return words(app).replace("\\", "")


def edited(app: AppTest, text: str, name: str = "summary") -> AppTest:
    app.text_area(f"prompt_{name}").set_value(text).run()
    assert not app.exception
    return app


def agreed(app: AppTest) -> AppTest:
    return app.checkbox("consent").check().run()


def first_texts(made: PromptWorkspace, count: int) -> list[str]:
    """What users said in the conversations that are drawn first."""
    sample = made.sample(RunConfig())
    drawn = draw_conversations(sample.conversations, 0, count)
    return [conversation.messages[0].content for conversation in drawn]


def test_what_is_sent_holds_the_users_own_words_and_goes_on_to_the_next(
    open_page: OpenPage, made: PromptWorkspace
) -> None:
    app = edited(opened(open_page, made), OWN)
    first, second = first_texts(made, 2)
    (sent,) = (text.value for text in app.text if text.value.startswith("What is wanted here?"))
    assert first in sent and "<conversation>" in sent
    assert "tokens." in shown(app) and "Needs `{conversation}`" in shown(app)
    app.button("prompt_next").click().run()
    assert second in shown(app) and first not in shown(app)
    assert made.server.received == []


def test_a_missing_variable_is_refused_in_place_of_the_text_and_nothing_starts(
    open_page: OpenPage, made: PromptWorkspace, started: list[Any]
) -> None:
    app = edited(opened(open_page, made), "Say what they want.")
    assert "lacks {conversation}" in warnings(app)
    assert not [text for text in app.text if "<conversation>" in text.value]
    assert app.button("try_prompt").disabled
    with_prompt(app, "theme_name")
    assert "lacks {conversation}" in warnings(app)
    agreed(app).button("start_run").click().run()
    assert started == []


def test_names_are_shown_on_a_stand_in_until_a_run_has_clusters(
    open_page: OpenPage, made: PromptWorkspace
) -> None:
    app = opened(open_page, made, "cluster_name")
    assert "its first conversations stand in for one" in shown(app)
    assert app.button("try_prompt").disabled
    assert "Names can be tried once a run of this file is finished" in shown(app)

    made.run(made.config(), "First logs", 1)
    app = opened(open_page, made, "cluster_name")
    assert "A cluster of the run “First logs”." in shown(app)
    asked = made.asked("cluster_name")
    edited(app, "Name it: {examples}", "cluster_name")
    agreed(app).button("try_prompt").click().run()
    assert not app.exception and not warnings(app)
    assert made.asked("cluster_name") == asked + 5
    assert "5 calls" in shown(app) and "5 answers kept from before" in shown(app)


def test_trying_asks_ten_times_then_never_again_and_a_run_asks_for_the_rest(
    open_page: OpenPage, made: PromptWorkspace
) -> None:
    app = agreed(edited(opened(open_page, made), OWN))
    assert "Beside what the built-in prompt gives." in shown(app)
    app.button("try_prompt").click().run()
    assert not app.exception and not warnings(app)
    assert made.asked("summary") == 10 and "**10 calls" in shown(app)
    for text in first_texts(made, 5):
        assert text[:40] in shown(app)
    assert "| Request |" in shown(app)
    assert "This asks about 19 of 24 conversations: 19 calls. The answers of 5 are kept." in shown(
        app
    )

    app.button("try_prompt").click().run()
    assert made.asked("summary") == 10
    assert "0 calls, 10 answers kept from before, nothing to pay." in shown(app)
    edited(app, f"{OWN} Be brief.")
    assert "have changed since it was tried" in shown(app)

    made.run(made.config(Prompts(summary=OWN)), "Logs", 1)
    assert made.asked("summary") == 10 + 19


def test_without_consent_or_key_nothing_is_tried_and_both_are_asked_for(
    open_page: OpenPage, made: PromptWorkspace
) -> None:
    app = opened(open_page, made)
    app.button("try_prompt").click().run()
    assert "agree to what leaves this machine" in warnings(app)
    app = opened(open_page, made, base_url="")
    app.button("try_prompt").click().run()
    assert "A key for OpenAI is needed" in warnings(app)
    assert made.server.received == []


def test_a_wrong_key_is_a_sentence_and_a_failure_has_its_reason(
    open_page: OpenPage, made: PromptWorkspace
) -> None:
    app = agreed(opened(open_page, made))
    text = first_texts(made, 1)[0]
    made.server.orders.append(Order(400, "completions", text, message="not about this"))
    app.button("try_prompt").click().run()
    assert "| Failed |" in shown(app) and "not about this" in shown(app)

    made.server.orders.insert(0, Order(401, message="bad key"))
    edited(app, OWN).button("try_prompt").click().run()
    assert "key" in warnings(app) and not app.exception


def test_versions_of_earlier_runs_are_listed_and_put_into_the_editor(
    open_page: OpenPage, made: PromptWorkspace
) -> None:
    app = opened(open_page, made)
    assert not [box for box in app.selectbox if box.label == "Earlier versions"]
    made.run(made.config(Prompts(summary=OWN)), "First logs", 1)
    made.run(made.config(Prompts(summary=f"Then: {OWN}")), "Second logs", 2)

    app = opened(open_page, made)
    versions = app.selectbox("prompt_version_summary")
    assert [option.split(",")[0] for option in versions.options] == ["Second logs", "First logs"]
    versions.set_value("1").run()
    assert app.text_area("prompt_summary").value == OWN
    assert "the prompt of the run “Second logs” gives" in shown(app)
    assert app.selectbox("prompt_version_summary").options[-1] == "Built-in"
    app.button("built_in_summary").click().run()
    assert app.text_area("prompt_summary").value == SUMMARY


def test_the_calls_of_a_change_are_said_before_anything_is_pressed(
    open_page: OpenPage, made: PromptWorkspace
) -> None:
    app = opened(open_page, made)
    assert "This asks about all 24 conversations: 24 calls." in shown(app)
    made.run(made.config(), "Logs", 1)
    app = opened(open_page, made)
    assert "No new calls: 24 of 24 answers are kept." in shown(app)
    edited(app, OWN)
    assert "This asks anew about all 24 conversations: 24 calls." in shown(app)
    # Said without the prompts being open, too.
    app.session_state["prompts"] = False
    app.run()
    assert "This asks anew about all 24 conversations" in shown(app)
    assert made.asked("summary") == 24


def test_what_was_changed_is_marked_and_kept_while_another_is_shown(
    open_page: OpenPage, made: PromptWorkspace
) -> None:
    app = edited(opened(open_page, made), OWN)
    with_prompt(app, "theme_name")
    titles = app.segmented_control("prompt_shown").options
    assert ["edit" in title for title in titles] == [True, False, False]
    with_prompt(app, "summary")
    assert app.text_area("prompt_summary").value == OWN


def test_a_judges_prompt_is_shown_with_its_request_and_tried(
    open_page: OpenPage, made: PromptWorkspace
) -> None:
    app = opened(open_page, made, "dissatisfaction", judged_by_engine=True)
    said = shown(app)
    assert "<conversation>" in said or "Nothing is asked about this conversation" in said
    with_prompt(app, "outcome")
    assert "Only an example here: the request, which the summary gives." in shown(app)
    assert "–" in shown(app).partition("This asks about all 24 conversations: ")[2][:8]
    made.server.answer = None
    agreed(app).button("try_prompt").click().run()
    assert not app.exception and "Shows the answers of the built-in prompt." in shown(app)
    assert "| Outcome |" in shown(app)
