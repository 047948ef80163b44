"""The shown run with the tables its owner added, worked out once for all who look at it."""

from __future__ import annotations

import streamlit as st

from kura_core.errors import InputError
from kura_core.insights.join_run import join_run
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.side.tables import choose_feedback, detach, side_stamp
from pages.panels.runs import Shown
from pages.panels.text import escape


def joined_run(shown: Shown) -> JoinedRun:
    """The run with its feedback and user tables. Shared: whoever reads it must not change it.

    Tables that cannot be used any more end the page with the reason and a way to remove them.
    """
    try:
        return _join(str(shown.directory), shown.changed, side_stamp(shown.directory), shown)
    except InputError as error:
        st.error(escape(str(error)), icon=":material/error:")
        st.button(
            "Remove the tables added to this run",
            key="joined_remove",
            icon=":material/delete:",
            on_click=_remove,
            args=(shown,),
        )
        st.stop()


def _remove(shown: Shown) -> None:
    detach(shown.directory, "feedback")
    detach(shown.directory, "users")
    choose_feedback(shown.directory, None)


@st.cache_resource(max_entries=4, show_spinner=False)
def _join(directory: str, changed: int, stamp: str, _shown: Shown) -> JoinedRun:
    return join_run(_shown.directory, _shown.tables)
