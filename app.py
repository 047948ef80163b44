"""Kura's entry point: navigation, theme and this browser's workspace."""

import streamlit as st

from pages.panels.browser import open_workspace
from pages.panels.entry import admit
from pages.panels.style import ICON, LOGO, STYLE

st.set_page_config(page_title="Kura", page_icon=ICON, layout="wide")
st.logo(LOGO, size="large")
st.html(STYLE)

pages = {
    "overview": st.Page(
        "pages/overview.py",
        title="Overview",
        icon=":material/lightbulb:",
        url_path="start",
        default=True,
    ),
    "insights": st.Page("pages/insights.py", title="Insights", icon=":material/checklist:"),
    "data": st.Page("pages/data.py", title="Data", icon=":material/upload_file:"),
    "pipeline": st.Page("pages/pipeline.py", title="Pipeline", icon=":material/play_circle:"),
    "explore": st.Page("pages/explore.py", title="Explore", icon=":material/scatter_plot:"),
    "sql": st.Page("pages/sql.py", title="SQL", icon=":material/database:"),
}


def overview() -> None:
    """The first page is at "/"; links to its name lead there too."""
    st.switch_page(pages["overview"], query_params=st.query_params.to_dict())


named = st.Page(overview, url_path="overview", visibility="hidden")
page = st.navigation([*pages.values(), named])
admit(open_workspace(), pages)
page.run()
