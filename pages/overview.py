"""The answer first: what users want, where they are let down, and in their own words."""

import streamlit as st

from kura_core.run.workspace import SAMPLE
from pages.panels.entry import enter, go
from pages.panels.runs import show_run, shown_run


def welcome() -> None:
    """What Kura does, and the ways to begin."""
    with st.container(key="hero", gap="medium"):
        st.title("See what your users want, and where they leave without it", anchor=False)
        st.markdown(
            "Kura reads your AI product's chat logs and tells you what users ask for, where the "
            "product silently fails them, and what to build next."
        )
        with st.container(horizontal=True):
            st.button(
                "Explore the sample",
                type="primary",
                key="explore_sample",
                on_click=show_run,
                args=(SAMPLE,),
            )
            if st.button("Upload your chat logs", key="upload"):
                go("data")
            if st.button("Run the sample yourself", key="run_sample", type="tertiary"):
                go("pipeline", input=SAMPLE)
        st.caption("No key, no account. Everything is computed on the machine Kura runs on.")


workspace = enter("overview")
shown = shown_run(workspace)
if shown is None:
    welcome()
    # The welcome is on the screen by now; what the next click needs is made ready behind it.
    from pages.panels.result import prepare_sample

    prepare_sample(workspace)
else:
    from pages.panels.result import draw_result

    draw_result(shown)
