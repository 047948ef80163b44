import io
import json
import time
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest
from streamlit.testing.v1 import AppTest

from kura_core.config import RunConfig
from kura_core.errors import InputError
from kura_core.prompts import Prompts
from kura_core.run.jobs import list_runs
from kura_core.run.uploads import save_upload
from kura_core.run.workspace import Workspace, new_id
from tests.finished_runs import add_finished_run
from tests.pages.conftest import OpenPage

LINE = b'{"conversation_id": "a", "messages": [{"role": "user", "content": "find it"}]}\n'


@pytest.fixture
def upload_id(workspace: Workspace) -> str:
    return save_upload(workspace, "logs.jsonl", io.BytesIO(LINE)).upload_id


def add_run(
    workspace: Workspace,
    *events: dict[str, Any],
    alive: bool = False,
    config: RunConfig | None = None,
) -> str:
    """A run directory as a child leaves it; `alive` takes this process for the child's."""
    run_id = new_id()
    folder = workspace.runs / run_id
    folder.mkdir()
    me = psutil.Process()
    about = {"name": "Logs", "input_id": "gone", "input_name": "logs.jsonl", "input_path": "/gone"}
    about["started"] = "2026-01-05T09:00:00+00:00"
    if alive:
        about |= {"pid": me.pid, "process_started": me.create_time()}
    (folder / "job.json").write_text(json.dumps(about))
    (folder / "config.json").write_text((config or RunConfig()).model_dump_json())
    lines = [json.dumps({"t": time.time(), **event}) for event in events]
    (folder / "events.jsonl").write_text("\n".join(lines) + "\n")
    return run_id


def words(app: AppTest) -> str:
    kinds = (app.text, app.markdown, app.caption, app.header, app.warning, app.success)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def bars(app: AppTest) -> list[tuple[int, str]]:
    return [(bar.proto.value, bar.proto.text) for bar in app.get("progress")]


def test_without_a_file_it_sends_to_the_data_or_the_sample(open_page: OpenPage) -> None:
    app = open_page("pipeline")

    assert {"to_data", "run_sample"} <= {button.key for button in app.button}


