"""Metrics: any column for every cluster, as chart, table and CSV."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kura_core.run.side.reading import read_side_table
from kura_core.run.side.tables import SideKind, attach, known_ids
from kura_core.run.tables import read_tables
from kura_core.run.workspace import Workspace
from tests.pages.conftest import OpenPage


@pytest.fixture
def folder(workspace: Workspace, finished_run: str) -> Path:
    return workspace.runs / finished_run


def add(folder: Path, kind: SideKind, content: str) -> None:
    path = folder / f"{kind}.csv"
    path.write_text(content, "utf-8")
    attach(folder, read_side_table(path, kind, known_ids(kind, read_tables(folder))))


def opened(open_page: OpenPage, run: str) -> AppTest:
    return open_page("insights", run=run, view="metrics")


def test_a_run_without_tables_still_has_metrics(open_page: OpenPage, finished_run: str) -> None:
    app = opened(open_page, finished_run)
    metric = app.selectbox(key="metric-column")

    assert metric.value == "turns"
    metric.set_value("frustration").run()
    assert not app.exception
    table = app.dataframe[0].value
    assert table["Cluster"].iloc[0] == "All conversations"
    assert table.iloc[0, 1] == "3"
    assert " to " in table["95% interval"].iloc[0]


def test_ratings_come_first_and_show_how_many_there_are(
    open_page: OpenPage, finished_run: str, folder: Path
) -> None:
    rows = "".join(f"c{n:03d},{int(n % 3 == 0)}\n" for n in range(24))
    add(folder, "feedback", "conversation_id,thumbs_up\n" + rows)
    app = opened(open_page, finished_run)

    assert app.selectbox(key="metric-column").value == "feedback_thumbs_up"
    whole = next(text.value for text in app.markdown if "over all of the run" in text.value)
    assert "33" in whole
    assert "24 conversations with a value" in whole
    assert any("2 clusters without a value" in caption.value for caption in app.caption)


def test_a_category_asks_for_the_share_of_one_of_its_values(
    open_page: OpenPage, finished_run: str, folder: Path
) -> None:
    rows = "".join(f"u{n},{'pro' if n % 2 else 'free'}\n" for n in range(17))
    add(folder, "users", "user_id,plan\n" + rows)
    app = opened(open_page, finished_run)
    app.selectbox(key="metric-column").set_value("user_plan").run()
    app.selectbox(key="metric-category-user_plan").set_value("pro").run()

    assert not app.exception
    assert any("Share of “pro”" in text.value for text in app.markdown)
    assert any("Each user counts once per cluster" in caption.value for caption in app.caption)


def test_base_clusters_can_be_measured_and_looked_into(
    open_page: OpenPage, finished_run: str
) -> None:
    app = opened(open_page, finished_run)
    app.segmented_control(key="metric-level").set_value("cluster").run()
    assert not app.exception
    assert len(app.dataframe[0].value) == 6
    app.selectbox(key="metric-cluster-cluster").set_value("bbbb000010").run()

    assert not app.exception


def test_the_numbers_can_be_downloaded(open_page: OpenPage, finished_run: str) -> None:
    app = opened(open_page, finished_run)

    assert any(b.label.startswith("Download as CSV") for b in app.get("download_button"))
