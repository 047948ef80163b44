"""What a run is estimated to take, against what a server then counts."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kura_core.config import Facet, RunConfig
from kura_core.engines.choose import make_engine
from kura_core.engines.language_model import LanguageModelEngine
from kura_core.engines.tokens import Range
from kura_core.load import load_conversations
from kura_core.run.cache import DiskCacheStrategy
from kura_core.run.cost.estimate import Estimate, estimate_of, estimate_run
from kura_core.run.cost.estimate_input import estimate_input
from kura_core.run.cost.requests import SAMPLE, conversation_requests
from kura_core.run.cost.tree_size import cluster_counts, theme_count
from kura_core.run.pipeline import run_pipeline
from kura_core.types import Conversation, Message
from tests.asked_runs import KEYS, QUICK
from tests.judge_answers import FAILED, JudgeAnswers
from tests.llm_server import LLMServer, running
from tests.plausible_answers import of_its_own
from tests.small_data import Row, varied_rows, write_rows
from tests.token_counts import RULES

_CODE = "def sorted_by(rows, key='created_at'):\n    return sorted(rows, key=lambda r: r[key])\n"
_ABROAD = (
    ("Где найти подписанный договор для команды {}?", "К сожалению, такого договора нет."),
    ("我在哪里可以找到第 {} 组的合同？请把它导出为表格。", "抱歉，我找不到这份合同。"),
    ("Wo finde ich den unterschriebenen Vertrag für Team {}?", "Leider finde ich ihn nicht."),
)


def long_rows(count: int = 24) -> list[Row]:
    """Conversations with code, JSON and answers of very different lengths."""
    rows = []
    for number in range(count):
        table = json.dumps([{"id": place, "amount": place * 7.5} for place in range(number)])
        turns = [f"Why does this fail for batch {number}?\n{_CODE * (1 + number % 5)}", table * 3]
        turns += ["That is not it, look again at the sorting.", "Try a stable sort. " * number]
        messages = [
            {"role": ("user", "assistant")[place % 2], "content": text}
            for place, text in enumerate(turns)
        ]
        rows.append({"conversation_id": f"l{number}", "messages": messages})
    return rows


def foreign_rows(count: int = 24) -> list[Row]:
    """Russian, Chinese and German."""
    rows = []
    for number in range(count):
        asked, answered = _ABROAD[number % 3]
        messages = [
            {"role": "user", "content": asked.format(number)},
            {"role": "assistant", "content": answered},
        ]
        rows.append({"conversation_id": f"f{number}", "messages": messages})
    return rows


DATA = {"short": lambda: varied_rows(30), "long": long_rows, "foreign": foreign_rows}


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with running(LLMServer()) as started:
        yield started


def config_for(server: LLMServer, **settings: Any) -> RunConfig:
    return RunConfig(
        engine="openai",
        base_url=server.base_url("openai"),
        **{"embedding_model": "tfidf", "clusters": 4, "max_top": 2, **settings},
    )


def run_it(source: Path, folder: Path, config: RunConfig) -> dict[str, Any]:
    async def work() -> dict[str, Any]:
        engine = make_engine(config, KEYS, patience=QUICK)
        try:
            result = await run_pipeline(source, folder, config, engine, keys=KEYS)
        finally:
            await engine.aclose()
        return result.manifest

    return asyncio.run(work())


def kept_answers(folder: Path) -> list[Any]:
    with sqlite3.connect(folder / "cache" / "cache.db") as database:
        return database.execute("SELECT key FROM Cache").fetchall()


def estimate(conversations: list[Conversation], config: RunConfig, cache: Any = None) -> Estimate:
    return asyncio.run(estimate_run(conversations, config, cache))


def within(actual: float, expected: Range) -> bool:
    return expected.low <= actual <= expected.high


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("data", DATA)
def test_the_range_holds_what_is_counted(
    server: LLMServer, tmp_path: Path, data: str, rule: str
) -> None:
    server.count, server.answer = RULES[rule], of_its_own
    source = write_rows(tmp_path / "logs.jsonl", DATA[data]())
    config = config_for(server)
    expected = estimate(load_conversations(source).conversations, config)
    manifest = run_it(source, tmp_path / "run", config)
    read, written = expected.input_tokens, expected.output_tokens
    counted = manifest["tokens"]
    print(
        f"{data:8} {rule:11} read {counted['input']:7,} in {read.low:9,.0f}–{read.high:9,.0f} "
        f"(±{100 * (read.high - read.low) / (read.high + read.low):.0f} %), written "
        f"{counted['output']:6,} in {written.low:6,.0f}–{written.high:6,.0f}"
    )
    assert within(manifest["calls"]["sent"], expected.calls)
    assert within(counted["input"], read)
    assert within(counted["output"], written)
    assert within(manifest["cost_usd"], expected.cost_usd or Range())
    summaries = expected.steps[0]
    assert summaries.input_tokens.high < 3 * summaries.input_tokens.low


def test_a_judging_engine_and_own_questions_are_in_it(server: LLMServer, tmp_path: Path) -> None:
    server.answer = JudgeAnswers(outcome=(FAILED,))
    quote = {"role": "assistant", "content": "I cannot find it."}
    rows = [
        {
            "conversation_id": f"j{number}",
            "messages": [{"role": "user", "content": f"Where is contract {number}?"}, quote]
            + [{"role": "user", "content": "Look again."}] * (number % 2),
        }
        for number in range(20)
    ]
    source = write_rows(tmp_path / "logs.jsonl", rows)
    config = config_for(
        server, judges="engine", facets=(Facet(name="plan", question="Which plan?"),)
    )
    expected = estimate(load_conversations(source).conversations, config)
    plain = estimate(load_conversations(source).conversations, config_for(server))
    assert [step.step for step in expected.steps] == ["summarise", "judge", "name", "meta_cluster"]
    assert expected.steps[0].input_tokens.low > plain.steps[0].input_tokens.low
    judged = expected.steps[1]
    # Everybody is asked about the outcome, half about what they voiced, some a third time.
    assert judged.calls.low <= 20 + 10 + 14 <= judged.calls.high * 1.01
    run_it(source, tmp_path / "run", config)
    kinds = ("outcome", "dissatisfaction")
    asked = [r.body["response_format"]["json_schema"]["name"] for r in server.asked("completions")]
    assert {kind: asked.count(kind) for kind in kinds} == {"outcome": 20, "dissatisfaction": 10}


def test_what_is_cached_is_left_out(server: LLMServer, tmp_path: Path) -> None:
    rows = varied_rows(40)
    config = config_for(server)
    run_it(write_rows(tmp_path / "half.jsonl", rows[:20]), tmp_path / "run", config)
    whole = load_conversations(write_rows(tmp_path / "logs.jsonl", rows)).conversations
    kept = DiskCacheStrategy(tmp_path / "run" / "cache")
    before = len(kept_answers(tmp_path / "run"))
    try:
        half = estimate(whole, config, kept)
    finally:
        kept.close()
    full = estimate(whole, config)
    assert (half.steps[0].cached, full.steps[0].cached) == (20, 0)
    assert within(20, half.steps[0].calls) and within(40, full.steps[0].calls)
    assert 0.2 < half.cached < 0.5 and full.cached == 0.0
    assert half.input_tokens.high < full.input_tokens.high
    assert before == len(kept_answers(tmp_path / "run"))


def test_equal_texts_are_asked_about_once(server: LLMServer) -> None:
    said = [Message("user", "Where is my contract?")]
    twins = [Conversation(f"c{number}", said) for number in range(50)]
    expected = estimate(twins, config_for(server))
    assert within(1, expected.steps[0].calls) and expected.steps[0].calls.high < 2


@pytest.mark.parametrize("seed", range(5))
def test_a_sample_stands_for_the_whole(server: LLMServer, seed: int) -> None:
    many = [
        Conversation(f"c{number}", [Message("user", f"{number} " + "export it " * (number % 97))])
        for number in range(3 * SAMPLE)
    ]
    config = config_for(server, seed=seed)
    sampled = estimate(many, config)
    assert (sampled.sampled, sampled.conversations) == (SAMPLE, 3 * SAMPLE)
    parts = [estimate(many[start : start + SAMPLE], config) for start in (0, 200, 400)]
    low, high = (
        sum(getattr(part.steps[0].input_tokens, bound) for part in parts)
        for bound in ("low", "high")
    )
    own = sampled.steps[0].input_tokens
    assert own.low <= low * 1.001 and high <= own.high * 1.02
    assert own.high < 1.1 * high and own.low > 0.9 * low
    assert sampled == estimate(many, config)


def test_a_price_that_is_not_known_leaves_tokens_alone(server: LLMServer) -> None:
    said = [Conversation("c", [Message("user", "Where is my contract?")])]
    expected = estimate(said, config_for(server, model="home-made"))
    assert expected.cost_usd is None and expected.input_tokens.low > 0
    priced = estimate(said, config_for(server, model="home-made", price=(1.0, 2.0)))
    assert priced.cost_usd is not None and priced.cost_usd.low > 0


def test_paid_embeddings_are_in_it_even_with_rules(server: LLMServer) -> None:
    said = [Conversation(f"c{n}", [Message("user", f"Contract {n}?")]) for n in range(300)]
    expected = estimate(said, RunConfig(embedding_model="openai"))
    assert [step.step for step in expected.steps] == ["embed"]
    assert within(2, expected.calls) and expected.cost_usd is not None
    nothing = estimate(said, RunConfig())
    assert nothing.steps == () and nothing.cost_usd == Range()


def test_it_is_read_back_as_it_was_written(server: LLMServer) -> None:
    said = [Conversation("c", [Message("user", "Where is my contract?")])]
    expected = estimate(said, config_for(server, name_model="strong"))
    assert estimate_of(json.loads(json.dumps(expected.as_json()))) == expected
    assert expected.steps[-1].model == "strong"


def test_a_file_is_estimated_or_its_fault_said(server: LLMServer, tmp_path: Path) -> None:
    source = write_rows(tmp_path / "logs.jsonl", varied_rows(12))
    found = estimate_input(source, config_for(server), tmp_path / "no-cache")
    assert found["conversations"] == 12 and found["total"]["calls"]["low"] >= 12
    assert not (tmp_path / "no-cache").exists()
    (tmp_path / "empty.jsonl").write_text("")
    assert "error" in estimate_input(tmp_path / "empty.jsonl", config_for(server), None)


@pytest.mark.parametrize("size", ["clusters", "per_cluster"])
def test_a_number_of_clusters_that_is_set_is_the_most(size: str) -> None:
    assert cluster_counts(100, RunConfig(**{size: 20})).high == (20 if size == "clusters" else 5)
    assert cluster_counts(10, RunConfig(clusters=20)).high == 10


@pytest.mark.parametrize(("clusters", "themes"), [(4, 0), (10, 0), (11, 10), (64, 10), (300, 65)])
def test_few_clusters_need_few_themes(clusters: int, themes: int) -> None:
    assert theme_count(clusters, 10) == themes


def test_the_requests_are_the_very_ones_that_are_sent(server: LLMServer, tmp_path: Path) -> None:
    server.answer = of_its_own
    source = write_rows(tmp_path / "logs.jsonl", long_rows())
    config = config_for(server)
    conversations = load_conversations(source).conversations
    drawn = asyncio.run(conversation_requests(conversations, config, None))
    run_it(source, tmp_path / "run", config)
    sent = [
        sum(len(message["content"]) for message in request.body["messages"])
        for request in server.asked("completions")
        if request.body["response_format"]["json_schema"]["name"] == "summary"
    ]
    asked = drawn.asked["summary"]
    assert asked.characters.low == pytest.approx(asked.characters.high) == pytest.approx(sum(sent))
    assert asked.calls == Range(len(sent), len(sent))


@pytest.mark.parametrize("answer", ["…", "", "<conversation> nothing </conversation>"])
def test_strange_answers_do_not_keep_a_judged_run_from_being_estimated(
    server: LLMServer, answer: str
) -> None:
    said = [Message("user", "Where is it?"), Message("assistant", answer), Message("user", "No.")]
    expected = estimate([Conversation("c", said)], config_for(server, judges="engine"))
    assert [step.step for step in expected.steps][:2] == ["summarise", "judge"]
    assert expected.steps[1].calls.low >= 2


WORK = Facet(name="work", question="Is it about work?", type="yes/no")
PLAN = Facet(name="plan", question="Which plan?")
SCREENED: dict[str, Any] = {"facets": (WORK, PLAN), "screen": "work", "cluster_by": "plan"}


@pytest.mark.parametrize("every", [1, 2, 8])
def test_a_screen_is_in_it_whether_few_or_all_pass(
    server: LLMServer, tmp_path: Path, every: int
) -> None:
    def passing(schema: dict[str, Any], text: str) -> dict[str, Any]:
        if set(schema["properties"]) != {"answer"}:
            return of_its_own(schema, text)
        number = text.partition("for team ")[2].partition(".")[0]
        return {"answer": not number.isdigit() or int(number) % every == 0}

    server.answer = passing
    source = write_rows(tmp_path / "logs.jsonl", varied_rows(64))
    conversations = load_conversations(source).conversations
    config = config_for(server, clusters=None, **SCREENED)
    expected = estimate(conversations, config)
    assert [step.step for step in expected.steps][:2] == ["screen", "summarise"]
    assert within(64, expected.steps[0].calls)
    assert expected.steps[1].calls.low < 8 < 64 <= expected.steps[1].calls.high
    manifest = run_it(source, tmp_path / "run", config)
    assert manifest["counts"]["summarised"] == 64 // every
    assert within(manifest["calls"]["sent"], expected.calls)
    assert within(manifest["tokens"]["input"], expected.input_tokens)
    assert within(manifest["tokens"]["output"], expected.output_tokens)
    assert within(manifest["cost_usd"], expected.cost_usd or Range())
    # Once the answers are known, so is whom there is to ask about.
    cache = DiskCacheStrategy(tmp_path / "run" / "cache")
    other = config.model_copy(update={"facets": (WORK,), "cluster_by": "topic"})
    again = estimate(conversations, other, cache)
    assert again.steps[0].calls.high == 0 and again.steps[0].cached == 64
    assert again.steps[1].calls.low == 64 // every
    assert again.steps[1].calls.high == pytest.approx(64 // every, rel=0.05)


def test_a_sample_says_how_many_pass_where_answers_are_known(server: LLMServer) -> None:
    class Memory(dict[str, str]):
        def set(self, key: str, value: str) -> None:
            self[key] = value

    conversations = [
        Conversation(f"s{number}", [Message("user", f"Where is contract {number}?")])
        for number in range(2 * SAMPLE)
    ]
    server.answer = lambda schema, text: {"answer": "7" not in text}
    config = config_for(server, redact="off", facets=(WORK,), screen="work")
    memory = Memory()

    async def ask_all() -> int:
        engine = make_engine(config, KEYS, patience=QUICK)
        assert isinstance(engine, LanguageModelEngine)
        asking = engine.keeping(memory)
        try:
            return sum([bool(await asking.screen(one, WORK)) for one in conversations])
        finally:
            await engine.aclose()

    passed = asyncio.run(ask_all())
    drawn = asyncio.run(conversation_requests(conversations, config, memory))
    assert drawn.sampled == SAMPLE
    assert drawn.passing == Range(1, 1)
    assert within(passed, drawn.read) and within(passed, drawn.asked["summary"].calls)
    assert drawn.read.high - drawn.read.low < 0.3 * len(conversations)
