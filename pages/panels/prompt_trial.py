"""Try on five: what a prompt gives for a few conversations, beside what another version gave."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from kura_core.config import RunConfig
from kura_core.engines.spending import dollars
from kura_core.errors import ConfigError, KuraError
from kura_core.prompts import check_variables
from kura_core.run.prompts.evidence import NAMED
from kura_core.run.prompts.trials import FIVE, Answered, Trial, changed_words, try_prompt
from kura_core.run.prompts.versions import AskingRun, newest_of, text_before
from kura_core.run.sending import keys_for
from kura_core.run.uploads import Upload
from kura_core.run.workspace import Workspace
from pages.panels.consent import has_agreed, unready
from pages.panels.keys import keys_at_hand
from pages.panels.prompt_sample import count_trial
from pages.panels.prompt_subjects import Subject
from pages.panels.text import counted, escape

_KEPT = "prompt_trial"
_FIELDS = {
    "outcome_quote": "Quote",
    "dissatisfaction_quote": "Quote",
    "failure_score": "Chance of failure",
    "gap_kind": "Kind of gap",
    "missing": "What is missing",
}


def draw_trial(
    workspace: Workspace,
    upload: Upload,
    config: RunConfig,
    name: str,
    text: str,
    subjects: Sequence[Subject],
    runs: Sequence[AskingRun],
    usable: int | None,
) -> None:
    """A button that asks about five of `subjects` with two versions of a prompt, and the answers.

    The other version is that of the newest run of this file, else the built-in one.
    """
    what = NAMED.get(name, "conversation")
    tried = [subject for subject in subjects if subject.real][:FIVE]
    before = text_before(runs, upload.path, name, text)
    asked = json.dumps([name, text, before, upload.upload_id, config.deciding()], sort_keys=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            f"Try on {_number(len(tried))} {what}{'' if len(tried) == 1 else 's'}",
            key="try_prompt",
            icon=":material/science:",
            disabled=not tried or not _is_usable(name, text),
        )
        st.caption(_explained(upload, name, before, runs, what, bool(tried)))
    if pressed:
        st.session_state[_KEPT] = (
            asked,
            _try(workspace, config, name, [before, text], tried, usable),
        )
        count_trial()
    kept_for, kept = st.session_state.get(_KEPT) or ("[null]", None)
    if kept is None or json.loads(kept_for)[0] != name:
        return
    if kept_for != asked:
        st.caption("The prompt or the settings have changed since it was tried; try again.")
    elif isinstance(kept, str):
        st.warning(escape(kept), icon=":material/front_hand:")
    else:
        _draw_answers(kept, [subject.title for subject in tried])


def _is_usable(name: str, text: str) -> bool:
    try:
        check_variables(name, text)
    except ConfigError:
        return False
    return True


def _explained(
    upload: Upload,
    name: str,
    before: str | None,
    runs: Sequence[AskingRun],
    what: str,
    possible: bool,
) -> str:
    if not possible:
        return f"Names can be tried once a run of this file is finished and has {what}s."
    if before is None:
        return "Shows the answers of the built-in prompt. They are kept for the run."
    newest = newest_of(runs, upload.path)
    other = "the built-in prompt gives"
    if newest is not None and newest.config.prompts.text_of(name) == before:
        other = f"the prompt of the run “{newest.name}” gives"
    return f"Beside what {escape(other)}. Answers are kept for the run."


def _try(
    workspace: Workspace,
    config: RunConfig,
    name: str,
    versions: Sequence[str | None],
    tried: Sequence[Subject],
    usable: int | None,
) -> Trial | str:
    """What came of asking, or what is in its way."""
    try:
        keys = keys_at_hand(public=workspace.public, base_url=config.base_url)
        in_the_way = unready(config, keys, has_agreed(config, usable))
        if in_the_way:
            return " ".join(in_the_way)
        with st.spinner("Asking the language model…"):
            return try_prompt(
                workspace,
                config,
                name,
                [text for text in versions if text is not None],
                [subject.about for subject in tried],
                keys_for(config, keys),
            )
    except KuraError as error:
        return str(error)


def _draw_answers(trial: Trial, titles: Sequence[str]) -> None:
    usage = trial.usage
    cost = "price unknown" if usage.cost_usd is None else dollars(usage.cost_usd)
    if not usage.sent:
        cost = "nothing to pay"
    asked = counted(usage.sent - trial.tests, "call")
    if trial.tests:
        asked += f" (and {trial.tests} to test the connection)"
    kept = f"{counted(usage.cached, 'answer')} kept from before, " if usage.cached else ""
    st.markdown(f"**{asked}, {kept}{escape(cost)}.**")
    compared = any(len(answers) > 1 for answers in trial.answers)
    with st.container(key="prompt_trial_both" if compared else "prompt_trial_one"):
        for title, answers in zip(titles, trial.answers, strict=True):
            with st.container(border=True):
                st.markdown(f"**{escape(title)}**")
                st.markdown(_table(answers))


def _table(answers: Sequence[Answered]) -> str:
    """The fields as the rows of a table, the words that differ in bold."""
    heads = ["Before", "Now"] if len(answers) > 1 else ["Answer"]
    lines = ["| | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    if any(answer.problem for answer in answers):
        shown = [escape(answer.problem) if answer.problem else "answered" for answer in answers]
        lines.append("| Failed | " + " | ".join(shown) + " |")
    for field in dict.fromkeys(field for answer in answers for field in answer.fields):
        values = [answer.fields.get(field) for answer in answers]
        if all(value is None or value == () for value in values):
            continue
        cells = [escape(_shown(field, value)) for value in values]
        label = escape(_FIELDS.get(field, field.replace("_", " ").capitalize()))
        if len(set(cells)) > 1:
            was, now = (_shown(field, value) for value in values)
            pieces = changed_words(was, now)
            cells[-1] = " ".join(f"**{escape(p)}**" if new else escape(p) for p, new in pieces)
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _shown(field: str, value: Any) -> str:
    if value is None or value == ():
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field == "failure_score":
        return f"{value:.0%}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value)


def _number(count: int) -> str:
    return ("five", "one", "two", "three", "four", "five")[count]
