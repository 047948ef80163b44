"""Judging within a run: by whom, kept how, and what becomes of what cannot be judged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kura_core.config import RunConfig
from kura_core.engines.calls import Patience
from kura_core.engines.choose import make_engine
from kura_core.engines.offline import OfflineEngine
from kura_core.errors import ConversationError, RunCancelled
from kura_core.prompts import Prompts
from kura_core.run.judging import judge_of
from kura_core.run.pipeline import RunResult, run_pipeline
from kura_core.run.tables import JUDGED, read_tables
from kura_core.types import Conversation, Judgement
from tests.judge_answers import FAILED, JudgeAnswers
from tests.llm_server import LLMServer, Order, running
from tests.run.conftest import SETTINGS, FinishedRun
from tests.small_data import Recorder, few_kinds, run, varied_rows, write_rows
from tests.steps.stub_engine import StubEngine

KEY = "sk-test-0123456789abcdef"
QUICK = Patience(first_delay=0.001, longest_delay=0.002, timeout=5.0)
COLUMNS = [*JUDGED, "quadrant"]
JUDGES = ("outcome", "dissatisfaction", "failure")
COUNT = 12


class Partial(OfflineEngine):
    """The offline engine, but one that cannot judge the conversations of some ids."""

    def __init__(self, failing: tuple[str, ...]) -> None:
        self.failing = failing

    async def judge(self, conversation: Conversation, request: str | None) -> Judgement:
        if conversation.conversation_id in self.failing:
            raise ConversationError(f"no answer about {conversation.conversation_id}")
        return await super().judge(conversation, request)


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with running(LLMServer()) as started:
        yield started


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows = varied_rows(COUNT)
    for row in rows:
        row["messages"] = [
            {
                "role": "user",
                "content": f"{row['conversation_id']}: {row['messages'][0]['content']}",
            },
            {"role": "assistant", "content": "I cannot find it."},
            {"role": "user", "content": "That is a pity."},
        ]
    return write_rows(tmp_path / "logs.jsonl", rows)


def run_with(
    server: LLMServer,
    source: Path,
    folder: Path,
    provider: str = "openai",
    record: Recorder | None = None,
    **settings: Any,
) -> RunResult:
    config = RunConfig(
        engine=provider,  # type: ignore[arg-type]
        base_url=server.base_url(provider),
        **{"embedding_model": "tfidf", "clusters": 3, "judges": "engine", **settings},
    )

    async def work() -> RunResult:
        engine = make_engine(config, {provider: KEY}, patience=QUICK)
        emit = record or Recorder()
        try:
            return await run_pipeline(source, folder, config, engine, emit=emit)
        finally:
            await engine.aclose()

    return asyncio.run(work())


def judged(folder: Path) -> pd.DataFrame:
    return read_tables(folder).conversations.set_index("conversation_id")[COLUMNS]


def test_rules_judge_whatever_the_engine_unless_it_is_asked_for_or_nobody_is() -> None:
    engine = StubEngine()
    assert isinstance(judge_of(RunConfig(), engine), OfflineEngine)  # type: ignore[arg-type]
    assert judge_of(RunConfig(judges="engine"), engine) is engine  # type: ignore[arg-type]
    assert judge_of(RunConfig(judges="off"), engine) is None  # type: ignore[arg-type]


def test_the_rules_judgements_are_in_the_table_with_their_quadrant(finished: FinishedRun) -> None:
    conversations = read_tables(finished.folder).conversations
    assert conversations["outcome"].notna().all()
    failed = conversations["outcome"].isin(["partly", "not achieved"])
    assert failed.any()
    assert conversations.loc[failed, "outcome_message"].notna().all()
    assert conversations.loc[failed, "outcome_quote"].notna().all()
    unclear = conversations["outcome"] == "cannot tell"
    assert (conversations["quadrant"].isna() == unclear).all()


def test_rules_judge_a_language_models_run_without_a_call(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    answers = JudgeAnswers()
    server.answer = answers
    run_with(server, source, tmp_path / "run", judges="rules")
    assert not [kind for kind in answers.asked if kind in JUDGES]
    assert judged(tmp_path / "run")["outcome"].notna().all()


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_language_model_judges_when_it_is_asked_to(
    server: LLMServer, source: Path, tmp_path: Path, provider: str
) -> None:
    answers = JudgeAnswers(outcome=[FAILED])
    server.answer = answers
    run_with(server, source, tmp_path / "run", provider)
    assert [answers.asked.count(kind) for kind in JUDGES] == [COUNT] * 3
    found = judged(tmp_path / "run")
    assert set(found["missing"]) == {"signed contracts"}
    assert set(found["quadrant"]) == {"silent failure: polite exit"}
    assert set(found["failure_score"]) == {0.95}


def test_without_a_judge_all_is_null_and_the_step_is_not_shown(
    source: Path, tmp_path: Path
) -> None:
    record = Recorder()
    run(source, tmp_path / "run", record=record, judges="off", **SETTINGS)
    assert judged(tmp_path / "run").isna().all(axis=None)
    assert record.of("run_started")[0]["left_out"] == ["judge", "gaps", "screen"]
    assert not {"judge", "gaps"} & {event["step"] for event in record.of("step_started")}


def test_what_cannot_be_judged_keeps_its_summary_and_is_counted(
    source: Path, tmp_path: Path
) -> None:
    engine = Partial(("c0003", "c0007"))
    result = run(source, tmp_path / "run", engine=engine, judges="engine", **SETTINGS)
    counts, notices = result.manifest["counts"], result.manifest["notices"]
    assert (counts["summarised"], counts["failed"]) == (COUNT, 0)
    assert [notice for notice in notices if "judged" in notice] == [
        "2 of 12 conversations could not be judged and have no outcome; the first reason was: "
        "no answer about c0003"
    ]
    found = judged(tmp_path / "run")
    assert found.loc[["c0003", "c0007"]].isna().all(axis=None)
    assert found.drop(["c0003", "c0007"])["outcome"].notna().all()


def test_what_could_not_be_judged_is_asked_again_and_nothing_else(
    source: Path, tmp_path: Path
) -> None:
    run(source, tmp_path / "run", engine=Partial(("c0003",)), judges="engine", **SETTINGS)
    record = Recorder()
    settings = {**SETTINGS, "clusters": 2}
    run(source, tmp_path / "run", engine=Partial(()), record=record, judges="engine", **settings)
    assert record.cached("judge") == (COUNT - 1, COUNT)
    assert judged(tmp_path / "run")["outcome"].notna().all()


def test_one_refused_text_leaves_the_other_judgements(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    # Summaries are asked first, once each: the second request about the text is a judge's.
    server.orders = [Order(400, text="c0004", nth=frozenset(range(2, 9)), message="no")]
    server.answer = JudgeAnswers(outcome=[FAILED])
    result = run_with(server, source, tmp_path / "run")
    assert result.manifest["counts"]["failed"] == 0
    assert any("1 of 12 conversations could not be judged" in n for n in result.manifest["notices"])
    assert judged(tmp_path / "run")["outcome"].isna().sum() == 1


def test_a_cancelled_run_asks_for_no_judgement_twice(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    answers = JudgeAnswers(outcome=[FAILED])
    server.answer = answers

    def cancel(event: str, values: dict[str, Any]) -> None:
        if event == "step_started" and values["step"] == "embed":
            (tmp_path / "run" / "cancel").touch()

    with pytest.raises(RunCancelled):
        run_with(server, source, tmp_path / "run", record=Recorder(cancel))
    asked = len(server.received)
    assert answers.asked.count("outcome") == COUNT
    record = Recorder()
    run_with(server, source, tmp_path / "run", record=record)
    assert len(server.received) > asked
    assert [answers.asked.count(kind) for kind in JUDGES] == [COUNT] * 3
    assert record.cached("judge") == (COUNT, COUNT)


def test_a_run_cancelled_amid_judging_pays_for_no_answer_again(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    answers = JudgeAnswers(outcome=[FAILED])

    def answer_and_cancel(schema: dict[str, Any], text: str) -> dict[str, Any]:
        if answers.asked.count("failure") == 5:
            (tmp_path / "run" / "cancel").touch()
        return answers(schema, text)

    server.answer = answer_and_cancel
    with pytest.raises(RunCancelled):
        run_with(server, source, tmp_path / "run", concurrency=1)
    server.answer = answers
    finished = answers.asked.count("failure")
    assert 5 <= finished < COUNT
    run_with(server, source, tmp_path / "run", concurrency=1)
    assert answers.asked.count("failure") == COUNT
    assert answers.asked.count("outcome") <= COUNT + 1  # at most the one in flight again


def test_a_changed_judge_prompt_asks_only_its_own_question(
    server: LLMServer, source: Path, tmp_path: Path
) -> None:
    answers = JudgeAnswers(outcome=[FAILED])
    server.answer = answers
    run_with(server, source, tmp_path / "run")
    answers.asked.clear()
    own = Prompts(dissatisfaction="Signs of it? {conversation}")
    run_with(server, source, tmp_path / "run", prompts=own)
    assert answers.asked == ["dissatisfaction"] * COUNT


def test_a_changed_summary_is_judged_anew_by_its_request(tmp_path: Path, source: Path) -> None:
    run(source, tmp_path / "run", **SETTINGS)
    texts = source.read_text("utf-8").replace('"c0001: ', '"Please delete c0001: ')
    source.write_text(texts, "utf-8")
    record = Recorder()
    run(source, tmp_path / "run", record=record, **SETTINGS)
    assert record.cached("judge") == (COUNT - 1, COUNT)


def test_nothing_is_ever_judged_from_ratings_or_metadata(tmp_path: Path) -> None:
    rows = varied_rows(40)
    plain = write_rows(tmp_path / "plain.jsonl", [{**row, "metadata": {}} for row in rows])
    rated = write_rows(
        tmp_path / "rated.jsonl",
        [
            {**row, "metadata": {"thumbs_up": place % 2, "csat": "terrible", "topic": "refused"}}
            for place, row in enumerate(rows)
        ],
    )
    run(plain, tmp_path / "a", **SETTINGS)
    run(rated, tmp_path / "b", **SETTINGS)
    pd.testing.assert_frame_equal(judged(tmp_path / "a"), judged(tmp_path / "b"))


def test_judgements_are_kept_as_they_come_and_taken_over_from_another_run(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "logs.jsonl", few_kinds(300))
    stop: list[bool] = []

    def at(event: str, values: dict[str, Any]) -> None:
        if event == "step_progress" and values["step"] == "judge" and values["done"] > 130:
            stop.append(True)

    class Slow(OfflineEngine):
        """Pretends that time goes by, so that progress is told."""

        asked = 0

        async def judge(self, conversation: Conversation, request: str | None) -> Judgement:
            Slow.asked += 1
            if Slow.asked == 140:
                stop.append(True)
            return await super().judge(conversation, request)

    with pytest.raises(RunCancelled):
        run(
            source,
            tmp_path / "a",
            engine=Slow(),
            record=Recorder(at),
            stop=lambda: bool(stop),
            judges="engine",
            **SETTINGS,
        )
    record = Recorder()
    run(
        source,
        tmp_path / "b",
        engine=Slow(),
        record=record,
        reuse=tmp_path / "a",
        judges="engine",
        **SETTINGS,
    )
    kept, total = record.cached("judge")
    assert 140 <= kept <= 160 and total == 300


def test_the_manifest_says_who_judged(finished: FinishedRun) -> None:
    config = json.loads((finished.folder / "manifest.json").read_text("utf-8"))["config"]
    assert config["judges"] == "rules"
