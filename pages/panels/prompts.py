"""What a language model is asked, in the user's own words, beside what is then really sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from kura_core.config import RunConfig
from kura_core.errors import ConfigError, InputError
from kura_core.prompts import DEFAULT_PROMPTS, JUDGE_PROMPTS, VARIABLES, check_variables
from kura_core.run.cost.needed_calls import NeededCalls, needed_calls, needed_text
from kura_core.run.form_values import make_config
from kura_core.run.prompts.evidence import NAMED
from kura_core.run.prompts.rendering import Rendering, render_prompt
from kura_core.run.prompts.sample import MOST, PromptSample
from kura_core.run.prompts.versions import AskingRun, asking_runs, newest_of, prompt_versions
from kura_core.run.uploads import Upload
from kura_core.run.workspace import Workspace
from pages.panels.prompt_sample import answers_stamp, read_sample, stamp_of
from pages.panels.prompt_subjects import Subject, subjects_of
from pages.panels.prompt_trial import draw_trial
from pages.panels.text import day_and_time, distinct, escape

PROMPTS = {
    "summary": ("Summaries", "What is asked about each conversation"),
    "cluster_name": ("Clusters", "How a cluster gets its name"),
    "theme_name": ("Themes", "How a theme gets its name"),
    "outcome": ("Outcomes", "How it is judged whether a user got what was asked for"),
    "dissatisfaction": ("Dissatisfaction", "How signs of dissatisfaction are read"),
    "failure": ("Failures", "How a failure is doubted, and then explained"),
}
_HEIGHT, _LABEL = 380, 30
_SHOWN, _PLACE, _VERSION = "prompt_shown", "prompt_place", "prompt_version"


def draw_prompts(
    workspace: Workspace, upload: Upload, values: dict[str, Any], usable: int | None
) -> tuple[dict[str, str], list[str]]:
    """The texts to change; returns those that differ from the built-in, and what is wrong.

    `values` are the other settings of the form, `usable` is how many conversations the file has.
    """
    names = [n for n in PROMPTS if n not in JUDGE_PROMPTS or values["judges"] == "engine"]
    for name in names:
        st.session_state.setdefault(prompt_key(name), getattr(DEFAULT_PROMPTS, name))
    area = st.expander("Prompts", key="prompts", icon=":material/edit_note:", on_change="rerun")
    counting = st.container()
    if area.open:
        with area:
            shown = _choice(names)
            for name, problem in _problems(names).items():
                if name != shown:
                    st.error(escape(problem), icon=":material/error:")
            left, right = st.columns(2, gap="large")
            runs = asking_runs(workspace)
            with left:
                _draw_editor(runs, shown)
    wrong = _problems(names)
    problems = list(wrong.values())
    changed = {name: _text(name) for name in names if _is_changed(name) and name not in wrong}
    try:
        config = make_config({**values, "prompts": changed})
    except ConfigError:
        return changed, problems  # said where the run is started
    if not area.open and (usable is None or usable > MOST):
        return changed, problems
    try:
        sample = read_sample(workspace, upload, config)
    except InputError as error:
        counting.caption(escape(str(error)))
        return changed, problems
    if area.open:
        text = _text(shown)
        subjects = subjects_of(workspace, upload, config, sample, shown)
        with right:
            _draw_rendering(workspace, config, shown, text, subjects)
        with area:
            draw_trial(workspace, upload, config, shown, text, subjects, runs, usable)
    with counting:
        newest = newest_of(runs if area.open else asking_runs(workspace), upload.path)
        _draw_calls(workspace, upload, config, sample, newest)
    return changed, problems


def prompt_key(name: str) -> str:
    """Where the text of a prompt is kept in the session."""
    return f"prompt_{name}"


def _text(name: str) -> str:
    return st.session_state.get(prompt_key(name)) or ""


def _is_changed(name: str) -> bool:
    built_in: str = getattr(DEFAULT_PROMPTS, name)
    return _text(name).strip() != built_in.strip()


def _problems(names: Sequence[str]) -> dict[str, str]:
    """What is wrong with the prompts that were changed, by name."""
    found = {}
    for name in filter(_is_changed, names):
        try:
            check_variables(name, _text(name))
        except ConfigError as error:
            found[name] = str(error)
    return found


def _choice(names: Sequence[str]) -> str:
    if st.session_state.get(_SHOWN) not in names:
        st.session_state[_SHOWN] = names[0]
    marks = {name: " :material/edit:" if _is_changed(name) else "" for name in names}
    chosen = st.segmented_control(
        "Prompt",
        names,
        format_func=lambda name: PROMPTS[name][0] + marks[name],
        key=_SHOWN,
        persist_state="session",
        required=True,
        label_visibility="collapsed",
    )
    return chosen or names[0]


def _draw_editor(runs: Sequence[AskingRun], name: str) -> None:
    st.text_area(
        PROMPTS[name][1],
        key=prompt_key(name),
        persist_state="session",
        height=_HEIGHT,
        help="The built-in prompt serves most data. Words in braces are where the text is put in.",
    )
    required, optional = (sorted(variables) for variables in VARIABLES[name])
    said = "Needs " + ", ".join(f"`{{{variable}}}`" for variable in required)
    if optional:
        said += "; can use " + ", ".join(f"`{{{variable}}}`" for variable in optional)
    st.caption(f"{said}.")
    _draw_versions(runs, name)
    if _is_changed(name):
        built_in: str = getattr(DEFAULT_PROMPTS, name)
        st.button(
            "Back to the built-in prompt",
            key=f"built_in_{name}",
            type="tertiary",
            icon=":material/undo:",
            on_click=lambda: st.session_state.update({prompt_key(name): built_in}),
        )


def _draw_versions(runs: Sequence[AskingRun], name: str) -> None:
    """The texts this prompt had in earlier runs; choosing one puts it into the editor."""
    versions = [v for v in prompt_versions(runs, name) if v.text.strip() != _text(name).strip()]
    if not any(version.runs for version in versions):
        return
    labels = {}
    for place, version in enumerate(versions):
        of = [f"{run}, {day_and_time(started)}" for run, started in version.runs[:1]]
        more = f" and {len(version.runs) - 1} more" if len(version.runs) > 1 else ""
        labels[str(place)] = " · ".join((["Built-in"] if version.built_in else []) + of) + more
    labels = distinct(labels)
    key = f"{_VERSION}_{name}"

    def take() -> None:
        chosen = st.session_state.get(key)
        if chosen is not None:
            st.session_state[prompt_key(name)] = versions[int(chosen)].text
        st.session_state[key] = None

    st.selectbox(
        "Earlier versions",
        list(labels),
        index=None,
        format_func=lambda place: labels[place],
        key=key,
        on_change=take,
        placeholder="Put an earlier text in",
        help="The texts that your runs used, the newest first.",
    )


def _draw_rendering(
    workspace: Workspace, config: RunConfig, name: str, text: str, subjects: Sequence[Subject]
) -> None:
    """What is sent about one of the user's own conversations or clusters, as it is sent."""
    if not subjects:
        st.caption("The file holds no conversation to show this on.")
        return
    place = st.session_state.get(_PLACE, 0) % len(subjects)
    subject = subjects[place]
    try:
        found = render_prompt(config, name, text, subject.about, workspace.root / "cache")
    except ConfigError as error:
        st.error(escape(str(error)), icon=":material/error:")
        return
    _draw_request(found, subject)
    what = NAMED.get(name, "conversation")
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(subjects) > 1:
            st.button(
                f"Next {what}",
                key="prompt_next",
                icon=":material/skip_next:",
                on_click=lambda: st.session_state.update({_PLACE: place + 1}),
            )
        if found is not None:
            with st.popover("What goes before it", type="tertiary"):
                st.caption("Sent with every such request, ahead of the text above.")
                st.code(found.system, language=None, wrap_lines=True)


