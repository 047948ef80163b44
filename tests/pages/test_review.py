import pytest

from kura_core.insights.join_run import join_run
from kura_core.insights.review.marks import Mark, add_mark, judged_as, new_mark, read_marks
from kura_core.insights.review.sample import draw_review_sample
from kura_core.run.tables import read_tables
from kura_core.run.workspace import SAMPLE, Workspace
from pages.panels.review import highlighted
from tests.pages.conftest import OpenPage
from tests.pages.judged_run import add_judged_run


def words(app) -> str:
    shown = [*app.text, *app.markdown, *app.caption, *app.subheader, *app.header, *app.error]
    return "\n".join(str(element.value) for element in shown)


@pytest.fixture
def run_id(workspace: Workspace) -> str:
    return add_judged_run(workspace)


@pytest.fixture
def marks(workspace: Workspace, run_id: str):
    def read() -> list[Mark]:
        return read_marks(workspace.runs / run_id / "review.json")

    return read


def keys(app) -> set[str]:
    return {button.key for button in app.button}


def test_one_conversation_is_shown_with_its_judgement_and_what_it_rests_on(
    open_page: OpenPage, run_id: str
) -> None:
    app = open_page("insights", run=run_id, view="review")

    assert "The judge says" in words(app)
    assert "Is that how it ended?" in words(app)
    assert {"review_right", "review_wrong", "review_skip"} <= keys(app)
    assert "review_undo" not in keys(app)


def test_right_to_both_questions_keeps_a_mark_and_goes_on(
    open_page: OpenPage, run_id: str, marks
) -> None:
    app = open_page("insights", run=run_id, view="review")
    app.button("review_right").click().run()
    assert marks() == []
    assert "Is that so?" in words(app)
    app.button("review_right").click().run()

    (mark,) = marks()
    assert (mark.outcome, mark.should_be, mark.dissatisfaction) == ("right", None, "right")
    assert mark.shown.outcome in {"achieved", "partly", "not achieved", "cannot tell"}
    assert "Is that how it ended?" in words(app)
    assert "1 judgement" in words(app)


def test_wrong_asks_what_it_should_have_been(open_page: OpenPage, run_id: str, marks) -> None:
    app = open_page("insights", run=run_id, view="review")
    app.button("review_wrong").click().run()
    assert "What should it have been?" in words(app)
    options = keys(app) & {
        "review_achieved",
        "review_partly",
        "review_not_achieved",
        "review_cannot_tell",
    }
    assert len(options) == 3
    chosen = sorted(options)[0]
    app.button(chosen).click().run()
    app.button("review_wrong").click().run()

    (mark,) = marks()
    assert (mark.outcome, mark.dissatisfaction) == ("wrong", "wrong")
    assert mark.should_be == chosen.removeprefix("review_").replace("_", " ")


def test_what_it_should_have_been_can_be_left_open(open_page: OpenPage, run_id: str, marks) -> None:
    app = open_page("insights", run=run_id, view="review")
    app.button("review_wrong").click().run()
    app.button("review_skip").click().run()
    app.button("review_right").click().run()

    assert (marks()[0].outcome, marks()[0].should_be) == ("wrong", None)


def test_skip_goes_on_and_counts_as_nothing(open_page: OpenPage, run_id: str, marks) -> None:
    app = open_page("insights", run=run_id, view="review")
    app.button("review_skip").click().run()

    assert (marks()[0].outcome, marks()[0].dissatisfaction) == (None, None)
    assert "Nothing is checked yet" in words(app)


def test_undo_takes_back_the_answer_then_the_mark(open_page: OpenPage, run_id: str, marks) -> None:
    app = open_page("insights", run=run_id, view="review")
    first = app.text[2].value
    app.button("review_right").click().run()
    app.button("review_undo").click().run()
    assert "Is that how it ended?" in words(app)
    app.button("review_skip").click().run()
    app.button("review_undo").click().run()

    assert marks() == []
    assert app.text[2].value == first
    assert "review_undo" not in keys(app)


def mark_all_right(workspace: Workspace, run_id: str, count: int) -> None:
    """Mark the first `count` of those to be checked as right."""
    folder = workspace.runs / run_id
    joined = join_run(folder, read_tables(folder))
    for row in draw_review_sample(joined).head(count).to_dict("records"):
        mark = new_mark(row["conversation_id"], judged_as(row), "right", dissatisfaction="right")
        add_mark(folder / "review.json", mark)


def test_when_all_are_checked_more_can_be_drawn_and_the_judge_is_measured(
    open_page: OpenPage, workspace: Workspace, run_id: str, marks
) -> None:
    mark_all_right(workspace, run_id, 19)
    app = open_page("insights", run=run_id, view="review")
    app.button("review_right").click().run()
    app.button("review_right").click().run()

    assert len(marks()) == 20
    assert "All of these are checked" in words(app)
    values = {metric.label: metric.value for metric in app.metric}
    assert values["Precision"] == values["Recall"] == "100%"
    app.button("review_more").click().run()
    assert "review_right" in keys(app)


@pytest.mark.parametrize("view", ["silent", "priorities"])
def test_the_other_views_show_how_good_the_judge_is(
    open_page: OpenPage, workspace: Workspace, run_id: str, view: str
) -> None:
    mark_all_right(workspace, run_id, 10)

    assert "judgements checked by people" in words(open_page("insights", run=run_id, view=view))


def test_marks_of_the_sample_are_kept_in_the_workspace(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("insights", run=SAMPLE, view="review")
    app.button("review_skip").click().run()

    assert len(read_marks(workspace.root / "reviews" / "sample.json")) == 1


def test_a_damaged_file_of_marks_is_said(
    open_page: OpenPage, workspace: Workspace, run_id: str
) -> None:
    (workspace.runs / run_id / "review.json").write_text("{", "utf-8")

    assert "cannot be read" in words(open_page("insights", run=run_id, view="review"))
    assert "Who leaves quietly" in words(open_page("insights", run=run_id, view="silent"))


def test_without_judgements_it_says_how_to_get_them(
    open_page: OpenPage, workspace: Workspace
) -> None:
    app = open_page("insights", run=add_judged_run(workspace, judged=False), view="review")

    assert "not judged" in words(app)
    assert "review_right" not in keys(app)


@pytest.mark.parametrize(
    ("content", "quote", "shown"),
    [
        ("I cannot find it", "cannot find", "I :primary-background[cannot find] it"),
        ("I cannot\n find it", "cannot find", "I :primary-background[cannot find] it"),
        ("a <b>\n*c*", "nowhere", "a \\<b\\>  \n\\*c\\*"),
        ("a", "", "a"),
        ("one\ntwo three", "three", "one  \ntwo :primary-background[three]"),
    ],
)
def test_the_quoted_words_are_marked_and_nothing_is_read_as_markup(
    content: str, quote: str, shown: str
) -> None:
    assert highlighted(content, quote) == shown
