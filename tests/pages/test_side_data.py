"""Your data: uploading ratings and users to a run, and taking them away again."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kura_core.run.side.tables import FOLDER, attached, chosen_feedback
from kura_core.run.workspace import SAMPLE, Workspace
from tests.pages.conftest import OpenPage

RATINGS = "chat,thumbs_up,stars,at\nc001,0,2,2026-01-02\nc001,1,5,2026-01-01\nc002,1,4,\nx9,1,3,\n"
USERS = "user_id,plan\nu1,pro\nu2,free\n"


def upload(app: AppTest, place: int, name: str, content: str | bytes) -> AppTest:
    data = content if isinstance(content, bytes) else content.encode()
    app.file_uploader[place].set_value((name, data, "text/csv")).run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(text.value for text in app.text)


@pytest.fixture
def page(open_page: OpenPage, finished_run: str) -> AppTest:
    return open_page("insights", run=finished_run, view="data")


@pytest.fixture
def folder(workspace: Workspace, finished_run: str) -> Path:
    return workspace.runs / finished_run


def test_the_page_says_what_to_add_and_that_it_stays_here(page: AppTest) -> None:
    captions = " ".join(caption.value for caption in page.caption)
    assert "nothing of them is sent to a language model" in captions
    assert len(page.file_uploader) == 2


def test_a_table_is_matched_shown_and_kept(page: AppTest, folder: Path) -> None:
    app = upload(page, 0, "ratings.csv", RATINGS)
    assert "ratings.csv: 3 of 4 rows belong to conversations of this run" in said(app)
    assert "for example: x9" in said(app)
    assert attached(folder) == {}
    app = press(app, "Use this table")

    assert attached(folder)["feedback"].key == "chat"
    assert len(app.file_uploader) == 1
    assert "2 of 60 conversations have one" in said(app)
    assert any("1 of 2 rated conversations" in caption.value for caption in app.caption)


def test_several_rows_of_a_conversation_count_as_chosen(page: AppTest, folder: Path) -> None:
    app = press(upload(page, 0, "ratings.csv", RATINGS), "Use this table")
    app.selectbox(key="side_many-feedback").set_value("first").run()

    assert attached(folder)["feedback"].many == "first"
    assert "the first of them counts" in said(app)
    assert any("0 of 2 rated conversations" in caption.value for caption in app.caption)


def test_another_column_can_be_the_rating(page: AppTest, folder: Path) -> None:
    app = press(upload(page, 0, "ratings.csv", RATINGS), "Use this table")
    app.selectbox(key="side_rating").set_value("feedback_stars").run()

    assert not app.exception
    assert attached(folder)["feedback"].feedback == "stars"
    assert chosen_feedback(folder) is None


def test_a_user_table_is_kept_and_removed(page: AppTest, folder: Path) -> None:
    app = press(upload(page, 1, "users.csv", USERS), "Use this table")
    assert "2 of 17 users have one" in said(app)
    app = press(app, "Remove this table")

    assert attached(folder) == {}
    assert len(app.file_uploader) == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("ratings.csv", "conversation_id,thumbs_up\nq1,1\n", "None of the conversation ids"),
        ("ratings.csv", b"", "is empty"),
        ("ratings.csv", b"%PDF-1.7", "is a PDF"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_the_loader_s_words(
    page: AppTest, folder: Path, name: str, content: str | bytes, sentence: str
) -> None:
    app = upload(page, 0, name, content)

    assert sentence in app.error[0].value.replace("\\", "")
    assert "Use this table" not in {button.label for button in app.button}
    assert attached(folder) == {}


def test_where_no_name_tells_the_key_is_chosen_by_hand(page: AppTest, folder: Path) -> None:
    rows = "".join(f"q{n},1\n" for n in range(9))
    app = upload(page, 0, "ratings.csv", f"ref,thumbs_up\n{rows}c001,0\n")
    assert "No column of ratings.csv" in app.error[0].value.replace("\\", "")
    key = next(box for box in app.selectbox if box.label == "Column with the conversation ids")
    key.set_value("ref").run()

    assert "1 of 10 rows belongs to conversations" in said(app)
    press(app, "Use this table")
    assert attached(folder)["feedback"].key == "ref"


def test_a_damaged_table_can_be_removed(
    open_page: OpenPage, page: AppTest, folder: Path, finished_run: str
) -> None:
    press(upload(page, 1, "users.csv", USERS), "Use this table")
    (folder / FOLDER / "users.parquet").write_bytes(b"torn")
    (folder / "manifest.json").write_text((folder / "manifest.json").read_text() + "\n")
    app = open_page("insights", run=finished_run, view="data")
    assert "is damaged" in app.error[0].value
    app = press(app, "Remove the tables added to this run")

    assert not app.error
    assert attached(folder) == {}


def test_the_sample_s_tables_cannot_be_changed(open_page: OpenPage) -> None:
    app = open_page("insights", run=SAMPLE, view="data")

    assert not app.file_uploader
    assert "The sample comes with its own two tables" in app.info[0].value
    assert "Remove this table" not in {button.label for button in app.button}
