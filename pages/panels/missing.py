"""What is missing: things to build, things to index, and what nobody can tell from a transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kura_core.insights.evidence import FAILED, Evidence
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.side.tables import side_stamp
from kura_core.types import Cause
from pages.panels.evidence import draw_quote, draw_sentence, evidence_link
from pages.panels.runs import Shown
from pages.panels.text import counted, escape

if TYPE_CHECKING:
    from kura_core.insights.gaps import Gap, GapBoard

_IMPACT = "kura.impact"
_PICKER = "insights.impact"
_COUNT_ONLY = ""
_BUCKETS = {
    "capability gap": (
        "Capability gaps: build it",
        "The product cannot do what users ask for, whatever data it has.",
        "No failure is known to have this cause.",
    ),
    "inventory gap": (
        "Inventory gaps: index it",
        "The data, or what is known about it, is not where the product looks.",
        "No failure is known to have this cause.",
    ),
}
_KINDS = {
    "not indexed": "not indexed",
    "metadata incomplete": "metadata incomplete",
    "search context missing": "search context missing",
    "action": "an action",
    "external system": "another system",
    "workflow": "a workflow",
}
_OTHER_CAUSES: dict[Cause, tuple[str, str]] = {
    "answer quality": (
        "failure: it could be answered, but the answer did not help",
        "failures: they could be answered, but the answers did not help",
    ),
    "policy refusal": ("failure: a policy refused it", "failures: a policy refused them"),
    "user input": (
        "failure: it lacked something only the user could give",
        "failures: they lacked something only the user could give",
    ),
}
QUOTES = 2
# So many cards a bucket, then so many lines. What fails more rarely than that is a line, but for a
# few where nothing fails as often.
SHOWN, LISTED = 6, 100
FEWEST_FAILURES, RARE = 5, 3


def board_of(shown: Shown, joined: JoinedRun, impact: str | None) -> GapBoard:
    """The board of a run; worked out once for all who look at it."""
    stamp = side_stamp(shown.directory)
    return _board(str(shown.directory), shown.changed, stamp, impact, joined)


def choose_impact(joined: JoinedRun) -> None:
    """Let the reader choose the column users are counted by, for all views; or none."""
    from kura_core.insights.impact import impact_columns, impact_label

    columns = impact_columns(joined)
    if not columns:
        return
    options = [*columns, _COUNT_ONLY]
    st.selectbox(
        "What users are worth",
        options,
        index=options.index(chosen_impact(joined) or _COUNT_ONLY),
        format_func=lambda name: impact_label(name) if name else "Count users only",
        key=_PICKER,
        on_change=_keep_impact,
        help="A numeric column of your users or conversations. A user's value is counted once per "
        "line, however often they ask.",
        width=280,
    )


def _keep_impact() -> None:
    st.session_state[_IMPACT] = st.session_state[_PICKER]


def chosen_impact(joined: JoinedRun) -> str | None:
    """The column chosen on any view, else the one that sounds most like money."""
    from kura_core.insights.impact import default_impact, impact_columns

    chosen = st.session_state.get(_IMPACT)
    if chosen == _COUNT_ONLY:
        return None
    return chosen if chosen in impact_columns(joined) else default_impact(joined)


def draw_missing(shown: Shown, joined: JoinedRun) -> None:
    """The board: two buckets side by side, then what is in neither."""
    from pages.panels.actions import not_judged

    if not_judged(joined):
        return
    choose_impact(joined)
    impact = chosen_impact(joined)
    board = board_of(shown, joined, impact)
    if not board.failures:
        st.text(
            "No conversation of this run ends without a usable answer, as far as the transcripts "
            "tell. See under “Check the judge” whether it misses some."
        )
        return
    for column, cause in zip(st.columns(2, gap="medium"), _BUCKETS, strict=True):
        with column:
            _draw_bucket(shown, cause, [gap for gap in board.gaps if gap.cause == cause], impact)
    st.space("small")
    _draw_undetermined(shown, board)
    _draw_other_causes(shown, board)


@st.cache_resource(max_entries=8, show_spinner="Working out what is missing…")
def _board(
    directory: str, changed: int, stamp: str, impact: str | None, _joined: JoinedRun
) -> GapBoard:
    from kura_core.insights.gaps import gap_board

    return gap_board(_joined, impact)


def _draw_bucket(shown: Shown, cause: str, gaps: list[Gap], impact: str | None) -> None:
    title, meaning, nothing = _BUCKETS[cause]
    st.header(title, anchor=False)
    st.caption(meaning)
    if not gaps:
        st.text(nothing)
    often = sum(gap.failed >= FEWEST_FAILURES for gap in gaps)
    cards = min(often or RARE, SHOWN)
    for gap in gaps[:cards]:
        _draw_gap(shown, gap, impact)
    if len(gaps) > cards:
        _draw_rest(shown, gaps[cards:], impact)


def _draw_rest(shown: Shown, gaps: list[Gap], impact: str | None) -> None:
    """The rarer ones, a line each."""
    from kura_core.insights.actions.text import gap_facts

    with st.expander(f"{len(gaps):,} more, failing less often"):
        for gap in gaps[:LISTED]:
            name = gap.name[:1].upper() + gap.name[1:]
            st.markdown(f"**{escape(name)}**")
            draw_sentence(shown, gap_facts(gap, impact), f"gap-{gap.key}")
        if len(gaps) > LISTED:
            st.caption(f"And {len(gaps) - LISTED:,} that fewer still ask for.")


def _draw_gap(shown: Shown, gap: Gap, impact: str | None) -> None:
    from kura_core.insights.actions.text import gap_facts

    key = f"gap-{gap.key}"
    with st.container(border=True, key=key):
        with st.container(horizontal=True, vertical_alignment="center"):
            name = gap.name[:1].upper() + gap.name[1:]
            st.subheader(escape(name), anchor=False, width="content")
            if gap.kind:
                st.badge(_KINDS[gap.kind], color="gray")
        draw_sentence(shown, gap_facts(gap, impact), key)
        if len(gap.weeks) > 1:
            st.container(key=f"trend-{gap.key}").metric(
                "Failures a week",
                gap.trend,
                chart_data=[count for _, count in gap.weeks],
                chart_type="bar",
                help=f"From the week of {gap.weeks[0][0]:%-d %b %Y} to that of "
                f"{gap.weeks[-1][0]:%-d %b %Y}.",
            )
        for quote in gap.quotes[:QUOTES]:
            draw_quote(shown, quote, key)


def _draw_undetermined(shown: Shown, board: GapBoard) -> None:
    if not board.undetermined:
        return
    with st.container(border=True, key="gap_undetermined"):
        st.subheader("Undetermined", anchor=False)
        st.text(
            f"{board.undetermined:,} of {counted(board.failures, 'failure')} cannot be put in a "
            "bucket: from a transcript alone, “it is not there” and “it was not found” often look "
            "the same."
        )
        st.caption(
            "What the search returned would decide it: nothing found points to an inventory gap, "
            "found but not used to a poor answer. Keep the number of sources or the best score "
            "as a column of your conversations; “Metrics” then compares it theme by theme."
        )
        evidence_link(
            shown,
            f"Read the {counted(board.undetermined, 'undetermined failure')}",
            Evidence(outcome=FAILED, cause="undetermined"),
            icon=":material/arrow_forward:",
        )


def _draw_other_causes(shown: Shown, board: GapBoard) -> None:
    others = {cause: n for cause in _OTHER_CAUSES if (n := board.causes.get(cause, 0))}
    if not others:
        return
    st.header("Nothing is missing, and yet it failed", anchor=False)
    for cause, count in others.items():
        evidence_link(
            shown,
            counted(count, *_OTHER_CAUSES[cause]),
            Evidence(outcome=FAILED, cause=cause),
            icon=":material/arrow_forward:",
        )
