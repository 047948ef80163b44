import io
import json

import pytest
from streamlit.testing.v1 import AppTest

from kura_core.run.fetches import Fetch
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


def test_a_data_set_is_asked_for_by_name_and_watched(
    open_page: OpenPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str | None, int]] = []

    def start(workspace: Workspace, name: str, split: str | None, limit: int) -> str:
        asked.append((name, split, limit))
        return "0123456789abcdef"

    going = Fetch("0123456789abcdef", "owner/name", 300, 1000, "running")
    monkeypatch.setattr("pages.panels.dataset.start_fetch", start)
    monkeypatch.setattr("pages.panels.dataset.find_fetch", lambda *_: going)
    monkeypatch.setattr("kura_core.run.fetches.find_fetch", lambda *_: going)
    app = open_page("data")
    app.text_input("dataset_name").set_value("owner/name")
    app.text_input("dataset_split").set_value(" test ")
    app.button("fetch_dataset").click().run()

    assert asked == [("owner/name", "test", 1000)]
    bar = app.get("progress")[0].proto
    assert (bar.value, bar.text) == (30, "300 rows :gray[of at most 1,000]")
    assert app.button("cancel_fetch")


def test_what_is_no_name_of_a_data_set_is_said(open_page: OpenPage) -> None:
    app = open_page("data")
    app.text_input("dataset_name").set_value("/etc/passwd")
    app.button("fetch_dataset").click().run()

    assert "OWNER/NAME" in app.error[0].value.replace("\\", "")


def test_a_data_set_that_did_not_come_says_why_and_can_be_dismissed(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = "There is no data set 'owner/name' on the Hugging Face hub."
    failed = Fetch("0123456789abcdef", "owner/name", 0, 1000, "failed", why)
    monkeypatch.setattr("kura_core.run.fetches.find_fetch", lambda *_: failed)
    app = open_page("data", input="0123456789abcdef")

    assert why in [text.value for text in app.text]
    assert app.button("dismiss_fetch")


def test_what_the_conversations_have_is_shown_before_anything_is_spent(
    open_page: OpenPage, workspace: Workspace
) -> None:
    words = [
        "Where is the contract that I signed yesterday?",
        "Wo ist denn mein Vertrag geblieben?",
    ]
    rows = [
        {
            "conversation_id": f"c{number}",
            "user_id": f"u{number}" if number < 3 else None,
            "messages": [{"role": "user", "content": words[number % 2]}],
            "metadata": {"plan": "team"},
        }
        for number in range(4)
    ]
    app = open_page("data", input=upload(workspace, "\n".join(map(json.dumps, rows)).encode()))

    shown = [bar.proto.text for bar in app.get("progress")]
    assert "A user :gray[3 · 75%]" in shown
    assert "A time :gray[without times there are no trends]" in shown
    assert {"English :gray[50%]", "German :gray[50%]"} <= set(shown)
    assert app.expander[0].label == "1 other column kept with the conversations"
    assert "50 % of these conversations are not in English" in app.info[0].value.replace("\\", "")
    lengths = app.table[0].value
    assert lengths.loc["Messages"].tolist() == ["1", "1", "1"]
