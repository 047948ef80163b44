"""A data set of the Hugging Face hub: asked for, on its way, here."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from kura_core.errors import InputError
from kura_core.run.fetches import MOST_ROWS, Fetch, cancel_fetch, find_fetch, start_fetch
from kura_core.run.workspace import Workspace
from pages.panels.text import counted, escape

EVERY_SECONDS = 0.5
DEFAULT_ROWS = 1_000


def draw_dataset_form(workspace: Workspace) -> None:
    """A name, perhaps a split, and how much; begins to fetch and shows it."""
    with st.form("dataset", border=False):
        name = st.text_input(
            "Name of the data set",
            key="dataset_name",
            placeholder="owner/name",
            help="As it stands on huggingface.co, for instance "
            "ivanleomk/synthetic-gemini-conversations. The address of its page works too.",
        )
        left, right = st.columns(2)
        split = left.text_input(
            "Split",
            key="dataset_split",
            placeholder="train, or the only one",
            help="A data set comes in parts, such as train and test.",
        )
        limit = right.number_input(
            "Rows to fetch, at most",
            1,
            MOST_ROWS,
            DEFAULT_ROWS,
            key="dataset_limit",
            help="The first ones. In most data sets a row is a conversation.",
        )
        asked = st.form_submit_button("Fetch", icon=":material/download:", key="fetch_dataset")
    if not asked:
        return
    try:
        upload_id = start_fetch(workspace, name or "", (split or "").strip() or None, limit)
    except InputError as error:
        st.error(escape(str(error)), icon=":material/error:")
        return
    st.query_params["input"] = upload_id
    st.rerun()


def watch_fetch(workspace: Workspace, fetch: Fetch) -> None:
    """A data set on its way, or why it did not come."""
    st.header(escape(fetch.name), anchor=False)
    if fetch.status == "running":
        _live(workspace, fetch.upload_id)
        return
    st.error("This data set was not fetched.", icon=":material/error:")
    st.text(fetch.text or "")
    st.button("Dismiss", key="dismiss_fetch", on_click=_forget, args=(workspace, fetch.upload_id))


@st.fragment(run_every=EVERY_SECONDS)
def _live(workspace: Workspace, upload_id: str) -> None:
    fetch = find_fetch(workspace, upload_id)
    if fetch is None or fetch.status != "running":
        # One full run of the page, so that everything on it knows the data set is here.
        st.rerun()
    text = "Asking the Hugging Face hub…"
    if fetch.rows:
        text = f"{counted(fetch.rows, 'row')} :gray[of at most {fetch.limit:,}]"
    st.progress(min(1.0, fetch.rows / fetch.limit), text=text)
    st.button("Cancel", key="cancel_fetch", on_click=_forget, args=(workspace, upload_id))


def _forget(workspace: Workspace, upload_id: str) -> None:
    # Another tab may have done the same.
    with suppress(InputError):
        cancel_fetch(workspace, upload_id)
    st.query_params.pop("input", None)
