"""Bring conversations in, and see what was read, what was left out and why."""

from contextlib import suppress
from typing import Any

import pandas as pd
import streamlit as st

from kura_core.errors import InputError
from kura_core.run.fetches import find_fetch, running_fetches
from kura_core.run.uploads import (
    SUFFIXES,
    Upload,
    check_upload,
    delete_upload,
    list_uploads,
    open_upload,
    save_upload,
)
from kura_core.run.workspace import SAMPLE, Workspace
from pages.panels.coverage import draw_coverage
from pages.panels.dataset import draw_dataset_form, watch_fetch
from pages.panels.entry import enter, go
from pages.panels.mapping import draw_mapping, mapping_is_open, open_mapping
from pages.panels.text import counted, day_and_time, distinct, escape, file_size

UPLOADER = "data.uploader"
EARLIER_COLUMNS = "as you set them for an earlier file of this shape"
KINDS = {"rejected": "Rejected", "filtered": "Filtered"}


def choose(workspace: Workspace) -> str | None:
    """The ways in, and the files already here; returns the id of the chosen one."""
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True, height="stretch"):
        st.subheader("Your chat logs", anchor=False)
        file, dataset = st.tabs(["A file", "A Hugging Face data set"])
        with file:
            upload_file(workspace)
        with dataset:
            draw_dataset_form(workspace)
        st.caption(
            "What you bring stays in this workspace. E-mail addresses, phone numbers, keys and "
            "other personal data are replaced before anything reads the text."
        )
    with right, st.container(border=True, height="stretch"):
        st.subheader("No logs at hand?", anchor=False)
        st.text("1,200 conversations with the AI assistant of an invented document workspace.")
        if st.button("Use the sample", key="use_sample"):
            st.query_params["input"] = SAMPLE
    return choose_earlier(workspace)


def upload_file(workspace: Workspace) -> None:
    """A file of the user's own, kept in the workspace and chosen."""
    turn = st.session_state.setdefault(UPLOADER, 0)
    uploaded = st.file_uploader(
        "JSONL, JSON, CSV, TSV, Parquet, .gz, .zip, or an account export of ChatGPT or Claude",
        type=list(SUFFIXES),
        key=f"uploader-{turn}",
        help="One conversation a row, or one message a row; logs of OpenAI-style calls too. An "
        "export can stay the zip file it came as. Needed is what was said; an id, a time, a user "
        "and other columns are used where there are any.",
    )
    if uploaded is None:
        return
    try:
        upload = save_upload(workspace, uploaded.name, uploaded)
    except InputError as error:
        st.error("The file was not kept.", icon=":material/error:")
        st.text(str(error))
        return
    # A new widget lets the server forget its copy of the file.
    st.session_state[UPLOADER] = turn + 1
    st.query_params["input"] = upload.upload_id
    st.rerun()


def choose_earlier(workspace: Workspace) -> str | None:
    """A list of what is here or on its way, shown once there is a choice to make."""
    chosen = st.query_params.get("input")
    labels = {
        fetch.upload_id: f"{fetch.name} · being fetched" for fetch in running_fetches(workspace)
    }
    labels |= {
        upload.upload_id: f"{upload.name} · {file_size(upload.size)} · "
        f"{day_and_time(upload.uploaded)} UTC"
        for upload in list_uploads(workspace)
    }
    labels = distinct(labels)
    if not labels:
        return chosen
    if chosen is None:
        chosen = next(iter(labels))
    labels[SAMPLE] = "Sample conversations"
    if chosen in labels and st.session_state.get("chosen_input") != chosen:
        st.session_state["chosen_input"] = chosen
    st.selectbox(
        "File",
        list(labels),
        format_func=lambda upload_id: labels[upload_id],
        key="chosen_input",
        on_change=lambda: st.query_params.update(input=st.session_state["chosen_input"]),
    )
    return chosen


