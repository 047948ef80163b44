"""The settings of a run, and the buttons that start it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kura_core.config import BUNDLED_EMBEDDING, RunConfig
from kura_core.errors import ConfigError, InputError, KuraError
from kura_core.run.form_values import make_config, question_rows
from kura_core.run.jobs import read_config, start_run
from kura_core.run.sending import keys_for
from kura_core.run.uploads import Upload, check_upload
from kura_core.run.workspace import SAMPLE, Workspace
from pages.panels.advanced import draw_advanced
from pages.panels.consent import draw_consent, unready
from pages.panels.cost import draw_estimate
from pages.panels.engine import JUDGED, JUDGED_BY_ENGINE, OFFLINE, draw_engine
from pages.panels.entry import go
from pages.panels.facets import CLUSTER_BY, EVERYBODY, SCREEN, draw_facets, take_questions
from pages.panels.keys import keys_at_hand
from pages.panels.prompts import draw_prompts, prompt_key
from pages.panels.text import escape

AUTOMATIC, NUMBER, SIZE = "Automatic", "Set the number", "Set their size"
FIRST = 200
REDACTION = {
    "standard": "Standard: e-mail, phone, cards, keys and the like",
    "strict": "Strict: when in doubt, replace",
    "off": "Off: the text stays as it is",
}
_TAKEN = "settings_of"


def draw_settings(workspace: Workspace, upload: Upload) -> None:
    """Widgets for a RunConfig; starts the run and shows it."""
    _begin_with_those_of(workspace, st.query_params.get("like"))
    found = _checked(workspace, upload)
    if "error" in found:
        st.error("This file cannot be used as it is.", icon=":material/error:")
        st.text(found["error"])
        if st.button("See what is wrong with it", type="primary", key="to_data_again"):
            go("data", input=upload.upload_id)
        return
    with st.container(border=True):
        name, values = _basics(upload)
        st.space("small")
        values |= draw_engine(workspace)
        problems: list[str] = []
        if values["engine"] != OFFLINE:
            prompts = st.container()
            asked, wrong_questions = draw_facets()
            values |= asked
            problems = list(wrong_questions)
        values |= draw_advanced(workspace, values, found)
        values["columns"] = found.get("used_columns") or {}
        if values["engine"] != OFFLINE:
            # They are shown as they are sent, which all other settings have a part in.
            with prompts:
                usable = found.get("usable")
                values["prompts"], wrong_prompts = draw_prompts(workspace, upload, values, usable)
            problems += wrong_prompts
        st.space("small")
        _draw_start(workspace, upload, name, values, found.get("usable"), problems)


def run_name(upload: Upload) -> str:
    """What a run of a file is called unless the user says otherwise."""
    return upload.name.split(".")[0] or upload.name


def _checked(workspace: Workspace, upload: Upload) -> dict[str, Any]:
    """What is known of the file; the sample's is only worked out when it is asked for."""
    if upload.upload_id == SAMPLE and st.session_state.get("engine", OFFLINE) == OFFLINE:
        return {}
    try:
        with st.spinner("Reading the file…"):
            return check_upload(workspace, upload)
    except InputError as error:
        return {"error": str(error)}


def _basics(upload: Upload) -> tuple[str, dict[str, Any]]:
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
        st.session_state.setdefault("max_top", RunConfig().max_top)
        values["max_top"] = st.number_input(
            "At most this many themes",
            1,
            50,
            key="max_top",
            persist_state="session",
            help="Similar clusters are grouped until no more than this many are left on top.",
        )
        values["redact"] = st.selectbox(
            "Remove personal data",
            list(REDACTION),
            format_func=lambda level: REDACTION[level],
            key="redact",
            persist_state="session",
            help="Done first: nothing else sees what is replaced.",
        )
    return name.strip() or run_name(upload), values


def _cluster_size() -> dict[str, Any]:
    st.session_state.setdefault("cluster_choice", AUTOMATIC)
    how = st.segmented_control(
        "Number of clusters",
        [AUTOMATIC, NUMBER, SIZE],
        key="cluster_choice",
        persist_state="session",
        required=True,
        help="A cluster is a group of conversations about the same thing. Automatic finds the "
        "number that fits the data.",
    )
    st.session_state.setdefault("clusters", 40)
    st.session_state.setdefault("per_cluster", 25)
    if how == NUMBER:
        number = st.number_input("Clusters", 1, 5_000, key="clusters", persist_state="session")
        return {"clusters": number}
    if how == SIZE:
        label = "Conversations per cluster, about"
        size = st.number_input(label, 1, 10_000, key="per_cluster", persist_state="session")
        return {"per_cluster": size}
    return {}


