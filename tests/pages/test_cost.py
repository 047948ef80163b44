"""What the Pipeline page says of money: before a run, while it works, and after."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kura_core.config import RunConfig
from kura_core.engines.tokens import Range
from kura_core.run.cost.estimate import Estimate, StepEstimate, estimate_of
from kura_core.run.cost.money_text import estimate_text
from kura_core.run.prompts.sample import MOST
from kura_core.run.uploads import estimate_upload, open_upload
from kura_core.run.workspace import Workspace
from tests.finished_runs import add_finished_run
from tests.pages.conftest import OpenPage
from tests.pages.test_engine_settings import started, upload, with_engine
from tests.pages.test_pipeline import add_run, words

__all__ = ["started"]

# More conversations than are worked out unasked.
MANY = MOST + 1
ESTIMATE = Estimate(
    (
        StepEstimate(
            "summarise", "gpt-6-luna", Range(400, 420), Range(800_000, 1_200_000),
            Range(60_000, 90_000), Range(0.11, 0.165), 215.0,
        ),
        StepEstimate(
            "name", "strong", Range(20, 140), Range(40_000, 60_000), Range(1_000, 2_000),
            Range(0.004, 0.025),
        ),
    ),
    600,
    200,
)  # fmt: skip
UNPRICED = Estimate(
    (StepEstimate("summarise", "home", Range(3, 3), Range(900, 1200), Range(90, 300), None),), 3, 3
)


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked to be estimated; the answers are taken from its end."""
    asked: list[Any] = [ESTIMATE.as_json()]

    def answer(workspace: Workspace, upload: Any, config: RunConfig) -> dict[str, Any]:
        asked.append(config)
        return asked[0]

    monkeypatch.setattr("pages.panels.cost.estimate_upload", answer)
    return asked


def shown(app: AppTest) -> str:
    return words(app).replace("\\", "")


def test_the_cost_is_worked_out_when_it_is_asked_for(
    open_page: OpenPage, workspace: Workspace, worked_out: list[Any]
) -> None:
    app = with_engine(open_page, upload(workspace, MANY))
    assert len(worked_out) == 1
    app.button("estimate_cost").click().run()
    assert not app.exception

    assert "About 420–560 calls, 0.9–1.4 M tokens, $0.11–0.19; 30% of it is cached." in shown(app)
    assert "$0.00019–0.00032 a conversation; Clio published about $0.0005." in shown(app)
    steps = app.dataframe[-1].value
    assert steps["Step"].tolist() == ["Summarise", "Name clusters"]
    assert steps["Cached"].tolist() == ["215", "0"]
    assert steps["Cost"].tolist() == ["$0.11–0.17", "$0.00–0.03"]
    assert "From 200 of 600 conversations" in shown(app)


def test_other_settings_make_it_another_question(
    open_page: OpenPage, workspace: Workspace, worked_out: list[Any]
) -> None:
    app = with_engine(open_page, upload(workspace, MANY))
    app.button("estimate_cost").click().run()
    app.number_input("max_top").set_value(4).run()
    assert "settings have changed since" in shown(app)
    assert "About 420" not in shown(app)
    app.button("estimate_cost").click().run()
    assert "About 420" in shown(app)
    assert worked_out[-1].max_top == 4


def test_an_unknown_price_leaves_tokens_and_asks_for_it(
    open_page: OpenPage, workspace: Workspace, worked_out: list[Any]
) -> None:
    worked_out[0] = UNPRICED.as_json()
    app = with_engine(open_page, upload(workspace, MANY))
    app.button("estimate_cost").click().run()
    assert "3 calls, 990–1,500 tokens, at a price that is not known (home)" in shown(app)
    assert "Enter the price under Advanced" in shown(app)


def test_what_keeps_it_from_being_worked_out_is_said(
    open_page: OpenPage, workspace: Workspace, worked_out: list[Any]
) -> None:
    worked_out[0] = {"error": "No usable conversation in this file."}
    app = with_engine(open_page, upload(workspace, MANY))
    app.button("estimate_cost").click().run()
    assert "No usable conversation" in shown(app)


def test_of_a_small_file_the_cost_is_there_unasked(
    open_page: OpenPage, workspace: Workspace, worked_out: list[Any]
) -> None:
    upload_id = upload(workspace, 12)
    app = with_engine(open_page, upload_id)
    assert "estimate_cost" not in {button.key for button in app.button}
    assert "a conversation; Clio published" in shown(app)
    assert app.dataframe[-1].value["Calls"].tolist()[0] == "12"
    own = open_upload(workspace, upload_id)
    said = estimate_upload(workspace, own, RunConfig(engine="openai"))
    assert f"About {estimate_text(estimate_of(said))}" in shown(app)
    assert len(worked_out) == 1


def test_rules_have_no_cost_to_work_out(open_page: OpenPage, workspace: Workspace) -> None:
    app = open_page("pipeline", input=upload(workspace, 3))
    assert "estimate_cost" not in {button.key for button in app.button}
    assert "budget" not in {number.key for number in app.number_input}


