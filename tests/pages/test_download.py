"""Every CSV that leaves a page is safe to open in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from pages.panels.style import STYLE

PAGES = Path(__file__).resolve().parents[2] / "pages"


def test_no_page_writes_csv_by_another_way() -> None:
    own_way = [path.name for path in PAGES.rglob("*.py") if ".to_csv(" in path.read_text("utf-8")]
    assert own_way == []


def test_the_download_of_a_table_itself_is_hidden() -> None:
    assert '[aria-label^="Download as CSV"]) {display: none}' in STYLE
