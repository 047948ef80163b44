import pandas as pd

from kura_core.insights.quadrant_table import COLUMNS
from kura_core.run.side.reading import read_side_table
from kura_core.run.side.tables import attach, known_ids
from kura_core.run.tables import read_tables
from kura_core.run.workspace import Workspace
from pages.panels.silent import groups_as_shown
from tests.pages.conftest import OpenPage
from tests.pages.judged_run import add_judged_run


def words(app) -> str:
    shown = [*app.text, *app.markdown, *app.caption, *app.subheader, *app.header]
    return "\n".join(str(element.value) for element in shown)


def test_without_ratings_every_failure_is_silent_and_it_says_how_to_add_them(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("insights", run=add_judged_run(workspace), view="silent")

    assert "all 30 failed conversations are silent" in words(app)
    assert "Not known without ratings · They said so" in words(app)
    assert "every failure counts as unrated" in words(app)
    assert "Add ratings" in [link.proto.label for link in app.get("page_link")]


def test_every_number_of_the_table_is_a_link_to_its_conversations(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("insights", run=add_judged_run(workspace), view="silent")
    links = {link.proto.label: link.proto.query_string for link in app.get("page_link")}

    polite = next(label for label in links if "polite exit" in label)
    assert polite.startswith("**20** Silent failure")
    assert "view=evidence" in links[polite]
    assert "quadrant=silent+failure%3A+polite+exit" in links[polite]
    assert "15 conversations do not tell how they end" in links


def test_ratings_tell_failures_that_were_reported_apart(
    open_page: OpenPage, workspace: Workspace, tmp_path
) -> None:
    run_id = add_judged_run(workspace)
    folder = workspace.runs / run_id
    tables = read_tables(folder)
    failed = tables.conversations[tables.conversations["outcome"] == "not achieved"]
    rated = tmp_path / "feedback.csv"
    pd.DataFrame({"conversation_id": failed["conversation_id"], "thumbs_up": 0}).to_csv(
        rated, index=False
    )
    attach(folder, read_side_table(rated, "feedback", known_ids("feedback", tables)))
    app = open_page("insights", run=run_id, view="silent")

    assert "No rating shows 15 of 30 failed conversations" in words(app)
    assert "every failure counts as unrated" not in words(app)


def test_groups_are_themes_first_and_base_clusters_on_request(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("insights", run=add_judged_run(workspace), view="silent")
    themes = app.dataframe[0].value
    app.segmented_control("silent_level").set_value("cluster").run()
    leaves = app.dataframe[0].value

    assert set(themes["Name"]) == {"Get help with code", "Find documents", "Send e-mail"}
    assert len(leaves) == 5
    assert themes["Silent failures"].sum() == leaves["Silent failures"].sum() == 30
    app.segmented_control("silent_shows").set_value("Shares with 95% interval").run()
    assert "%" in app.dataframe[0].value["Silent failures"].iloc[0]


def test_users_who_leave_quietly_are_listed_with_the_most_first(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("insights", run=add_judged_run(workspace), view="silent")
    users = app.dataframe[1].value

    assert list(users.columns[:3]) == ["User", "Silent failures", "Conversations"]
    assert users["Silent failures"].is_monotonic_decreasing
    assert users["Silent failures"].sum() == 30


def test_without_user_ids_it_says_what_is_needed(open_page: OpenPage, workspace: Workspace) -> None:
    app = open_page("insights", run=add_judged_run(workspace, users=False), view="silent")

    assert "does not say which conversations are of the same user" in words(app)
    assert len(app.dataframe) == 1


def test_without_judgements_it_says_how_to_get_them(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("insights", run=add_judged_run(workspace, judged=False), view="silent")

    assert "not judged" in words(app)
    assert not app.dataframe


def test_a_group_without_judged_conversations_shows_no_share() -> None:
    row = {"cluster_id": "a", "name": "A", "conversations": 3, "cannot_tell": 0, "not_judged": 3}
    nothing = {"count": 0, "value": float("nan"), "low": float("nan"), "high": float("nan")}
    table = pd.DataFrame([{**row, **nothing, "quadrant": name} for name in COLUMNS])

    assert groups_as_shown(table, shares=True)["Silent failures"].tolist() == ["–"]
    assert groups_as_shown(table, shares=False)["Silent failures"].tolist() == [0]