def test_the_settings_chosen_are_the_ones_the_run_gets(
    open_page: OpenPage, workspace: Workspace, upload_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def start(workspace: Workspace, path: Path, config: Any, **more: Any) -> str:
        asked.update(config=config, path=path, **more)
        return add_run(workspace, alive=True)

    monkeypatch.setattr("pages.panels.settings.start_run", start)
    app = open_page("pipeline", input=upload_id)
    app.segmented_control("cluster_choice").set_value("Set the number").run()
    app.number_input("clusters").set_value(12)
    app.number_input("max_top").set_value(5)
    app.selectbox("redact").set_value("strict")
    app.button("start_run").click().run()

    config = asked["config"]
    assert (config.clusters, config.per_cluster, config.max_top) == (12, None, 5)
    assert (config.redact, config.engine, config.limit) == ("strict", "offline", None)
    assert (asked["name"], asked["input_name"]) == ("logs", "logs.jsonl")
    assert app.query_params["run"] == list_runs(workspace)[0].run_id


def test_a_busy_machine_is_a_sentence(
    open_page: OpenPage, upload_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any, **__: Any) -> str:
        raise InputError("Another run is under way.")

    monkeypatch.setattr("pages.panels.settings.start_run", busy)
    app = open_page("pipeline", input=upload_id)
    app.button("start_run").click().run()

    assert "Another run is under way" in app.warning[0].value


def test_a_running_run_shows_a_bar_a_step_fed_by_its_events(
    open_page: OpenPage, workspace: Workspace
) -> None:
    run_id = add_run(
        workspace,
        {"event": "run_started"},
        {"event": "step_started", "step": "load", "total": 1, "cached": 0},
        {"event": "step_finished", "step": "load", "total": 1, "seconds": 0.2},
        {"event": "step_started", "step": "summarise", "total": 200, "cached": 0},
        {
            "event": "step_progress",
            "step": "summarise",
            "done": 50,
            "total": 200,
            "eta_seconds": 31,
        },
        {"event": "example", "conversation_id": "c1", "request": "find it", "summary": "Find it."},
        {"event": "notice", "level": "warning", "text": "No model; using *words*."},
        alive=True,
    )
    app = open_page("pipeline")

    assert app.query_params["run"] == run_id
    drawn = bars(app)
    assert [value for value, _ in drawn[:4]] == [100, 0, 25, 0]
    assert "50 of 200 conversations · about 30 s left" in drawn[2][1]
    assert "Find it." in words(app)
    assert r"using \*words\*" in words(app)
    assert app.button("cancel_run").label == "Cancel"


def test_the_map_is_shown_as_soon_as_there_is_one_and_says_how_many_are_named(
    open_page: OpenPage, workspace: Workspace
) -> None:
    run_id = add_run(workspace, {"event": "partial", "file": "partial/map.parquet"}, alive=True)
    partial = workspace.runs / run_id / "partial"
    partial.mkdir()
    points = pd.DataFrame({"conversation_id": list("abcd"), "x": range(4), "y": range(4)})
    points.assign(cluster_id=["l1", "l1", "l2", "l2"]).to_parquet(partial / "map.parquet")
    app = open_page("pipeline")

    assert len(app.get("vega_lite_chart")) == 1
    assert "0 of 2 clusters named" in words(app)

    names = {"name": ["Find it", None], "parent_id": None, "level": 0, "description": None}
    clusters = pd.DataFrame({"cluster_id": ["l1", "l2"], "x": [0.5, 2.5], "y": 1.0, **names})
    clusters.assign(conversations=2).to_parquet(partial / "clusters.parquet")
    events = workspace.runs / run_id / "events.jsonl"
    line = {"t": time.time(), "event": "partial", "file": "partial/clusters.parquet"}
    events.write_text(events.read_text() + json.dumps(line) + "\n")
    app.run()

    assert "1 of 2 clusters named" in words(app)


def test_cancel_asks_the_run_to_stop_and_says_so(open_page: OpenPage, workspace: Workspace) -> None:
    run_id = add_run(workspace, {"event": "run_started"}, alive=True)
    app = open_page("pipeline")
    app.button("cancel_run").click().run()

    assert (workspace.runs / run_id / "cancel").exists()
    assert app.button("cancel_run").label == "Stopping…"
    assert app.button("cancel_run").disabled


def test_an_interrupted_run_offers_to_resume(
    open_page: OpenPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = add_run(workspace, {"event": "run_started"})
    resumed: list[str] = []
    monkeypatch.setattr(
        "pages.panels.resume.resume_run", lambda workspace, run_id, keys: resumed.append(run_id)
    )
    app = open_page("pipeline", run=run_id)
    assert "interrupted" in app.warning[0].value

    app.button("resume_run").click().run()

    assert resumed == [run_id]


def test_a_failed_run_says_why_and_offers_other_settings(
    open_page: OpenPage, workspace: Workspace
) -> None:
    finished = {"event": "run_finished", "status": "failed", "text": "No usable conversation."}
    app = open_page("pipeline", run=add_run(workspace, finished))

    assert "No usable conversation." in words(app)
    assert {"resume_run", "change_settings"} <= {button.key for button in app.button}


def test_a_finished_run_leads_on_to_its_result(open_page: OpenPage, finished_run: str) -> None:
    app = open_page("pipeline", run=finished_run)

    assert "60 conversations in 5 clusters" in app.success[0].value
    assert {"to_overview", "to_explore", "run_again"} <= {button.key for button in app.button}


def test_earlier_runs_are_listed_with_what_they_are(
    open_page: OpenPage, workspace: Workspace
) -> None:
    add_finished_run(workspace, name="First *look*")
    add_run(workspace, {"event": "run_finished", "status": "cancelled", "text": "cancelled"})
    app = open_page("pipeline")

    shown = words(app)
    assert "First \\*look\\*" in shown
    assert "60 conversations · 5 clusters" in shown
    assert "Cancelled" in shown


def test_a_run_that_is_not_here_is_said(open_page: OpenPage) -> None:
    app = open_page("pipeline", run="0123456789abcdef")

    assert "not here" in app.warning[0].value


def test_a_run_that_needs_a_key_asks_for_it_before_it_goes_on(
    open_page: OpenPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    resumed: list[dict[str, str]] = []
    monkeypatch.setattr(
        "pages.panels.resume.resume_run", lambda workspace, run_id, keys: resumed.append(keys)
    )
    refused = {"event": "run_finished", "status": "failed", "exit_code": 4}
    refused["text"] = "OpenAI refused the key (401). Check the key, or enter another one."
    config = RunConfig(engine="openai")
    app = open_page("pipeline", run=add_run(workspace, refused, config=config))
    assert "OpenAI refused the key" in words(app)

    app.button("resume_run").click().run()
    assert "enter a key for OpenAI" in app.warning[0].value
    assert resumed == []

    app.text_input("key_openai").set_value("sk-typed-again").run()
    app.button("resume_run").click().run()

    assert resumed == [{"openai": "sk-typed-again"}]


def test_a_finished_run_says_what_it_took_and_which_conversations_failed(
    open_page: OpenPage, workspace: Workspace
) -> None:
    run_id = add_finished_run(workspace)
    path = workspace.runs / run_id / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["calls"] = {"sent": 1234, "cached": 7, "retried": 3}
    manifest |= {"tokens": {"input": 56789, "output": 1000}, "cost_usd": None}
    path.write_text(json.dumps(manifest))
    app = open_page("pipeline", run=run_id)

    shown = {metric.label: metric.value for metric in app.metric}
    assert shown == {
        "Calls": "1,234",
        "Tokens read": "56,789",
        "Tokens written": "1,000",
        "Cost": "not known",
    }
    assert "3 calls repeated, after a fault of the server or an answer that" in words(app)
    assert "· 7 answers kept" in words(app)
    assert app.expander[0].label.startswith("1 conversation failed")
    assert app.dataframe[0].value["Conversation"].tolist() == ["c901"]


def test_a_run_that_lost_more_than_a_fifth_says_so_first(
    open_page: OpenPage, workspace: Workspace
) -> None:
    run_id = add_finished_run(workspace)
    end = {"t": time.time(), "event": "run_finished", "status": "done", "exit_code": 5}
    (workspace.runs / run_id / "events.jsonl").write_text(json.dumps(end) + "\n")
    app = open_page("pipeline", run=run_id)

    assert "more than a fifth" in app.warning[0].value


def test_settings_begin_with_those_of_the_run_they_come_from(
    open_page: OpenPage, workspace: Workspace, upload_id: str
) -> None:
    earlier = RunConfig(
        engine="anthropic", model="some-model", clusters=7, redact="strict", limit=200
    )
    app = open_page("pipeline", input=upload_id, like=add_run(workspace, config=earlier))

    assert app.radio("engine").value == "anthropic"
    assert app.selectbox("model_anthropic").value == "some-model"
    assert app.number_input("clusters").value == 7
    assert app.selectbox("redact").value == "strict"
    assert app.number_input("limit").value is None
    assert (app.toggle("judged").value, app.toggle("judged_by_engine").value) == (True, False)


@pytest.mark.parametrize("judges", ["engine", "off"])
def test_who_judges_is_taken_over_from_the_run_they_come_from(
    open_page: OpenPage, workspace: Workspace, upload_id: str, judges: str
) -> None:
    own = Prompts(outcome="{request} {conversation}?")
    earlier = RunConfig(engine="openai", model="own", judges=judges, prompts=own)
    app = open_page("pipeline", input=upload_id, like=add_run(workspace, config=earlier))

    assert app.toggle("judged").value is (judges != "off")
    assert app.toggle("judged_by_engine").value is (judges == "engine")
    if judges == "engine":
        assert app.session_state["prompt_outcome"] == "{request} {conversation}?"
