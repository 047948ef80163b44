"""Conversations of a file to try prompts on: `python -m kura_core.run.prompts.sample …`."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kura_core.config import RunConfig
from kura_core.errors import ConfigError, InputError
from kura_core.load import load_conversations
from kura_core.privacy.redact import make_redactor
from kura_core.run.cost.requests import distinct_conversations
from kura_core.run.items import conversation_item, conversation_of
from kura_core.types import Conversation

# As many are held at most, and so many characters of them.
MOST = 1_000
_CHARACTERS = 20_000_000


@dataclass(slots=True, frozen=True)
class PromptSample:
    """Redacted conversations of a file in its order, and how many there are in all.

    `whole` tells whether these are all of them.
    """

    conversations: tuple[Conversation, ...]
    count: int

    @property
    def whole(self) -> bool:
        return len(self.conversations) == self.count


def draw_conversations(
    conversations: Sequence[Conversation], seed: int, count: int
) -> list[Conversation]:
    """Draw up to `count` different conversations; equal input and seed give the same in order."""
    distinct = distinct_conversations(conversations)
    return random.Random(seed).sample(distinct, min(count, len(distinct)))


def sample_of(kept: dict[str, Any]) -> PromptSample:
    """Read what `sample_input` gave."""
    return PromptSample(tuple(map(conversation_of, kept["conversations"])), kept["count"])


def sample_input(source: str | Path, config: RunConfig) -> dict[str, Any]:
    """A seeded sample of the conversations a run would read, redacted as it would, as plain JSON.

    All of them up to `MOST`. {"error": …} where the source cannot be read.
    """
    try:
        loaded = load_conversations(source, columns=config.columns, limit=config.limit)
    except (InputError, ConfigError) as error:
        return {"error": str(error)}
    every = loaded.conversations
    drawn: Sequence[int] = range(len(every))
    if len(every) > MOST:
        drawn = sorted(random.Random(config.seed).sample(drawn, MOST))
    redact = make_redactor(config.redact)
    items: list[dict[str, Any]] = []
    characters = 0
    for place in drawn:
        characters += sum(len(message.content) for message in every[place].messages)
        if items and characters > _CHARACTERS:
            break
        # No prompt says anything of metadata, and they may be large.
        redacted = replace(redact(every[place]).conversation, metadata={})
        items.append(conversation_item(redacted))
    return {"conversations": items, "count": len(every)}


def main(arguments: list[str] | None = None) -> None:
    """Print the sample of one source as JSON."""
    parser = argparse.ArgumentParser(description="Draw conversations; the answer is JSON.")
    parser.add_argument("source", help="a file, a zip, a folder or hf:OWNER/NAME")
    parser.add_argument("--config", metavar="FILE", type=Path, required=True)
    options = parser.parse_args(arguments)
    config = RunConfig.model_validate_json(options.config.read_bytes())
    found = sample_input(options.source, config)
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    json.dump(found, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
