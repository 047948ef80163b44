"""Questions to a run in SQL: its tables beside an editor, the answer as table, chart and file."""

from threading import BoundedSemaphore

import streamlit as st

from kura_core.errors import KuraError
from kura_core.insights.sql.query import Described, QueryResult, describe_run, query_run
from kura_core.run.side.tables import side_stamp
from kura_core.run.workspace import SAMPLE, Workspace
from pages.panels.entry import enter, go
from pages.panels.runs import Shown, shown_run
from pages.panels.sql_editor import draw_editor
from pages.panels.sql_result import draw_error, draw_result
from pages.panels.sql_tables import draw_tables

ANSWER = "sql.answer"
AT_ONCE = 2
WAIT_SECONDS = 20


@st.cache_resource(show_spinner=False)
def places() -> BoundedSemaphore:
    """How many queries this server answers at once; each has a process of its own."""
    return BoundedSemaphore(AT_ONCE)


@st.cache_resource(max_entries=8, show_spinner="Reading the tables …")
def read_description(
    directory: str, changed: int, stamp: str, _shown: Shown, _public: bool
) -> Described:
    """The tables of a run, kept until the run or what is attached to it changes."""
    return describe_run(_shown.directory, public=_public, keep=_shown.run_id != SAMPLE)


def answer(workspace: Workspace, shown: Shown, query: str) -> QueryResult | KuraError:
    """Run the query; what it answers, or why it does not."""
    if not places().acquire(timeout=WAIT_SECONDS):
        return KuraError("Other queries are being answered; run it again in a moment.")
    try:
        # The sample's folder is the package's own and not written to.
        keep = shown.run_id != SAMPLE
        return query_run(shown.directory, query, public=workspace.public, keep=keep)
    except KuraError as error:
        return error
    finally:
        places().release()


workspace = enter("sql")
shown = shown_run(workspace)
st.title("SQL", anchor=False)
if shown is None:
    st.text(
        "There is no finished run yet to ask. Start one from your chat logs, or try the sample."
    )
    with st.container(horizontal=True):
        if st.button("Try it on the sample", type="primary", key="sql_sample"):
            go("sql", run="sample")
        if st.button("Upload your chat logs", key="sql_upload"):
            go("data")
    st.stop()

st.text("Ask the run anything: its conversations, clusters, ratings and users, as tables.")
stamp = side_stamp(shown.directory)
try:
    described = read_description(
        str(shown.directory), shown.changed, stamp, shown, workspace.public
    )
except KuraError as error:
    draw_error(error)
    st.stop()

left, right = st.columns([5, 3], gap="medium")
with left:
    query = draw_editor(workspace, described)
with right:
    draw_tables(described)

source = (shown.run_id, shown.changed, stamp)
if query is not None:
    with st.spinner("Running the query …"):
        st.session_state[ANSWER] = (source, query, answer(workspace, shown, query))
kept, asked, found = st.session_state.get(ANSWER, (None, "", None))
if kept == source:
    if isinstance(found, KuraError):
        draw_error(found)
    elif found is not None:
        draw_result(found, asked, described)
