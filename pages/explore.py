"""The map of all conversations, the tree of what they are about, and the conversations."""

import streamlit as st

from kura_core.explore.charts import PICK, conversation_map
from kura_core.explore.colours import colour_by
from kura_core.explore.facets import FacetColumn, facet_columns
from kura_core.explore.tree import TreeRow, leaves_under, path_to, tree_rows
from pages.panels.breakdown import draw_breakdown
from pages.panels.entry import enter, go
from pages.panels.members import draw_members
from pages.panels.runs import Shown, shown_run
from pages.panels.text import counted, distinct, escape, percent
from pages.panels.transcript import show_transcript

FOCUS = "explore.focus"
COLOUR = "explore.colour"
THEME = "theme"


def choose_in_tree(cluster_id: str | None) -> None:
    """A choice in the tree moves the map there; the count makes the map a new one each time."""
    st.session_state[FOCUS] = (cluster_id, st.session_state[FOCUS][1] + 1)
    open_cluster(cluster_id)


def choose_on_map(key: str) -> None:
    """A click on the map leaves the map as it is."""
    picked = st.session_state[key]["selection"].get(PICK) or []
    open_cluster(picked[-1]["cluster_id"] if picked else None)


def open_cluster(cluster_id: str | None) -> None:
    """Show a cluster below the map, or none; the link follows."""
    if cluster_id:
        st.query_params["cluster"] = cluster_id
    else:
        st.query_params.pop("cluster", None)


def choose_colour() -> None:
    """Another colour makes a new map, which stays with the chosen cluster; the link follows."""
    column = st.session_state[COLOUR]
    if column == THEME:
        st.query_params.pop("colour", None)
    else:
        st.query_params["colour"] = column
    st.session_state[FOCUS] = (st.query_params.get("cluster"), st.session_state[FOCUS][1] + 1)


def draw_colours(facets: list[FacetColumn], chosen: str) -> None:
    """What the map can be coloured by; nothing where there is only one answer."""
    if not facets:
        return
    labels = distinct({THEME: "Theme", **{facet.column: facet.label for facet in facets}})
    if st.session_state.get(COLOUR) != chosen:
        st.session_state[COLOUR] = chosen
    st.selectbox(
        "Colour by",
        list(labels),
        format_func=lambda column: labels[column],
        key=COLOUR,
        on_change=choose_colour,
        width=320,
        help="The theme, or what is known of every conversation: what Kura finds by itself and the "
        "questions you asked in this run.",
    )


def draw_map(shown: Shown, focus: str | None, turn: int, facet: FacetColumn | None) -> None:
    """The conversation map. Its key and data change with the tree's choice, never with a click."""
    dark = st.context.theme.type == "dark"
    found = shown.tables.conversations
    colour = facet.column if facet else THEME
    key = f"map-{shown.run_id}-{turn}-{colour}-{'dark' if dark else 'light'}"
    chart = conversation_map(
        found,
        shown.tables.clusters,
        dark=dark,
        focus=focus,
        colouring=colour_by(found, facet, dark=dark) if facet else None,
    )
    st.altair_chart(
        chart,
        key=key,
        on_select=lambda: choose_on_map(key),
        selection_mode=[PICK],
        theme="streamlit",
        alt="A map of all conversations: near ones are about the same; colours are "
        f"{facet.label if facet else 'themes'}.",
    )
    st.caption(
        "Each point is a conversation; near points are about the same thing. Click to choose, "
        "scroll to zoom, drag to move."
    )


def draw_tree(rows: list[TreeRow], chosen: str | None) -> None:
    """All top clusters, and what is below those on the way to the chosen one."""
    opened = {row.cluster_id for row in path_to(rows, chosen or "")}
    total = sum(row.conversations for row in rows if row.depth == 0)
    with st.container(key="tree", height=560, border=False, gap=None):
        st.button(
            f"**All conversations** :gray[{total:,}]",
            key="tree-0-all",
            type="tertiary" if chosen else "secondary",
            width="stretch",
            on_click=choose_in_tree,
            args=(None,),
        )
        for row in rows:
            if row.depth and row.parent_id not in opened:
                continue
            name = escape(row.name)
            if row.has_children:
                name = f"{'▾' if row.cluster_id in opened else '▸'} {name}"
            st.button(
                f"{name} :gray[{row.conversations:,}]",
                key=f"tree-{min(row.depth, 4)}-{row.cluster_id}",
                type="secondary" if row.cluster_id == chosen else "tertiary",
                width="stretch",
                on_click=choose_in_tree,
                args=(row.cluster_id,),
            )


