"""The SQL page in a real browser: typing, running by key, and taking the rows along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_query_is_typed_run_by_key_seen_as_a_chart_and_downloaded(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    page = new_page()
    page.goto(f"{new_server().url}/sql?run=sample")
    editor = page.get_by_role("textbox", name="Query")
    editor.wait_for()

    editor.fill("SELECT clustername FROM chat_clusters")
    editor.press("Control+Enter")
    page.get_by_text("did you mean cluster_name?").wait_for()

    editor.fill("SELECT '=' || theme_name AS theme, COUNT(*) AS n FROM chat_clusters GROUP BY 1")
    editor.press("Control+Enter")
    page.get_by_role("heading", name="Result").wait_for()
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button", name="CSV").click()
    rows = Path(download.value.path()).read_text("utf-8").splitlines()
    assert rows[0] == "theme,n"
    assert all(row.startswith(("'=", "\"'=")) for row in rows[1:])

    page.get_by_text("Chart", exact=True).click()
    page.locator(
        "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
    ).first.wait_for()
