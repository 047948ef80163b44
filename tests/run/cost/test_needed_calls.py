"""How many calls settings need, said before anything is sent, against what a run then sends."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kura_core.config import RunConfig
from kura_core.prompts import Prompts
from kura_core.run.cost.needed_calls import NeededCalls, needed_calls, needed_text
from kura_core.run.prompts.sample import PromptSample
from kura_core.types import Conversation, Message
from tests.llm_server import LLMServer, running
from tests.plausible_answers import of_its_own
from tests.run.prompts.prompt_workspace import PromptWorkspace, open_prompt_workspace
from tests.small_data import varied_rows

OWN = Prompts(summary="What is wanted here? {conversation}")
NAMES = " Names of clusters and themes come on top."


@pytest.fixture
def made(tmp_path: Path) -> Iterator[PromptWorkspace]:
    with running(LLMServer(answer=of_its_own)) as server:
        yield open_prompt_workspace(tmp_path, server)


def said(made: PromptWorkspace, config: RunConfig, newest: RunConfig | None) -> str:
    needed = needed_calls(made.sample(config), config, made.workspace.root / "cache")
    return needed_text(needed, config, newest)


def test_a_changed_prompt_asks_about_all_and_the_same_one_about_none(made: PromptWorkspace) -> None:
    config = made.config()
    assert said(made, config, None) == "This asks about all 24 conversations: 24 calls." + NAMES
    made.run(config, "Logs", 1)
    assert said(made, config, config) == "No new calls: 24 of 24 answers are kept."
    own = made.config(OWN)
    assert said(made, own, config) == "This asks anew about all 24 conversations: 24 calls." + NAMES
    assert made.asked("summary") == 24
    made.run(own, "Logs", 2)
    assert made.asked("summary") == 48
    other_names = made.config(Prompts(cluster_name="Name it. {examples}"))
    assert said(made, other_names, config) == ("No new calls: 24 of 24 answers are kept." + NAMES)


def test_some_new_conversations_ask_for_those(made: PromptWorkspace, tmp_path: Path) -> None:
    config = made.config()
    made.run(config, "Logs", 1)
    longer = open_prompt_workspace(tmp_path, made.server, varied_rows(30))
    assert said(longer, config, None) == (
        "This asks about 6 of 30 conversations: 6 calls. The answers of 24 are kept." + NAMES
    )


def test_judges_need_a_range_as_failures_are_looked_at_again(made: PromptWorkspace) -> None:
    config = made.config(judges="engine")
    needed = needed_calls(made.sample(config), config, None)
    talks = [c for c in made.sample(config).conversations if len(c.messages) > 2]
    assert (needed.calls, needed.most) == (24 + 24 + len(talks), 24 + 24 + 24 + len(talks))
    assert f"{needed.calls}–{needed.most} calls" in needed_text(needed, config, None)
    plain = made.config()
    made.run(plain, "Logs", 1)
    assert said(made, config, plain) == (
        f"This asks about all 24 conversations: {24 + len(talks)}–{48 + len(talks)} calls. "
        "All summaries are kept." + NAMES
    )


def test_equal_texts_are_asked_about_once() -> None:
    twins = PromptSample(tuple(Conversation(f"c{n}", [Message("user", "Hi")]) for n in range(9)), 9)
    config = RunConfig(engine="openai")
    needed = needed_calls(twins, config, None)
    assert (needed.conversations, needed.different, needed.calls) == (9, 1, 1)
    assert "all 9 conversations: 1 call. Equal texts are asked about once." in needed_text(
        needed, config, None
    )


def test_a_sample_is_scaled_up_and_said_to_be_about() -> None:
    some = tuple(Conversation(f"c{n}", [Message("user", f"Hi {n}")]) for n in range(100))
    config = RunConfig(engine="openai")
    needed = needed_calls(PromptSample(some, 5_000), config, None)
    assert needed == NeededCalls(5_000, 5_000, 5_000, 5_000, 5_000, 5_000, exact=False)
    assert "about 5,000 calls" in needed_text(needed, config, None)


@pytest.mark.parametrize("judges", ["rules", "engine"])
def test_a_thousand_are_counted_at_once(judges: str) -> None:
    said = "How do I export the report for my team? " * 20
    many = tuple(
        Conversation(f"c{n}", [Message("user", f"{n} {said}"), Message("assistant", said)])
        for n in range(1_000)
    )
    config = RunConfig.model_validate({"engine": "openai", "judges": judges})
    begun = time.process_time()
    needed = needed_calls(PromptSample(many, 1_000), config, None)
    assert time.process_time() - begun < 2.0  # about 0.3 s on a quiet machine
    assert needed.asked == 1_000 and needed.exact is (judges == "rules")
