"""Which workspace this browser may open: the only one, or the one its cookie opens."""

from __future__ import annotations

import streamlit as st

from kura_core.run.workspace import (
    Workspace,
    browser_workspace,
    is_public,
    kura_home,
    local_workspace,
    new_secret,
    usable_secret,
)

COOKIE = "kura_workspace"
_SECRET = "kura.secret"
_COMPONENT = "kura_keep_workspace"
_ONE_YEAR = 365 * 24 * 3600

# Another tab may have set the cookie since this page's connection was opened: then that one counts.
_KEEP = """
export default function({ data, setStateValue }) {
  const kept = document.cookie.split("; ").find((part) => part.startsWith(data.cookie + "="));
  const value = kept ? kept.slice(data.cookie.length + 1) : null;
  if (value && value !== data.secret) { setStateValue("secret", value); return; }
  const secure = window.location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${data.cookie}=${data.secret}; Path=/; Max-Age=${data.seconds}; SameSite=Lax`
    + secure;
}
"""


def open_workspace() -> Workspace:
    """This browser's workspace; on a public server a new browser is given one of its own.

    The secret that opens it travels in a cookie, never in a link, and is kept in this session for
    browsers that refuse cookies (their workspace lasts until the page is reloaded).
    """
    home = kura_home()
    if not is_public():
        return local_workspace(home)
    secret = st.context.cookies.get(COOKIE)
    if usable_secret(secret):
        return browser_workspace(home, str(secret))
    if _SECRET not in st.session_state:
        st.session_state[_SECRET] = new_secret()
    _keep_in_browser(st.session_state[_SECRET])
    return browser_workspace(home, st.session_state[_SECRET])


def _keep_in_browser(secret: str) -> None:
    keep = st.components.v2.component(_COMPONENT, js=_KEEP)
    data = {"cookie": COOKIE, "secret": secret, "seconds": _ONE_YEAR}
    earlier = keep(key=_COMPONENT, data=data, height=0, on_secret_change=lambda: None).get("secret")
    if usable_secret(earlier) and earlier != secret:
        st.session_state[_SECRET] = earlier
        st.rerun()