def left_out(found: dict[str, Any]) -> None:
    """Rows with their number and reason."""
    if found["excluded"]:
        total = found["rejected"] + found["filtered"]
        title = f"Why {counted(total, 'row')} {'is' if total == 1 else 'are'} left out"
        with st.expander(title, key="excluded", icon=":material/filter_alt:"):
            rows = pd.DataFrame(found["excluded"])
            rows["kind"] = rows["kind"].map(KINDS)
            show_rows(rows, total, {"source_row": "Row", "kind": "What", "reason": "Why"})
    if found["warned"]:
        title = f"{counted(found['warned'], 'value')} could not be taken as written"
        with st.expander(title, key="warnings", icon=":material/info:"):
            names = {"source_row": "Row", "column": "Column", "text": "What happened"}
            show_rows(pd.DataFrame(found["warnings"]), found["warned"], names)


def show_rows(rows: pd.DataFrame, total: int, names: dict[str, str]) -> None:
    """A table under readable headings, and how much of it is shown."""
    st.dataframe(rows[list(names)].rename(columns=names), hide_index=True)
    if len(rows) < total:
        st.caption(f"The first {len(rows):,} of {total:,}.")


def preview(found: dict[str, Any]) -> None:
    """The first conversations, so that a wrong column is seen before a run."""
    st.subheader("First conversations", anchor=False)
    rows = pd.DataFrame(found["preview"])
    rows["created_at"] = pd.to_datetime(rows["created_at"], utc=True)
    st.dataframe(
        rows[["first", "messages", "created_at", "user_id"]],
        hide_index=True,
        height=320,
        column_config={
            "first": st.column_config.TextColumn("First words of the user", width="large"),
            "messages": st.column_config.NumberColumn("Messages", width="small"),
            "created_at": st.column_config.DatetimeColumn("Time (UTC)", format="D MMM YYYY, HH:mm"),
            "user_id": st.column_config.TextColumn("User", width="small"),
        },
    )


def show(workspace: Workspace, upload: Upload) -> None:
    """One file: what it has, its first conversations, and the way on."""
    st.header(escape(upload.name), anchor=False)
    buttons = st.container(horizontal=True)
    forward = buttons.container(width="content")
    change = buttons.container(width="content")
    if upload.upload_id != SAMPLE:
        buttons.button(
            "Delete this file",
            key="delete_upload",
            icon=":material/delete:",
            on_click=remove,
            args=(workspace, upload.upload_id),
        )
    try:
        with st.spinner("Reading the file…"):
            found = check_upload(workspace, upload)
    except InputError as error:
        st.error("This file cannot be used as it is.", icon=":material/error:")
        st.text(str(error))
        return
    if "needs_columns" in found:
        draw_mapping(workspace, upload, found)
        return
    if forward.button("Continue to pipeline", type="primary", key="to_pipeline"):
        go("pipeline", input=upload.upload_id)
    if upload.upload_id != SAMPLE and found["columns"] and found["columns"]["columns"]:
        change.button(
            "Change columns",
            key="change_columns",
            icon=":material/view_column:",
            on_click=open_mapping,
            args=(upload.upload_id,),
        )
    if mapping_is_open(upload):
        draw_mapping(workspace, upload, found)
        return
    if found["used_columns"]:
        said = "as you chose them" if found["set_here"] else EARLIER_COLUMNS
        st.caption(f":material/view_column: Columns {said}.")
    draw_coverage(found)
    left_out(found)
    preview(found)


def remove(workspace: Workspace, upload_id: str) -> None:
    """Delete an upload and forget that it was chosen."""
    # A second click may come while the first one is at work.
    with suppress(InputError):
        delete_upload(workspace, upload_id)
    st.query_params.pop("input", None)
    st.session_state.pop("chosen_input", None)


workspace = enter("data")
st.title("Data", anchor=False)
chosen = choose(workspace)
if chosen is not None:
    fetch = find_fetch(workspace, chosen)
    if fetch is not None and fetch.status != "done":
        watch_fetch(workspace, fetch)
        st.stop()
    try:
        upload = open_upload(workspace, chosen)
    except InputError as error:
        st.warning("This file is not here.", icon=":material/link_off:")
        st.text(str(error))
        st.stop()
    show(workspace, upload)
