import itertools
import json
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert

from kura_core.explore import charts
from kura_core.explore.charts import PALETTE, cluster_map, conversation_map
from kura_core.explore.colours import colour_by
from kura_core.explore.facets import facet_columns
from tests.finished_runs import write_finished_run

Tables = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    folder = write_finished_run(tmp_path / "run") / "tables"
    names = ("conversations", "clusters")
    conversations, clusters = (pd.read_parquet(folder / f"{name}.parquet") for name in names)
    return conversations, clusters


def drawn(chart: alt.LayerChart) -> str:
    """The chart as SVG; an invalid spec raises here, where a browser would say nothing."""
    return str(vl_convert.vegalite_to_svg(chart.to_json(), vl_version="6.1"))


def datasets(chart: alt.LayerChart) -> list[dict[str, Any]]:
    spec: dict[str, Any] = json.loads(chart.to_json())
    return [row for rows in spec["datasets"].values() for row in rows]


@pytest.mark.parametrize("dark", [False, True])
def test_the_conversation_map_draws_the_names_of_the_themes(tables: Tables, dark: bool) -> None:
    svg = drawn(conversation_map(*tables, dark=dark))

    for theme in ("Get help with code", "Find documents", "Send e-mail"):
        assert theme in svg


def test_only_coordinates_ids_and_names_travel_with_the_map(tables: Tables) -> None:
    chart = conversation_map(*tables)

    allowed = {"x", "y", "cluster_id", "size", "marker", "name", "theme", "label"}
    assert {key for row in datasets(chart) for key in row} <= allowed
    assert "signed contracts (" not in chart.to_json()


@pytest.mark.parametrize("column", ["facet_task_type", "facet_files", "facet_missing_file"])
def test_only_the_chosen_facet_travels_with_the_map_and_has_a_legend(
    column: str, tmp_path: Path
) -> None:
    folder = write_finished_run(tmp_path / "asked", asked=True)
    conversations, clusters = (
        pd.read_parquet(folder / "tables" / f"{name}.parquet")
        for name in ("conversations", "clusters")
    )
    config = json.loads((folder / "manifest.json").read_text("utf-8"))["config"]
    facets = {facet.column: facet for facet in facet_columns(conversations, config)}
    colouring = colour_by(conversations, facets[column])
    chart = conversation_map(conversations, clusters, colouring=colouring)
    svg = drawn(chart.properties(width=700))

    allowed = {"x", "y", "cluster_id", "size", "marker", "name", "theme", "label", "group"}
    assert {key for row in datasets(chart) for key in row} <= allowed
    assert all(text in svg for text in (colouring.title, *colouring.groups.cat.categories))
    assert "contract 1" not in chart.to_json()
    assert points_of(chart)["group"].tolist() == colouring.groups.tolist()


def test_without_a_chosen_facet_the_map_is_that_of_the_themes(tables: Tables) -> None:
    colour = conversation_map(*tables).to_dict()["layer"][0]["encoding"]["color"]

    assert (colour["field"], colour["legend"]) == ("theme", None)


def test_the_same_tables_give_the_same_spec_so_that_the_zoom_is_kept(tables: Tables) -> None:
    assert conversation_map(*tables).to_json() == conversation_map(*tables).to_json()


def test_a_focus_fits_the_view_to_the_members_and_marks_them(tables: Tables) -> None:
    conversations, clusters = tables
    focus = str(conversations["cluster_id"].iloc[0])
    spec = conversation_map(conversations, clusters, focus=focus).to_dict()

    low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    inside = conversations.loc[conversations["cluster_id"] == focus, "x"]
    assert low < inside.min() < inside.max() < high
    assert high - low < conversations["x"].max() - conversations["x"].min()
    pick = next(param for param in spec["params"] if param["name"] == "pick")
    assert pick["value"] == [{"cluster_id": focus}]


