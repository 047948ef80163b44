"""How a page begins: with this browser's workspace, and through app.py whatever the link."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kura_core.run.workspace import Workspace

_WORKSPACE = "kura.workspace"
_TARGET = "kura.target"


def enter(page: str) -> Workspace:
    """The workspace app.py opened.

    A server that has not run app.py yet executes a deep-linked page by itself; then the page and
    its query parameters are remembered and app.py takes over.
    """
    if _WORKSPACE not in st.session_state:
        st.session_state[_TARGET] = (page, st.query_params.to_dict())
        st.switch_page("app.py")
    workspace: Workspace = st.session_state[_WORKSPACE]
    return workspace


def admit(workspace: Workspace, pages: dict[str, Any]) -> None:
    """Make the workspace known to the pages, and go on to where a deep link led."""
    st.session_state[_WORKSPACE] = workspace
    page, query = st.session_state.pop(_TARGET, (None, {}))
    if page in pages:
        st.switch_page(pages[page], query_params=query)


def go(page: str, **query: str) -> None:
    """Open another page of the app."""
    st.switch_page(f"pages/{page}.py", query_params=query)
