"""The insights page: what to do, what is missing, and the conversations behind every number."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from kura_core.run.workspace import Workspace
from pages.panels.views import PANELS, VIEWS
from tests.finished_runs import add_finished_run
from tests.insights.found_gaps import gaps_of
from tests.pages.conftest import OpenPage

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS, DATES, EMAIL = "bbbb000010", "bbbb000011", "aaaa000003"
CAUSES = {
    CONTRACTS: ("inventory gap", "not indexed", "signed contracts"),
    DATES: ("undetermined", None, None),
    EMAIL: ("capability gap", "action", "send e-mail"),
}
ASKED = {CONTRACTS: "where are my signed contracts", EMAIL: "send this e-mail to the team"}


def words(app: AppTest) -> str:
    kinds = (app.title, app.header, app.subheader, app.text, app.markdown, app.caption, app.warning)
    return "\n".join(str(element.value).replace("\\", "") for kind in kinds for element in kind)


def links(app: AppTest) -> dict[str, dict[str, str]]:
    """The links of a page: their labels, without Markdown, and where they lead."""
    found = [element.proto for element in app.get("page_link")]
    return {
        link.label.replace("\\", ""): {k: v[0] for k, v in parse_qs(link.query_string).items()}
        for link in found
    }


def rewrite(workspace: Workspace, run_id: str, **columns: Any) -> None:
    tables = workspace.runs / run_id / "tables"
    frame = pd.read_parquet(tables / "conversations.parquet").assign(**columns)
    frame.to_parquet(tables / "conversations.parquet")
    gaps_of(frame).to_parquet(tables / "gaps.parquet")


@pytest.fixture
def judged_run(workspace: Workspace) -> str:
    """A finished run whose failures have causes: two gaps, poor answers, and some unknown."""
    run_id = add_finished_run(workspace)
    table = pd.read_parquet(workspace.runs / run_id / "tables" / "conversations.parquet")
    leaf = table["cluster_id"]
    failed = table["outcome"].isin(["not achieved", "partly"])
    told = [CAUSES.get(name, ("answer quality", None, None)) for name in leaf]
    cause, kind, missing = (pd.Series(column, dtype="object") for column in zip(*told, strict=True))
    asked = [ASKED.get(name, f"write code for page {n}") for n, name in enumerate(leaf)]
    rewrite(
        workspace,
        run_id,
        request=asked,
        cause=cause.where(failed),
        gap_kind=kind.where(failed),
        missing=missing.where(failed),
        dissatisfaction=[["gave up"] if bad else [] for bad in failed],
        dissatisfaction_message=2,
        dissatisfaction_quote="everywhere",
        meta_spend=100,
    )
    return run_id


def test_without_a_run_it_says_what_to_do(open_page: OpenPage) -> None:
    app = open_page("insights")

    assert "no finished run yet" in words(app)
    assert {"insights_sample", "insights_upload"} <= {button.key for button in app.button}


def test_every_view_has_a_panel_to_be_drawn_by() -> None:
    assert set(VIEWS) <= set(PANELS)
    for module, function in PANELS.values():
        source = (ROOT / "pages" / "panels" / f"{module}.py").read_text("utf-8")
        assert f"def {function}(shown: Shown, joined: JoinedRun) -> None:" in source


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_can_be_linked_to(open_page: OpenPage, judged_run: str, view: str) -> None:
    app = open_page("insights", run=judged_run, view=view)

    assert app.segmented_control("insights.view").value == view
    assert app.query_params["view"] == view


def test_another_view_is_one_click_away_and_then_in_the_link(
    open_page: OpenPage, judged_run: str
) -> None:
    app = open_page("insights", run=judged_run, view="evidence", gap="signed-contracts")
    app.segmented_control("insights.view").set_value("missing").run()

    assert not app.exception
    assert app.query_params == {"run": judged_run, "view": "missing"}
    assert "Capability gaps: build it" in words(app)


def test_an_unknown_view_is_the_first_one(open_page: OpenPage, judged_run: str) -> None:
    app = open_page("insights", run=judged_run, view="nonsense")

    assert app.segmented_control("insights.view").value == "actions"


def test_what_to_do_comes_first_with_every_number_a_link(
    open_page: OpenPage, judged_run: str
) -> None:
    app = open_page("insights", run=judged_run)

    assert "Index signed contracts" in words(app)
    assert "Build: send e-mail" in words(app)
    found = links(app)
    assert found["12 conversations"]["view"] == "evidence"
    assert any(link.get("outcome") == "failed" for link in found.values())
    assert "Judged by rules from the transcripts alone" in words(app)
    assert "15 of 60 conversations do not tell how they end" in words(app)


def test_each_action_has_three_starter_prompts_and_a_line_for_users(
    open_page: OpenPage, judged_run: str
) -> None:
    app = open_page("insights", run=judged_run)

    actions = len(app.subheader)
    copied = [block.value for block in app.code]
    assert len(copied) == 4 * actions + 1
    assert copied[-1].startswith("# What to do")
    assert "Index signed contracts" in copied[-1]


def test_the_column_users_are_worth_by_can_be_chosen_and_holds_on_other_views(
    open_page: OpenPage, judged_run: str
) -> None:
    app = open_page("insights", run=judged_run, view="missing")
    assert "$1.2K" in links(app), "a column that sounds like money is taken by itself"

    app.selectbox("insights.impact").set_value("").run()
    assert "$" not in "".join(links(app))

    app.segmented_control("insights.view").set_value("actions").run()
    assert "$" not in "".join(links(app))
    assert "the number of users left" in words(app)


def test_the_board_puts_each_gap_in_its_bucket_and_names_what_is_in_none(
    open_page: OpenPage, judged_run: str
) -> None:
    app = open_page("insights", run=judged_run, view="missing")

    build, index = app.columns[0], app.columns[1]
    assert [gap.value for gap in build.subheader] == ["Send e\\-mail"]
    assert [gap.value for gap in index.subheader] == ["Signed contracts"]
    assert "6 of 30 failures cannot be put in a bucket" in words(app)
    found = links(app)
    assert found["Read the 6 undetermined failures"]["cause"] == "undetermined"
    assert found["12 failures: they could be answered, but the answers did not help"]["cause"] == (
        "answer quality"
    )


def test_evidence_lists_the_conversations_that_were_counted_and_leads_back(
    open_page: OpenPage, judged_run: str
) -> None:
    app = open_page("insights", run=judged_run, view="missing")
    number = links(app)["12 failures: they could be answered, but the answers did not help"]
    app = open_page("insights", **number)

    assert "because of a poor answer" in words(app)
    assert "12 conversations · 12 users" in words(app)
    assert len([b for b in app.button if (b.key or "").startswith("read-")]) == 8
    assert links(app)["Missing things"]["view"] == "missing"
    assert app.segmented_control("insights.view").value is None


@pytest.mark.parametrize(
    "query", [{"gap": "nothing"}, {"cluster": "ffffffffff"}, {"outcome": "lost"}]
)
def test_evidence_that_is_not_there_is_said_with_a_way_back(
    open_page: OpenPage, judged_run: str, query: dict[str, str]
) -> None:
    app = open_page("insights", run=judged_run, view="evidence", **query)

    assert "in this link" in app.warning[0].value
    assert "What to do" in links(app)


def test_evidence_without_conversations_says_so(open_page: OpenPage, judged_run: str) -> None:
    app = open_page("insights", run=judged_run, view="evidence", user="nobody")

    assert "No conversation of this run is like that." in words(app)


@pytest.mark.parametrize("view", ["actions", "missing"])
def test_a_run_that_was_not_judged_says_what_to_do(
    open_page: OpenPage, workspace: Workspace, finished_run: str, view: str
) -> None:
    rewrite(workspace, finished_run, outcome=None)
    app = open_page("insights", view=view)

    assert "was not judged in this run" in words(app)
    assert "judge_again" in {button.key for button in app.button}


def test_a_link_to_failures_of_a_run_that_was_not_judged_says_so(
    open_page: OpenPage, workspace: Workspace, finished_run: str
) -> None:
    rewrite(workspace, finished_run, outcome=None)
    app = open_page("insights", view="evidence", outcome="failed")

    assert "was not judged in this run" in words(app)


def test_a_run_without_failures_says_so_on_both_views(
    open_page: OpenPage, workspace: Workspace, finished_run: str
) -> None:
    rewrite(workspace, finished_run, outcome="achieved")

    assert "none ends without a usable answer" in words(open_page("insights"))
    assert "ends without a usable answer" in words(open_page("insights", view="missing"))


def test_a_run_that_is_not_in_the_workspace_is_said_with_a_way_on(open_page: OpenPage) -> None:
    app = open_page("insights", run="0123456789abcdef")

    assert "gone_runs" in {button.key for button in app.button}


def test_what_users_wrote_is_text_not_markup(open_page: OpenPage, workspace: Workspace) -> None:
    run_id = add_finished_run(workspace, text="<b>x</b> :red[y] [z](http://z) `w` $v$")
    app = open_page("insights", run=run_id)

    quoted = [label for label in links(app) if "red[y]" in label]
    assert quoted
    raw = [link.proto.label for link in app.get("page_link") if "red" in link.proto.label]
    assert all("\\[y\\]" in label and "\\<b\\>" in label for label in raw)


def test_a_transcript_shows_what_was_judged_and_by_which_words(
    open_page: OpenPage, judged_run: str
) -> None:
    app = open_page("explore", run=judged_run, conversation="c024")

    said = words(app)
    assert "**Outcome:** not achieved" in said or "**Outcome:** partly" in said
    assert "**Cause:** inventory gap (not indexed)" in said
    assert "**Missing:** signed contracts" in said
    assert "Dissatisfaction shows here — “everywhere”" in said
    assert "**Dissatisfaction:** the user gave up" in said
    assert "Judged by this message" in said


def test_another_run_is_shown_in_the_view_that_evidence_was_opened_from(
    open_page: OpenPage, judged_run: str, finished_run: str
) -> None:
    query = {"view": "evidence", "from": "missing", "gap": "signed-contracts", "outcome": "failed"}
    app = open_page("insights", run=judged_run, **query)
    app.selectbox("run_picker").set_value(finished_run).run()

    assert not app.exception
    assert app.query_params == {"run": finished_run, "view": "missing"}
