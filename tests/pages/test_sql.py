from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from kura_core.insights.sql.saved_queries import list_saved, save_query
from kura_core.insights.sql.starter_queries import STARTERS
from kura_core.run.side.reading import read_side_table
from kura_core.run.side.tables import attach, known_ids
from kura_core.run.tables import read_tables
from kura_core.run.workspace import Workspace, open_run
from tests.insights.sql_runs import write_sql_run
from tests.pages.conftest import OpenPage

QUERY = "sql-text"


def words(app: AppTest) -> str:
    shown = [*app.text, *app.caption, *app.error, *app.warning, *app.code, *app.header]
    return "\n".join(str(element.value) for element in shown).replace("\\", "")


def ask(app: AppTest, query: str) -> AppTest:
    app.text_area(QUERY).set_value(query)
    return app.button("sql_run").click().run()


@pytest.fixture
def rated_run(
    finished_run: str, workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> str:
    folder = open_run(workspace, finished_run)
    files = write_sql_run(tmp_path_factory.mktemp("files"))
    tables = read_tables(folder)
    attach(
        folder,
        read_side_table(files.feedback, "feedback", known_ids("feedback", tables)),
        read_side_table(files.users, "users", known_ids("users", tables)),
    )
    return finished_run


def test_without_a_run_it_says_what_to_do(open_page: OpenPage) -> None:
    app = open_page("sql")

    assert "no finished run yet" in words(app)
    assert {"sql_sample", "sql_upload"} <= {button.key for button in app.button}


def test_the_published_query_is_there_and_runs(open_page: OpenPage, rated_run: str) -> None:
    app = open_page("sql", run=rated_run)
    assert app.text_area(QUERY).value == STARTERS[0].sql

    app.button("sql_run").click().run()

    assert not app.exception
    rows = app.dataframe[-1].value
    assert list(rows)[:2] == ["cluster_id", "cluster_name"]
    assert "5 rows · " in words(app)
    assert "revenue_impact is added up once per conversation" in words(app)

    app.button("sql_once").click().run()
    assert app.text_area(QUERY).value == STARTERS[1].sql
    assert "users" in list(app.dataframe[-1].value)
    assert "added up once per conversation" not in words(app)


def test_a_mistake_is_shown_with_its_place_and_the_page_goes_on(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("sql", run=finished_run)
    ask(app, "SELECT clustername FROM chat_clusters")

    assert "There is no column “clustername”; did you mean cluster_name?" in words(app)
    assert "line 1, column 8:" in words(app)

    ask(app, "SELECT theme_name, COUNT(*) AS n FROM chat_clusters GROUP BY 1 ORDER BY n DESC")
    assert not app.error
    app.segmented_control("sql_view").set_value("Chart").run()
    assert not app.exception
    assert "3 rows · " in words(app)


def test_empty_tables_and_results_are_said(open_page: OpenPage, finished_run: str) -> None:
    app = open_page("sql", run=finished_run)
    app.button("sql_run").click().run()

    assert "The query has no rows." in words(app)
    assert "user_feedback is empty: no ratings are attached" in words(app)


def test_a_starter_query_is_put_into_the_editor_and_run(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("sql", run=finished_run)
    app.selectbox("sql_starter").set_value("silent-failures-by-week").run()

    assert not app.exception
    assert "silent failure%" in str(app.text_area(QUERY).value)
    assert "week" in list(app.dataframe[-1].value)


def test_the_tables_show_their_columns_beside_the_editor(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("sql", run=finished_run)
    app.selectbox("sql_table").set_value("user_metadata").run()

    shown = app.dataframe[0].value
    assert list(shown["Column"]) == ["user_id", "plan", "signup_date", "revenue_impact"]
    assert list(shown["Type"])[-1] == "number"


def test_a_query_is_saved_loaded_renamed_and_deleted(
    open_page: OpenPage, finished_run: str, workspace: Workspace
) -> None:
    save_query(workspace, "Mine", "SELECT 1 AS one")
    app = open_page("sql", run=finished_run)
    app.selectbox("sql_saved").set_value("Mine").run()
    assert app.text_area(QUERY).value == "SELECT 1 AS one"

    app.text_input("sql_save_as").set_value("Copy").run()
    app.button("sql_save").click().run()
    assert list_saved(workspace) == {"Copy": "SELECT 1 AS one", "Mine": "SELECT 1 AS one"}

    app.text_input("sql_rename-Copy").set_value("Mine").run()
    app.button("sql_rename").click().run()
    assert "Another query is saved as “Mine”" in words(app)

    app.button("sql_delete").click().run()
    assert not app.exception
    assert list(list_saved(workspace)) == ["Mine"]


def test_the_last_query_is_kept_while_other_pages_are_looked_at(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("sql", run=finished_run)
    ask(app, "SELECT 42 AS answer")
    app.switch_page("pages/explore.py").run()
    app.switch_page("pages/sql.py").run()

    assert app.text_area(QUERY).value == "SELECT 42 AS answer"
    assert "1 row · " in words(app)
