"""How the app feels: first paint, later paint, the click to the sample's verdict, server memory.

usage: python benchmarks/app.py [--repeat N] [--run] [--json FILE]

Every repeat has a server process and a browser profile of its own, so "fresh" is cold on both
sides. --run also runs the sample from the page before the memory at rest is read. Needs a Chromium
on the PATH and playwright.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
GOALS = {
    "first paint, fresh server (s)": 2.5,
    "later paint, new visitor (s)": 1.0,
    "later paint, reload (s)": 1.0,
    "sample click to verdict, fresh server (s)": 2.0,
    "sample click to verdict, later (s)": 2.0,
    "map of the sample, later (s)": None,
    "server memory at rest (MB)": 400.0,
}
CHROMIUM_ARGS = (
    "--no-sandbox --disable-dev-shm-usage --disable-gpu --disable-background-networking "
    "--no-first-run --disable-component-update --disable-sync"
).split()
START_SECONDS = 60
RUN_SECONDS = 600
REST_SECONDS = 3


@contextmanager
def server(home: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A server of the app in a fresh process, yielded once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.port", str(port), "--server.headless", "true"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "KURA_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://localhost:{port}"
    try:
        wait_for(f"{url}/_stcore/health")
        yield url, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def wait_for(address: str) -> None:
    """Wait until the server answers. Raises TimeoutError when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"the server did not answer within {START_SECONDS} s")


def new_visitor(browser: Browser) -> Page:
    """A page in a browser profile of its own."""
    return browser.new_context(viewport={"width": 1440, "height": 900}).new_page()


def open_first_page(page: Page, url: str) -> float:
    """Seconds until the first page can be read and clicked."""
    started = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.get_by_role("button", name="Explore the sample").wait_for()
    return time.perf_counter() - started


def click_sample(page: Page) -> float:
    """Seconds from the click on the sample to its verdict."""
    started = time.perf_counter()
    page.get_by_role("button", name="Explore the sample").click()
    page.get_by_text("In their words:").wait_for()
    return time.perf_counter() - started


def open_map(page: Page, url: str) -> float:
    """Seconds until the map of the sample is drawn."""
    started = time.perf_counter()
    page.goto(f"{url}/explore?run=sample", wait_until="commit")
    page.locator("[data-testid=stVegaLiteChart]").locator("canvas, svg").first.wait_for()
    return time.perf_counter() - started


def run_sample(page: Page, url: str) -> None:
    """Run the sample from the page and wait until it is done. Ends with its words if it fails."""
    page.goto(f"{url}/pipeline?input=sample")
    page.get_by_role("button", name="Start the run").click()
    done = page.get_by_role("button", name="See what users want")
    stopped = page.get_by_role("button", name="Resume")
    done.or_(stopped).wait_for(timeout=RUN_SECONDS * 1000)
    if stopped.is_visible():
        sys.exit("The run did not finish: " + page.get_by_role("alert").first.inner_text())
    done.click()
    page.get_by_text("In their words:").wait_for()


def measure_once(browser: Browser, home: Path, with_run: bool) -> dict[str, float]:
    """One fresh server, from the first visitor to rest."""
    figures: dict[str, float] = {}
    with server(home) as (url, process):
        page = new_visitor(browser)
        figures["first paint, fresh server (s)"] = open_first_page(page, url)
        figures["sample click to verdict, fresh server (s)"] = click_sample(page)
        page = new_visitor(browser)
        figures["later paint, new visitor (s)"] = open_first_page(page, url)
        figures["later paint, reload (s)"] = open_first_page(page, url)
        figures["sample click to verdict, later (s)"] = click_sample(page)
        figures["map of the sample, later (s)"] = open_map(page, url)
        if with_run:
            run_sample(page, url)
        time.sleep(REST_SECONDS)
        figures["server memory at rest (MB)"] = process.memory_info().rss / 1e6
        for context in browser.contexts:
            context.close()
    return figures


def measure(repeat: int, with_run: bool) -> dict[str, Any]:
    """The median of each figure over fresh servers, and what it was measured on."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        sys.exit("No chromium on the PATH; install it and run this again.")
    rounds = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGS)
        version = browser.version
        for number in range(repeat):
            with TemporaryDirectory() as scratch:
                home = Path(scratch)
                rounds.append(measure_once(browser, home, with_run and number == repeat - 1))
        browser.close()
    medians = {name: statistics.median(figures[name] for figures in rounds) for name in GOALS}
    if with_run:
        name = "server memory at rest (MB)"
        medians[name] = rounds[-1][name]
    cores = f"{os.cpu_count()} cores, {platform.machine()}"
    python = f"Python {platform.python_version()}"
    return {
        "machine": f"{cores}, {python}, Chromium {version}",
        "repeats": repeat,
        "after_a_run": with_run,
        "figures": medians,
        "rounds": rounds,
    }


def print_table(result: dict[str, Any]) -> None:
    """Print each figure beside its goal."""
    print(f"{result['machine']}; median of {result['repeats']} fresh servers\n")
    print(f"{'':<44}{'measured':>10}{'goal':>8}")
    for name, goal in GOALS.items():
        wanted = "–" if goal is None else f"{goal:g}"
        print(f"{name:<44}{result['figures'][name]:>10.2f}{wanted:>8}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, help="fresh servers to measure")
    parser.add_argument("--run", action="store_true", help="run the sample before memory is read")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    result = measure(options.repeat, options.run)
    print_table(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
