"""ChatGPT's and Claude's account exports, as the two write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from kura_core.load import load_conversations
from tests.load.export_files import (
    chatgpt_conversation,
    chatgpt_export,
    chatgpt_node,
    claude_conversation,
    claude_export,
    claude_message,
    read_row,
    said_in,
)
from tests.load.written_files import write


def test_of_a_chatgpt_conversation_the_branch_on_screen_is_read() -> None:
    conversation = read_row(chatgpt_export()[0])
    assert [(m.role, m.content) for m in conversation.messages] == [
        ("user", "Where is my contract?"),
        ("assistant", "In the folder."),
    ]
    assert conversation.conversation_id == "6771-a"
    assert conversation.created_at == datetime(2025, 1, 1, tzinfo=UTC)
    assert conversation.messages[0].created_at == datetime(2025, 1, 1, 0, 0, 0, 250_000, UTC)
    assert conversation.metadata == {"title": "Contracts", "model": "gpt-4o", "is_archived": False}


def test_what_chatgpt_and_its_tools_did_is_of_role_tool_and_marked() -> None:
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-1"}
    spoken = {"content_type": "audio_transcription", "text": "and this", "direction": "in"}
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "s", "content": "hm"}]}
    wishes = {"content_type": "user_editable_context", "user_profile": "I am a nurse"}
    files = {
        "attachments": [
            {"id": "f", "name": "sales.csv", "mime_type": "text/csv"},
            {"id": "g", "name": "cat.png", "mime_type": "image/png"},
        ]
    }
    code = {"content_type": "code", "language": "python", "text": "print(6)"}
    output = {"content_type": "execution_output", "text": "6"}
    question = {"content_type": "multimodal_text", "parts": [picture, "What is this?", spoken]}
    value = chatgpt_conversation(
        chatgpt_node("w", "root", "user", wishes),
        chatgpt_node("u", "w", "user", question, metadata=files),
        chatgpt_node("t", "u", "assistant", thoughts),
        chatgpt_node("c", "t", "assistant", code, recipient="python"),
        chatgpt_node("o", "c", "tool", output),
        chatgpt_node("a", "o", "assistant", "Six."),
    )
    assert said_in(value) == [
        ("user", "[image]\nWhat is this?\nand this\n[file]"),
        ("tool", "print(6)"),
        ("tool", "6"),
        ("assistant", "Six."),
    ]


def test_a_chatgpt_thread_without_a_current_node_or_with_a_ring_still_ends() -> None:
    value = chatgpt_export()[0]
    value["current_node"] = "gone"
    assert said_in(value)[0][0] == "user"
    value["mapping"]["s"]["parent"], value["current_node"] = "a3", "a3"
    assert len(said_in(value)) == 2


def test_a_chatgpt_thread_of_10_000_messages_is_read_whole() -> None:
    nodes, parent = [], "root"
    for index in range(10_000):
        nodes.append(chatgpt_node(f"n{index}", parent, ("user", "assistant")[index % 2], "Hi"))
        parent = f"n{index}"
    assert len(read_row(chatgpt_conversation(*nodes)).messages) == 10_000


def test_a_claude_conversation_is_read_with_its_user() -> None:
    conversation = read_row(claude_export()[0])
    assert [(m.role, m.content) for m in conversation.messages] == [
        ("user", "Summarise the report"),
        ("assistant", "It says that sales rose."),
    ]
    assert (conversation.conversation_id, conversation.user_id) == ("c1a9", "acc-1")
    assert conversation.metadata == {"title": "Quarterly report"}
    assert conversation.messages[0].created_at is not None


def test_claudes_tools_attachments_and_thinking_are_marked_split_and_left_out() -> None:
    pasted = {
        "file_name": "big.txt",
        "file_size": 9,
        "file_type": "txt",
        "extracted_content": "SECRET",
    }
    blocks = [
        {"type": "thinking", "thinking": "hm"},
        {"type": "text", "text": "Let me look."},
        {"type": "tool_use", "name": "web_search", "input": {"query": "sales"}},
        {"type": "tool_result", "content": [{"type": "text", "text": "+4 %"}], "is_error": False},
        {"type": "text", "text": "They rose by 4 %."},
    ]
    placeholder = "```\nThis block is not supported on your current device yet.\n```"
    value = claude_conversation(
        claude_message(
            "m1", "human", "How are sales?", attachments=[pasted], files=[{"file_name": "a.png"}]
        ),
        claude_message("m2", "assistant", placeholder, content=blocks),
        claude_message("m3", "human", "Thanks", content=[]),
    )
    assert said_in(value) == [
        ("user", "How are sales?\n[file]\n[image]"),
        ("assistant", "Let me look.\n[tool call: web_search]"),
        ("tool", "+4 %"),
        ("assistant", "They rose by 4 %."),
        ("user", "Thanks"),
    ]


def test_of_a_claude_conversation_that_branches_the_last_branch_is_read() -> None:
    root = "00000000-0000-4000-8000-000000000000"
    value = claude_conversation(
        claude_message("m1", "human", "Wrong", parent_message_uuid=root),
        claude_message("m2", "assistant", "No", parent_message_uuid="m1"),
        claude_message("m3", "human", "Right", parent_message_uuid=root),
        claude_message("m4", "assistant", "Yes", parent_message_uuid="m3"),
    )
    assert said_in(value) == [("user", "Right"), ("assistant", "Yes")]


def test_surrogates_nuls_and_a_million_characters_in_an_export_are_taken(tmp_path: Path) -> None:
    nodes = [
        chatgpt_node("u", "root", "user", "lone \ud83d and \0 nul"),
        chatgpt_node("a", "u", "assistant", "x" * 1_000_000),
    ]
    content = json.dumps([chatgpt_conversation(*nodes)])
    loaded = load_conversations(write(tmp_path, "conversations.json", content))
    first, second = loaded.conversations[0].messages
    assert first.content == "lone \ufffd and \ufffd nul"
    assert len(second.content) == 1_000_000


def test_an_export_nested_10_000_deep_is_a_sentence(tmp_path: Path) -> None:
    deep = '{"mapping": {"a": {"message": ' + "[" * 10_000 + "]" * 10_000 + "}}}"
    good = json.dumps(chatgpt_export()[1])
    loaded = load_conversations(write(tmp_path, "chats.jsonl", f"{deep}\n{good}\n"))
    assert loaded.report.rejected[0].reason == "nested too deep to be read"
    assert loaded.report.usable == 1


def test_a_single_exported_conversation_is_one_conversation(tmp_path: Path) -> None:
    for name, value in (("gpt.json", chatgpt_export()[0]), ("claude.json", claude_export()[0])):
        loaded = load_conversations(write(tmp_path, name, json.dumps(value, indent=1)))
        assert [len(c.messages) for c in loaded.conversations] == [2]
