"""On a public server each browser has a workspace of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from kura_core.run.workspace import browser_workspace
from pages.panels.browser import COOKIE
from tests.finished_runs import add_finished_run

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
LINE = (
    b'{"conversation_id": "a", "messages": [{"role": "user", "content": "my own secret plan"}]}\n'
)
FILE = {"name": "mine.jsonl", "mimeType": "application/json", "buffer": LINE}


def secret_of(page: Page) -> str:
    """The key this browser keeps, once the page has put it there."""
    page.wait_for_function(f"document.cookie.includes('{COOKIE}=')")
    kept = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    return kept[COOKIE]


def test_neither_browser_sees_the_others_files_runs_or_links(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    server = new_server(KURA_PUBLIC="1")
    mine, yours = new_page(), new_page()
    for page in (mine, yours):
        page.goto(f"{server.url}/data")
        page.get_by_role("heading", name="Your chat logs").wait_for()
    assert secret_of(mine) != secret_of(yours)
    run_id = add_finished_run(browser_workspace(server.home, secret_of(mine)), name="My run")

    mine.set_input_files("input[type=file]", FILE)
    mine.get_by_role("button", name="Continue to pipeline").wait_for()
    file_link = mine.url

    yours.goto(file_link)
    yours.get_by_text("This file is not here.").wait_for()
    for place in ("explore", "pipeline", "overview"):
        yours.goto(f"{server.url}/{place}?run={run_id}")
        yours.get_by_text("There is no run").wait_for()
    yours.goto(f"{server.url}/pipeline")
    yours.get_by_role("button", name="Choose your chat logs").wait_for()
    assert "My run" not in yours.content()

    assert secret_of(mine) not in mine.url
    mine.goto(f"{server.url}/pipeline")
    mine.get_by_text("My run").wait_for()


def test_a_browser_finds_its_workspace_again_in_another_tab_and_after_a_restart(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    server = new_server(KURA_PUBLIC="1")
    page = new_page()
    page.goto(f"{server.url}/data")
    secret = secret_of(page)
    page.set_input_files("input[type=file]", FILE)
    page.get_by_role("button", name="Continue to pipeline").wait_for()
    server.stop()
    server.start()
    tab = page.context.new_page()
    tab.goto(f"{server.url}/data")

    tab.get_by_role("button", name="Continue to pipeline").wait_for()
    assert secret_of(tab) == secret
    assert not [path for path in server.home.rglob("*") if secret in path.name]
