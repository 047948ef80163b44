"""What the conversations of a file have, and what follows from it, before anything is spent."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from kura_core.config import BUNDLED_EMBEDDING
from kura_core.engines.languages import language_name
from kura_core.run.languages import UNKNOWN, embedding_notice
from pages.panels.text import counted, days, escape, percent

SHOWN_LANGUAGES = 5


def draw_coverage(found: dict[str, Any]) -> None:
    """The four numbers that add up, then what the usable conversations have."""
    columns = st.columns(4)
    columns[0].metric(
        "Rows read",
        f"{found['read']:,}",
        help="Where each row is one message, the rows of a conversation count as one.",
    )
    columns[1].metric("Rejected", f"{found['rejected']:,}", help="Rows that hold no conversation.")
    columns[2].metric(
        "Filtered",
        f"{found['filtered']:,}",
        help="Conversations without any text, and those whose id came before.",
    )
    columns[3].metric("Ready to use", f"{found['usable']:,}")
    if not found["usable"]:
        return
    st.caption(" · ".join(_facts(found)))
    draw_embedding_notice(found, BUNDLED_EMBEDDING)
    st.space("small")
    having, languages, lengths = st.columns(3, gap="large")
    with having:
        _draw_having(found)
    with languages:
        _draw_languages(found["languages"], found["usable"])
    with lengths:
        _draw_lengths(found)
    st.space("small")
    _draw_metadata(found["metadata"], found["usable"])


def draw_embedding_notice(found: dict[str, Any], model: str) -> None:
    """A line when the embedding model is weak for the languages of the file."""
    notice = embedding_notice(found.get("languages") or {}, model)
    if notice is not None:
        st.info(escape(notice), icon=":material/translate:")


def _facts(found: dict[str, Any]) -> list[str]:
    facts = [counted(found["messages"], "message")]
    if found["users"]:
        facts.append(counted(found["users"], "user"))
    if found["first_time"]:
        times = pd.to_datetime(pd.Series([found["first_time"], found["last_time"]]))
        facts.append(days(times) or "")
    return facts


def _draw_having(found: dict[str, Any]) -> None:
    st.subheader("Conversations with", anchor=False)
    having = {
        "a time": (found["with_times"], "without times there are no trends"),
        "a user": (found["with_users"], "without users only conversations are counted"),
        "an answer": (found["with_assistant"], "without answers no outcome is judged"),
    }
    for what, (count, otherwise) in having.items():
        share = f"{count:,} · {percent(count, found['usable'])}" if count else otherwise
        st.progress(count / found["usable"], text=f"{what.capitalize()} :gray[{share}]")


def _draw_languages(languages: dict[str, int], usable: int) -> None:
    looked_at = sum(languages.values())
    sampled = f"Told from the words of users, in {looked_at:,} conversations spread over the file."
    st.subheader("Languages", anchor=False, help=sampled if looked_at < usable else None)
    known = [(code, count) for code, count in languages.items() if code != UNKNOWN]
    rows = [(language_name(code), count) for code, count in known[:SHOWN_LANGUAGES]]
    rest = known[SHOWN_LANGUAGES:]
    if rest:
        more = counted(len(rest), "other language")
        rows.append((more, sum(count for _, count in rest)))
    if languages.get(UNKNOWN):
        rows.append(("Too short to tell", languages[UNKNOWN]))
    for name, count in rows:
        share = percent(count, looked_at)
        st.progress(count / looked_at, text=f"{escape(name)} :gray[{share}]")


def _draw_lengths(found: dict[str, Any]) -> None:
    st.subheader(
        "Length of a conversation",
        anchor=False,
        help="Half of the conversations are at most as long as the median, nine in ten at most as "
        "long as the number beside it.",
    )
    titles = {"median": "Median", "most": "9 in 10", "longest": "Longest"}
    columns = {"turns": "Messages", "characters": "Characters"}
    table = pd.DataFrame(
        {title: [f"{found[name][kind]:,}" for name in columns] for kind, title in titles.items()},
        index=list(columns.values()),
    )
    st.table(table, border="horizontal")
    if found["single_turn"]:
        share = percent(found["single_turn"], found["usable"])
        st.caption(f"{share} have one message of the user")


def _draw_metadata(columns: list[dict[str, Any]], usable: int) -> None:
    if not columns:
        return
    title = f"{counted(len(columns), 'other column')} kept with the conversations"
    with st.expander(title, key="metadata", icon=":material/view_column:"):
        table = pd.DataFrame(
            {
                "Column": [column["name"] for column in columns],
                "Filled": [100 * column["filled"] / usable for column in columns],
                "Kind": [column["kind"] for column in columns],
                "Different values": [column["distinct"] for column in columns],
            }
        )
        st.dataframe(
            table,
            hide_index=True,
            column_config={
                "Filled": st.column_config.ProgressColumn(
                    format="%.0f %%", min_value=0, max_value=100
                )
            },
        )
        st.caption("Never read by a language model; to filter and compare by afterwards.")
