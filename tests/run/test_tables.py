"""What a finished run leaves: the tables and the manifest of the contract."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kura_core.config import Facet
from kura_core.errors import InputError, RunCancelled
from kura_core.run import tables as module
from kura_core.run.tables import (
    TABLES,
    ExcludedRow,
    read_manifest,
    read_messages,
    read_tables,
    write_tables,
)
from kura_core.types import Cluster, Conversation, ConversationSummary, Message
from tests.run.conftest import FinishedRun
from tests.small_data import table_bytes

TEXT, FLAG, REAL, WHOLE = pa.string(), pa.bool_(), pa.float64(), pa.int32()
MOMENT = pa.timestamp("us", tz="UTC")
COLUMNS = {
    "conversations": {
        "conversation_id": TEXT,
        "user_id": TEXT,
        "created_at": MOMENT,
        "turns": WHOLE,
        "summary": TEXT,
        "request": TEXT,
        "task": TEXT,
        "topic": TEXT,
        "language": TEXT,
        "frustration": WHOLE,
        "concern": WHOLE,
        "truncated": FLAG,
        "cluster_id": TEXT,
        "x": REAL,
        "y": REAL,
        "outcome": TEXT,
        "outcome_message": WHOLE,
        "outcome_quote": TEXT,
        "failure_score": REAL,
        "dissatisfaction": pa.list_(TEXT),
        "dissatisfaction_message": WHOLE,
        "dissatisfaction_quote": TEXT,
        "cause": TEXT,
        "gap_kind": TEXT,
        "missing": TEXT,
        "quadrant": TEXT,
        "meta_plan": TEXT,
        "meta_seats": pa.int64(),
    },
    "clusters": {
        "cluster_id": TEXT,
        "parent_id": TEXT,
        "level": WHOLE,
        "name": TEXT,
        "description": TEXT,
        "conversations": WHOLE,
        "users": WHOLE,
        "x": REAL,
        "y": REAL,
        "is_other": FLAG,
        "stability": REAL,
        "separation": REAL,
    },
    "excluded": {
        "conversation_id": TEXT,
        "source_row": pa.int64(),
        "kind": TEXT,
        "stage": TEXT,
        "reason": TEXT,
    },
    "gaps": {
        "gap": TEXT,
        "name": TEXT,
        "cause": TEXT,
        "gap_kind": TEXT,
        "conversation_id": TEXT,
        "failed": FLAG,
    },
    "messages": {
        "conversation_id": TEXT,
        "message_index": WHOLE,
        "role": TEXT,
        "content": TEXT,
        "created_at": MOMENT,
    },
}


def tables_of(folder: Path) -> dict[str, pa.Table]:
    return {name: pq.read_table(folder / "tables" / f"{name}.parquet") for name in TABLES}


@pytest.fixture(scope="module")
def tables(finished: FinishedRun) -> dict[str, pa.Table]:
    return tables_of(finished.folder)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_columns_and_types_of_the_contract(
    name: str, tables: dict[str, pa.Table]
) -> None:
    schema = tables[name].schema
    assert dict(zip(schema.names, schema.types, strict=True)) == COLUMNS[name]


def test_what_is_unknown_is_null_never_an_empty_text(tables: dict[str, pa.Table]) -> None:
    for table in tables.values():
        for column in table.column_names:
            if table.schema.field(column).type == TEXT and column != "content":
                assert "" not in table[column].to_pylist(), column
    assert tables["conversations"]["user_id"].null_count
    assert tables["conversations"]["created_at"].null_count
    assert tables["conversations"]["meta_plan"].null_count


def test_rows_are_ordered_by_id(tables: dict[str, pa.Table]) -> None:
    for name, column in (("conversations", "conversation_id"), ("clusters", "cluster_id")):
        ids = tables[name][column].to_pylist()
        assert ids == sorted(set(ids))
    messages = tables["messages"]
    places = list(
        zip(
            messages["conversation_id"].to_pylist(),
            messages["message_index"].to_pylist(),
            strict=True,
        )
    )
    assert places == sorted(set(places))
    left_out = tables["excluded"].to_pylist()
    keys = [(row["conversation_id"] or "", row["source_row"]) for row in left_out]
    assert keys == sorted(keys)


def test_everything_adds_up(finished: FinishedRun, tables: dict[str, pa.Table]) -> None:
    counts = read_manifest(finished.folder)["counts"]
    left_out = tables["excluded"]["kind"].to_pylist()

    assert counts["read"] == len(finished.rows) == counts["rejected"] + counts["loaded"]
    assert counts["loaded"] == counts["summarised"] + counts["failed"] + counts["filtered"]
    assert counts["summarised"] == tables["conversations"].num_rows == 90
    assert counts["clusters"] == tables["clusters"].num_rows
    for kind in ("rejected", "filtered", "failed"):
        assert counts[kind] == left_out.count(kind)
    assert (counts["rejected"], counts["filtered"]) == (2, 2)


def test_every_conversation_is_in_one_leaf_and_parents_sum_their_children(
    tables: dict[str, pa.Table],
) -> None:
    clusters = {row["cluster_id"]: row for row in tables["clusters"].to_pylist()}
    children: dict[str | None, list[str]] = {}
    for cluster_id, row in clusters.items():
        children.setdefault(row["parent_id"], []).append(cluster_id)
    leaves = clusters.keys() - children.keys()
    members = tables["conversations"]["cluster_id"].to_pylist()

    assert set(members) == leaves
    assert len(leaves) == 12
    assert len(children[None]) <= 3
    for leaf in leaves:
        assert clusters[leaf]["conversations"] == members.count(leaf)
    for parent_id, below in children.items():
        if parent_id is None:
            continue
        parent = clusters[parent_id]
        assert len(below) >= 2
        assert parent["conversations"] == sum(clusters[i]["conversations"] for i in below)
        assert {clusters[i]["level"] for i in below} == {parent["level"] + 1}
    assert {clusters[i]["level"] for i in children[None]} == {0}


def test_ids_of_clusters_are_ten_hex_digits_and_names_are_there(
    tables: dict[str, pa.Table],
) -> None:
    for row in tables["clusters"].to_pylist():
        assert len(row["cluster_id"]) == 10
        int(row["cluster_id"], 16)
        assert 1 <= len(row["name"].split()) <= 8
        assert row["description"]
        assert (row["stability"], row["separation"]) == (None, None)


def test_points_are_finite_and_a_cluster_stands_on_one_of_its_members(
    tables: dict[str, pa.Table],
) -> None:
    conversations = tables["conversations"].to_pylist()
    assert all(math.isfinite(row["x"]) and math.isfinite(row["y"]) for row in conversations)
    for cluster in tables["clusters"].to_pylist():
        places = {
            (row["x"], row["y"])
            for row in conversations
            if row["cluster_id"] == cluster["cluster_id"] or cluster["level"] == 0
        }
        assert (cluster["x"], cluster["y"]) in places


def test_users_are_counted_once_a_cluster(tables: dict[str, pa.Table]) -> None:
    conversations = tables["conversations"].to_pylist()
    leaf = conversations[0]["cluster_id"]
    users = {row["user_id"] for row in conversations if row["cluster_id"] == leaf} - {None}
    counted = {row["cluster_id"]: row["users"] for row in tables["clusters"].to_pylist()}
    assert counted[leaf] == len(users)


def test_the_manifest_has_the_keys_of_the_contract(finished: FinishedRun) -> None:
    manifest = read_manifest(finished.folder)
    assert {
        *("schema_version", "status", "config", "seed", "input_fingerprint", "versions"),
        *("threads", "counts", "calls", "tokens", "cost_usd", "seconds"),
    } <= manifest.keys()
    assert manifest["status"] == "done"
    assert manifest["counts"].keys() == {
        *("read", "rejected", "loaded", "summarised", "failed", "filtered", "clusters", "roots")
    }
    assert manifest["calls"].keys() == {"sent", "cached", "retried"}
    assert manifest["tokens"].keys() == {"input", "output"}
    assert manifest["seconds"].keys() == {
        *("load", "redact", "summarise", "judge", "embed", "cluster", "project", "name"),
        *("meta_cluster", "gaps", "tables"),
    }


def test_excluded_rows_say_which_and_why(finished: FinishedRun) -> None:
    excluded = read_tables(finished.folder).excluded.set_index("source_row")
    duplicate, blank, without, torn = (excluded.loc[row] for row in (91, 92, 93, 94))
    assert (duplicate["conversation_id"], duplicate["kind"]) == ("c0000", "filtered")
    assert "duplicate" in duplicate["reason"]
    assert (blank["conversation_id"], blank["kind"]) == ("blank", "filtered")
    assert (without["conversation_id"], without["kind"]) == ("no-messages", "rejected")
    assert torn["kind"] == "rejected"
    assert torn["conversation_id"] is None or torn.isna()["conversation_id"]


def test_messages_of_one_conversation_are_read_in_order(finished: FinishedRun) -> None:
    messages = read_messages(finished.folder, "c0003")
    row = finished.rows[3]
    assert isinstance(row, dict)
    assert messages["content"].tolist() == [m["content"] for m in row["messages"]]
    assert messages["role"].tolist()[:2] == ["user", "assistant"]
    assert read_messages(finished.folder, "nobody").empty


def test_a_folder_without_results_says_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without results"):
        read_tables(tmp_path)
    assert read_manifest(tmp_path) == {}
    (tmp_path / "manifest.json").write_text('{"status": "do')
    assert read_manifest(tmp_path) == {}


def one_conversation(tmp_path: Path, **given: object) -> dict[str, object]:
    metadata = given.pop("metadata", {})
    facets = given.pop("facets", ())
    answers = given.pop("answers", {})
    summary = ConversationSummary("a", "Says hi", task="", facets=answers, **given)
    conversation = Conversation(
        "a", [Message("user", "hi")], datetime(2026, 1, 1, tzinfo=UTC), metadata=metadata
    )
    cluster = Cluster("0123456789", "Say hi", "They say hi.", ["a"], x=0.0, y=0.0)
    write_tables(
        tmp_path,
        [conversation],
        [summary],
        {"a": "0123456789"},
        {"a": (0.0, 0.0)},
        [cluster],
        [ExcludedRow("b", 2, "failed", "summarise", "no answer")],
        facets,
    )
    return tables_of(tmp_path)["conversations"].to_pylist()[0]


def test_a_metadata_column_keeps_its_type(tmp_path: Path) -> None:
    row = one_conversation(
        tmp_path, metadata={"a": True, "b": 3, "c": 1.5, "d": "x", "e": "", "f": 2**70}
    )
    found = [row[f"meta_{name}"] for name in "abcdef"]
    assert found == [True, 3, 1.5, "x", None, str(2**70)]
    assert row["task"] is None


ASKED = {
    "tone": ("text", TEXT, "calm"),
    "score": ("number", REAL, 2.0),
    "angry": ("yes/no", FLAG, False),
    "channel": ("one of", TEXT, "phone"),
    "tags": ("list", pa.list_(TEXT), ["x", "y"]),
}
CHOICES = {"one of": ("phone", "e-mail")}
FACETS = tuple(
    Facet(name=name, question="?", type=kind, options=CHOICES.get(kind, ()))
    for name, (kind, *_) in ASKED.items()
)


def test_facets_become_columns_of_their_own_type(tmp_path: Path) -> None:
    answers = {name: answer for name, (_, _, answer) in ASKED.items()}
    row = one_conversation(tmp_path, facets=FACETS, answers=answers)
    assert {name: row[f"facet_{name}"] for name in ASKED} == answers
    types = {name: kind for name, (_, kind, _) in ASKED.items()}
    schema = tables_of(tmp_path)["conversations"].schema
    assert {name: schema.field(f"facet_{name}").type for name in ASKED} == types


def test_a_facet_that_nothing_is_known_of_keeps_its_type(tmp_path: Path) -> None:
    one_conversation(tmp_path, facets=FACETS, answers={"tone": ""})
    table = tables_of(tmp_path)["conversations"]
    for name, (_, kind, _) in ASKED.items():
        assert table.schema.field(f"facet_{name}").type == kind
        assert table[f"facet_{name}"].null_count == 1


def test_concern_has_one_column_its_own(tmp_path: Path) -> None:
    concern = Facet(name="concern", question="?", type="number", low=1, high=5)
    row = one_conversation(tmp_path, facets=(concern,), concern=4)
    assert row["concern"] == 4
    assert "facet_concern" not in row


def test_without_user_ids_users_are_unknown_not_none(tmp_path: Path) -> None:
    one_conversation(tmp_path)
    assert tables_of(tmp_path)["clusters"]["users"].to_pylist() == [None]


def test_the_manifest_is_plain_json(finished: FinishedRun) -> None:
    text = (finished.folder / "manifest.json").read_text("utf-8")
    assert json.loads(text)["config"]["clusters"] == 12


def test_messages_are_the_same_in_one_piece_and_in_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversations = [
        Conversation(f"c{i}", [Message("user", f"{i} {j}") for j in range(1 + i % 3)])
        for i in range(9)
    ]
    ids = [conversation.conversation_id for conversation in conversations]
    given = (
        conversations,
        [ConversationSummary(i, "Says something") for i in ids],
        dict.fromkeys(ids, "0123456789"),
        dict.fromkeys(ids, (0.0, 0.0)),
        [Cluster("0123456789", "Say it", "They say it.", ids, x=0.0, y=0.0)],
        [],
    )
    write_tables(tmp_path / "whole", *given)
    monkeypatch.setattr(module, "ROW_GROUP", 4)
    told: list[int] = []
    write_tables(tmp_path / "pieces", *given, on_table=told.append)
    assert tables_of(tmp_path / "pieces")["messages"] == tables_of(tmp_path / "whole")["messages"]
    assert told == [0, 1, 2, 3, 4, 4, 4, 4, 4, 5]


def test_a_stop_while_tables_are_written_leaves_the_earlier_ones(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    before = table_bytes(folder)

    def stop(done: int) -> None:
        if done == 2:
            raise RunCancelled("enough")

    with pytest.raises(RunCancelled):
        write_tables(folder, [], [], {}, {}, [], [], on_table=stop)
    assert table_bytes(folder) == before
