from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from kura_core.run.workspace import Workspace
from tests.pages.conftest import OpenPage
from tests.pages.judged_run import add_judged_run


def words(app) -> str:
    shown = [*app.text, *app.markdown, *app.caption, *app.subheader, *app.header]
    return "\n".join(str(element.value) for element in shown)


def ranking(app) -> pd.DataFrame:
    return app.dataframe[0].value


@pytest.fixture
def run_id(workspace: Workspace) -> str:
    """Everything fails in "Send e-mail", a conversation in four in the others."""
    run_id = add_judged_run(workspace)
    path = workspace.runs / run_id / "tables" / "conversations.parquet"
    frame = pd.read_parquet(path)
    is_bad = frame["cluster_id"] == "aaaa000003"
    is_failed = is_bad | (frame["outcome"] == "not achieved")
    frame["outcome"] = is_failed.map({True: "not achieved", False: "achieved"})
    frame["meta_fee"] = is_bad.map({True: 1.0, False: 100.0})
    frame.to_parquet(path, index=False)
    return run_id


def test_what_to_fix_first_is_said_with_how_sure_it_is(open_page: OpenPage, run_id: str) -> None:
    app = open_page("insights", run=run_id, view="priorities")

    assert "Fix “Send e\\-mail” first" in words(app)
    assert "number 1 of 5" in words(app)
    assert "0% (0–24%) got what was asked for" in words(app)


def test_the_ranking_has_intervals_and_a_link_to_what_is_behind_each_row(
    open_page: OpenPage, run_id: str
) -> None:
    table = ranking(open_page("insights", run=run_id, view="priorities"))
    first = table.iloc[0]

    assert first["Name"] == "Send e-mail"
    assert first["Rank"] == "1"
    assert first["Priority"] == 100
    assert first["Success"].startswith("0% (0–")
    link = urlsplit(first["Evidence"])
    assert link.path == "insights"
    assert parse_qs(link.query) == {
        "run": [run_id],
        "view": ["evidence"],
        "cluster": ["aaaa000003"],
    }
    low, high = (float(end) for end in table.iloc[1]["Range"].split("–"))
    assert low <= table.iloc[1]["Priority"] <= high


def test_an_impact_column_of_the_users_choice_changes_the_order(
    open_page: OpenPage, run_id: str
) -> None:
    app = open_page("insights", run=run_id, view="priorities")
    app.selectbox("insights.impact").set_value("meta_fee").run()

    assert ranking(app)["Name"].iloc[-1] == "Send e-mail"
    assert ranking(app)["Impact"].iloc[0] == 100


def test_weights_change_the_order(open_page: OpenPage, run_id: str) -> None:
    app = open_page("insights", run=run_id, view="priorities")
    app.slider("weight_failure").set_value(0.0).run()

    # All groups are of the same size, so that nothing is left to tell them apart.
    assert set(ranking(app)["Priority"]) == {100.0}


def test_efforts_are_kept_and_move_a_row(open_page: OpenPage, run_id: str) -> None:
    app = open_page("insights", run=run_id, view="priorities")
    app.session_state["priorities.efforts"] = {run_id: {"aaaa000003": 10.0}}
    app.run()

    last = ranking(app).iloc[-1]
    assert (last["Name"], last["Effort"]) == ("Send e-mail", 10.0)


def test_themes_can_be_ranked_too(open_page: OpenPage, run_id: str) -> None:
    app = open_page("insights", run=run_id, view="priorities")
    app.segmented_control("priorities_level").set_value("theme").run()

    assert set(ranking(app)["Name"]) == {"Get help with code", "Find documents", "Send e-mail"}


def test_groups_with_few_judged_are_named_and_not_ranked(
    open_page: OpenPage, workspace: Workspace, run_id: str
) -> None:
    path = workspace.runs / run_id / "tables" / "conversations.parquet"
    frame = pd.read_parquet(path)
    is_quiet = frame["cluster_id"] == "bbbb000010"
    frame.loc[is_quiet, "outcome"] = "cannot tell"
    frame.to_parquet(path, index=False)
    app = open_page("insights", run=run_id, view="priorities")
    last = ranking(app).iloc[-1]

    assert (last["Name"], last["Rank"]) == ("Find signed contracts", "too few to tell")
    assert last["Success"] == "–"
    assert "1 group has fewer than 5 judged conversations" in words(app)


def test_nothing_failing_is_said(open_page: OpenPage, workspace: Workspace, run_id: str) -> None:
    path = workspace.runs / run_id / "tables" / "conversations.parquet"
    pd.read_parquet(path).assign(outcome="achieved").to_parquet(path, index=False)

    assert "Nothing stands out" in words(open_page("insights", run=run_id, view="priorities"))


def test_without_judgements_it_says_how_to_get_them(
    open_page: OpenPage, workspace: Workspace
) -> None:
    run_id = add_judged_run(workspace, judged=False)
    app = open_page("insights", run=run_id, view="priorities")

    assert "not judged" in words(app)
    assert not app.dataframe


def test_the_close_first_of_a_ranking_is_not_called_the_one_to_fix() -> None:
    def page(rank_high: int) -> None:
        import pandas as pd

        from pages.panels.priorities import _draw_first

        first = {"name": "Export files", "rank": 1, "rank_low": 1, "rank_high": rank_high}
        first |= {"priority": 100.0, "judged": 8, "success": 0.5}
        _draw_first(pd.DataFrame([{**first, "success_low": 0.2, "success_high": 0.8}]))

    clear = AppTest.from_function(page, args=(2,)).run()
    assert [head.value for head in clear.subheader] == ["Fix “Export files” first"]
    close = AppTest.from_function(page, args=(7,)).run()
    assert [head.value for head in close.subheader] == [
        "“Export files” comes first, but not clearly"
    ]
