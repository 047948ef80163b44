"""A run that costs money, with two browsers open: watched, cancelled, resumed, retried, stopped."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.clicks import continue_to_pipeline
from tests.llm_server import LLMServer, Order, running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
RUN_MS = 180_000
KEY = "sk-typed-into-one-browser-0123456789"
COUNT = 40
AT_ONCE = 4
BUDGET = "0.01"  # less than this run comes to, more than a call can
SLOW = Order("stall", path="chat/completions")
REFUSED = Order(400, path="chat/completions", text="plan number 7?")


def log_of_calls() -> dict[str, Any]:
    """Lines as an application logs its calls; no two are alike."""
    asks = ["Where is contract number {}?", "Sort list number {} in Python", "Mail plan number {}?"]
    rows = [
        {"messages": [{"role": "user", "content": asks[number % 3].format(number)}]}
        for number in range(COUNT - 1)
    ]
    rows.append({"messages": [{"role": "user", "content": "Mail plan number 7?"}]})
    content = "\n".join(map(json.dumps, rows)).encode()
    return {"name": "calls.jsonl", "mimeType": "application/json", "buffer": content}


def type_in(page: Page, kind: Any, label: str, text: str) -> None:
    """Fill a field and leave it."""
    field = page.get_by_role(kind, name=label)
    field.fill(text)
    field.press("Enter")


def type_key(page: Page) -> None:
    """Give this browser the key, which no other browser's session has."""
    type_in(page, "textbox", "Key for this server", KEY)


def prepare(page: Page, server: Any, model: LLMServer) -> None:
    """Bring a file and all settings of a paid run, ready to start."""
    page.goto(f"{server.url}/data")
    page.set_input_files("input[type=file]", log_of_calls())
    continue_to_pipeline(page)
    page.get_by_text("OpenAI or a compatible server", exact=True).click()
    type_in(page, "textbox", "Base URL", model.base_url("openai"))
    page.get_by_text("goes to 127.0.0.1").wait_for()
    type_key(page)
    page.get_by_text("Advanced", exact=True).click()
    type_in(page, "spinbutton", "Calls at once", str(AT_ONCE))


def start(page: Page) -> None:
    """Agree, and start the run."""
    page.get_by_text("I agree.").click()
    page.get_by_role("button", name="Start the run").click()


def spent(page: Page) -> Any:
    """The meter of a run under way."""
    return page.get_by_test_id("stMetric").filter(has_text="Spent so far")


def test_a_run_is_watched_cancelled_resumed_and_retried_from_two_browsers(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    with running(LLMServer(orders=[REFUSED, SLOW], stall=4.0)) as model:
        server = new_server()
        mine, yours = new_page(), new_page()
        prepare(mine, server, model)
        start(mine)
        spent(mine).wait_for()

        yours.goto(f"{server.url}/pipeline")
        spent(yours).wait_for()
        yours.get_by_role("button", name="Cancel").click()
        for page in (mine, yours):
            page.get_by_text("This run was cancelled").wait_for(timeout=RUN_MS)
        before = texts_asked(model)
        assert before < COUNT

        model.orders.remove(SLOW)
        mine.get_by_role("button", name="Resume").click()
        mine.get_by_text("1 conversation failed").wait_for(timeout=RUN_MS)
        assert texts_asked(model) <= COUNT + AT_ONCE

        model.orders.remove(REFUSED)
        so_far = texts_asked(model)
        yours.get_by_role("button", name="Ask again for 1 failed conversation").wait_for()
        type_key(yours)
        yours.get_by_role("button", name="Ask again for 1 failed conversation").click()
        for page in (mine, yours):
            page.get_by_text(f"{COUNT} conversations in").wait_for(timeout=RUN_MS)
        assert texts_asked(model) == so_far + 1
        assert KEY not in mine.url + yours.url
    files = [path for path in server.home.rglob("*") if path.is_file()]
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_a_budget_stops_a_run_which_goes_on_when_it_is_raised(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    # Counted dearly, so that the budget is reached for sure.
    with running(LLMServer(count=lambda text: 3 * len(text))) as model:
        server = new_server()
        mine, yours = new_page(), new_page()
        prepare(mine, server, model)
        type_in(mine, "spinbutton", "Budget in US dollars", BUDGET)
        mine.get_by_text("may not be enough").wait_for()
        start(mine)
        yours.goto(f"{server.url}/pipeline")
        for page in (mine, yours):
            page.get_by_text("This run stopped at its budget").wait_for(timeout=RUN_MS)
        before = texts_asked(model)
        assert 0 < before < COUNT

        type_key(yours)
        type_in(yours, "spinbutton", "Budget in US dollars", "5")
        yours.get_by_role("button", name="Resume").click()
        for page in (mine, yours):
            page.get_by_text(f"{COUNT} conversations in").wait_for(timeout=RUN_MS)
        assert texts_asked(model) == COUNT
        metric = yours.get_by_test_id("stMetric").filter(has_text=re.compile(r"Cost\s*"))
        metric.wait_for()


def texts_asked(model: LLMServer) -> int:
    """How many summaries were asked for, repeated ones too."""
    return sum("<conversation>" in request.text for request in model.asked("chat/completions"))
