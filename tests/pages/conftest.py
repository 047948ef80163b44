"""The app as AppTest runs it: a fresh home, and a finished run where a test wants one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kura_core.run.workspace import Workspace, local_workspace
from tests.finished_runs import add_finished_run

APP = Path(__file__).resolve().parents[2] / "app.py"
OpenPage = Callable[..., AppTest]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("KURA_HOME", str(tmp_path / "home"))
    return local_workspace((tmp_path / "home").resolve())


@pytest.fixture
def open_page(workspace: Workspace) -> OpenPage:
    """Open a page of the app with query parameters, as a link does."""

    def opened(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=30)
        app.query_params.update(query)
        if page != "overview":
            app.switch_page(f"pages/{page}.py")
        app.run()
        assert not app.exception
        return app

    return opened


@pytest.fixture
def finished_run(workspace: Workspace) -> str:
    return add_finished_run(workspace)
