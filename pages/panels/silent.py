"""Silent failures: how conversations ended against what users said and rated, and who leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from kura_core.insights.evidence import ANY_SILENT, Evidence
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.quadrants import (
    DISAGREES,
    FRICTION,
    FRUSTRATED,
    POLITE,
    QUADRANTS,
    RATED,
    SUCCESS,
    VOICED,
)
from kura_core.run.side.tables import side_stamp
from pages.panels.actions import not_judged
from pages.panels.download import offer_csv
from pages.panels.evidence import evidence_link
from pages.panels.members import draw_members
from pages.panels.missing import chosen_impact
from pages.panels.review import judge_quality_line
from pages.panels.runs import Shown
from pages.panels.text import counted, escape, percent

if TYPE_CHECKING:
    import pandas as pd

    from kura_core.insights.levels import Level
    from kura_core.insights.quadrant_table import QuadrantTotals

_TITLES = {
    FRUSTRATED: "Frustrated, unrated",
    POLITE: "Polite exit",
    VOICED: "Voiced failure",
    RATED: "Rated failure",
    FRICTION: "Friction",
    DISAGREES: "Rating disagrees",
    SUCCESS: "Success",
    ANY_SILENT: "Silent failures",
}
_ABOUT = {
    FRUSTRATED: "They said in the chat that it did not help, but nobody sees it in the ratings.",
    POLITE: "They said nothing, gave no bad rating, and left.",
    VOICED: "They said so in the chat and rated it negative.",
    RATED: "They rated it negative without a word in the chat.",
    FRICTION: "They got it, but had to ask again or correct an answer first.",
    DISAGREES: "The chat looks fine and the rating is negative: read these yourself.",
    SUCCESS: "They got it without a hitch.",
    ANY_SILENT: "Failures that no rating shows: frustrated and unrated, and polite exits.",
}
_LEVELS: dict[Level, str] = {"theme": "Themes", "cluster": "Base clusters"}
_COUNTS, _SHARES = "Conversations", "Shares with 95% interval"


def draw_silent(shown: Shown, joined: JoinedRun) -> None:
    """The quadrants over all, the same per theme, and the users whose failures nobody heard."""
    if not_judged(joined):
        return
    known = (str(shown.directory), shown.changed, side_stamp(shown.directory))
    totals = _totals(*known, joined)
    _draw_headline(shown, totals)
    if not totals.rated:
        _draw_no_feedback(shown)
    _draw_quadrants(shown, totals)
    quality = judge_quality_line(shown, joined)
    if quality:
        st.caption(f":material/fact_check: {escape(quality)}")
    st.space("small")
    _draw_groups(shown, joined, known)
    st.space("small")
    _draw_quiet_users(shown, joined, known)


@st.cache_resource(max_entries=8, show_spinner=False)
def _totals(directory: str, changed: int, stamp: str, _joined: JoinedRun) -> QuadrantTotals:
    from kura_core.insights.quadrant_table import quadrant_totals

    return quadrant_totals(_joined)


@st.cache_resource(max_entries=8, show_spinner="Counting …")
def _groups(
    directory: str, changed: int, stamp: str, level: Level, _joined: JoinedRun
) -> pd.DataFrame:
    from kura_core.insights.quadrant_table import quadrant_table

    return quadrant_table(_joined, level)


def _draw_headline(shown: Shown, totals: QuadrantTotals) -> None:
    silent = totals.counts[ANY_SILENT]
    failed = silent + totals.counts[VOICED] + totals.counts[RATED]
    if not failed:
        st.subheader("No conversation was judged a failure.", anchor=False)
        return
    counts = counted(failed, "failed conversation")
    said = f"No rating shows {silent:,} of {counts}."
    if not totals.rated:
        said = f"There are no ratings, so all {counts} are silent."
    st.subheader(said, anchor=False)
    if silent:
        st.text(
            f"That is {_share(totals, ANY_SILENT)} of the conversations that could be "
            "judged. Start with the themes that have most of them, and read a few."
        )
        label = f"Read the {counted(silent, 'silent failure')}"
        evidence_link(shown, label, Evidence(quadrant=ANY_SILENT), icon=":material/arrow_forward:")


def _draw_no_feedback(shown: Shown) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(
            "No ratings are known for this run, so every failure counts as unrated. With thumbs "
            "or scores of your own, failures that somebody did report are told apart."
        )
        st.page_link(
            "pages/insights.py",
            label="Add ratings",
            icon=":material/upload_file:",
            query_params={"run": shown.run_id, "view": "data"},
        )


def _draw_quadrants(shown: Shown, totals: QuadrantTotals) -> None:
    """The table of outcome and voice (down) against ratings (across)."""
    rows = (
        ("Not achieved, and they said so", (VOICED, FRUSTRATED)),
        ("Not achieved, and they said nothing", (RATED, POLITE)),
        ("Achieved after dissatisfaction", (FRICTION,)),
        ("Achieved, nothing to complain about", (DISAGREES, SUCCESS)),
    )
    st.caption(
        "Choose a number to read the conversations behind it.",
        help="Partly achieved counts as not achieved. Shares are of the conversations that "
        "could be judged, with 95% intervals that allow for users who come back.",
    )
    # On a phone the columns lie below each other, where a head says nothing.
    heads = st.container(key="quadrant_heads").columns([2, 3, 3])
    for column, head in zip(heads[1:], ("Rated negative", "No negative rating"), strict=True):
        column.markdown(f"**{head}**")
    for label, quadrants in rows:
        widths = [2, 3, 3] if len(quadrants) == 2 else [2, 6]
        columns = st.columns(widths)
        columns[0].markdown(f"**{label}**")
        for column, quadrant in zip(columns[1:], quadrants, strict=True):
            box = column.container(
                border=True, gap=None, height="stretch", key=f"quadrant-{QUADRANTS.index(quadrant)}"
            )
            with box:
                _draw_quadrant(shown, totals, quadrant)
    with st.container(horizontal=True, vertical_alignment="center"):
        if totals.cannot_tell:
            said = (
                "does not tell how it ends"
                if totals.cannot_tell == 1
                else ("do not tell how they end")
            )
            label = f"{counted(totals.cannot_tell, 'conversation')} {said}"
            evidence_link(shown, label, Evidence(outcome="cannot tell"))
        left = "Not in the table. " if totals.cannot_tell else ""
        left += f"{totals.not_judged:,} were not judged." if totals.not_judged else ""
        if left:
            st.caption(left, width="content")


def _draw_quadrant(shown: Shown, totals: QuadrantTotals, quadrant: str) -> None:
    count = totals.counts[quadrant]
    label = f"**{count:,}** {quadrant[:1].upper()}{quadrant[1:]}"
    if count:
        evidence_link(shown, label, Evidence(quadrant=quadrant))
    else:
        st.markdown(label)
    share = _share(totals, quadrant)
    if quadrant in (VOICED, RATED, DISAGREES) and not totals.rated:
        share = "Not known without ratings"
    said = f"{share} · {_ABOUT[quadrant]}"
    if quadrant == FRICTION and totals.rated:
        said += f" {totals.friction_rated:,} of them were rated negative."
    st.caption(said)


def _share(totals: QuadrantTotals, quadrant: str) -> str:
    return _interval(*totals.shares[quadrant]) if quadrant in totals.shares else "–"


def _interval(value: float, low: float, high: float) -> str:
    return f"{percent(value, 1)} ({100 * low:.0f}–{100 * high:.0f}%)"


def _draw_groups(shown: Shown, joined: JoinedRun, known: tuple[str, int, str]) -> None:
    st.header("Where they are", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level: Level = st.segmented_control(
            "By",
            list(_LEVELS),
            default="theme",
            format_func=lambda name: _LEVELS[name],
            key="silent_level",
            required=True,
        )
        shows = st.segmented_control(
            "Show", [_COUNTS, _SHARES], default=_COUNTS, key="silent_shows", required=True
        )
    table = _groups(*known, level, joined)
    wide = groups_as_shown(table, shares=shows == _SHARES)
    configs: dict[str, Any] = {
        _TITLES[name]: st.column_config.Column(
            help=_ABOUT[name], width=130 if name == FRUSTRATED else 104
        )
        for name in (ANY_SILENT, *QUADRANTS)
    }
    configs["Name"] = st.column_config.TextColumn("Name", pinned=True, width=200)
    key = f"silent-groups-{shown.run_id}-{level}"
    event = st.dataframe(
        wide,
        hide_index=True,
        column_config=configs,
        key=key,
        on_select="rerun",
        selection_mode="single-cell",
        alt="Conversations by group and by how they ended, most silent failures first.",
    )
    chosen = event["selection"]["cells"]
    if not chosen:
        st.caption("Most silent failures first. Click a cell to open the conversations behind it.")
    offer_csv(table, "silent-failures.csv", "silent_csv")
    if not chosen:
        return
    place, column = chosen[0]
    ids = list(dict.fromkeys(table["cluster_id"]))
    _draw_chosen(shown, ids[place], str(wide["Name"].iloc[place]), str(column), table)


def groups_as_shown(table: pd.DataFrame, *, shares: bool) -> pd.DataFrame:
    """A row a group and a column a quadrant: counts, or shares with their interval as text."""
    import pandas as pd

    first = table.drop_duplicates("cluster_id")
    shown: dict[str, list[object]] = {
        "Name": list(first["name"]),
        "Conversations": list(first["conversations"]),
    }
    for name in (ANY_SILENT, *QUADRANTS):
        rows = table[table["quadrant"] == name]
        told = zip(rows["count"], rows["value"], rows["low"], rows["high"], strict=True)
        shown[_TITLES[name]] = [
            (_interval(value, low, high) if value == value else "–") if shares else count
            for count, value, low, high in told
        ]
    shown["Cannot tell"] = list(first["cannot_tell"])
    if first["not_judged"].any():
        shown["Not judged"] = list(first["not_judged"])
    return pd.DataFrame(shown)


def _draw_chosen(
    shown: Shown, cluster_id: str, name: str, column: str, table: pd.DataFrame
) -> None:
    titles = {title: quadrant for quadrant, title in _TITLES.items()}
    rows = table[table["cluster_id"] == cluster_id]
    if column in titles:
        row = rows[rows["quadrant"] == titles[column]].iloc[0]
        evidence = Evidence(cluster=cluster_id, quadrant=titles[column])
        count = int(row["count"])
        said = f"{column}: {_interval(row['value'], row['low'], row['high'])} of what was judged"
    elif column == "Cannot tell":
        evidence = Evidence(cluster=cluster_id, outcome="cannot tell")
        count = int(rows["cannot_tell"].iloc[0])
        said = "The transcript does not tell how they ended"
    else:
        evidence = Evidence(cluster=cluster_id)
        count = int(rows["conversations"].iloc[0])
        said = "All conversations of this group"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.markdown(f"**{escape(name)}**")
            st.caption(said)
        if count:
            label = f"Read {counted(count, 'conversation')}"
            evidence_link(shown, label, evidence, icon=":material/arrow_forward:")
        else:
            st.text("No conversation is like that.")


def _draw_quiet_users(shown: Shown, joined: JoinedRun, known: tuple[str, int, str]) -> None:
    from kura_core.insights.impact import impact_label

    st.header("Who leaves quietly", anchor=False)
    if not joined.has_users:
        st.text(
            "The data does not say which conversations are of the same user. Name the column with "
            "the user's id when you load it, and the users who leave without a word are listed "
            "here."
        )
        return
    impact = chosen_impact(joined)
    users = _quiet_users(*known, impact, joined)
    if users.empty:
        st.text("No user has a silent failure.")
        return
    st.caption(
        f"{counted(len(users), 'user')} had at least one failure that no rating shows, most first. "
        "Choose one to read what happened."
    )
    names = {
        "user_id": "User",
        "silent": "Silent failures",
        "conversations": "Conversations",
        "last_seen": "Last seen",
        "impact": impact_label(impact) if impact else "",
        "themes": "Mostly about",
    }
    if impact is None:
        users = users.drop(columns="impact")
    event = st.dataframe(
        users.rename(columns=names),
        hide_index=True,
        height=min(350, 36 * (len(users) + 1)),
        column_config={
            "Last seen": st.column_config.DateColumn("Last seen", format="D MMM YYYY"),
            names["impact"]: st.column_config.NumberColumn(names["impact"], format="localized"),
            "Mostly about": st.column_config.ListColumn("Mostly about", width="large"),
        },
        key=f"silent-users-{shown.run_id}",
        on_select="rerun",
        selection_mode="single-row",
        alt="Users with silent failures, most first.",
    )
    offer_csv(users, "quiet-users.csv", "quiet_csv")
    chosen = event["selection"]["rows"]
    if chosen:
        _draw_user(shown, joined, str(users["user_id"].iloc[chosen[0]]))


@st.cache_resource(max_entries=8, show_spinner=False)
def _quiet_users(
    directory: str, changed: int, stamp: str, impact: str | None, _joined: JoinedRun
) -> pd.DataFrame:
    from kura_core.insights.quadrant_table import quiet_users

    return quiet_users(_joined, impact)


def _draw_user(shown: Shown, joined: JoinedRun, user_id: str) -> None:
    from kura_core.insights.evidence import conversations_of

    silent = conversations_of(joined, Evidence(user=user_id, quadrant=ANY_SILENT))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(f"Where {escape(user_id)} left without a word", anchor=False, width="content")
        evidence_link(shown, "All conversations of this user", Evidence(user=user_id))
    draw_members(shown, silent, f"quiet-{user_id}")
