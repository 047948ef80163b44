"""The settings of a run, and the button that starts it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kura_core.config import BUNDLED_EMBEDDING, RunConfig
from kura_core.errors import InputError
from kura_core.run.jobs import start_run
from kura_core.run.uploads import Upload
from kura_core.run.workspace import Workspace

AUTOMATIC, NUMBER, SIZE = "Automatic", "Set the number", "Set their size"
REDACTION = {
    "standard": "Standard: e-mail, phone, cards, keys and the like",
    "strict": "Strict: when in doubt, replace",
    "off": "Off: the text stays as it is",
}
METHODS = {
    "kmeans": "K-means: even groups, every conversation in one",
    "minibatch": "Mini-batch K-means: faster on very many",
    "hdbscan": "HDBSCAN: dense groups, the rest under “other”",
}


def draw_settings(workspace: Workspace, upload: Upload) -> None:
    """Widgets for a RunConfig; starts the run and shows it."""
    with st.container(border=True):
        left, right = st.columns(2, gap="large")
        with left:
            name = st.text_input(
                "Name of this run",
                value=run_name(upload),
                key=f"run_name-{upload.upload_id}",
                max_chars=80,
            )
            values = _cluster_size()
        with right:
            values["max_top"] = st.number_input(
                "At most this many themes",
                1,
                50,
                10,
                key="max_top",
                help="Similar clusters are grouped until no more than this many are left on top.",
            )
            values["redact"] = st.selectbox(
                "Remove personal data",
                list(REDACTION),
                format_func=lambda level: REDACTION[level],
                key="redact",
                help="Done first: nothing else sees what is replaced.",
            )
        values |= _advanced()
        st.caption(
            ":material/lock: Summaries and names are made on the machine Kura runs on. No text "
            "leaves it, no key is needed and it costs nothing."
        )
        if st.button("Start the run", type="primary", key="start_run"):
            _start(workspace, upload, name.strip() or run_name(upload), values)


def run_name(upload: Upload) -> str:
    """What a run of a file is called unless the user says otherwise."""
    return upload.name.split(".")[0] or upload.name


def _cluster_size() -> dict[str, Any]:
    how = st.segmented_control(
        "Number of clusters",
        [AUTOMATIC, NUMBER, SIZE],
        default=AUTOMATIC,
        key="cluster_choice",
        required=True,
        help="A cluster is a group of conversations about the same thing. Automatic finds the "
        "number that fits the data.",
    )
    if how == NUMBER:
        return {"clusters": st.number_input("Clusters", 1, 5_000, 40, key="clusters")}
    if how == SIZE:
        label = "Conversations per cluster, about"
        return {"per_cluster": st.number_input(label, 1, 10_000, 25, key="per_cluster")}
    return {}


def _advanced() -> dict[str, Any]:
    with st.expander("Advanced", key="advanced"):
        left, right = st.columns(2, gap="large")
        with left:
            model = st.text_input(
                "Embedding model",
                value=BUNDLED_EMBEDDING,
                key="embedding_model",
                help="What turns a summary into numbers so that near ones mean the same. The name "
                "or folder of a sentence-transformers model; the default comes with Kura.",
            )
            method = st.selectbox(
                "Grouping",
                list(METHODS),
                format_func=lambda name: METHODS[name],
                key="clustering",
                help="How conversations are put into base clusters.",
            )
        with right:
            seed = st.number_input(
                "Seed",
                0,
                2**32 - 1,
                0,
                key="seed",
                help="The same file, settings and seed give the same result, to the byte.",
            )
            limit = st.number_input(
                "Read at most this many conversations",
                1,
                None,
                None,
                key="limit",
                placeholder="All of them",
            )
    return {"embedding_model": model, "clustering": method, "seed": seed, "limit": limit}


def _start(workspace: Workspace, upload: Upload, name: str, values: dict[str, Any]) -> None:
    try:
        run_id = start_run(
            workspace,
            upload.path,
            RunConfig(**values),
            name=name,
            input_id=upload.upload_id,
            input_name=upload.name,
        )
    except InputError as error:
        st.warning(str(error), icon=":material/hourglass_top:")
        return
    st.query_params.clear()
    st.query_params["run"] = run_id
    st.rerun()
