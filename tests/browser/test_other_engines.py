"""Logs of any shape, and a language model to read them, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.clicks import choose_in, continue_to_pipeline
from tests.llm_server import LLMServer, Order, running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
RUN_MS = 180_000
KEY = "sk-typed-into-the-browser-0123456789"


def csv_file(count: int) -> dict[str, Any]:
    """One row a message under names that no loader knows, with two columns of longer texts."""
    asks = ["Where is the signed contract {}?", "Sort the list {} in Python", "Mail the plan {}"]
    lines = ["ticket;wer;wortlaut;notiz;kundennr"]
    for number in range(count):
        ask = asks[number % 3].format(number)
        note = f"the customer was called back by team {number} in Hamburg"
        lines += [
            f"T{number};kunde;{ask};{note};k{number % 5}",
            f"T{number};bot;I am sorry, I cannot.;{note};k{number % 5}",
        ]
    return {"name": "tickets.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}


def openai_log(count: int) -> dict[str, Any]:
    """Lines as an application logs its calls."""
    asks = ["Where is the signed contract {}?", "Sort the list {} in Python", "Mail the plan {}"]
    rows = [
        {
            "messages": [
                {"role": "system", "content": "You help."},
                {"role": "user", "content": asks[number % 3].format(number)},
                {"role": "assistant", "content": "I'm sorry, I can't do that."},
            ]
        }
        for number in range(count)
    ]
    content = "\n".join(map(json.dumps, rows)).encode()
    return {"name": "calls.jsonl", "mimeType": "application/json", "buffer": content}


def test_a_file_nobody_knows_is_mapped_run_and_read(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    from playwright.sync_api import expect

    page = new_page()
    page.goto(f"{new_server().url}/data")
    page.set_input_files("input[type=file]", csv_file(12))
    page.get_by_text("Which column is which?").wait_for()
    for label, column in (("What was said", "wortlaut"), ("Who said it", "wer")):
        expect(page.get_by_role("combobox", name=re.compile(label))).to_have_value(column)
    page.get_by_text("to see what comes out").wait_for()
    choose_in(page, "Conversation", "ticket")
    page.get_by_text("12 conversations").first.wait_for()
    page.get_by_role("button", name="Use these columns").click()
    page.get_by_text("Columns as you chose them").wait_for()

    continue_to_pipeline(page)
    page.get_by_role("button", name="Start the run").click()
    page.get_by_role("button", name="See what users want").click(timeout=RUN_MS)
    page.get_by_test_id("stMetric").filter(has_text=re.compile(r"Conversations\s*12")).wait_for()


def test_a_language_model_is_connected_asked_for_200_first_and_its_failures_are_shown(
    new_server: Callable[..., Any], new_page: Callable[[], Page]
) -> None:
    refused = Order(400, path="chat/completions", text="contract 0?")
    with running(LLMServer(orders=[refused])) as model:
        server = new_server()
        page = new_page()
        page.goto(f"{server.url}/data")
        page.set_input_files("input[type=file]", openai_log(210))
        continue_to_pipeline(page)
        page.get_by_text("OpenAI or a compatible server", exact=True).click()
        address = page.get_by_role("textbox", name="Base URL")
        address.fill(model.base_url("openai"))
        address.press("Enter")
        page.get_by_text("goes to 127.0.0.1").wait_for()
        key = page.get_by_role("textbox", name="Key for this server")
        key.fill(KEY)
        key.press("Enter")
        page.get_by_role("button", name="Test connection").click()
        page.get_by_text("can be used").wait_for()

        page.get_by_text("I agree.").click()
        page.get_by_role("button", name="Ask for 200 conversations first").click()
        page.get_by_role("button", name="See what users want").wait_for(timeout=RUN_MS)
        page.get_by_text("199 conversations in").wait_for()
        page.get_by_text("1 conversation failed").wait_for()
        page.get_by_role("button", name="Run all of it").wait_for()

        asked = model.asked("chat/completions")
        assert {request.key for request in asked} == {KEY}
        assert KEY not in page.url
    files = [path for path in server.home.rglob("*") if path.is_file()]
    assert not [path for path in files if KEY.encode() in path.read_bytes()]
