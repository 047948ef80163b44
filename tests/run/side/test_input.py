"""Runs that are given feedback and users: read before, kept after, part of what is made."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from kura_core.__main__ import main
from kura_core.run.side.tables import attached, choose_feedback
from kura_core.run.tables import read_manifest

ANSWERS = ("I cannot find it, sorry.", "Here it is: contract.pdf.")


@pytest.fixture
def chats(tmp_path: Path) -> Path:
    rows = [
        {
            "conversation_id": f"c{number}",
            "user_id": f"u{number % 4}",
            "messages": [
                {"role": "user", "content": f"Find the signed contract number {number}"},
                {"role": "assistant", "content": ANSWERS[number % 2]},
            ],
            "metadata": {"stars": 1 if number < 3 else 5},
        }
        for number in range(12)
    ]
    path = tmp_path / "chats.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def table(folder: Path, name: str, content: str) -> str:
    path = folder / name
    path.write_text(content, "utf-8")
    return str(path)


def run(chats: Path, out: Path, *more: str) -> int:
    flags = ["--out", str(out), "--embedding-model", "tfidf", "--clusters", "2"]
    return main(["run", str(chats), *flags, *more])


def quadrant_of(out: Path, conversation_id: str) -> str:
    frame = pd.read_parquet(out / "tables" / "conversations.parquet")
    return str(frame.set_index("conversation_id").loc[conversation_id, "quadrant"])


def test_ratings_and_users_are_kept_with_the_run_and_the_match_is_told(
    chats: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ratings = table(tmp_path, "ratings.csv", "chat_id,thumbs_up\nc0,0\nc1,1\nc99,1\n")
    users = table(tmp_path, "users.csv", "user_id,plan\nu0,pro\nu1,free\nu2,free\n")
    out = tmp_path / "out"

    assert run(chats, out, "--feedback", ratings, "--users", users) == 0
    said = capsys.readouterr()
    assert "ratings.csv: 2 of 3 rows belong to conversations of this run" in said.err
    assert "3 of 4 users have one" in said.err
    assert said.out.splitlines()[-1].startswith("12 conversations")
    assert {kind: t.report.matched for kind, t in attached(out).items()} == {
        "feedback": 2,
        "users": 3,
    }


def test_the_quadrants_depend_on_the_feedback(chats: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(chats, out) == 0
    before = quadrant_of(out, "c0")
    down = table(tmp_path, "ratings.csv", "conversation_id,thumbs_up\nc0,0\nc1,1\n")
    assert run(chats, out, "--feedback", down) == 0

    assert before.startswith("silent failure")
    assert quadrant_of(out, "c0") == "rated failure"


def test_the_same_command_finds_its_result_there_and_other_ratings_do_not(
    chats: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    ratings = table(tmp_path, "ratings.csv", "conversation_id,thumbs_up\nc0,0\nc1,1\n")
    run(chats, out, "--feedback", ratings)
    made = (out / "tables" / "conversations.parquet").read_bytes()
    capsys.readouterr()

    assert run(chats, out, "--feedback", ratings) == 0
    assert "Nothing has changed" in capsys.readouterr().err
    table(tmp_path, "ratings.csv", "conversation_id,thumbs_up\nc0,1\nc1,1\n")
    assert run(chats, out, "--feedback", ratings) == 0
    assert "Nothing has changed" not in capsys.readouterr().err
    assert (out / "tables" / "conversations.parquet").read_bytes() != made


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("conversation_id,thumbs_up\nx1,1\n", "None of the conversation ids in ratings.csv"),
    ],
)
def test_a_bad_table_stops_the_run_before_it_starts(
    chats: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str,
    sentence: str,
) -> None:
    ratings = table(tmp_path, "ratings.csv", content)
    out = tmp_path / "out"

    assert run(chats, out, "--feedback", ratings) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said
    assert read_manifest(out) == {}


def test_a_missing_table_is_said(
    chats: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(chats, tmp_path / "out", "--users", str(tmp_path / "gone.csv")) == 2
    assert "There is no file" in capsys.readouterr().err


def test_a_command_without_tables_does_not_use_those_of_an_earlier_one(
    chats: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    ratings = table(tmp_path, "ratings.csv", "conversation_id,thumbs_up\nc0,0\nc1,1\n")
    run(chats, out, "--feedback", ratings)

    assert run(chats, out) == 0
    assert "ratings.csv, kept with an earlier run here, is not part" in capsys.readouterr().err
    assert attached(out) == {}
    assert quadrant_of(out, "c0").startswith("silent failure")


def test_kept_tables_count_where_they_are_asked_for(chats: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ratings = table(tmp_path, "ratings.csv", "conversation_id,thumbs_up\nc0,0\nc1,1\n")
    run(chats, out, "--feedback", ratings)

    assert run(chats, out, "--keep-joined", "--seed", "1") == 0
    assert attached(out)["feedback"].name == "ratings.csv"
    assert quadrant_of(out, "c0") == "rated failure"


def test_a_rating_in_the_conversations_themselves_counts_once_chosen(
    chats: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run(chats, out)
    choose_feedback(out, "meta_stars")

    assert run(chats, out, "--keep-joined") == 0
    assert quadrant_of(out, "c0") == "rated failure"
    assert quadrant_of(out, "c4").startswith("silent failure")