def draw_cluster(
    shown: Shown,
    rows: list[TreeRow],
    cluster_id: str,
    facets: list[FacetColumn],
    facet: FacetColumn | None,
) -> None:
    """What the members of a cluster share, what they are, how they ended, and the members."""
    path = path_to(rows, cluster_id)
    row = path[-1]
    inside = shown.tables.conversations["cluster_id"].isin(leaves_under(rows, cluster_id))
    members = shown.tables.conversations[inside]
    if len(path) > 1:
        st.caption(" › ".join(escape(above.name) for above in path[:-1]))
    st.header(escape(row.name), anchor=False)
    st.text(row.description)
    facts = [f"{counted(row.conversations, 'conversation')} ({percent(row.share, 1)} of all)"]
    if members["user_id"].notna().any():
        facts.append(counted(members["user_id"].nunique(), "user"))
    st.caption(" · ".join(facts))
    draw_breakdown(shown, facets, inside, cluster_id, first=facet)
    draw_members(shown, members, cluster_id)


def draw_linked_conversation(shown: Shown, conversation_id: str) -> None:
    """Open the conversation a link names, once, so that closing it leaves the page."""
    del st.query_params["conversation"]
    found = shown.tables.conversations
    found = found[found["conversation_id"] == conversation_id]
    if found.empty:
        st.warning(
            "The conversation in this link is not part of this run.", icon=":material/link_off:"
        )
        return
    show_transcript(shown.directory, found.iloc[0].to_dict())


workspace = enter("explore")
shown = shown_run(workspace)
st.title("Explore", anchor=False)
if shown is None:
    st.text("There is no finished run yet. Start one from your chat logs, or look at the sample.")
    with st.container(horizontal=True):
        if st.button("Explore the sample", type="primary", key="explore_sample"):
            go("overview", run="sample")
        if st.button("Upload your chat logs", key="explore_upload"):
            go("data")
    st.stop()

rows = tree_rows(shown.tables.clusters)
chosen = st.query_params.get("cluster")
if chosen and not path_to(rows, chosen):
    st.warning(
        "The cluster in this link is not part of this run; it may come from an earlier one. "
        "Choose one in the tree.",
        icon=":material/link_off:",
    )
    chosen = None
remembered = st.session_state.get(FOCUS)
if remembered is None or st.session_state.get("explore.run") != shown.run_id:
    st.session_state["explore.run"] = shown.run_id
    st.session_state[FOCUS] = (chosen, 0)
focus, turn = st.session_state[FOCUS]

facets = facet_columns(shown.tables.conversations, shown.manifest.get("config") or {})
colour = st.query_params.get("colour", THEME)
facet = next((facet for facet in facets if facet.column == colour), None)
if facet is None and colour != THEME:
    st.warning(
        "What the colours in this link stand for is not known in this run; they show themes.",
        icon=":material/link_off:",
    )

left, right = st.columns([5, 3], gap="large")
with left:
    draw_colours(facets, facet.column if facet else THEME)
    draw_map(shown, focus, turn, facet)
with right:
    draw_tree(rows, chosen)
if chosen:
    draw_cluster(shown, rows, chosen, facets, facet)
else:
    st.header("All conversations", anchor=False)
    everything = shown.tables.conversations["conversation_id"].notna()
    draw_breakdown(shown, facets, everything, None, first=facet)
    draw_members(shown, shown.tables.conversations, "all")
if "conversation" in st.query_params:
    draw_linked_conversation(shown, st.query_params["conversation"])
