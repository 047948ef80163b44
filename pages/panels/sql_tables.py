"""The tables a query can read: their columns, types and an example each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from kura_core.insights.sql.query import Described
from kura_core.insights.sql.warehouse import TableShown
from pages.panels.text import counted

_HEIGHT = 300
_ABOUT = {
    "chat_clusters": "A row per conversation; join it by conversation_id or user_id.",
    "user_feedback": "A row per rated conversation. Yes/no columns are 1 and 0.",
    "user_metadata": "A row per user.",
    "clusters": "A row per cluster; parent_id leads to its theme.",
    "gaps": "A row per missing thing and conversation that asks for it; failed says who got none.",
}
_PLAIN = {
    "VARCHAR": "text",
    "VARCHAR[]": "list of text",
    "BOOLEAN": "yes/no",
    "DATE": "date",
    "TIMESTAMP": "date and time",
    "DOUBLE": "number",
    "FLOAT": "number",
    "TINYINT": "whole number",
    "SMALLINT": "whole number",
    "INTEGER": "whole number",
    "BIGINT": "whole number",
}


def draw_tables(described: Described) -> None:
    """One table at a time, chosen by its name."""
    tables = {table.name: table for table in described.tables}
    name = st.selectbox(
        "Tables and columns",
        list(tables),
        key="sql_table",
        help="What a query can read. Copy a name by clicking its cell.",
    )
    if name is None:
        return
    table = tables[name]
    st.dataframe(
        _columns(table),
        hide_index=True,
        height=_HEIGHT,
        row_height=30,
        key=f"sql-columns-{name}",
        column_config={
            "Column": st.column_config.TextColumn(width=165),
            "Type": st.column_config.TextColumn(width=105),
        },
        alt=f"The columns of {name}",
    )
    st.caption(f"{counted(table.rows, 'row')}. {_ABOUT[name]}")


def _columns(table: TableShown) -> pd.DataFrame:
    rows = [(c.name, _PLAIN.get(c.type, c.type.lower()), c.example) for c in table.columns]
    return pd.DataFrame(rows, columns=["Column", "Type", "Example"])
