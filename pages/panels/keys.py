"""The providers' keys: typed for this browser session, or set on the server by its operator."""

from __future__ import annotations

import os

import streamlit as st

from kura_core.engines.endpoint import KEY_VARIABLES

TITLES = {"openai": "OpenAI", "anthropic": "Anthropic"}


def draw_key(provider: str, *, public: bool, own_server: bool, place: str = "settings") -> None:
    """A field for a provider's key, or the word that the server has one.

    What is typed lives in this session's memory alone: never in a link, a file or a log.
    """
    set_here = _set_on_server(provider, public=public) is not None
    offered = set_here and not (public and own_server)
    label = f"{TITLES[provider]} key" if not own_server else "Key for this server"
    st.text_input(
        label,
        type="password",
        key=_field(provider),
        persist_state="session",
        autocomplete="off",
        placeholder="A key is set on this server" if offered else _wanted(own_server),
        help="Kept for this browser session only, in the memory of this server: gone when you "
        "close or reload the page. It is never written to disk.",
    )
    if offered and not typed_key(provider):
        said = "its operator set it for all who use it" if public else "used unless you enter yours"
        st.caption(f":material/key: A key is set on this server; {said}.")
    elif set_here and not offered:
        st.caption(
            ":material/key: The key that is set on this server only goes to the provider itself, "
            "never to another address."
        )


def typed_key(provider: str) -> str | None:
    """The key typed in this browser session."""
    return (st.session_state.get(_field(provider)) or "").strip() or None


def keys_at_hand(*, public: bool, base_url: str | None) -> dict[str, str]:
    """Provider → key, for a run or a test: what was typed, else what the operator set.

    On a public server the operator's key never goes to an address that a stranger names.
    """
    found = {}
    for provider in KEY_VARIABLES:
        elsewhere = public and provider == "openai" and bool(base_url)
        key = typed_key(provider)
        if key is None and not elsewhere:
            key = _set_on_server(provider, public=public)
        if key:
            found[provider] = key
    return found


def _set_on_server(provider: str, *, public: bool) -> str | None:
    """From st.secrets; from the environment too where strangers are not served."""
    name = KEY_VARIABLES[provider]
    try:
        secret = st.secrets.get(name)
    except (FileNotFoundError, st.errors.StreamlitAPIException):
        secret = None
    if secret:
        return str(secret).strip()
    return None if public else os.environ.get(name, "").strip() or None


def _wanted(own_server: bool) -> str:
    return "Only if it asks for one" if own_server else "sk-…"


def _field(provider: str) -> str:
    return f"key_{provider}"
