"""Small account exports and logs, in the layouts the tools themselves write."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from kura_core.load.exports.normal_form import as_normal_form
from kura_core.load.files.rows import RawRow
from kura_core.load.normalise import normalise_row
from kura_core.types import Conversation

Row = dict[str, Any]


def chatgpt_node(
    name: str, parent: str | None, role: str, content: Row | str, **more: Any
) -> Row:
    """A node of a ChatGPT conversation's mapping, with all the fields an export has."""
    if isinstance(content, str):
        content = {"content_type": "text", "parts": [content]}
    message = {
        "id": name,
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": 1_735_689_600.25,
        "update_time": None,
        "content": content,
        "status": "finished_successfully",
        "end_turn": None,
        "weight": 1.0,
        "metadata": {},
        "recipient": "all",
        "channel": None,
        **more,
    }
    return {"id": name, "message": message, "parent": parent, "children": []}


def chatgpt_conversation(*nodes: Row, current: str | None = None, **more: Any) -> Row:
    """A conversation of ChatGPT's conversations.json; the root has no message, as in an export."""
    root = {"id": "root", "message": None, "parent": None, "children": []}
    mapping = {node["id"]: node for node in (root, *nodes)}
    for node in nodes:
        mapping[node["parent"]]["children"].append(node["id"])
    return {
        "title": "Contracts",
        "create_time": 1_735_689_600.0,
        "update_time": 1_735_689_660.5,
        "mapping": mapping,
        "moderation_results": [],
        "current_node": current or nodes[-1]["id"],
        "plugin_ids": None,
        "conversation_id": "6771-a",
        "conversation_template_id": None,
        "gizmo_id": None,
        "is_archived": False,
        "safe_urls": [],
        "default_model_slug": "gpt-4o",
        "id": "6771-a",
        **more,
    }


def chatgpt_export() -> list[Row]:
    """Two conversations; in the first the question was edited and an answer made again."""
    hidden = {"is_visually_hidden_from_conversation": True}
    return [
        chatgpt_conversation(
            chatgpt_node("s", "root", "system", "", metadata=hidden),
            chatgpt_node("u1", "s", "user", "Where is my contarct?"),
            chatgpt_node("a1", "u1", "assistant", "What is a contarct?"),
            chatgpt_node("u2", "s", "user", "Where is my contract?"),
            chatgpt_node("a2", "u2", "assistant", "I do not know."),
            chatgpt_node("a3", "u2", "assistant", "In the folder."),
            current="a3",
        ),
        chatgpt_conversation(
            chatgpt_node("q", "root", "user", "Draw a cat"),
            chatgpt_node("r", "q", "assistant", "Here it is."),
            conversation_id="6771-b",
            id="6771-b",
        ),
    ]


def claude_message(name: str, sender: str, text: str, **more: Any) -> Row:
    """A message of a Claude conversation, with all the fields an export has."""
    return {
        "uuid": name,
        "text": text,
        "content": [
            {"start_timestamp": None, "stop_timestamp": None, "type": "text", "text": text}
        ],
        "sender": sender,
        "created_at": "2026-01-31T09:00:00.123456Z",
        "updated_at": "2026-01-31T09:00:00.123456Z",
        "attachments": [],
        "files": [],
        **more,
    }


def claude_conversation(*messages: Row, **more: Any) -> Row:
    """A conversation of Claude's conversations.json."""
    return {
        "uuid": "c1a9",
        "name": "Quarterly report",
        "summary": "",
        "created_at": "2026-01-31T09:00:00.000000Z",
        "updated_at": "2026-01-31T09:05:00.000000Z",
        "account": {"uuid": "acc-1"},
        "chat_messages": list(messages),
        **more,
    }


def claude_export() -> list[Row]:
    """One conversation of a question and an answer."""
    return [
        claude_conversation(
            claude_message("m1", "human", "Summarise the report"),
            claude_message("m2", "assistant", "It says that sales rose."),
        )
    ]


def zipped(members: dict[str, bytes | str]) -> bytes:
    """A zip of these members, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def read_row(value: Any) -> Conversation:
    """The conversation in one row, which is read without a warning."""
    found = normalise_row(as_normal_form(RawRow(1, value)).value)
    assert found.conversation is not None, found.rejected
    assert found.warnings == []
    return found.conversation


def said_in(value: Any) -> list[tuple[str, str]]:
    """Who said what in the conversation of one row."""
    return [(message.role, message.content) for message in read_row(value).messages]
