"""A workspace with one file and finished runs of it, for the tests of prompts as settings."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kura_core.config import RunConfig
from kura_core.engines.calls import Patience
from kura_core.engines.choose import make_engine
from kura_core.prompts import Prompts
from kura_core.run.pipeline import RunResult, run_pipeline
from kura_core.run.prompts.sample import PromptSample, sample_input, sample_of
from kura_core.run.uploads import Upload, save_upload
from kura_core.run.workspace import Workspace, local_workspace, new_id
from tests.llm_server import LLMServer
from tests.small_data import Row, varied_rows

KEYS = {"openai": "sk-test-0123456789abcdef"}
QUICK = Patience(tries=2, first_delay=0.001, longest_delay=0.002, timeout=5.0)


@dataclass(frozen=True)
class PromptWorkspace:
    """One uploaded file in a workspace of its own, and a server that its runs ask."""

    workspace: Workspace
    upload: Upload
    server: LLMServer

    def config(self, prompts: Prompts | None = None, **settings: Any) -> RunConfig:
        """Settings of a run that asks the server."""
        base = {"embedding_model": "tfidf", "clusters": 6, "max_top": 2, "price": (1.0, 2.0)}
        return RunConfig(
            engine="openai",
            base_url=self.server.base_url("openai"),
            prompts=prompts or Prompts(),
            **{**base, **settings},
        )

    def sample(self, config: RunConfig) -> PromptSample:
        """The file's conversations as prompts are shown on them."""
        return sample_of(sample_input(self.upload.path, config))

    def run(self, config: RunConfig, name: str, day: int) -> RunResult:
        """Run the file as a job of the workspace does, in this process."""
        folder = self.workspace.runs / new_id()
        folder.mkdir()
        about = {"name": name, "input_name": self.upload.name, "input_id": self.upload.upload_id}
        about |= {"input_path": str(self.upload.path), "started": f"2026-03-{day:02d}T09:00:00Z"}
        (folder / "job.json").write_text(json.dumps(about))
        (folder / "config.json").write_text(config.model_dump_json())

        async def work() -> RunResult:
            engine = make_engine(config, KEYS, patience=QUICK)
            cache = self.workspace.root / "cache"
            try:
                return await run_pipeline(
                    self.upload.path, folder, config, engine, keys=KEYS, cache=cache
                )
            finally:
                await engine.aclose()

        return asyncio.run(work())

    def asked(self, form: str) -> int:
        """How many requests for a form the server has had."""
        return sum(_form(request.body) == form for request in self.server.asked("completions"))


def open_prompt_workspace(
    home: Path, server: LLMServer, rows: list[Row] | None = None
) -> PromptWorkspace:
    """A workspace in `home` that holds a file of these rows, or of 24 varied ones."""
    workspace = local_workspace(home)
    lines = "\n".join(json.dumps(row) for row in rows or varied_rows(24))
    upload = save_upload(workspace, "logs.jsonl", io.BytesIO(lines.encode()))
    return PromptWorkspace(workspace, upload, server)


def _form(body: dict[str, Any]) -> str | None:
    name: str | None = body.get("response_format", {}).get("json_schema", {}).get("name")
    return name