def _draw_start(
    workspace: Workspace,
    upload: Upload,
    name: str,
    values: dict[str, Any],
    usable: int | None,
    problems: list[str],
) -> None:
    """What leaves the machine, the buttons, and what is still in the way of a run."""
    try:
        config = make_config(values)
        agreed = draw_consent(config, usable)
    except ConfigError as error:
        st.error(escape(str(error)), icon=":material/error:")
        return
    draw_estimate(workspace, upload, config, usable)
    keys = keys_at_hand(public=workspace.public, base_url=config.base_url)
    with st.container(horizontal=True):
        whole = st.button("Start the run", type="primary", key="start_run")
        paid = config.engine != OFFLINE
        first = paid and (usable is None or usable > FIRST) and (config.limit or FIRST + 1) > FIRST
        few = first and st.button(
            f"Ask for {FIRST} conversations first",
            key="start_first",
            help="The same settings on the first of them, to see what comes out before the rest "
            "is paid for. Their answers are kept and not paid for again.",
        )
    if not whole and not few:
        return
    in_the_way = [*problems, *unready(config, keys, agreed)]
    if in_the_way:
        st.warning(escape(" ".join(in_the_way)), icon=":material/front_hand:")
        return
    if few:
        name, config = f"{name}, first {FIRST}", config.model_copy(update={"limit": FIRST})
    _start(workspace, upload, name, config, keys_for(config, keys))


def _start(
    workspace: Workspace, upload: Upload, name: str, config: RunConfig, keys: dict[str, str]
) -> None:
    try:
        run_id = start_run(
            workspace,
            upload.path,
            config,
            name=name,
            input_id=upload.upload_id,
            input_name=upload.name,
            keys=keys,
        )
    except KuraError as error:
        st.warning(escape(str(error)), icon=":material/hourglass_top:")
        return
    st.query_params.clear()
    st.query_params["run"] = run_id
    st.rerun()


def _begin_with_those_of(workspace: Workspace, run_id: str | None) -> None:
    """Fill the form with the settings of an earlier run, once when it is opened so."""
    if run_id is None:
        st.session_state.pop(_TAKEN, None)
        return
    if st.session_state.get(_TAKEN) == run_id:
        return
    st.session_state[_TAKEN] = run_id
    try:
        config = read_config(workspace, run_id)
    except InputError as error:
        st.warning(escape(str(error)), icon=":material/info:")
        return
    st.session_state.update(_form_of(config))
    take_questions(question_rows(config.facets))


def _form_of(config: RunConfig) -> dict[str, Any]:
    """What the widgets hold for a configuration; a limit is not taken over."""
    values: dict[str, Any] = {
        name: getattr(config, name)
        for name in ("engine", "max_top", "redact", "clustering", "seed", "concurrency")
    }
    values["embedding_model"] = config.embedding_model or BUNDLED_EMBEDDING
    values["cluster_choice"] = AUTOMATIC
    for name, choice in (("clusters", NUMBER), ("per_cluster", SIZE)):
        if getattr(config, name) is not None:
            values |= {"cluster_choice": choice, name: getattr(config, name)}
    values[JUDGED] = config.judges != "off"
    values[JUDGED_BY_ENGINE] = config.judges == "engine"
    if config.engine != OFFLINE:
        values[f"model_{config.engine}"] = config.model
        values[f"name_model_{config.engine}"] = config.name_model
        values["base_url"] = config.base_url or ""
    values |= {CLUSTER_BY: config.cluster_by, SCREEN: config.screen or EVERYBODY}
    for name in type(config.prompts).model_fields:
        values[prompt_key(name)] = config.prompts.text_of(name)
    for name in ("budget", "requests_per_minute", "tokens_per_minute"):
        values[name] = getattr(config, name)
    for name in ("price", "name_price"):
        if price := getattr(config, name):
            values |= {f"{name}_in": price[0], f"{name}_out": price[1]}
    return values
