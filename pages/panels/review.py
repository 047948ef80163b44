"""Check the judge: one conversation at a time, is what was judged of it right?"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from kura_core.errors import InputError
from kura_core.insights.evidence import FAILED, VOICED, Evidence
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.review.marks import (
    MARKS,
    Mark,
    add_mark,
    judged_as,
    new_mark,
    read_marks,
    still_valid,
    undo_mark,
)
from kura_core.run.quadrants import UNKNOWN
from kura_core.run.side.tables import side_stamp
from kura_core.run.workspace import SAMPLE, make_private
from pages.panels.entry import enter
from pages.panels.evidence import evidence_link
from pages.panels.runs import Shown
from pages.panels.text import counted, escape

if TYPE_CHECKING:
    import pandas as pd

    from kura_core.insights.review.quality import Checked, JudgeQuality, Rate

_AT_ONCE = 20
# Characters of a conversation that fills more than a screen.
_LONG = 2_500
_DRAFT, _SIZE = "review.draft", "review.size"
_AVATARS = {"user": ":material/person:", "assistant": ":material/auto_awesome:"}
_OTHER_AVATAR = ":material/settings:"
_OUTCOMES = {
    "achieved": "Achieved: the user got what they asked for.",
    "partly": "Partly: the user got some of it.",
    "not achieved": "Not achieved: the user did not get it.",
    "cannot tell": "Cannot tell: the transcript does not show it.",
}
_VOICED = {
    "rephrased": "asked the same again in other words",
    "corrected": "corrected the answer",
    "asked again": "asked again for what was missing or unclear",
    "gave up": "gave up",
}


def marks_path(shown: Shown) -> Path:
    """Where the marks of a run are kept; those of the shipped sample with the workspace."""
    if shown.run_id != SAMPLE:
        return shown.directory / MARKS
    return make_private(enter("insights").root / "reviews") / f"{SAMPLE}.json"


def judge_quality_line(shown: Shown, joined: JoinedRun) -> str | None:
    """How good the judge is by what people checked, in a sentence; None where nobody did."""
    from kura_core.insights.review.quality import quality_line

    try:
        marks = read_marks(marks_path(shown))
    except InputError:
        # The view of the review says what is wrong with the file.
        return None
    return quality_line(_measured(shown, joined, marks)) if marks else None


def _measured(shown: Shown, joined: JoinedRun, marks: list[Mark]) -> JudgeQuality:
    stamp = side_stamp(shown.directory)
    return _quality(str(shown.directory), shown.changed, stamp, repr(marks), marks, joined)


@st.cache_resource(max_entries=8, show_spinner=False)
def _quality(
    directory: str, changed: int, stamp: str, said: str, _marks: list[Mark], _joined: JoinedRun
) -> JudgeQuality:
    from kura_core.insights.review.quality import judge_quality

    return judge_quality(_joined, _marks)


@st.cache_resource(max_entries=8, show_spinner=False)
def _sample(
    directory: str, changed: int, stamp: str, size: int, _joined: JoinedRun
) -> pd.DataFrame:
    from kura_core.insights.review.sample import draw_review_sample

    return draw_review_sample(_joined, size)


def draw_review(shown: Shown, joined: JoinedRun) -> None:
    """The next conversation to check, and what the checked ones say of the judge."""
    from pages.panels.actions import not_judged

    if not_judged(joined):
        return
    path = marks_path(shown)
    try:
        marks = read_marks(path)
    except InputError as error:
        st.error(escape(str(error)), icon=":material/error:")
        return
    size = st.session_state.get(_SIZE, _AT_ONCE)
    stamp = side_stamp(shown.directory)
    sample = _sample(str(shown.directory), shown.changed, stamp, size, joined)
    done = {mark.conversation_id for mark in still_valid(marks, sample)}
    waiting = sample[~sample["conversation_id"].isin(done)]
    st.caption(
        "Read some conversations and say where the judge is wrong; how often it is right then "
        "stands beside its rates on every view."
    )
    checked = len(sample) - len(waiting)
    st.progress(checked / len(sample), text=f"{checked} of {len(sample)} checked")
    if waiting.empty:
        _draw_finished(joined, len(sample), path)
    else:
        _draw_next(shown, waiting.iloc[0].to_dict(), path, can_undo=bool(marks))
    _draw_quality(shown, _measured(shown, joined, marks))


def _draw_finished(joined: JoinedRun, size: int, path: Path) -> None:
    judged = int(joined.conversations["outcome"].notna().sum())
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text("All of these are checked. More of them make the ranges below narrower.")
        if size < judged:
            st.button(f"Check {_AT_ONCE} more", type="primary", key="review_more", on_click=_more)
        st.button("Undo", key="review_undo", icon=":material/undo:", on_click=_undo, args=(path,))


def _more() -> None:
    st.session_state[_SIZE] = st.session_state.get(_SIZE, _AT_ONCE) + _AT_ONCE


def _undo(path: Path) -> None:
    if st.session_state.pop(_DRAFT, None) is None:
        undo_mark(path)


def _answer(path: Path, row: dict[Hashable, Any], answer: Mapping[str, Any]) -> None:
    """Take one answer; the mark is kept with the last one."""
    draft = {**_draft(row), **answer}
    if _question(row, draft) is not None:
        st.session_state[_DRAFT] = draft
        return
    st.session_state.pop(_DRAFT, None)
    mark = new_mark(
        str(row["conversation_id"]),
        judged_as(row),
        draft.get("outcome"),
        draft.get("should_be"),
        draft.get("dissatisfaction"),
    )
    add_mark(path, mark)


def _draft(row: dict[Hashable, Any]) -> dict[str, Any]:
    draft: dict[str, Any] = st.session_state.get(_DRAFT) or {}
    if draft.get("id") != row["conversation_id"]:
        return {"id": row["conversation_id"]}
    return draft


def _question(row: dict[Hashable, Any], draft: dict[str, Any]) -> str | None:
    """What is to be asked next of a conversation; None when all is answered."""
    if "outcome" not in draft:
        return "outcome"
    if draft["outcome"] == "wrong" and "should_be" not in draft:
        return "should_be"
    if "dissatisfaction" not in draft and UNKNOWN not in judged_as(row).dissatisfaction:
        return "dissatisfaction"
    return None


def _draw_next(shown: Shown, row: dict[Hashable, Any], path: Path, *, can_undo: bool) -> None:
    draft = _draft(row)
    question = _question(row, draft) or "outcome"
    left, right = st.columns([3, 2], gap="large")
    with right, st.container(border=True, key="review_question"):
        if isinstance(row.get("request"), str):
            st.caption("The request")
            st.text(row["request"])
        _draw_question(row, question, path)
        with st.container(horizontal=True):
            skip = dict.fromkeys(("outcome", "should_be", "dissatisfaction"))
            skipped = skip if question == "outcome" else dict.fromkeys([question])
            _button("Skip", "S", path, row, skipped, kind="tertiary")
            if can_undo or draft.keys() > {"id"}:
                st.button(
                    "Undo",
                    key="review_undo",
                    icon=":material/undo:",
                    type="tertiary",
                    shortcut="Z",
                    on_click=_undo,
                    args=(path,),
                )
    with left:
        _draw_transcript(shown, row, "outcome" if question == "should_be" else question)


def _draw_question(row: dict[Hashable, Any], question: str, path: Path) -> None:
    shown = judged_as(row)
    if question == "should_be":
        st.markdown("**What should it have been?**")
        for place, (outcome, meaning) in enumerate(_OUTCOMES.items(), start=1):
            if outcome != shown.outcome:
                _button(meaning, str(place), path, row, {"should_be": outcome})
        return
    if question == "outcome":
        st.caption("The judge says")
        st.markdown(f"**{escape(_OUTCOMES[shown.outcome])}**")
        if shown.outcome_quote:
            st.caption(f"because of “{escape(shown.outcome_quote)}”")
        facts = [
            f"{name.capitalize()}: {escape(row[name])}"
            for name in ("cause", "missing")
            if isinstance(row.get(name), str)
        ]
        if facts:
            st.caption(" · ".join(facts))
        st.markdown("Is that how it ended?")
    else:
        said = ", ".join(_VOICED.get(kind, kind) for kind in shown.dissatisfaction)
        st.caption("The judge says")
        st.markdown(
            f"**The user was dissatisfied: {escape(said)}.**"
            if said
            else "**The user voiced no dissatisfaction.**"
        )
        if shown.dissatisfaction_quote:
            st.caption(f"because of “{escape(shown.dissatisfaction_quote)}”")
        st.markdown("Is that so?")
    with st.container(horizontal=True):
        _button("Right", "1", path, row, {question: "right"}, kind="primary")
        _button("Wrong", "2", path, row, {question: "wrong"})


def _button(
    label: str,
    shortcut: str,
    path: Path,
    row: dict[Hashable, Any],
    answer: Mapping[str, str | None],
    *,
    kind: Any = "secondary",
) -> None:
    st.button(
        label,
        key=f"review_{label.split(':')[0].lower().replace(' ', '_')}",
        type=kind,
        shortcut=shortcut,
        on_click=_answer,
        args=(path, row, answer),
    )


def _draw_transcript(shown: Shown, row: dict[Hashable, Any], question: str) -> None:
    """The messages with the one that is asked about marked, and its words highlighted."""
    from kura_core.run.tables import read_messages

    cited = row.get(f"{question}_message")
    index = None if cited is None or cited != cited else int(cited)
    quote = row.get(f"{question}_quote")
    messages = read_messages(shown.directory, str(row["conversation_id"]))
    if messages.empty:
        st.info("The messages of this conversation were not kept with the run.")
    is_long = messages["content"].str.len().sum() > _LONG
    with st.container(height=560 if is_long else "content", border=False, key="review_transcript"):
        for message in messages.to_dict("records"):
            role = str(message["role"])
            with st.chat_message(role, avatar=_AVATARS.get(role, _OTHER_AVATAR)):
                if int(message["message_index"]) == index and isinstance(quote, str):
                    st.markdown(highlighted(str(message["content"]), quote))
                    st.caption(":material/flag: The judgement rests on this message.")
                else:
                    st.text(message["content"])


def highlighted(content: str, quote: str) -> str:
    """A message as Markdown that shows it as it stands, with the quoted words marked.

    Words count as quoted whatever the space between them; a quote that is not in the message is
    not marked.
    """
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    found = re.search(pattern, content) if pattern else None
    if found is None:
        return _lines(content)
    marked = ":primary-background[" + escape(found.group()) + "]"
    return _lines(content[: found.start()]) + marked + _lines(content[found.end() :])


def _lines(text: str) -> str:
    kept = []
    for line in text.split("\n"):
        before = " " if line[:1].isspace() else ""
        after = " " if line[-1:].isspace() and line.strip() else ""
        kept.append(before + escape(line) + after)
    return "  \n".join(kept)


def _draw_quality(shown: Shown, quality: JudgeQuality) -> None:
    st.header("How far the judge can be trusted", anchor=False)
    if not quality.failures or not quality.failures.checked:
        st.text("Nothing is checked yet. The first few answers already show here.")
        return
    failures = Evidence(outcome=FAILED)
    _draw_checked(shown, "Failures (not achieved, or partly)", quality.failures, failures)
    if quality.dissatisfaction and quality.dissatisfaction.checked:
        voiced = Evidence(dissatisfaction=VOICED)
        _draw_checked(shown, "Voiced dissatisfaction", quality.dissatisfaction, voiced)
    st.caption(
        "Ranges are 95% intervals; with few checked they are wide.",
        help="Conversations are drawn by what the judge said of them, so what people found is "
        "weighted by how many conversations the judge judged alike. Answers about a judgement that "
        "has changed since are not counted.",
    )


def _draw_checked(shown: Shown, title: str, checked: Checked, evidence: Evidence) -> None:
    with st.container(border=True):
        st.markdown(f"**{title}** · {counted(checked.checked, 'judgement')} checked")
        for column, (label, rate, about) in zip(
            st.columns(4),
            (
                ("The judge's rate", checked.rate, "Of what it judged, how much it names so."),
                ("Precision", checked.precision, "Of what it names so, how much is so."),
                ("Recall", checked.recall, "Of what is so, how much it names so."),
                ("Corrected rate", checked.corrected, "The rate if people had judged all."),
            ),
            strict=True,
        ):
            column.metric(label, f"{rate.value:.0%}" if rate else "–", help=about)
            column.caption(_range(rate))
        evidence_link(shown, "Read what the judge names so", evidence)


def _range(rate: Rate | None) -> str:
    return f"{100 * rate.low:.0f}–{100 * rate.high:.0f}%" if rate else "too few checked"
