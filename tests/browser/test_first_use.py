"""What a person does on the first day, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from kura_core.run.workspace import local_workspace
from tests.browser.clicks import continue_to_pipeline
from tests.finished_runs import add_finished_run

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
RUN_MS = 180_000
LEAF = "bbbb000010"


def small_log() -> dict[str, Any]:
    asks = [
        "Where is the signed contract with {}?",
        "Write a Python function that sorts a list of {}",
        "Send an e-mail to {} about the meeting on Monday",
    ]
    names = ["Ada", "Bruno", "Chen", "Dora", "Emil", "Fatima", "Goran", "Hana", "Igor", "Jana"]
    rows = [
        {
            "conversation_id": f"c{number}{name}",
            "messages": [
                {"role": "user", "content": ask.format(name)},
                {"role": "assistant", "content": "I'm sorry, I can't do that."},
            ],
        }
        for number, ask in enumerate(asks)
        for name in names
    ]
    content = "\n".join(map(json.dumps, rows)).encode()
    return {"name": "logs.jsonl", "mimeType": "application/json", "buffer": content}


def test_the_sample_shows_its_verdict_map_and_transcripts_in_a_few_clicks(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    page = new_page()
    page.goto(new_server().url)
    page.get_by_role("button", name="Explore the sample").click()
    page.get_by_role("heading", level=1, name=re.compile("^Users ask")).wait_for()
    page.get_by_text("In their words:").wait_for()

    # The evidence of the first number, two clicks away from the welcome.
    page.locator("[class*=st-key-sentence-] a").first.click()
    page.get_by_role("heading", level=2, name=re.compile("^Conversations ")).wait_for()
    assert "view=evidence" in page.url
    page.get_by_role("button", name="Read", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[data-testid=stChatMessage]").first.wait_for()
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Overview", exact=True).click()
    page.locator("[class*=st-key-theme-] a").first.click()
    page.get_by_label(re.compile("^A map of all conversations")).first.wait_for()
    assert "cluster=" in page.url


def test_upload_run_and_read_the_result(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    page = new_page()
    page.goto(f"{new_server().url}/data")
    page.set_input_files("input[type=file]", small_log())
    continue_to_pipeline(page)
    page.get_by_role("button", name="Start the run").click()
    page.get_by_role("button", name="See what users want").click(timeout=RUN_MS)

    page.get_by_text("Themes", exact=True).first.wait_for()
    page.get_by_role("link", name="Explore").click()
    page.get_by_role("button", name=re.compile(r"All conversations\s*30")).wait_for()


def test_a_link_to_a_cluster_works_as_the_first_request_to_a_cold_server(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    server = new_server()
    run_id = add_finished_run(local_workspace(server.home))
    page = new_page()
    page.goto(f"{server.url}/explore?run={run_id}&cluster={LEAF}")

    page.get_by_role("heading", name="Find signed contracts").wait_for()
    assert page.url.endswith(f"/explore?run={run_id}&cluster={LEAF}")


def test_a_click_on_the_map_shows_the_cluster_and_leaves_the_map_as_it_is(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    server = new_server()
    run_id = add_finished_run(local_workspace(server.home))
    page = new_page()
    page.goto(f"{server.url}/explore?run={run_id}")
    chart = page.get_by_label(re.compile("^A map of all conversations"))
    marks = chart.locator("svg path[aria-roledescription=point]")
    # The markers are drawn after the 60 conversations.
    marker = marks.nth(60)
    marker.wait_for()
    before = chart.locator("svg").inner_html()
    marker.click()

    page.wait_for_url("**cluster=*")
    page.get_by_role("heading", level=2).first.wait_for()
    places = re.compile(r'transform="translate\([^)]*\)"')
    assert places.findall(chart.locator("svg").inner_html()) == places.findall(before)
