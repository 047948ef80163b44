"""Small input files of every format, written by the tests themselves."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def row(name: str, text: str = "Where is my contract?", **more: Any) -> dict[str, Any]:
    messages = [
        {"role": "user", "content": text},
        {"role": "assistant", "content": "I looked for it."},
    ]
    return {"conversation_id": name, "messages": messages, **more}


ROWS = [
    row("c2", created_at="2026-01-31T09:00:00Z", user_id="u7", metadata={"plan": "team"}),
    row("c1", text="Ça va, “größer”? 你好", user_id="u8", metadata={"plan": None}),
]


def as_jsonl(rows: list[Any]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in rows).encode()


def as_csv(rows: list[dict[str, Any]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    columns = ("conversation_id", "created_at", "user_id", "messages", "metadata")
    writer = csv.DictWriter(text, columns, delimiter=delimiter)
    writer.writeheader()
    for one in rows:
        texts = {name: json.dumps(one.get(name)) for name in ("messages", "metadata")}
        writer.writerow({**one, **texts})
    return text.getvalue().encode()


def as_parquet(rows: list[dict[str, Any]]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


FORMATS = {
    "rows.jsonl": as_jsonl,
    "rows.json": lambda rows: json.dumps(rows, indent=2).encode(),
    "object.json": lambda rows: json.dumps({"version": 3, "conversations": rows}).encode(),
    "rows.csv": as_csv,
    "semicolons.csv": lambda rows: as_csv(rows, ";"),
    "rows.tsv": lambda rows: as_csv(rows, "\t"),
    "rows.parquet": as_parquet,
    "no_extension": as_jsonl,
    "with_a_bom.jsonl": lambda rows: b"\xef\xbb\xbf" + as_jsonl(rows),
    "with_a_bom.csv": lambda rows: b"\xef\xbb\xbf" + as_csv(rows),
}


def write(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
