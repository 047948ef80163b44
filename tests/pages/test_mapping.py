import io
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kura_core.run.uploads import save_upload
from kura_core.run.workspace import Workspace
from tests.pages.conftest import OpenPage

HEADER = "nr;wer;wortlaut;wann;notiz"
NOTE = "the customer was called back by the team in Hamburg"
ROWS = [
    f"T1;kunde;Where is my signed contract?;2026-03-01 09:00;{NOTE} at nine",
    f"T1;bot;I cannot find it in your workspace.;2026-03-01 09:01;{NOTE} at ten",
    f"T2;kunde;How do I export the report?;2026-03-02 09:00;{NOTE} at noon",
    f"T2;bot;Done, the report was exported.;2026-03-02 09:01;{NOTE} at two",
    f"T3;kunde;;2026-03-03 09:00;{NOTE} at three",
]
UNKNOWN = "\n".join([HEADER, *ROWS]).encode()
CHOICE = {"text": "wortlaut", "role": "wer", "conversation_id": "nr", "created_at": "wann"}


def upload(workspace: Workspace, content: bytes = UNKNOWN, name: str = "tickets.csv") -> str:
    return save_upload(workspace, name, io.BytesIO(content)).upload_id


def words(app: AppTest) -> str:
    kinds = (app.subheader, app.text, app.markdown, app.caption, app.error, app.warning)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def choose(app: AppTest, upload_id: str, choice: dict[str, str]) -> AppTest:
    for field, column in choice.items():
        app.selectbox(f"column-{upload_id}-message rows-{field}").set_value(column)
    return app.run()


def test_a_file_whose_columns_cannot_be_told_asks_which_is_which(
    open_page: OpenPage, workspace: Workspace
) -> None:
    upload_id = upload(workspace)
    app = open_page("data", input=upload_id)

    assert "Which column is which?" in words(app)
    assert app.dataframe[0].value["Column"].tolist() == ["nr", "wer", "wortlaut", "wann", "notiz"]
    assert "signed contract" in app.dataframe[0].value["First values"].tolist()[2]
    chosen = {
        field: app.selectbox(f"column-{upload_id}-message rows-{field}").value
        for field in ("text", "role", "conversation_id")
    }
    assert chosen == {field: CHOICE[field] for field in chosen}
    assert not app.button("use_columns").disabled
    assert "to_pipeline" not in {button.key for button in app.button}


def test_a_choice_is_previewed_used_and_said(open_page: OpenPage, workspace: Workspace) -> None:
    upload_id = upload(workspace)
    app = choose(open_page("data", input=upload_id), upload_id, CHOICE)

    assert "**2 conversations** in the first 5 rows" in words(app)
    shown = app.dataframe[1].value
    assert shown["user"].tolist() == ["Where is my signed contract?", "How do I export the report?"]
    assert shown["assistant"].tolist()[1] == "Done, the report was exported."
    assert app.dataframe[2].value["Row"].tolist() == [6]

    app.button("use_columns").click().run()

    assert {metric.label: metric.value for metric in app.metric}["Ready to use"] == "2"
    assert "Columns as you chose them" in words(app)


def test_a_wrong_choice_says_what_is_wrong_and_cannot_be_used(
    open_page: OpenPage, workspace: Workspace
) -> None:
    upload_id = upload(workspace)
    app = choose(open_page("data", input=upload_id), upload_id, {**CHOICE, "role": "nr"})
    assert "chosen twice" in words(app)

    app = choose(app, upload_id, {**CHOICE, "role": "wann", "created_at": "wer"})

    assert "none of which is known" in words(app)
    assert app.button("use_columns").disabled


def test_a_choice_holds_for_the_next_file_of_the_shape_until_it_is_forgotten(
    open_page: OpenPage, workspace: Workspace
) -> None:
    first = upload(workspace)
    choose(open_page("data", input=first), first, CHOICE).button("use_columns").click().run()

    second = upload(workspace, name="later.csv")
    app = open_page("data", input=second)
    assert "as you set them for an earlier file of this shape" in words(app)

    app.button("change_columns").click().run()
    assert app.selectbox(f"column-{second}-message rows-text").value == "wortlaut"
    app.button("forget_columns").click().run()

    assert "Which column is which?" in words(app)


def test_a_file_that_was_recognised_can_be_read_otherwise(
    open_page: OpenPage, workspace: Workspace
) -> None:
    content = b"prompt,response,note\nfind it,done,where is it?\nsend it,sent,who sent it?\n"
    upload_id = upload(workspace, content, "logs.csv")
    app = open_page("data", input=upload_id)
    app.button("change_columns").click().run()
    key = f"column-{upload_id}-exchanges-prompt"
    assert app.selectbox(key).value == "prompt"

    app.selectbox(key).set_value("note").run()
    app.button("use_columns").click().run()

    firsts = app.dataframe[-1].value["first"].tolist()
    assert sorted(firsts) == ["where is it?", "who sent it?"]


def test_the_columns_chosen_are_part_of_the_settings_of_a_run(
    open_page: OpenPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = upload(workspace)
    app = choose(open_page("data", input=upload_id), upload_id, CHOICE)
    app.button("use_columns").click().run()
    asked: list[Any] = []

    def start(workspace: Workspace, path: Any, config: Any, **more: Any) -> str:
        asked.append(config)
        return "0123456789abcdef"

    monkeypatch.setattr("pages.panels.settings.start_run", start)
    app = open_page("pipeline", input=upload_id)
    app.button("start_run").click().run()

    assert asked[0].columns == CHOICE
