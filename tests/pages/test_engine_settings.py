import io
import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kura_core.engines.connection import Connection
from kura_core.engines.providers import DEFAULT_MODELS
from kura_core.run.uploads import save_upload
from kura_core.run.workspace import Workspace, browser_workspace, new_secret
from tests.pages.conftest import OpenPage

KEY = "sk-typed-in-a-test-0123456789"


def conversation(number: int) -> str:
    messages = [{"role": "user", "content": f"Where is the contract number {number}?"}]
    return json.dumps({"conversation_id": f"c{number}", "messages": messages})


def upload(workspace: Workspace, count: int = 250) -> str:
    content = "\n".join(map(conversation, range(count))).encode()
    return save_upload(workspace, "logs.jsonl", io.BytesIO(content)).upload_id


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What runs were started with, instead of starting them."""
    asked: list[dict[str, Any]] = []

    def start(workspace: Workspace, path: Path, config: Any, **more: Any) -> str:
        asked.append({"config": config, **more})
        return "0123456789abcdef"

    monkeypatch.setattr("pages.panels.settings.start_run", start)
    return asked


def with_engine(open_page: OpenPage, upload_id: str, engine: str = "openai") -> AppTest:
    app = open_page("pipeline", input=upload_id)
    app.radio("engine").set_value(engine).run()
    assert not app.exception
    return app


def with_prompt(app: AppTest, name: str) -> AppTest:
    """Open the prompts at one of them."""
    if "prompt_shown" in {control.key for control in app.segmented_control}:
        app.segmented_control("prompt_shown").set_value(name)
    else:
        app.session_state["prompts"] = True
        app.session_state["prompt_shown"] = name
    app.run()
    assert f"prompt_{name}" in {area.key for area in app.text_area}
    return app


def shown_prompts(app: AppTest) -> set[str]:
    """The prompts that can be chosen to be changed, by their titles in lower case."""
    with_prompt(app, "summary")
    return {title.lower().rstrip("s") for title in app.segmented_control("prompt_shown").options}


def warnings(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*app.warning, *app.error)).replace("\\", "")


def captions(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in app.caption)


def test_offline_needs_nothing_and_says_that_nothing_leaves(
    open_page: OpenPage, workspace: Workspace, started: list[dict[str, Any]]
) -> None:
    app = open_page("pipeline", input=upload(workspace, 3))
    assert "No text leaves it" in captions(app)
    assert not app.checkbox

    app.button("start_run").click().run()

    assert started[0]["keys"] == {}


def test_without_a_key_or_consent_nothing_starts_and_both_are_asked_for(
    open_page: OpenPage, workspace: Workspace, started: list[dict[str, Any]]
) -> None:
    app = with_engine(open_page, upload(workspace))
    app.button("start_run").click().run()

    assert "A key for OpenAI is needed" in warnings(app)
    assert "agree to what leaves this machine" in warnings(app)
    assert started == []


def test_the_consent_says_what_goes_where_and_is_asked_anew_when_that_changes(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = with_engine(open_page, upload(workspace))
    label = app.checkbox("consent").label.replace("\\", "")
    assert "The redacted text of 250 conversations goes to api.openai.com." in label
    app.checkbox("consent").check().run()
    assert app.checkbox("consent").value

    app.selectbox("redact").set_value("off").run()

    label = app.checkbox("consent").label.replace("\\", "")
    assert label.startswith("The text of 250 conversations")
    assert "with the personal data that is in it" in label
    assert not app.checkbox("consent").value


def test_a_key_reaches_the_run_and_nothing_else(
    open_page: OpenPage, workspace: Workspace, started: list[dict[str, Any]]
) -> None:
    app = with_engine(open_page, upload(workspace))
    app.text_input("key_openai").set_value(KEY).run()
    app.checkbox("consent").check().run()
    app.button("start_run").click().run()

    assert started[0]["keys"] == {"openai": KEY}
    assert started[0]["config"].engine == "openai"
    assert KEY not in str(app.query_params)
    files = [path for path in workspace.home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_asking_for_200_first_is_one_click(
    open_page: OpenPage, workspace: Workspace, started: list[dict[str, Any]]
) -> None:
    app = with_engine(open_page, upload(workspace), "anthropic")
    app.text_input("key_anthropic").set_value(KEY).run()
    app.checkbox("consent").check().run()
    app.button("start_first").click().run()

    assert started[0]["config"].limit == 200
    assert started[0]["name"] == "logs, first 200"


def test_where_there_are_no_more_than_200_no_first_200_are_offered(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = with_engine(open_page, upload(workspace, 200))

    assert "start_first" not in {button.key for button in app.button}


def test_a_server_of_ones_own_needs_no_key(
    open_page: OpenPage, workspace: Workspace, started: list[dict[str, Any]]
) -> None:
    app = with_engine(open_page, upload(workspace, 3))
    app.text_input("base_url").set_value("http://localhost:11434/v1").run()
    assert "goes to localhost" in app.checkbox("consent").label
    app.checkbox("consent").check().run()
    app.button("start_run").click().run()

    assert started[0]["config"].base_url == "http://localhost:11434/v1"
    assert started[0]["keys"] == {}


@pytest.mark.parametrize("ok", [True, False])
def test_the_connection_test_says_in_a_sentence_what_it_found(
    open_page: OpenPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, ok: bool
) -> None:
    seen: list[Any] = []

    async def check(config: Any, key: str | None = None) -> Connection:
        seen.append((config.engine, key))
        return Connection(ok, "So it is.", ("model-a", "model-b"))

    monkeypatch.setattr("kura_core.engines.connection.check_connection", check)
    app = with_engine(open_page, upload(workspace, 3))
    app.text_input("key_openai").set_value(KEY).run()
    app.button("test_connection").click().run()

    shown = app.success if ok else app.error
    assert [one.value.replace("\\", "") for one in shown] == ["So it is."]
    assert seen == [("openai", KEY)]
    assert app.selectbox("model_openai").options == ["model-a", "model-b"]

    app.text_input("key_openai").set_value("another").run()

    assert not app.success
    assert not app.error


def test_a_key_of_the_server_is_used_but_never_shown(
    open_page: OpenPage,
    workspace: Workspace,
    started: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    app = with_engine(open_page, upload(workspace, 3))
    assert "A key is set on this server" in captions(app)
    assert app.text_input("key_openai").value == ""
    app.checkbox("consent").check().run()
    app.button("start_run").click().run()

    assert started[0]["keys"] == {"openai": KEY}


class TestOnAPublicServer:
    @pytest.fixture
    def stranger(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
        own = browser_workspace(workspace.home, new_secret())
        monkeypatch.setattr("pages.panels.browser.open_workspace", lambda: own)
        return own

    def test_a_key_in_the_servers_environment_is_not_offered(
        self, open_page: OpenPage, stranger: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        app = with_engine(open_page, upload(stranger, 3))
        app.checkbox("consent").check().run()
        app.button("start_run").click().run()

        assert "A key is set" not in captions(app)
        assert "A key for OpenAI is needed" in warnings(app)

    def test_a_key_the_operator_offers_goes_to_the_provider_only(
        self, open_page: OpenPage, stranger: Workspace, started: list[dict[str, Any]]
    ) -> None:
        upload_id = upload(stranger, 3)

        def opened() -> AppTest:
            app = open_page("pipeline", input=upload_id)
            app.secrets["OPENAI_API_KEY"] = KEY
            app.radio("engine").set_value("openai").run()
            return app

        app = opened()
        assert "its operator set it for all who use it" in captions(app)
        app.checkbox("consent").check().run()
        app.button("start_run").click().run()
        assert started[0]["keys"] == {"openai": KEY}

        app = opened()
        app.text_input("base_url").set_value("https://collector.example.com/v1").run()
        assert "only goes to the provider itself" in captions(app)
        app.checkbox("consent").check().run()
        app.button("start_run").click().run()
        assert started[1]["keys"] == {}

    def test_an_address_inside_the_servers_network_is_refused(
        self, open_page: OpenPage, stranger: Workspace
    ) -> None:
        app = with_engine(open_page, upload(stranger, 3))
        app.text_input("base_url").set_value("http://127.0.0.1:8000/v1").run()
        app.button("test_connection").click().run()
        assert "inside this server's own network" in warnings(app)

        app.checkbox("consent").check().run()
        app.button("start_run").click().run()
        assert "inside this server's own network" in warnings(app)


def test_a_changed_prompt_is_part_of_the_settings_and_a_wrong_one_is_said(
    open_page: OpenPage, workspace: Workspace, started: list[dict[str, Any]]
) -> None:
    app = with_engine(open_page, upload(workspace, 3), "anthropic")
    app.text_input("key_anthropic").set_value(KEY)
    with_prompt(app, "summary")
    app.text_area("prompt_summary").set_value("Say what they want.").run()
    assert "lacks {conversation}" in warnings(app)
    app.checkbox("consent").check().run()
    app.button("start_run").click().run()
    assert started == []

    app.text_area("prompt_summary").set_value("Say what they want. {conversation}").run()
    app.button("start_run").click().run()

    prompts = started[0]["config"].prompts
    assert prompts.summary == "Say what they want. {conversation}"
    assert prompts.cluster_name is None


def test_a_prompt_goes_back_to_the_built_in_one(open_page: OpenPage, workspace: Workspace) -> None:
    app = with_prompt(with_engine(open_page, upload(workspace, 3)), "theme_name")
    built_in = app.text_area("prompt_theme_name").value
    app.text_area("prompt_theme_name").set_value("{clusters}?").run()
    app.button("built_in_theme_name").click().run()

    assert app.text_area("prompt_theme_name").value == built_in
    assert "built_in_theme_name" not in {button.key for button in app.button}


def test_the_settings_stay_when_another_page_is_visited(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = with_engine(open_page, upload(workspace, 3), "anthropic")
    app.text_input("key_anthropic").set_value(KEY)
    app.number_input("max_top").set_value(4).run()
    app.switch_page("pages/data.py").run()
    app.switch_page("pages/pipeline.py").run()

    assert app.radio("engine").value == "anthropic"
    assert app.text_input("key_anthropic").value == KEY
    assert app.number_input("max_top").value == 4


def test_a_price_is_asked_for_only_where_none_is_known(
    open_page: OpenPage,
    workspace: Workspace,
    started: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = with_engine(open_page, upload(workspace, 3))
    assert "per million tokens read" in captions(app)

    monkeypatch.setitem(DEFAULT_MODELS, "openai", "a-model-nobody-lists")
    app.text_input("base_url").set_value("http://localhost:1/v1").run()
    app.number_input("price_in").set_value(0.5)
    app.number_input("price_out").set_value(2.0).run()
    app.checkbox("consent").check().run()
    app.button("start_run").click().run()

    assert started[0]["config"].price == (0.5, 2.0)


def test_rules_judge_unless_the_language_model_is_asked_to(
    open_page: OpenPage, workspace: Workspace, started: list[dict[str, Any]]
) -> None:
    app = with_engine(open_page, upload(workspace, 3), "anthropic")
    assert "2 or 3 more questions" in app.toggle("judged_by_engine").help
    assert "outcome" not in shown_prompts(app)
    app.text_input("key_anthropic").set_value(KEY).run()
    app.checkbox("consent").check().run()
    app.button("start_run").click().run()
    assert started[0]["config"].judges == "rules"

    app = with_engine(open_page, upload(workspace, 3), "anthropic")
    app.toggle("judged_by_engine").set_value(True)
    app.text_input("key_anthropic").set_value(KEY).run()
    assert not app.exception
    prompt = "{conversation} Any sign?"
    with_prompt(app, "dissatisfaction")
    app.text_area("prompt_dissatisfaction").set_value(prompt).run()
    app.checkbox("consent").check().run()
    app.button("start_run").click().run()
    assert started[1]["config"].judges == "engine"
    assert started[1]["config"].prompts.dissatisfaction == prompt
    assert started[1]["config"].prompts.outcome is None


def test_offline_there_is_nothing_to_choose_but_to_judge_nothing(
    open_page: OpenPage, workspace: Workspace, started: list[dict[str, Any]]
) -> None:
    upload_id = upload(workspace, 3)
    app = open_page("pipeline", input=upload_id)
    assert "judged_by_engine" not in {toggle.key for toggle in app.toggle}
    app.button("start_run").click().run()
    app = open_page("pipeline", input=upload_id)
    app.toggle("judged").set_value(False).run()
    app.button("start_run").click().run()
    assert [one["config"].judges for one in started] == ["rules", "off"]


def test_where_nothing_is_judged_the_language_model_is_not_asked_to(
    open_page: OpenPage, workspace: Workspace, started: list[dict[str, Any]]
) -> None:
    app = with_engine(open_page, upload(workspace, 3), "anthropic")
    app.toggle("judged_by_engine").set_value(True).run()
    app.toggle("judged").set_value(False).run()
    assert app.toggle("judged_by_engine").disabled
    assert "outcome" not in shown_prompts(app)
    app.text_input("key_anthropic").set_value(KEY).run()
    app.checkbox("consent").check().run()
    app.button("start_run").click().run()
    assert started[0]["config"].judges == "off"


def test_a_judge_prompt_without_its_request_is_said(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = with_engine(open_page, upload(workspace, 3))
    app.toggle("judged_by_engine").set_value(True).run()
    assert "outcome" in shown_prompts(app)
    with_prompt(app, "outcome")
    app.text_area("prompt_outcome").set_value("Did it work? {conversation}").run()
    assert "lacks {request}" in warnings(app)
