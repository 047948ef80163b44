import pandas as pd
from streamlit.testing.v1 import AppTest

from kura_core.run.workspace import Workspace
from tests.finished_runs import add_finished_run
from tests.pages.conftest import OpenPage

LEAF = "bbbb000010"
COLOUR = "explore.colour"


def words(app) -> str:
    shown = [*app.text, *app.markdown, *app.caption, *app.title, *app.header, *app.warning]
    return "\n".join(str(element.value) for element in shown)


def test_without_a_run_it_says_what_to_do(open_page: OpenPage) -> None:
    app = open_page("explore")

    assert "no finished run yet" in words(app)
    assert {"explore_sample", "explore_upload"} <= {button.key for button in app.button}


def test_the_tree_shows_the_themes_first_and_opens_one_when_chosen(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("explore", run=finished_run)
    assert not [button for button in app.button if "tree-1" in (button.key or "")]

    app.button("tree-0-aaaa000002").click().run()

    assert app.query_params["cluster"] == "aaaa000002"
    assert "Find documents" in [header.value for header in app.header]
    assert app.button(f"tree-1-{LEAF}").label.startswith("Find signed contracts")
    assert "24 conversations (40% of all) · 17 users" in words(app)


def test_a_link_to_a_cluster_shows_its_description_and_members(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("explore", run=finished_run, cluster=LEAF)

    assert [header.value for header in app.header] == ["Find signed contracts"]
    assert "They find signed contracts." in words(app)
    assert len([b for b in app.button if (b.key or "").startswith("read-")]) == 8


def test_members_can_be_narrowed_to_those_left_without_an_answer(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("explore", run=finished_run, cluster=LEAF)
    app.segmented_control(f"outcome-{LEAF}").set_value("not achieved").run()

    assert len([b for b in app.button if (b.key or "").startswith("read-")]) == 3


def test_a_cluster_that_is_not_in_the_run_is_said_and_everything_shown(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("explore", run=finished_run, cluster="ffffffffff")

    assert "not part of this run" in words(app)
    assert "All conversations" in [header.value for header in app.header]


def test_a_run_that_is_not_in_the_workspace_is_said_with_a_way_on(open_page: OpenPage) -> None:
    app = open_page("explore", run="0123456789abcdef")

    assert "no run “0123456789abcdef” in this workspace" in words(app)
    assert "gone_runs" in {button.key for button in app.button}


def test_what_users_wrote_is_text_not_markup(open_page: OpenPage, workspace: Workspace) -> None:
    run_id = add_finished_run(workspace, text="<b>x</b> :red[y] [z](http://z) `w` $v$")
    app = open_page("explore", run=run_id, cluster=LEAF)

    summaries = [text.value for text in app.text if "<b>x</b> :red[y]" in str(text.value)]
    assert len(summaries) == 8
    assert not [m for m in app.markdown if "<b>x" in str(m.value)]


def colours(app: AppTest) -> list[str]:
    return list(app.selectbox(COLOUR).options)


def keys(app: AppTest) -> list[str]:
    return [chart.proto.id for chart in app.get("vega_lite_chart")]


def test_the_map_can_be_coloured_by_what_is_known_of_each_conversation(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("explore", run=add_finished_run(workspace, asked=True), cluster=LEAF)
    assert colours(app) == [
        *("Theme", "Language", "Frustration (1–5)", "Outcome"),
        *("Task type", "Urgent", "Files", "Tools", "Missing file"),
    ]

    app.selectbox(COLOUR).set_value("facet_tools").run()
    assert not app.exception
    assert app.query_params["colour"] == "facet_tools"
    assert app.query_params["cluster"] == LEAF
    app.selectbox(COLOUR).set_value("theme").run()
    assert "colour" not in app.query_params


def test_a_link_shows_its_colour(open_page: OpenPage, workspace: Workspace) -> None:
    run_id = add_finished_run(workspace, asked=True)
    app = open_page("explore", run=run_id, colour="facet_urgent")

    assert app.selectbox(COLOUR).value == "facet_urgent"
    assert not app.warning


def test_a_colour_that_the_run_does_not_know_is_said_and_themes_are_shown(
    open_page: OpenPage, finished_run: str
) -> None:
    app = open_page("explore", run=finished_run, colour="facet_urgent")

    assert "is not known in this run" in words(app)
    assert app.selectbox(COLOUR).value == "theme"


def test_only_what_is_known_can_be_chosen(open_page: OpenPage, finished_run: str) -> None:
    app = open_page("explore", run=finished_run)

    assert colours(app) == ["Theme", "Language", "Frustration (1–5)", "Outcome"]


def test_an_older_run_without_judgements_or_facets_shows_the_themes(
    open_page: OpenPage, finished_run: str, workspace: Workspace
) -> None:
    path = workspace.runs / finished_run / "tables" / "conversations.parquet"
    known = ["language", "frustration", "concern"]
    table = pd.read_parquet(path).filter(regex="^(?!outcome)").drop(columns=known)
    table.to_parquet(path, index=False)
    app = open_page("explore", run=finished_run, cluster=LEAF)

    assert COLOUR not in {box.key for box in app.selectbox}
    assert "They find signed contracts." in words(app)
    assert len(keys(app)) == 1


def test_a_cluster_is_broken_down_by_every_facet(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("explore", run=add_finished_run(workspace, asked=True), cluster=LEAF)
    assert "What these conversations are" in {panel.label for panel in app.expander}
    assert "**Task type**" in words(app)
    assert "10 of 12 known · mean 29.0" in words(app)
    assert "Missing file: 10 of 12 conversations" in words(app)
    assert "**Outcome**" not in words(app)

    app.button("breakdown_all").click().run()
    assert "**Outcome**" in words(app)
    assert "breakdown_all" not in {button.key for button in app.button}


def test_the_chosen_colour_is_broken_down_first(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("explore", run=add_finished_run(workspace, asked=True), colour="outcome")

    titles = [text.value for text in app.markdown if str(text.value).startswith("**")]
    assert titles[:2] == ["**Outcome**", "**Task type**"]


def test_so_few_answers_that_they_say_nothing_are_said(
    open_page: OpenPage, workspace: Workspace
) -> None:
    run_id = add_finished_run(workspace, asked=True)
    path = workspace.runs / run_id / "tables" / "conversations.parquet"
    table = pd.read_parquet(path)
    inside = table["cluster_id"] == LEAF
    table.loc[table[inside].index[3:], "facet_task_type"] = None
    table.to_parquet(path, index=False)
    app = open_page("explore", run=run_id, cluster=LEAF)

    assert "3 of 12 known · too few to tell" in words(app)


def test_a_question_is_shown_as_it_was_written(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("explore", run=add_finished_run(workspace, asked=True))

    (said,) = [text for text in app.markdown if str(text.value).startswith("Missing file:")]
    assert r"\<file\>" in said.help
    assert ":red[" not in said.help
