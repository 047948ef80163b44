"""Settings that few need: the embedding model, how groups are found, how much, how fast."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kura_core.config import BUNDLED_EMBEDDING, RunConfig
from kura_core.run.workspace import Workspace
from pages.panels.coverage import draw_embedding_notice
from pages.panels.engine import JUDGED, OFFLINE
from pages.panels.facets import draw_cluster_by
from pages.panels.keys import draw_key
from pages.panels.text import escape

METHODS = {
    "kmeans": "K-means: even groups, every conversation in one",
    "minibatch": "Mini-batch K-means: faster on very many",
    "hdbscan": "HDBSCAN: dense groups, the rest under “other”",
}


def draw_advanced(
    workspace: Workspace, engine: dict[str, Any], found: dict[str, Any]
) -> dict[str, Any]:
    """Widgets for the rest of a RunConfig; `engine` has what was chosen so far, `found` the file's
    report, as far as it is known."""
    defaults = RunConfig()
    for name in ("embedding_model", "clustering", "seed", "concurrency"):
        st.session_state.setdefault(name, getattr(defaults, name))
    st.session_state.setdefault(JUDGED, defaults.judges != "off")
    with st.expander("Advanced", key="advanced", icon=":material/tune:"):
        left, right = st.columns(2, gap="large")
        with left:
            values: dict[str, Any] = {
                "cluster_by": draw_cluster_by(engine.get("facets", ())),
                "embedding_model": _embedding_model(workspace, engine, found),
                "clustering": st.selectbox(
                    "Grouping",
                    list(METHODS),
                    format_func=lambda name: METHODS[name],
                    key="clustering",
                    persist_state="session",
                    help="How conversations are put into base clusters.",
                ),
            }
        with right:
            values["seed"] = st.number_input(
                "Seed",
                0,
                2**32 - 1,
                key="seed",
                persist_state="session",
                help="The same file, settings and seed give the same result.",
            )
            values["limit"] = st.number_input(
                "Read at most this many conversations",
                1,
                None,
                None,
                key="limit",
                placeholder="All of them",
            )
        if not st.toggle(
            "Judge outcomes",
            key=JUDGED,
            persist_state="session",
            help="Says for each conversation whether the user got what was asked for, and why not. "
            "Without it nothing is said of failures, silent ones or missing things.",
        ):
            values["judges"] = "off"
        if engine["engine"] != OFFLINE:
            values |= _pace_and_price(engine)
    return values


def _embedding_model(workspace: Workspace, engine: dict[str, Any], found: dict[str, Any]) -> str:
    name = st.text_input(
        "Embedding model",
        key="embedding_model",
        persist_state="session",
        help="What turns a summary into numbers so that near ones mean the same. The default comes "
        "with Kura. Or the name or folder of a sentence-transformers model, or openai for OpenAI's "
        "own, which takes a key and sends it the summaries.",
    )
    name = (name or "").strip() or BUNDLED_EMBEDDING
    draw_embedding_notice(found, name)
    if name == "openai" and engine["engine"] != "openai":
        draw_key("openai", public=workspace.public, own_server=False)
    return name


def _pace_and_price(engine: dict[str, Any]) -> dict[str, Any]:
    from kura_core.engines.providers import DEFAULT_MODELS

    left, right = st.columns(2, gap="large")
    with left:
        values: dict[str, Any] = {
            "concurrency": st.number_input(
                "Calls at once",
                1,
                1000,
                key="concurrency",
                persist_state="session",
                help="More is faster, until the provider asks to slow down; then Kura waits by "
                "itself.",
            )
        }
        values |= _limits()
    with right:
        values["budget"] = st.number_input(
            "Budget in US dollars",
            0.0,
            None,
            None,
            key="budget",
            persist_state="session",
            placeholder="None",
            help="The run stops before a call that could cost more than is left. What is finished "
            "is kept, and you can raise the budget and go on.",
        )
        model = engine["model"] or DEFAULT_MODELS[engine["engine"]]
        values["price"] = _price(model, "price")
        if engine.get("name_model"):
            values["name_price"] = _price(engine["name_model"], "name_price")
    if not values["budget"]:
        values["budget"] = None
    return values


def _limits() -> dict[str, Any]:
    """How many requests and tokens a minute; most providers say so themselves."""
    return {
        name: st.number_input(
            title,
            1,
            None,
            None,
            key=name,
            persist_state="session",
            placeholder="As the server allows",
            help="Set this where your provider limits it, or where others use the same key.",
        )
        for name, title in (
            ("requests_per_minute", "Requests a minute, at most"),
            ("tokens_per_minute", "Tokens a minute, at most"),
        )
    }


def _price(model: str, key: str) -> tuple[float, float] | None:
    """The listed price of a model, or fields for one that no list has; None while that is so."""
    from kura_core.engines.prices import price_list, price_of

    known = price_of(model)
    if known is not None:
        st.caption(
            f"{escape(model)}: \\${known[0]:,.2f} per million tokens read and "
            f"\\${known[1]:,.2f} per million "
            f"written, as the provider listed it on {price_list().as_of}."
        )
        return None
    st.caption(f"The price of {escape(model)} is not known; enter it and the cost will be counted.")
    price = [
        st.number_input(
            f"US dollars per million tokens {what}",
            0.0,
            None,
            None,
            key=f"{key}_{short}",
            persist_state="session",
            placeholder="Not known",
        )
        for what, short in (("read", "in"), ("written", "out"))
    ]
    # Half a price counts nothing.
    return (price[0], price[1]) if price[0] is not None and price[1] is not None else None
