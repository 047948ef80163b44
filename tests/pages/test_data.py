import io
import json

from streamlit.testing.v1 import AppTest

from kura_core.run.uploads import list_uploads, save_upload
from kura_core.run.workspace import Workspace
from tests.pages.conftest import OpenPage

ROWS = [
    {"conversation_id": "b", "messages": [{"role": "user", "content": "find my contract"}]},
    {"conversation_id": "b", "messages": [{"role": "user", "content": "the same id again"}]},
]
LINES = "\n".join([*map(json.dumps, ROWS), "not json"]).encode()


def upload(workspace: Workspace, content: bytes = LINES, name: str = "logs.jsonl") -> str:
    return save_upload(workspace, name, io.BytesIO(content)).upload_id


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_without_files_it_offers_an_upload_and_the_sample(open_page: OpenPage) -> None:
    app = open_page("data")

    assert app.button("use_sample")
    assert len(app.file_uploader) == 1
    assert not app.metric


def test_an_uploaded_file_is_kept_checked_and_shown(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("data")
    app.file_uploader[0].upload("logs.jsonl", LINES, "application/json").run()

    assert [kept.name for kept in list_uploads(workspace)] == ["logs.jsonl"]
    assert metrics(app) == {
        "Rows read": "3",
        "Rejected": "1",
        "Filtered": "1",
        "Ready to use": "1",
    }
    assert app.button("to_pipeline").label == "Continue to pipeline"


def test_every_row_left_out_is_listed_with_its_number_and_reason(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("data", input=upload(workspace))

    table = app.dataframe[0].value
    assert table["Row"].tolist() == [2, 3]
    assert table["What"].tolist() == ["Filtered", "Rejected"]
    assert all(table["Why"])


def test_a_file_of_no_use_says_why_and_does_not_go_on(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("data", input=upload(workspace, b"nothing like json"))

    assert "cannot be used" in app.error[0].value
    assert "to_pipeline" not in {button.key for button in app.button}


def test_a_file_that_is_not_here_is_said(open_page: OpenPage) -> None:
    app = open_page("data", input="0123456789abcdef")

    assert "not here" in app.warning[0].value


def test_a_deleted_file_is_gone_and_the_page_starts_over(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("data", input=upload(workspace))
    app.button("delete_upload").click().run()

    assert not app.exception
    assert not app.warning
    assert list_uploads(workspace) == []
