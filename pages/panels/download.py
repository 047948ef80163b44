"""A table as a CSV file that is safe to open in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kura_core.insights.sql.csv_text import csv_text

if TYPE_CHECKING:
    import pandas as pd

SAFE = (
    "A file that is safe to open in a spreadsheet: text that it would run as a formula gets a ' in "
    "front."
)


def offer_csv(
    frame: pd.DataFrame, file_name: str, key: str, label: str = "Download as CSV"
) -> None:
    """A button that takes the rows along; the file is made on the click."""
    st.download_button(
        label,
        lambda: csv_text(frame, for_spreadsheet=True).encode(),
        file_name=file_name,
        mime="text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
        help=SAFE,
    )