def test_money_and_pace_are_part_of_the_settings(
    open_page: OpenPage, workspace: Workspace, worked_out: list[Any], started: list[Any]
) -> None:
    like = add_run(
        workspace,
        {"event": "run_finished", "status": "cancelled"},
        config=RunConfig(engine="openai", name_model="home-made"),
    )
    app = open_page("pipeline", input=upload(workspace, MANY), like=like)
    app.text_input("key_openai").set_value("sk-typed-in-a-test")
    app.number_input("budget").set_value(0.15)
    app.number_input("requests_per_minute").set_value(500)
    app.number_input("tokens_per_minute").set_value(90_000).run()
    assert not app.exception
    app.number_input("name_price_in").set_value(3.0)
    app.number_input("name_price_out").set_value(9.0).run()
    app.button("estimate_cost").click().run()
    assert "The budget of $0.15 may not be enough" in shown(app)
    app.checkbox("consent").check().run()
    app.button("start_run").click().run()

    config = started[0]["config"]
    assert (config.budget, config.requests_per_minute) == (0.15, 500)
    assert (config.tokens_per_minute, config.name_model) == (90_000, "home-made")
    assert (config.price, config.name_price) == (None, (3.0, 9.0))


def test_they_are_taken_over_from_an_earlier_run(open_page: OpenPage, workspace: Workspace) -> None:
    config = RunConfig(
        engine="openai", budget=2.5, name_model="strong", name_price=(1.0, 2.0),
        requests_per_minute=7, tokens_per_minute=8,
    )  # fmt: skip
    run_id = add_run(workspace, {"event": "run_finished", "status": "cancelled"}, config=config)
    app = open_page("pipeline", input=upload(workspace, 3), like=run_id)
    assert not app.exception
    keys = ("budget", "requests_per_minute", "tokens_per_minute", "name_price_out")
    assert [app.number_input(key).value for key in keys] == [2.5, 7, 8, 2.0]
    assert app.selectbox("name_model_openai").value == "strong"


def test_the_file_is_read_in_a_process_of_its_own(workspace: Workspace) -> None:
    own = open_upload(workspace, upload(workspace, 12))
    found = estimate_upload(workspace, own, RunConfig(engine="openai", clusters=2))
    assert found["conversations"] == 12
    assert found["total"]["calls"]["low"] >= 12


METER = {
    "event": "meter", "sent": 220, "input_tokens": 180_000, "output_tokens": 20_000,
    "cost_usd": 0.042, "expected_tokens": [390_000, 420_000], "expected_usd": [0.11, 0.14],
}  # fmt: skip


def test_a_run_shows_what_it_has_spent_beside_what_it_will(
    open_page: OpenPage, workspace: Workspace
) -> None:
    estimate = {"event": "estimate", **ESTIMATE.as_json()}
    begun = {"event": "run_started", "pid": 1, "input": "x", "left_out": []}
    app = open_page("pipeline", run=add_run(workspace, begun, estimate, alive=True))
    assert "Estimated: 420–560 calls" in shown(app)

    app = open_page("pipeline", run=add_run(workspace, begun, estimate, METER, alive=True))
    metrics = {one.label: one.value.replace("\\", "") for one in app.metric}
    assert metrics == {
        "Spent so far": "$0.0420", "Expected in all": "$0.11–0.14", "Calls": "220",
        "Tokens": "200,000",
    }  # fmt: skip


def test_a_finished_run_has_both_and_the_cost_of_one_conversation(
    open_page: OpenPage, workspace: Workspace
) -> None:
    run_id = add_finished_run(workspace)
    path = workspace.runs / run_id / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["calls"] = {"sent": 70, "cached": 0, "retried": 0}
    manifest |= {"tokens": {"input": 56789, "output": 1000}, "cost_usd": 0.06}
    manifest["estimate"] = ESTIMATE.as_json()
    models = {"gpt-6-luna": 0.05, "strong": 0.01}
    manifest["by_model"] = {
        name: {"sent": 35, "retried": 0, "input": 1, "output": 1, "cost_usd": cost}
        for name, cost in models.items()
    }
    path.write_text(json.dumps(manifest))
    app = open_page("pipeline", run=run_id)
    assert not app.exception
    assert "$0.0010 a conversation · the estimate was 420–560 calls" in shown(app)
    assert "gpt-6-luna: 35 calls, $0.05 · strong: 35 calls, $0.01" in shown(app)


def test_a_run_stopped_by_its_budget_goes_on_with_more(
    open_page: OpenPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    resumed: list[Any] = []
    monkeypatch.setattr(
        "pages.panels.resume.resume_run",
        lambda workspace, run_id, keys, budget: resumed.append((run_id, keys, budget)),
    )
    end = {"event": "run_finished", "status": "budget", "exit_code": 3, "text": "It is spent."}
    config = RunConfig(engine="openai", budget=0.5)
    run_id = add_run(workspace, end, config=config)
    app = open_page("pipeline", run=run_id)
    assert "stopped at its budget" in shown(app) and "It is spent." in shown(app)
    assert app.number_input("new_budget").value == 1.0
    app.text_input("key_openai").set_value("sk-typed").run()
    app.number_input("new_budget").set_value(0.8).run()
    app.button("resume_run").click().run()
    assert resumed == [(run_id, {"openai": "sk-typed"}, 0.8)]


def test_what_failed_can_be_asked_for_again(
    open_page: OpenPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    resumed: list[Any] = []
    monkeypatch.setattr(
        "pages.panels.resume.resume_run",
        lambda workspace, run_id, keys: resumed.append((run_id, keys)),
    )
    run_id = add_finished_run(workspace)
    (workspace.runs / run_id / "config.json").write_text(
        RunConfig(engine="openai", base_url="http://localhost:1/v1").model_dump_json()
    )
    app = open_page("pipeline", run=run_id)
    assert app.button("retry_failed").label == "Ask again for 1 failed conversation"
    app.button("retry_failed").click().run()
    assert resumed == [(run_id, {})]


def test_rules_are_not_asked_again(open_page: OpenPage, finished_run: str) -> None:
    app = open_page("pipeline", run=finished_run)
    assert "retry_failed" not in {button.key for button in app.button}
