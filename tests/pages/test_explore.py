from kura_core.run.workspace import Workspace
from tests.finished_runs import add_finished_run
from tests.pages.conftest import OpenPage

LEAF = "bbbb000010"


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