def many(tables: Tables, count: int) -> pd.DataFrame:
    """Conversations in two dense places and one with a tenth as many, all in known clusters."""
    rows = tables[0].iloc[[0, 20, 40]]
    shares = [10, 10, 1]
    times = [count * share // sum(shares) for share in shares]
    frame = rows.loc[rows.index.repeat(times)].reset_index(drop=True)
    return frame.assign(x=frame["x"] + frame.index / count)


def points_of(chart: alt.LayerChart) -> pd.DataFrame:
    frame = chart.layer[0].data
    assert isinstance(frame, pd.DataFrame)
    return frame[~frame["marker"].astype(bool)]


def test_of_many_conversations_a_sample_is_drawn_and_said(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "MOST_POINTS", 500)
    conversations = many(tables, 4_200)
    chart = conversation_map(conversations, tables[1])

    assert "Showing 500 of 4,200 conversations" in drawn(chart)
    before = conversations["cluster_id"].value_counts(normalize=True)
    after = points_of(chart)["cluster_id"].astype(str).value_counts(normalize=True)
    assert len(points_of(chart)) == 500
    assert (after - before).abs().max() < 0.05
    assert chart.to_json() == conversation_map(conversations, tables[1]).to_json()
    assert "Showing" not in drawn(conversation_map(conversations.iloc[::10], tables[1]))


def test_the_sample_moves_neither_the_view_nor_leaves_out_the_chosen_cluster(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversations = many(tables, 4_200)
    rare = str(conversations["cluster_id"].iloc[-1])
    whole = conversation_map(conversations, tables[1], focus=rare).to_dict()
    monkeypatch.setattr(charts, "MOST_POINTS", 420)
    chart = conversation_map(conversations, tables[1], focus=rare)

    assert (points_of(chart)["cluster_id"] == rare).sum() == 200
    for axis in ("x", "y"):
        assert chart.to_dict()["layer"][0]["encoding"][axis] == whole["layer"][0]["encoding"][axis]


def test_every_layer_has_the_same_axes(tables: Tables) -> None:
    layers = conversation_map(*tables).to_dict()["layer"]

    assert len(layers) > 1
    assert all(layer["encoding"]["x"] == layers[0]["encoding"]["x"] for layer in layers)
    assert all(layer["encoding"]["y"] == layers[0]["encoding"]["y"] for layer in layers)


@pytest.mark.parametrize("count", [1, 2])
def test_a_map_of_one_conversation_or_one_spot_is_drawn(tables: Tables, count: int) -> None:
    conversations = tables[0].head(count).assign(x=0.5, y=-1.0)
    leaf = conversations["cluster_id"].iloc[0]
    clusters = tables[1][tables[1]["cluster_id"] == leaf].assign(parent_id=None, level=0)

    assert "Write Python data analysis" in drawn(conversation_map(conversations, clusters))


def test_more_themes_than_colours_share_the_last_one(tables: Tables) -> None:
    names = [f"t{number:02d}" for number in range(15)]
    clusters = pd.DataFrame(
        {
            "cluster_id": names,
            "parent_id": None,
            "level": 0,
            "name": names,
            "description": "",
            "conversations": range(30, 15, -1),
            "x": range(15),
            "y": range(15),
            "is_other": False,
        }
    )
    conversations = pd.DataFrame({"cluster_id": names, "x": range(15), "y": range(15)})
    chart = conversation_map(conversations, clusters)

    scale = chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"][-1] == "Other themes"
    assert len(scale["domain"]) == len(scale["range"]) == len(PALETTE)
    drawn(chart)


def test_no_theme_name_lies_on_another(tables: Tables) -> None:
    names = [f"A theme with a long name {number}" for number in range(6)]
    clusters = pd.DataFrame(
        {
            "cluster_id": names,
            "parent_id": None,
            "level": 0,
            "name": names,
            "description": "",
            "conversations": range(60, 0, -10),
            "x": 0.5,
            "y": [0.5, 0.5, 0.501, 0.499, 0.9, 0.1],
            "is_other": False,
        }
    )
    conversations = pd.DataFrame({"cluster_id": names, "x": [0, 1] * 3, "y": [0, 1] * 3})
    chart = conversation_map(conversations, clusters, height=560)

    y_domain = chart.to_dict()["layer"][0]["encoding"]["y"]["scale"]["domain"]
    pixel = (y_domain[1] - y_domain[0]) / 560
    labels = {row["label"]: row["y"] for row in datasets(chart) if row.get("label")}
    places = sorted(labels.values())
    gaps = [(after - before) / pixel for before, after in itertools.pairwise(places)]
    assert len(places) == 6
    assert min(gaps) > 17


@pytest.mark.parametrize("count", [0, 1])
def test_a_cluster_map_of_one_cluster_or_none_is_drawn(tables: Tables, count: int) -> None:
    clusters = tables[1][tables[1]["parent_id"].isna()].tail(count)

    assert ("Send e-mail" in drawn(cluster_map(clusters).properties(width=400))) == bool(count)


def test_the_cluster_map_starts_with_the_top_clusters_and_opens_their_children(
    tables: Tables,
) -> None:
    chart = cluster_map(tables[1])
    svg = drawn(chart.properties(width=600))

    assert "Find documents" in svg
    assert "Find signed contracts" not in svg.split("aria-label")[0]
    rows = {row["full_name"]: row for row in datasets(chart)}
    assert rows["Find documents"]["opens"] == rows["Find signed contracts"]["under"]
    assert rows["Find signed contracts"]["opens"] == rows["Find signed contracts"]["under"]
    assert rows["Send e-mail"]["opens"] == ""
