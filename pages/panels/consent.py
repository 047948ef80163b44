"""What leaves this machine: said before a run, and agreed to once for each."""

from __future__ import annotations

import streamlit as st

from kura_core.config import RunConfig
from kura_core.run.sending import Sending, missing_keys, sendings
from pages.panels.keys import TITLES
from pages.panels.text import counted, escape

_AGREED, _AGREED_TO = "consent", "consent_to"


def draw_consent(config: RunConfig, conversations: int | None) -> bool:
    """Say what goes where, and ask; True where nothing leaves or the user agrees.

    `conversations` is how many the file holds. Raises ConfigError when an address is none.
    """
    if not sendings(config):
        st.caption(
            ":material/lock: Summaries, judgements and names are made on the machine Kura runs "
            "on. No text leaves it, no key is needed and it costs nothing."
        )
        return True
    text = _asked(config, conversations)
    # Another destination or more text is another question.
    if st.session_state.get(_AGREED_TO) != text:
        st.session_state[_AGREED_TO] = text
        st.session_state[_AGREED] = False
    return st.checkbox(f"{escape(text)} **I agree.**", key=_AGREED)


def has_agreed(config: RunConfig, conversations: int | None) -> bool:
    """Whether the box is ticked for just these settings, for what comes further up the page."""
    if not sendings(config):
        return True
    text = _asked(config, conversations)
    return st.session_state.get(_AGREED_TO) == text and bool(st.session_state.get(_AGREED))


def unready(config: RunConfig, keys: dict[str, str], agreed: bool) -> list[str]:
    """What the user has to do before text may leave, one sentence each."""
    said = [
        f"A key for {TITLES[provider]} is needed to start: enter it above."
        for provider in missing_keys(config, keys)
    ]
    if not agreed:
        said.append("Tick the line above the buttons to agree to what leaves this machine.")
    return said


def _asked(config: RunConfig, conversations: int | None) -> str:
    whole = conversations if config.limit is None else min(conversations or 0, config.limit)
    count = whole or config.limit
    return " ".join(_sentence(config, sending, count) for sending in sendings(config))


def _sentence(config: RunConfig, sending: Sending, count: int | None) -> str:
    of = f"of {counted(count, 'conversation')}" if count else "of all conversations"
    as_it_stands = config.redact == "off"
    text = f"The text {of}" if as_it_stands else f"The redacted text {of}"
    unredacted = ", with the personal data that is in it" if as_it_stands else ""
    if sending.what == "conversations":
        return f"{text} goes to {sending.host}{unredacted}."
    if config.engine == "offline":
        return f"{text} (what users wrote) goes to {sending.host} to be compared by meaning."
    return f"The summaries go to {sending.host} to be compared by meaning."
