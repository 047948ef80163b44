"""Bring conversations in, and see what was read, what was left out and why."""

from contextlib import suppress
from typing import Any

import pandas as pd
import streamlit as st

from kura_core.errors import InputError
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
from pages.panels.entry import enter, go
from pages.panels.text import counted, day_and_time, days, escape, file_size

UPLOADER = "data.uploader"
KINDS = {"rejected": "Rejected", "filtered": "Filtered"}


def choose(workspace: Workspace) -> str | None:
    """The two ways in, and the files already here; returns the id of the chosen one."""
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True, height="stretch"):
        st.subheader("Your chat logs", anchor=False)
        turn = st.session_state.setdefault(UPLOADER, 0)
        uploaded = st.file_uploader(
            "JSONL, JSON, CSV, TSV or Parquet, plain or as .gz",
            type=list(SUFFIXES),
            key=f"uploader-{turn}",
            help="One conversation per row: an id and its messages, and if you have them a time, a "
            "user id and other columns.",
        )
        if uploaded is not None:
            try:
                upload = save_upload(workspace, uploaded.name, uploaded)
            except InputError as error:
                st.error("The file was not kept.", icon=":material/error:")
                st.text(str(error))
            else:
                # A new widget lets the server forget its copy of the file.
                st.session_state[UPLOADER] = turn + 1
                st.query_params["input"] = upload.upload_id
                st.rerun()
        st.caption(
            "Your file stays in this workspace. E-mail addresses, phone numbers, keys and other "
            "personal data are replaced before anything reads the text."
        )
    with right, st.container(border=True, height="stretch"):
        st.subheader("No logs at hand?", anchor=False)
        st.text("1,200 conversations with the AI assistant of an invented document workspace.")
        if st.button("Use the sample", key="use_sample"):
            st.query_params["input"] = SAMPLE
    return choose_earlier(workspace)


def choose_earlier(workspace: Workspace) -> str | None:
    """A list of what is here, shown once there is a choice to make."""
    chosen = st.query_params.get("input")
    uploads = list_uploads(workspace)
    if not uploads:
        return chosen
    labels = {
        upload.upload_id: f"{upload.name} · {file_size(upload.size)} · "
        f"{day_and_time(upload.uploaded)} UTC"
        for upload in uploads
    }
    labels[SAMPLE] = "Sample conversations"
    if chosen is None:
        chosen = uploads[0].upload_id
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


def report(found: dict[str, Any]) -> None:
    """The account of one file: four numbers that add up, and every row that was left out."""
    columns = st.columns(4)
    columns[0].metric("Rows read", f"{found['read']:,}")
    columns[1].metric("Rejected", f"{found['rejected']:,}", help="Rows that hold no conversation.")
    columns[2].metric(
        "Filtered",
        f"{found['filtered']:,}",
        help="Conversations without any text, and those whose id came before.",
    )
    columns[3].metric("Ready to use", f"{found['usable']:,}")
    facts = [counted(found["messages"], "message")]
    if found["users"]:
        facts.append(counted(found["users"], "user"))
    if found["first_time"]:
        times = pd.to_datetime(pd.Series([found["first_time"], found["last_time"]]))
        facts.append(days(times) or "")
    else:
        facts.append("no times in this file, so there will be no trends")
    st.caption(" · ".join(facts))
    left_out(found)


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
    """One file: its report, its first conversations, and the way on."""
    st.header(escape(upload.name), anchor=False)
    with st.container(horizontal=True):
        forward = st.container()
        if upload.upload_id != SAMPLE:
            st.button(
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
    if forward.button("Continue to pipeline", type="primary", key="to_pipeline"):
        go("pipeline", input=upload.upload_id)
    report(found)
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
    try:
        upload = open_upload(workspace, chosen)
    except InputError as error:
        st.warning("This file is not here.", icon=":material/link_off:")
        st.text(str(error))
        st.stop()
    show(workspace, upload)
