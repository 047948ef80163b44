"""Clicks that are given again where the page was drawn anew under the hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

TRIES = 12
EACH_MS = 5_000


def continue_to_pipeline(page: Page) -> None:
    """Go on from a file that was just read to the settings of its run."""
    from playwright.sync_api import TimeoutError as Late

    for _ in range(TRIES):
        try:
            page.get_by_role("button", name="Continue to pipeline").click(timeout=EACH_MS)
            page.wait_for_url(re.compile(r"/pipeline\b"), timeout=EACH_MS)
        except Late:
            if "/pipeline" not in page.url:
                continue
        return
    raise AssertionError("the button that leads to the pipeline leads nowhere")


def choose_in(page: Page, label: str, option: str) -> None:
    """Choose an option of the select box whose label begins with this."""
    from playwright.sync_api import Error, expect

    box = page.get_by_role("combobox", name=re.compile(label))
    for _ in range(TRIES):
        try:
            box.click(timeout=EACH_MS)
            box.fill(option, timeout=EACH_MS)
            page.get_by_role("option", name=option, exact=True).click(timeout=EACH_MS)
            # Left without a choice, a box forgets what was typed into it.
            page.get_by_role("heading").first.click(timeout=EACH_MS)
            expect(box).to_have_value(option, timeout=EACH_MS)
        except (Error, AssertionError):
            continue
        return
    raise AssertionError(f"{option!r} could not be chosen as {label!r}")
