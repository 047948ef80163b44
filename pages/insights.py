"""What to do next: silent failures, what is missing and what it costs, each with its evidence."""

from collections.abc import Callable
from importlib import import_module

import streamlit as st

from kura_core.insights.joined_run import JoinedRun
from pages.panels.entry import enter, go
from pages.panels.runs import Shown, shown_run
from pages.panels.views import ANSWERS, FIRST, PANELS, VIEWS

SWITCH = "insights.view"


def switch_view(run_id: str) -> None:
    """Show the chosen view; what the link said of another one is dropped."""
    st.query_params.from_dict({"run": run_id, "view": st.session_state[SWITCH]})


def draw_switch(view: str, run_id: str) -> None:
    """The views side by side; evidence is none of them, so that none is chosen there."""
    if st.session_state.get(SWITCH) != view:
        st.session_state[SWITCH] = view if view in VIEWS else None
    st.segmented_control(
        "View",
        list(VIEWS),
        format_func=lambda name: VIEWS[name],
        key=SWITCH,
        required=view in VIEWS,
        on_change=switch_view,
        args=(run_id,),
        label_visibility="collapsed",
        wrap=False,
    )


def draw_view(view: str, shown: Shown) -> None:
    """Draw one view of the run; only its own panel is imported."""
    from pages.panels.joined import joined_run

    module, function = PANELS[view]
    draw: Callable[[Shown, JoinedRun], None]
    draw = getattr(import_module(f"pages.panels.{module}"), function)
    draw(shown, joined_run(shown))


workspace = enter("insights")
shown = shown_run(workspace)
st.title("Insights", anchor=False)
if shown is None:
    st.text(
        "There is no finished run yet. Start one from your chat logs, or see in the sample what "
        "you would get: what to fix first, and the conversations behind it."
    )
    with st.container(horizontal=True):
        if st.button("Explore the sample", type="primary", key="insights_sample"):
            go("insights", run="sample")
        if st.button("Upload your chat logs", key="insights_upload"):
            go("data")
    st.stop()

view = st.query_params.get("view", FIRST)
if view not in PANELS:
    view = FIRST
draw_switch(view, shown.run_id)
if view in ANSWERS:
    st.text(ANSWERS[view])
draw_view(view, shown)
