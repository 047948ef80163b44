"""What a run took, and which conversations it could not read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.panels.cost import draw_each
from pages.panels.text import counted

SHOWN = 500


def draw_spent(folder: Path) -> None:
    """Calls, tokens and dollars, where a language model was asked; notices are elsewhere."""
    from kura_core.run.tables import read_manifest

    manifest = read_manifest(folder)
    calls, tokens = manifest.get("calls") or {}, manifest.get("tokens") or {}
    if not calls.get("sent") and not calls.get("cached"):
        return
    columns = st.columns(4)
    columns[0].metric("Calls", f"{calls['sent']:,}")
    columns[1].metric("Tokens read", f"{tokens['input']:,}")
    columns[2].metric("Tokens written", f"{tokens['output']:,}")
    cost = manifest.get("cost_usd")
    columns[3].metric(
        "Cost",
        "not known" if cost is None else _dollars(cost),
        help="Kura does not know this model's price. Enter it under Advanced to have it counted."
        if cost is None
        else "At list prices; discounts of your provider are not known here.",
    )
    draw_each(manifest)
    if said := _said_of_calls(calls):
        st.caption(said)


def draw_failed(folder: Path) -> None:
    """Each conversation that failed for good, with its reason."""
    path = folder / "tables" / "excluded.parquet"
    if not path.exists():
        return
    excluded = pd.read_parquet(path)
    failed = excluded[excluded["kind"] == "failed"]
    if failed.empty:
        return
    title = f"{counted(len(failed), 'conversation')} failed; all others are in the result"
    with st.expander(title, key="failed", icon=":material/sms_failed:", expanded=len(failed) <= 5):
        names = {"conversation_id": "Conversation", "source_row": "Row", "reason": "Why"}
        st.dataframe(failed[list(names)].head(SHOWN).rename(columns=names), hide_index=True)
        if len(failed) > SHOWN:
            st.caption(f"The first {SHOWN:,} of {len(failed):,}.")
        st.caption("They can be asked for once more; the others are not paid for twice.")


def _said_of_calls(calls: dict[str, Any]) -> str:
    facts = []
    if calls.get("retried"):
        facts.append(f"{counted(calls['retried'], 'call')} repeated, after a fault "
            "of the server or an answer that could not be used")
    if calls.get("cached"):
        facts.append(f"{counted(calls['cached'], 'answer')} kept from before, at no cost")
    return " · ".join(facts)


def _dollars(cost: float) -> str:
    return f"${cost:.2f}" if cost >= 0.01 or cost == 0 else "under $0.01"
