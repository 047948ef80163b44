import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from kura_core.insights.actions.plan import Plan, what_to_do
from kura_core.run.jobs import list_runs
from kura_core.run.workspace import Workspace
from tests.finished_runs import add_finished_run, write_finished_run
from tests.pages.conftest import OpenPage


def words(app: AppTest) -> str:
    kinds = (app.title, app.header, app.subheader, app.text, app.markdown, app.caption)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


@pytest.fixture
def sample_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_finished_run(tmp_path / "sample-run")
    monkeypatch.setattr("kura_core.sample.finished_run", lambda: folder)
    return folder


def test_a_first_visit_says_what_kura_does_and_offers_two_ways_in(open_page: OpenPage) -> None:
    app = open_page("overview")

    assert "reads your AI product's chat logs" in words(app)
    assert [button.label for button in app.button] == [
        "Explore the sample",
        "Upload your chat logs",
        "Run the sample yourself",
    ]


def test_the_sample_is_one_click_away_and_can_then_be_run(
    open_page: OpenPage, workspace: Workspace, sample_run: Path
) -> None:
    app = open_page("overview")
    app.button("explore_sample").click().run()

    assert app.query_params["run"] == "sample"
    assert "end without a usable answer" in app.title[0].value
    assert {"upload", "run_sample"} <= {button.key for button in app.button}
    assert list_runs(workspace) == []


def test_the_verdict_of_the_sample_is_ready_before_it_is_opened(
    open_page: OpenPage, sample_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = []

    def counted(*given: Any) -> Plan:
        times.append(given)
        return what_to_do(*given)

    monkeypatch.setattr("kura_core.insights.actions.plan.what_to_do", counted)
    app = open_page("overview")
    assert len(times) == 1

    app.button("explore_sample").click().run()
    assert app.query_params["run"] == "sample"
    assert len(times) == 1


def test_the_verdict_comes_first_with_the_words_of_users(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("overview")

    assert app.title[0].value.startswith("Users ")
    links = [element.proto for element in app.get("page_link")]
    quotes = [link for link in links if link.label.startswith("“find my signed contracts")]
    assert quotes
    assert f"run={finished_run}" in quotes[0].query_string
    assert "conversation=c" in quotes[0].query_string


def test_the_first_things_to_do_are_those_of_the_insights_page(
    open_page: OpenPage, finished_run: str
) -> None:
    overview = [element.value for element in open_page("overview").subheader]
    insights = [element.value for element in open_page("insights").subheader]

    assert len(overview) == 3
    assert insights[:3] == [f"{place}. {title}" for place, title in enumerate(overview, start=1)]


def test_from_the_verdict_it_is_one_click_to_the_evidence_and_to_what_to_do(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("overview")

    links = {link.proto.label: link.proto.query_string for link in app.get("page_link")}
    assert "view=actions" in links["See what to do"]
    assert "view=evidence" in links["12 conversations"]
    assert "view=evidence" in links["Read them"]


def test_the_figures_add_up_with_the_table(open_page: OpenPage, finished_run: str) -> None:
    app = open_page("overview", run=finished_run)

    assert {metric.label: metric.value for metric in app.metric} == {
        "Conversations": "60",
        "Users": "17",
        "Themes": "3",
        "End without a usable answer": "30",
    }
    assert "15 of 60 conversations do not tell how they end" in words(app)


def test_the_themes_are_listed_largest_first_with_their_share(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("overview")

    bars = [bar.proto.text for bar in app.get("progress")]
    assert [bar.partition(" (")[0] for bar in bars] == [
        ":gray[24 conversations · 40%",
        ":gray[24 conversations · 40%",
        ":gray[12 conversations · 20%",
    ]
    assert all(re.search(r" \(\d+–\d+%\)\]$", bar) for bar in bars), "no interval"


def test_what_was_left_out_is_said_with_the_reasons(open_page: OpenPage, finished_run: str) -> None:
    app = open_page("overview")

    assert app.expander[0].label == "Left out: 1 failed, 1 filtered, 1 rejected"
    reasons: pd.DataFrame = app.dataframe[0].value
    assert "row 63 is not valid JSON" in reasons["Why"].tolist()


def test_a_run_without_judged_outcomes_times_or_users_is_shown(
    open_page: OpenPage, workspace: Workspace
) -> None:
    run_id = add_finished_run(workspace)
    path = workspace.runs / run_id / "tables" / "conversations.parquet"
    table = pd.read_parquet(path)
    table = table.assign(outcome=None, outcome_quote=None, user_id=None)
    table["created_at"] = pd.Series([pd.NaT] * len(table)).dt.tz_localize("UTC")
    table.to_parquet(path)
    app = open_page("overview")

    assert "no times in the data" in words(app)
    assert "was not judged" in words(app)
    assert {metric.label for metric in app.metric} == {"Conversations", "Themes"}


def test_a_run_deleted_while_it_is_shown_ends_in_a_sentence(
    open_page: OpenPage, workspace: Workspace, finished_run: str
) -> None:
    app = open_page("overview", run=finished_run)
    shutil.rmtree(workspace.runs / finished_run)
    app.run()

    assert not app.exception
    assert "Nothing to show here" in words(app)
