"""Priorities: what is big, fails and is worth most, ranked, and drawn as volume and success."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import streamlit as st

from kura_core.insights.evidence import FAILED, Evidence, query_of
from kura_core.insights.impact import impact_label
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.priorities.charts import PICK, volume_success_chart
from kura_core.insights.priorities.ranking import FEWEST_JUDGED, Weights, rank_priorities
from kura_core.run.side.tables import side_stamp
from pages.panels.actions import not_judged
from pages.panels.download import offer_csv
from pages.panels.evidence import evidence_link
from pages.panels.missing import choose_impact, chosen_impact
from pages.panels.review import judge_quality_line
from pages.panels.runs import Shown
from pages.panels.text import counted, escape, percent

if TYPE_CHECKING:
    import pandas as pd

    from kura_core.insights.levels import Level
    from kura_core.insights.priorities.draws import GroupDraws

_LEVELS: dict[Level, str] = {"cluster": "Base clusters", "theme": "Themes"}
_EFFORTS, _TURN = "priorities.efforts", "priorities.turn"
_IMPACT = "Impact"
# What could as well come after this place is not said to be the first thing to fix.
CLEARLY_FIRST = 3
_COLUMNS = [
    "Name",
    "Rank",
    "Priority",
    "Range",
    "Effort",
    "Success",
    "Conversations",
    "Users",
    _IMPACT,
    "Evidence",
]
_HOW = (
    "Priority = conversations × share that failed × impact per conversation ÷ effort. Partly "
    "achieved counts as failed, “cannot tell” is left out. Priorities are relative: the first one "
    "is 100. Intervals are 95%: users are drawn again 1,000 times."
)


def draw_priorities(shown: Shown, joined: JoinedRun) -> None:
    """The first in a sentence, the 2×2, and the ranking with efforts to edit."""
    if not_judged(joined):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level: Level = st.segmented_control(
            "Rank",
            list(_LEVELS),
            default="cluster",
            format_func=lambda name: _LEVELS[name],
            key="priorities_level",
            required=True,
        )
        choose_impact(joined)
    impact = chosen_impact(joined)
    weights = _choose_weights()
    stamp = side_stamp(shown.directory)
    draws = _draws(str(shown.directory), shown.changed, stamp, impact, level, joined)
    efforts = _efforts_of(shown)
    ranked = rank_priorities(joined, impact, weights, efforts, level=level, draws=draws)
    if ranked.empty:
        st.text("All conversations are in “other”, so there is nothing to rank.")
        return
    _draw_first(ranked)
    _draw_chart(shown, ranked, impact)
    _draw_table(shown, ranked, impact, level)
    quality = judge_quality_line(shown, joined)
    if quality:
        st.caption(f":material/fact_check: {escape(quality)}")


@st.cache_resource(max_entries=8, show_spinner="Working out how sure this is …")
def _draws(
    directory: str,
    changed: int,
    stamp: str,
    impact: str | None,
    level: Level,
    _joined: JoinedRun,
) -> GroupDraws:
    from kura_core.insights.priorities.draws import draw_groups

    return draw_groups(_joined, impact, level)


def _choose_weights() -> Weights:
    with st.expander("What counts how much", icon=":material/tune:", key="priorities_weights"):
        st.caption(
            "1 takes a factor as it is, 0 leaves it out, 2 or 3 let large differences count more."
        )
        columns = st.columns(3)
        found = [
            column.slider(label, 0.0, 3.0, 1.0, 0.25, key=f"weight_{name}", help=about)
            for column, (name, label, about) in zip(
                columns,
                (
                    ("volume", "How many ask", "The number of conversations."),
                    ("failure", "How often it fails", "The share of judged ones that failed."),
                    ("impact", "What they are worth", "The impact column per conversation."),
                ),
                strict=True,
            )
        ]
    return Weights(*found)


def _efforts_of(shown: Shown) -> dict[str, float]:
    return dict(st.session_state.get(_EFFORTS, {}).get(shown.run_id, {}))


def _draw_first(ranked: pd.DataFrame) -> None:
    first = ranked[ranked["rank"].notna() & (ranked["priority"] > 0)].head(3)
    if first.empty:
        st.subheader("Nothing stands out: no group that can be judged fails.", anchor=False)
        return
    top = first.iloc[0]
    name = escape(str(top["name"]))
    is_close = top["rank_high"] > CLEARLY_FIRST
    st.subheader(
        f"“{name}” comes first, but not clearly" if is_close else f"Fix “{name}” first",
        anchor=False,
    )
    places = f"{top['rank_low']} to {top['rank_high']}"
    sure = "and that is sure" if top["rank_high"] == 1 else f"and could be number {places}"
    judged = counted(int(top["judged"]), "conversation")
    st.text(
        f"It comes out as number 1 of {ranked['rank'].notna().sum()}, {sure}. Of its {judged} that "
        f"could be judged, {_success(top)} got what was asked for."
    )
    if len(first) > 1:
        st.text("Then: " + ", ".join(f"“{name}”" for name in first["name"].iloc[1:]) + ".")


def _draw_chart(shown: Shown, ranked: pd.DataFrame, impact: str | None) -> None:
    log = st.segmented_control(
        "Conversations on a scale that is",
        [True, False],
        default=True,
        format_func=lambda is_log: "logarithmic" if is_log else "linear",
        key="priorities_log",
        required=True,
        help="On a logarithmic scale small groups have as much room as large ones.",
    )
    dark = st.context.theme.type == "dark"
    event: Any = st.altair_chart(
        volume_success_chart(ranked, log=bool(log), dark=dark),
        key=f"priorities-{shown.run_id}-{log}-{dark}",
        on_select="rerun",
        selection_mode=[PICK],
        theme="streamlit",
        alt="Groups by number of conversations (across) and success rate (up).",
    )
    picked = event["selection"].get(PICK) or []
    chosen = ranked[ranked["cluster_id"] == picked[-1]["cluster_id"]] if picked else ranked[:0]
    if chosen.empty:
        st.caption(
            "Red points are larger and fail more often than the middle group. "
            + ("The size of a point is its impact per conversation. " if impact else "")
            + "Click a point to see what is behind it."
        )
    else:
        _draw_card(shown, chosen.iloc[0], impact)


def _draw_card(shown: Shown, row: pd.Series, impact: str | None) -> None:
    with st.container(border=True, key="priorities_card"):
        st.subheader(escape(str(row["name"])), anchor=False)
        facts = [counted(int(row["conversations"]), "conversation")]
        if row["users"] == row["users"] and row["users"] is not None:
            facts.append(counted(int(row["users"]), "user"))
        facts.append(f"success {_success(row)}")
        if impact:
            facts.append(f"{impact_label(impact)} {row['impact']:,.0f} a conversation")
        st.text(" · ".join(facts))
        with st.container(horizontal=True):
            failed = int(row["judged"] - row["achieved"])
            cluster = str(row["cluster_id"])
            evidence_link(shown, f"Read the {failed:,} that failed", Evidence(cluster, FAILED))
            evidence_link(shown, "Read all", Evidence(cluster))


def _draw_table(shown: Shown, ranked: pd.DataFrame, impact: str | None, level: Level) -> None:
    st.header("The ranking", anchor=False)
    st.caption(
        "Say under “Effort” what a fix would take (1 is usual, 2 takes twice as long); the order "
        "follows. A rank of 1 (1–3) means that with other users it could as well be 2 or 3.",
        help=_HOW,
    )
    turn = st.session_state.get(_TURN, 0)
    key = f"ranking-{shown.run_id}-{level}-{turn}"
    ids = [str(name) for name in ranked["cluster_id"]]
    st.data_editor(
        ranking_as_shown(shown, ranked, impact),
        hide_index=True,
        disabled=[name for name in _COLUMNS if name != "Effort"],
        column_config={
            "Name": st.column_config.TextColumn(pinned=True, width=210),
            "Rank": st.column_config.TextColumn(width=75),
            "Priority": st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%.0f", help=_HOW, width=100
            ),
            "Range": st.column_config.TextColumn(
                width=70, help="The 95% interval of the priority, on the same scale."
            ),
            "Effort": st.column_config.NumberColumn(
                "Effort", min_value=0.1, max_value=100.0, step=0.1, required=True, width=75
            ),
            "Success": st.column_config.TextColumn(width=115),
            "Conversations": st.column_config.NumberColumn(width=100, format="localized"),
            "Users": st.column_config.NumberColumn(width=60, format="localized"),
            _IMPACT: st.column_config.NumberColumn(
                impact_label(impact) if impact else None,
                format="localized",
                width=105,
                help="Per conversation. What belongs to a user counts once per user and group.",
            ),
            "Evidence": st.column_config.LinkColumn(
                "Read", display_text="Read", help="Opens the conversations in a new tab.", width=60
            ),
        },
        column_order=[name for name in _COLUMNS if impact or name != _IMPACT],
        key=key,
        on_change=_keep_efforts,
        args=(shown.run_id, key, ids),
        alt="Groups by priority, first ones first.",
    )
    few = int((ranked["few"]).sum())
    if few:
        st.caption(
            f"{counted(few, 'group has', 'groups have')} fewer than {FEWEST_JUDGED} judged "
            "conversations: too few to tell."
        )
    offer_csv(ranked.drop(columns=["theme_id"]), "priorities.csv", "priorities_csv")


def _keep_efforts(run_id: str, key: str, ids: list[str]) -> None:
    """Take efforts out of the editor; a new editor then shows the new order."""
    edited = st.session_state[key]["edited_rows"]
    efforts = dict(st.session_state.get(_EFFORTS, {}))
    changed = {ids[int(row)]: float(cells["Effort"]) for row, cells in edited.items()}
    efforts[run_id] = {**efforts.get(run_id, {}), **changed}
    st.session_state[_EFFORTS] = efforts
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def ranking_as_shown(shown: Shown, ranked: pd.DataFrame, impact: str | None) -> pd.DataFrame:
    """The ranking with its intervals as text, and a link to what is behind each row."""
    import pandas as pd

    rows = []
    for row in ranked.to_dict("records"):
        is_ranked = not pd.isna(row["rank"])
        evidence = query_of(Evidence(cluster=str(row["cluster_id"])))
        query = urlencode({"run": shown.run_id, "view": "evidence", **evidence})
        is_sure = is_ranked and row["rank_low"] == row["rank_high"]
        place = f"{row['rank']}"
        place += "" if is_sure else f" ({row['rank_low']}–{row['rank_high']})"
        bounds = f"{row['priority_low']:.0f}–{row['priority_high']:.0f}"
        rows.append(
            {
                "Rank": place if is_ranked else "too few to tell" if row["few"] else "no value",
                "Name": row["name"],
                "Conversations": row["conversations"],
                "Users": row["users"],
                "Success": _success(row),
                _IMPACT: round(row["impact"]) if row["impact"] >= 100 else row["impact"],
                "Effort": row["effort"],
                "Priority": row["priority"],
                "Range": bounds if is_ranked else "–",
                "Evidence": f"insights?{query}",
            }
        )
    return pd.DataFrame(rows, columns=_COLUMNS)


def _success(row: pd.Series | dict[Hashable, Any]) -> str:
    if row["success"] != row["success"]:
        return "–"
    low, high = 100 * row["success_low"], 100 * row["success_high"]
    return f"{percent(row['success'], 1)} ({low:.0f}–{high:.0f}%)"
