"""From a number to the words behind it, and one's own ratings and judgement, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from kura_core.insights.join_run import join_run
from kura_core.insights.review.marks import MARKS, add_mark, judged_as, new_mark, read_marks
from kura_core.insights.review.sample import draw_review_sample
from kura_core.run.tables import read_tables
from kura_core.run.workspace import local_workspace
from pages.panels.views import EVIDENCE, VIEWS
from tests.browser.conftest import WAIT_MS
from tests.pages.judged_run import add_judged_run

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
BUCKETS = (("Capability gaps: build it", ("Send e-mail", "Book meetings")),)
BUCKETS += (("Inventory gaps: index it", ("Signed contracts", "Modification dates")),)


# The page itself, and the part of it that scrolls.
WIDER_THAN_THE_SCREEN = """
    [document.documentElement, ...document.querySelectorAll("[data-testid=stMain]")]
        .map(part => part.scrollWidth - part.clientWidth).filter(over => over > 0)
"""
EFFORT = 4  # its place among the columns of the ranking


def ratings(rated: int) -> dict[str, Any]:
    """Thumbs down for so many conversations of the small run, and for one that nobody knows."""
    rows = [f"c{number:03d},0" for number in range(rated)]
    content = "\n".join(["conversation_id,thumbs_up", *rows, "x9,1"]).encode()
    return {"name": "ratings.csv", "mimeType": "text/csv", "buffer": content}


def choose_view(page: Page, label: str) -> None:
    page.get_by_test_id("stButtonGroup").get_by_text(label, exact=True).click()


def settle(page: Page) -> None:
    """Wait until all of a page is drawn, so that a key or a click means what it shows."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def test_the_first_findings_lead_to_words_buckets_and_a_text_to_copy(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    page = new_page()
    page.goto(new_server().url)
    page.get_by_role("button", name="Explore the sample").click()
    findings = page.locator("[class*=st-key-finding-]").filter(has=page.get_by_role("heading"))
    findings.nth(2).wait_for()
    contracts = findings.filter(has_text="igned contracts")
    contracts.first.locator("[class*=st-key-sentence-] a").first.click()
    page.get_by_role("heading", level=2, name=re.compile("signed contracts")).wait_for()
    page.get_by_test_id("stButtonGroup").get_by_text(re.compile("^Not achieved")).click()
    page.get_by_role("button", name="Read", exact=True).first.click()
    page.get_by_role("dialog").get_by_text("Judged by this message: not achieved").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")

    choose_view(page, "Missing things")
    page.get_by_role("heading", name=BUCKETS[0][0]).wait_for()
    for title, things in BUCKETS:
        bucket = page.get_by_test_id("stColumn").filter(has=page.get_by_role("heading", name=title))
        for thing in things:
            bucket.get_by_role("heading", name=thing, exact=True).wait_for()

    choose_view(page, "What to do")
    page.get_by_text("Copy as Markdown").click()
    copied = page.locator("[class*=st-key-actions_markdown] code")
    copied.get_by_text("igned contracts").first.wait_for()


def test_a_link_to_evidence_opens_on_a_cold_server_and_no_view_is_wider_than_a_phone(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    link = f"{new_server().url}/insights?run=sample&view=evidence&gap=signed-contracts"
    page = new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(link)
    page.get_by_role("heading", level=2, name=re.compile("signed contracts")).wait_for()
    page.get_by_role("button", name="Read", exact=True).first.wait_for()
    assert page.url == link
    for view, label in {EVIDENCE: "", **VIEWS}.items():
        if label:
            choose_view(page, label)
            page.wait_for_url(f"**view={view}")
        settle(page)
        assert page.get_by_test_id("stException").count() == 0
        assert page.evaluate(WIDER_THAN_THE_SCREEN) == [], view


def test_ratings_of_ones_own_change_the_quadrants_and_say_what_matched(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    server = new_server()
    run_id = add_judged_run(local_workspace(server.home))
    page = new_page()
    page.goto(f"{server.url}/insights?run={run_id}&view=silent")
    page.get_by_text("all 30 failed conversations are silent").wait_for()

    page.get_by_role("link", name="Add ratings").click()
    page.locator("input[type=file]").first.set_input_files(ratings(60))
    page.get_by_text("60 of 61 rows belong to conversations of this run").wait_for()
    page.get_by_text("1 row belongs to no conversation of this run, for example: x9").wait_for()
    page.get_by_role("button", name="Use this table").click()
    page.get_by_text("60 of 60 rated conversations").wait_for()

    choose_view(page, "Silent failures")
    page.get_by_text("No rating shows 0 of 30 failed conversations").wait_for()
    page.get_by_role("link", name=re.compile("Rated failure$")).wait_for()


def test_the_judge_is_checked_by_click_and_by_key(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    server = new_server()
    workspace = local_workspace(server.home)
    run_id = add_judged_run(workspace)
    page = new_page()
    page.goto(f"{server.url}/insights?run={run_id}&view=review")
    page.get_by_text("0 of 20 checked").wait_for()
    page.get_by_text("Nothing is checked yet").wait_for()
    page.get_by_role("button", name="Right").click()
    page.get_by_text("Is that so?").wait_for()
    settle(page)
    page.keyboard.press("1")
    page.get_by_text("1 of 20 checked").wait_for()
    page.get_by_text("too few checked").first.wait_for()

    folder = workspace.runs / run_id
    sample = draw_review_sample(join_run(folder, read_tables(folder)), 20)
    for row in sample.iloc[1:-1].to_dict("records"):
        mark = new_mark(row["conversation_id"], judged_as(row), "right", None, "right")
        add_mark(folder / MARKS, mark)
    page.reload()
    page.get_by_text("19 of 20 checked").wait_for()
    precision = page.get_by_test_id("stMetric").filter(has_text="Precision").first
    precision.get_by_text("100%").wait_for()
    settle(page)
    page.keyboard.press("2")
    page.get_by_text("What should it have been?").wait_for()
    settle(page)
    page.get_by_role("button", name=re.compile("^Achieved")).or_(
        page.get_by_role("button", name=re.compile("^Not achieved"))
    ).first.click()
    page.get_by_text("Is that so?").wait_for()
    settle(page)
    page.keyboard.press("1")
    page.get_by_text("All of these are checked").wait_for()
    said = [mark.outcome for mark in read_marks(folder / MARKS)]
    assert (said.count("right"), said.count("wrong")) == (19, 1)


def test_an_effort_that_is_typed_changes_the_order(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    from playwright.sync_api import expect

    server = new_server()
    run_id = add_judged_run(local_workspace(server.home))
    page = new_page()
    page.goto(f"{server.url}/insights?run={run_id}&view=priorities")
    heading = page.get_by_role("heading", level=3, name=re.compile("“.+”.* first"))
    first = heading.inner_text()
    settle(page)
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    open_effort(page, grid)
    page.locator("#portal input").fill("100")
    page.keyboard.press("Enter")
    expect(heading).not_to_have_text(first, timeout=WAIT_MS)


def open_effort(page: Page, grid: Locator) -> None:
    """Edit the first effort, again where the chart above grew and moved the table away."""
    from playwright.sync_api import TimeoutError as Late

    for _ in range(10):
        # The table is a canvas: from the first name by keys to its effort.
        grid.click(position={"x": 30, "y": 50})
        for _ in range(EFFORT):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        try:
            page.locator("#portal input").wait_for(timeout=2_000)
        except Late:
            continue
        return
