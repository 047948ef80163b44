"""A run belongs to no page and no server: reload, close, restart, cancel."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_run_survives_reload_a_closed_tab_and_a_server_restart_and_can_be_cancelled(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    server = new_server()
    page = new_page()
    page.goto(server.url)
    page.get_by_role("button", name="Run the sample yourself").click()
    page.get_by_role("button", name="Start the run").click()
    step = re.compile(r"^Step \d+ of \d+")
    page.get_by_text(step).wait_for()
    link = page.url

    page.reload()
    page.get_by_text(step).wait_for()

    page.close()
    server.stop()
    server.start()
    page = new_page()
    page.goto(f"{server.url}/pipeline")
    page.get_by_text(step).wait_for()
    assert page.url == link

    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("This run was cancelled").wait_for(timeout=60_000)
    page.get_by_role("button", name="Resume").wait_for()
