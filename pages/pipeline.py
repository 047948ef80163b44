"""Turn conversations into themes: settings, a run to watch, and the runs made before."""

import streamlit as st

from kura_core.errors import InputError
from kura_core.run.jobs import find_run, list_runs
from kura_core.run.uploads import open_upload
from kura_core.run.workspace import SAMPLE, Workspace
from pages.panels.entry import enter, go
from pages.panels.history import draw_history
from pages.panels.progress import watch
from pages.panels.settings import draw_settings
from pages.panels.text import escape


def draw_input(workspace: Workspace) -> None:
    """The chosen file and the settings for a run of it, or the way to choose one."""
    chosen = st.query_params.get("input")
    if chosen is None:
        st.text("A run reads your conversations, groups them by subject and names the groups.")
        with st.container(horizontal=True):
            if st.button("Choose your chat logs", type="primary", key="to_data"):
                go("data")
            st.button(
                "Run the sample",
                key="run_sample",
                on_click=lambda: st.query_params.update(input=SAMPLE),
            )
        return
    try:
        upload = open_upload(workspace, chosen)
    except InputError as error:
        st.warning("This file is not here.", icon=":material/link_off:")
        st.text(str(error))
        if st.button("Choose a file", key="choose_again"):
            go("data")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{escape(upload.name)}**", width="content")
        if st.button("Change", key="change_input", type="tertiary"):
            go("data", input=chosen)
    draw_settings(workspace, upload)


workspace = enter("pipeline")
st.title("Pipeline", anchor=False)
wanted = st.query_params.get("run")
running = [job for job in list_runs(workspace) if job.status == "running"]
if wanted == SAMPLE:
    wanted = None
if wanted is None and running and "input" not in st.query_params:
    wanted = running[0].run_id
if wanted is None:
    draw_input(workspace)
else:
    try:
        job = find_run(workspace, wanted)
    except InputError as error:
        st.warning("This run is not here.", icon=":material/link_off:")
        st.text(str(error))
    else:
        st.query_params["run"] = wanted
        watch(workspace, job)
draw_history(workspace, wanted)
