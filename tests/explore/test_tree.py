import pandas as pd
import pytest

from kura_core.explore.tree import clusters_frame, leaves_under, path_to, render_tree, tree_rows
from kura_core.types import Cluster


def ids(count: int, start: int = 0) -> list[str]:
    return [f"c{number}" for number in range(start, start + count)]


def programming() -> list[Cluster]:
    return [
        Cluster("a1", "Data analysis", "They analyse data.", ids(38), parent_id="a0", level=1),
        Cluster("b0", "Send e-mail", "They send e-mail.", ids(10, 200)),
        Cluster("a2", "Web development", "They build pages.", ids(45, 50), "a0", 1),
        Cluster("a3", "Plot charts", "They plot.", ids(30), parent_id="a1", level=2),
        Cluster("a4", "Clean tables", "They clean.", ids(8, 30), parent_id="a1", level=2),
        Cluster("a0", "Programming assistance", "They write code.", ids(180)),
    ]


def test_the_basic_tree_is_drawn_with_the_larger_sibling_first() -> None:
    assert render_tree(programming()).splitlines() == [
        "All conversations (190 conversations)",
        "├─ Programming assistance (180 conversations)",
        "│  ├─ Web development (45 conversations)",
        "│  └─ Data analysis (38 conversations)",
        "│     ├─ Plot charts (30 conversations)",
        "│     └─ Clean tables (8 conversations)",
        "└─ Send e-mail (10 conversations)",
    ]


@pytest.mark.parametrize("style", ["basic", "enhanced", "rich"])
def test_every_style_begins_with_the_total_and_names_every_cluster(style: str) -> None:
    text = render_tree(programming(), style, colour=False)  # type: ignore[arg-type]

    assert text.splitlines()[0] == "All conversations (190 conversations)"
    for cluster in programming():
        assert f"{cluster.name} ({len(cluster.conversation_ids)} conversations)" in text


def test_the_enhanced_tree_adds_shares_and_descriptions() -> None:
    lines = render_tree(programming(), "enhanced").splitlines()

    assert lines[2].endswith("94.7%")
    assert lines[3] == "│  │  They write code."


def test_the_rich_tree_is_coloured_only_when_asked_for() -> None:
    assert "\x1b[" in render_tree(programming(), "rich", colour=True)
    assert "\x1b[" not in render_tree(programming(), "rich", colour=False)


def test_an_unknown_style_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(ValueError, match=r'"fancy".*"basic", "enhanced" or "rich"'):
        render_tree(programming(), "fancy")  # type: ignore[arg-type]


def test_markup_and_line_breaks_in_a_name_stay_text_on_one_line() -> None:
    tree = render_tree([Cluster("a", "[red]two\nlines[/red]", "", ids(2))], "rich", colour=False)

    assert "[red]two lines[/red] (2 conversations)" in tree


def test_one_conversation_is_counted_in_the_singular() -> None:
    tree = render_tree([Cluster("a", "Ask", "", ids(1))])

    assert tree == "All conversations (1 conversation)\n└─ Ask (1 conversation)"


def test_no_clusters_give_an_empty_tree() -> None:
    assert render_tree([]) == "All conversations (0 conversations)"


def test_the_other_leaf_comes_last_whatever_its_size() -> None:
    clusters = [Cluster("a", "Other", "", ids(50), is_other=True), Cluster("b", "Ask", "", ids(2))]

    assert [row.name for row in tree_rows(clusters_frame(clusters))] == ["Ask", "Other"]


def test_the_order_of_rows_does_not_change_the_tree() -> None:
    frame = clusters_frame(programming())

    assert tree_rows(frame) == tree_rows(frame.iloc[::-1].reset_index(drop=True))


def test_a_cluster_without_its_parent_is_not_lost() -> None:
    frame = clusters_frame([Cluster("a", "Ask", "", ids(2), parent_id="gone", level=1)])

    assert [(row.name, row.depth, row.parent_id) for row in tree_rows(frame)] == [("Ask", 0, None)]


def test_null_parents_from_a_parquet_table_are_top_clusters() -> None:
    frame = clusters_frame(programming()).astype({"parent_id": "string"})

    assert [row.name for row in tree_rows(pd.DataFrame(frame)) if row.depth == 0] == [
        "Programming assistance",
        "Send e-mail",
    ]


def test_the_path_and_the_leaves_of_a_cluster() -> None:
    rows = tree_rows(clusters_frame(programming()))

    assert [row.cluster_id for row in path_to(rows, "a3")] == ["a0", "a1", "a3"]
    assert leaves_under(rows, "a0") == ["a2", "a3", "a4"]
    assert leaves_under(rows, "b0") == ["b0"]
    assert path_to(rows, "nobody") == []
    assert leaves_under(rows, "nobody") == []