def _draw_request(found: Rendering | None, subject: Subject) -> None:
    if found is None:
        st.caption(
            "Nothing is asked about this conversation: with fewer than two messages of the user, "
            "nobody can tell. Go to the next one."
        )
        return
    tokens = f"{found.tokens.low:,.0f}–{found.tokens.high:,.0f} tokens"
    with st.container(gap="xxsmall"):
        st.markdown(":small[What is sent]", help=f"About {tokens}, with what goes before it.")
        with st.container(height=_HEIGHT - _LABEL, key="prompt_sent"):
            st.text(found.user)
    st.caption(
        " ".join(part for part in (f"About {tokens}.", subject.said, found.stands_in) if part)
    )


def _draw_calls(
    workspace: Workspace,
    upload: Upload,
    config: RunConfig,
    sample: PromptSample,
    newest: AskingRun | None,
) -> None:
    """How many calls these settings make, before anything is pressed."""
    needed = _needed(
        stamp_of(upload),
        answers_stamp(workspace),
        json.dumps(config.deciding(), sort_keys=True),
        config,
        sample,
        workspace.root / "cache",
    )
    said = needed_text(needed, config, newest.config if newest else None)
    st.caption(f":material/forum: {escape(said)}")


@st.cache_data(max_entries=64, show_spinner=False)
def _needed(
    stamp: str,
    answers: str,
    settings: str,
    _config: RunConfig,
    _sample: PromptSample,
    _cache: Path,
) -> NeededCalls:
    return needed_calls(_sample, _config, _cache)
