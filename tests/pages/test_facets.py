import io
import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kura_core.config import Facet, RunConfig
from kura_core.ready_facets import READY_FACETS
from kura_core.run.form_values import question_rows
from kura_core.run.uploads import save_upload
from kura_core.run.workspace import Workspace, new_id
from tests.pages.conftest import OpenPage

TONE = Facet(name="tone", question="How does the user sound?")
AT_WORK = Facet(name="at_work", question="Is it about work?", type="yes/no")


@pytest.fixture
def upload_id(workspace: Workspace) -> str:
    row = {"conversation_id": "c1", "messages": [{"role": "user", "content": "Where is it?"}]}
    return save_upload(workspace, "logs.jsonl", io.BytesIO(json.dumps(row).encode())).upload_id


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[RunConfig]:
    """The settings that runs were started with, instead of starting them."""
    asked: list[RunConfig] = []

    def start(workspace: Workspace, path: Path, config: RunConfig, **_: Any) -> str:
        asked.append(config)
        return "0123456789abcdef"

    monkeypatch.setattr("pages.panels.settings.start_run", start)
    return asked


def asking(open_page: OpenPage, upload_id: str, *facets: Facet) -> AppTest:
    """The form with a server of one's own, and these questions in its table."""
    app = open_page("pipeline", input=upload_id)
    ask(app, *facets)
    app.radio("engine").set_value("openai").run()
    app.text_input("base_url").set_value("http://localhost:11434/v1").run()
    assert not app.exception
    return app


def ask(app: AppTest, *facets: Facet) -> None:
    """Put questions into the table, as typing does, which AppTest cannot."""
    app.session_state["question_rows"] = question_rows(facets)
    app.session_state["question_edition"] = app.session_state.get("question_edition", 0) + 1


def start(app: AppTest) -> None:
    app.checkbox("consent").check().run()
    app.button("start_run").click().run()


def said(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*app.warning, *app.error)).replace("\\", "")


def shown(app: AppTest) -> set[str | None]:
    return {one.key for one in (*app.selectbox, *app.button)}


def test_a_ready_facet_is_one_click_and_then_shown_as_added(
    open_page: OpenPage, upload_id: str, started: list[RunConfig]
) -> None:
    app = asking(open_page, upload_id, TONE)
    for facet in READY_FACETS:
        assert not app.button(f"add_{facet.name}").disabled
        app.button(f"add_{facet.name}").click().run()
        assert app.button(f"add_{facet.name}").disabled
    start(app)

    assert started[0].facets == (TONE, *READY_FACETS)
    assert (started[0].screen, started[0].cluster_by) == (None, "summary")


def test_a_row_that_cannot_be_asked_is_said_and_nothing_starts(
    open_page: OpenPage, upload_id: str, started: list[RunConfig]
) -> None:
    app = asking(open_page, upload_id)
    ask(app, TONE, TONE)
    app.run()
    assert "Question 2: the name 'tone' is taken already" in said(app)
    start(app)

    assert started == []


def test_a_yes_no_question_can_choose_the_conversations(
    open_page: OpenPage, upload_id: str, started: list[RunConfig]
) -> None:
    app = asking(open_page, upload_id, TONE)
    assert "screen" not in shown(app)
    ask(app, TONE, AT_WORK)
    app.run()
    assert app.selectbox("screen").options == ["All conversations", "“at_work”"]
    app.selectbox("screen").set_value("at_work").run()
    start(app)

    assert started[0].screen == "at_work"


def test_text_answers_can_be_what_conversations_are_grouped_by(
    open_page: OpenPage, upload_id: str, started: list[RunConfig]
) -> None:
    app = asking(open_page, upload_id, TONE, AT_WORK)
    assert len(app.selectbox("cluster_by").options) == 5
    app.selectbox("cluster_by").set_value("tone").run()
    start(app)

    assert started[0].cluster_by == "tone"


@pytest.mark.parametrize(
    ("key", "chosen", "neutral"), [("cluster_by", "tone", "summary"), ("screen", "at_work", "")]
)
def test_a_choice_whose_question_is_gone_is_said_and_not_dropped(
    open_page: OpenPage, upload_id: str, key: str, chosen: str, neutral: str
) -> None:
    app = asking(open_page, upload_id, TONE, AT_WORK)
    app.selectbox(key).set_value(chosen).run()
    ask(app)
    app.run()

    assert f"'{chosen}'" in said(app)
    assert "(no longer asked)" in app.selectbox(key).options[-1]
    assert "start_run" not in shown(app)
    app.selectbox(key).set_value(neutral).run()
    assert said(app) == ""
    assert "start_run" in shown(app)


def test_offline_the_texts_that_rules_write_can_be_grouped_by(
    open_page: OpenPage, upload_id: str, started: list[RunConfig]
) -> None:
    app = open_page("pipeline", input=upload_id)
    assert len(app.selectbox("cluster_by").options) == 4
    assert not {"screen", "add_concern"} & shown(app)
    app.selectbox("cluster_by").set_value("task").run()
    app.button("start_run").click().run()

    assert (started[0].engine, started[0].cluster_by) == ("offline", "task")


def test_the_settings_of_an_earlier_run_come_back(
    open_page: OpenPage, upload_id: str, workspace: Workspace, started: list[RunConfig]
) -> None:
    earlier = RunConfig(
        engine="openai",
        base_url="http://localhost:11434/v1",
        facets=(*READY_FACETS, TONE, AT_WORK),
        cluster_by="tone",
        screen="at_work",
    )
    run_id = new_id()
    (workspace.runs / run_id).mkdir(parents=True)
    (workspace.runs / run_id / "config.json").write_text(earlier.model_dump_json(), "utf-8")
    app = open_page("pipeline", input=upload_id, like=run_id)
    start(app)

    assert started[0].facets == earlier.facets
    assert (started[0].cluster_by, started[0].screen) == ("tone", "at_work")


def test_questions_and_choices_stay_when_another_page_is_visited(
    open_page: OpenPage, upload_id: str, started: list[RunConfig]
) -> None:
    app = asking(open_page, upload_id, TONE, AT_WORK)
    app.button("add_concern").click().run()
    app.selectbox("screen").set_value("at_work").run()
    app.selectbox("cluster_by").set_value("tone").run()
    app.switch_page("pages/data.py").run()
    app.switch_page("pages/pipeline.py").run()
    start(app)

    assert [facet.name for facet in started[0].facets] == ["tone", "at_work", "concern"]
    assert (started[0].cluster_by, started[0].screen) == ("tone", "at_work")
