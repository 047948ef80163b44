"""Who writes summaries and names, and judges: rules on this machine, or a language model."""

from __future__ import annotations

import asyncio
from typing import Any

import streamlit as st

from kura_core.engines.addresses import refuse_inner_address
from kura_core.errors import ConfigError
from kura_core.run.form_values import make_config
from kura_core.run.workspace import Workspace
from pages.panels.keys import draw_key, keys_at_hand
from pages.panels.text import escape

OFFLINE = "offline"
ENGINES = {
    OFFLINE: "Offline",
    "openai": "OpenAI or a compatible server",
    "anthropic": "Anthropic",
}
CAPTIONS = {
    OFFLINE: "Rules on this machine, no key, no cost",
    "openai": "GPT models; or Ollama, vLLM and other servers",
    "anthropic": "Claude models",
}
JUDGED, JUDGED_BY_ENGINE = "judged", "judged_by_engine"
_TESTED = "connection_tested"


def draw_engine(workspace: Workspace) -> dict[str, Any]:
    """Widgets for the engine, its model and address; returns these settings of a RunConfig."""
    st.session_state.setdefault("engine", OFFLINE)
    engine = st.radio(
        "Who writes summaries and names",
        list(ENGINES),
        format_func=lambda name: ENGINES[name],
        captions=list(CAPTIONS.values()),
        horizontal=True,
        key="engine",
        persist_state="session",
    )
    if engine == OFFLINE:
        return {"engine": OFFLINE}
    left, right = st.columns(2, gap="large")
    values: dict[str, Any] = {"engine": engine, "base_url": None}
    with left:
        if engine == "openai":
            typed = st.text_input(
                "Base URL",
                key="base_url",
                persist_state="session",
                placeholder="https://api.openai.com/v1",
                help="The server's address. Empty for OpenAI itself; any server that speaks the "
                "same language works, for instance http://localhost:11434/v1 for Ollama on this "
                "machine.",
            )
            values["base_url"] = (typed or "").strip() or None
        values["model"] = _model(engine, values["base_url"])
        values["name_model"] = _name_model(engine, values["model"], values["base_url"])
    with right:
        own_server = values["base_url"] is not None
        draw_key(engine, public=workspace.public, own_server=own_server)
        _test(workspace, values)
    values["judges"] = _judges()
    return values


def _judges() -> str:
    """Who judges outcomes in a language model's run."""
    st.session_state.setdefault(JUDGED_BY_ENGINE, False)
    # "Judge outcomes", under Advanced, comes further down the page.
    judging = st.session_state.get(JUDGED, True)
    by_engine = st.toggle(
        "Let the language model judge outcomes too",
        key=JUDGED_BY_ENGINE,
        persist_state="session",
        disabled=not judging,
        help="Whether users got what they asked for, whether they showed dissatisfaction, and what "
        "a failure was for. The model is asked 2 or 3 more questions about each conversation; "
        "together with the summaries that costs some 3 to 4 times as much as summaries alone. "
        "Otherwise rules on this machine judge, free of charge.",
    )
    return "engine" if by_engine and judging else "rules"


def _model(engine: str, base_url: str | None) -> str | None:
    """The model's name, from those the server lists once it was asked, or typed."""
    from kura_core.engines.providers import DEFAULT_MODELS

    return _choose_model(
        "Model",
        f"model_{engine}",
        engine,
        base_url,
        placeholder=f"{DEFAULT_MODELS[engine]}, or type another",
        help="“Test connection” lists the models your key can use.",
    )


def _name_model(engine: str, model: str | None, base_url: str | None) -> str | None:
    """A second model, for the few answers that everybody reads."""
    name = _choose_model(
        "Model for names of clusters and themes",
        f"name_model_{engine}",
        engine,
        base_url,
        placeholder="The same",
        help="Names are few and everybody reads them: a stronger model costs little here, while a "
        "small one reads the many conversations.",
    )
    return name if name != model else None


def _choose_model(
    label: str, key: str, engine: str, base_url: str | None, *, placeholder: str, help: str
) -> str | None:
    name: str | None = st.selectbox(
        label,
        _listed(key, engine, base_url),
        index=None,
        key=key,
        persist_state="session",
        accept_new_options=True,
        placeholder=placeholder,
        help=help,
    )
    return name


def _listed(key: str, engine: str, base_url: str | None) -> list[str]:
    """The models the server lists, once it was asked, and the one that is chosen."""
    tested = st.session_state.get(_TESTED) or {}
    asked_here = (tested.get("engine"), tested.get("base_url")) == (engine, base_url)
    listed = list(tested["models"]) if asked_here else []
    chosen = st.session_state.get(key)
    return [*listed, chosen] if chosen and chosen not in listed else listed


def _test(workspace: Workspace, values: dict[str, Any]) -> None:
    """A button that asks the server for its models, and what came of it in one sentence."""
    keys = keys_at_hand(public=workspace.public, base_url=values["base_url"])
    asked = {**values, "key": keys.get(values["engine"])}
    if st.button("Test connection", key="test_connection", icon=":material/cable:"):
        with st.spinner("Asking the server…"):
            st.session_state[_TESTED] = {**asked, **_connect(workspace, values, asked["key"])}
        # The list of models is drawn above this button.
        st.rerun()
    tested = st.session_state.get(_TESTED) or {}
    if any(tested.get(name) != value for name, value in asked.items()):
        return
    if tested["ok"]:
        st.success(escape(tested["text"]), icon=":material/check_circle:")
    else:
        st.error(escape(tested["text"]), icon=":material/error:")


def _connect(workspace: Workspace, values: dict[str, Any], key: str | None) -> dict[str, Any]:
    from kura_core.engines.connection import check_connection

    try:
        config = make_config(values)
        if workspace.public and config.base_url:
            refuse_inner_address(config.base_url)
    except ConfigError as error:
        return {"ok": False, "text": str(error), "models": ()}
    found = asyncio.run(check_connection(config, key))
    return {"ok": found.ok, "text": found.text, "models": found.models}
