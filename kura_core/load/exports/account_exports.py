"""The conversations.json of the account exports of ChatGPT and Claude, one conversation a row.

Neither provider documents the layout; it is that of the files themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]

# What ChatGPT keeps in the thread but never shows as a message.
_UNSEEN = {"thoughts", "reasoning_recap", "user_editable_context", "model_editable_context"}
_PART_MARKERS = {
    "image_asset_pointer": "[image]",
    "audio_asset_pointer": "[audio]",
    "video_container_asset_pointer": "[video]",
}
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".bmp")
# A block Claude's export could not write; its text says only so.
_UNSUPPORTED = "This block is not supported on your current device yet."


def is_chatgpt(row: Row) -> bool:
    """Tell a ChatGPT conversation by its tree of messages."""
    mapping = row.get("mapping")
    return isinstance(mapping, dict) and "messages" not in row and _is_tree(mapping)


def is_claude(row: Row) -> bool:
    """Tell a Claude conversation by its list of messages with senders."""
    messages = row.get("chat_messages")
    return isinstance(messages, list) and "messages" not in row


def from_chatgpt(row: Row) -> Row:
    """Follow the branch that was on screen last, so that edits and regenerated answers count once.

    What an assistant wrote to a tool and what the tool gave back are messages of role tool;
    hidden messages, thoughts and personal instructions are left out; images and files are marked.
    """
    thread = _branch(row["mapping"], row.get("current_node"))
    metadata = {
        "title": row.get("title"),
        "model": row.get("default_model_slug") or _last_model(thread),
        "gizmo_id": row.get("gizmo_id"),
        "is_archived": row.get("is_archived"),
    }
    return {
        "conversation_id": row.get("conversation_id") or row.get("id"),
        "created_at": row.get("create_time"),
        "messages": [message for node in thread for message in _chatgpt_message(node)],
        "metadata": _known(metadata),
    }


def from_claude(row: Row) -> Row:
    """Take the thread in order; tools' results are messages of role tool, thinking is left out.

    Attachments are marked, not pasted. Where the messages branch, the last one's branch is taken.
    """
    account = row.get("account")
    metadata = {
        "title": row.get("name"),
        "model": row.get("model"),
        "is_starred": row.get("is_starred"),
    }
    thread = _claude_branch(row["chat_messages"], row.get("current_leaf_message_uuid"))
    return {
        "conversation_id": row.get("uuid"),
        "created_at": row.get("created_at"),
        "user_id": account.get("uuid") if isinstance(account, dict) else None,
        "messages": [message for item in thread for message in _claude_messages(item)],
        "metadata": _known(metadata),
    }


def _is_tree(mapping: Row) -> bool:
    first = next(iter(mapping.values()), None)
    return isinstance(first, dict) and ("message" in first or "children" in first)


def _branch(mapping: Row, leaf: Any) -> list[Row]:
    """The messages from the root to the current one; every node is visited at most once."""
    if not isinstance(leaf, str) or leaf not in mapping:
        leaf = _latest_leaf(mapping)
    thread, seen = [], set()
    while isinstance(leaf, str) and leaf not in seen and isinstance(mapping.get(leaf), dict):
        seen.add(leaf)
        node = mapping[leaf]
        if isinstance(node.get("message"), dict):
            thread.append(node["message"])
        leaf = node.get("parent")
    return thread[::-1]


def _latest_leaf(mapping: Row) -> str | None:
    latest, found = float("-inf"), None
    for name, node in mapping.items():
        if not isinstance(node, dict) or node.get("children"):
            continue
        time = (_dict(node, "message")).get("create_time")
        time = time if isinstance(time, int | float) else float("-inf")
        if found is None or time > latest:
            latest, found = time, name
    return found


def _chatgpt_message(message: Row) -> Iterator[Row]:
    metadata, content = _dict(message, "metadata"), message.get("content")
    role = _dict(message, "author").get("role")
    if metadata.get("is_visually_hidden_from_conversation") or not isinstance(content, dict):
        return
    if content.get("content_type") in _UNSEEN:
        return
    if role == "assistant" and message.get("recipient") not in (None, "", "all"):
        role = "tool"
    pieces = [*_chatgpt_pieces(content), *_marks(metadata.get("attachments"), images=False)]
    yield {
        "role": role,
        "content": "\n".join(piece for piece in pieces if piece.strip()),
        "created_at": message.get("create_time"),
    }


def _chatgpt_pieces(content: Row) -> Iterator[str]:
    for key in ("text", "result"):
        if isinstance(content.get(key), str):
            yield content[key]
    parts = content.get("parts")
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            kind = part.get("content_type")
            if isinstance(kind, str) and kind in _PART_MARKERS:
                yield _PART_MARKERS[kind]
            elif isinstance(part.get("text"), str):
                yield part["text"]
            else:
                yield "[audio]" if isinstance(kind, str) and "audio" in kind else "[file]"


def _last_model(thread: list[Row]) -> Any:
    models = (_dict(message, "metadata").get("model_slug") for message in reversed(thread))
    return next((model for model in models if model), None)


def _claude_branch(messages: list[Any], leaf: Any) -> list[Row]:
    items = [item for item in messages if isinstance(item, dict)]
    parents = [item.get("parent_message_uuid") for item in items]
    named = {item["uuid"]: item for item in items if isinstance(item.get("uuid"), str)}
    strings = [parent for parent in parents if isinstance(parent, str)]
    if len(strings) != len(items) or len(set(strings)) == len(strings) or len(named) != len(items):
        return items
    thread, seen = [], set()
    name = leaf if isinstance(leaf, str) and leaf in named else items[-1]["uuid"]
    while name in named and name not in seen:
        seen.add(name)
        thread.append(named[name])
        name = named[name]["parent_message_uuid"]
    return thread[::-1]


def _claude_messages(item: Row) -> Iterator[Row]:
    role, time, text = item.get("sender"), item.get("created_at"), item.get("text")
    content = item.get("content")
    content = content if isinstance(content, list) else []
    blocks = [block for block in content if isinstance(block, dict)]
    if isinstance(text, str) and not any(_says(block) for block in blocks):
        blocks = [{"type": "text", "text": text}, *blocks]
    said: list[Any] = []
    for block in blocks:
        kind = block.get("type")
        if kind == "tool_result":
            if said:
                yield {"role": role, "content": said, "created_at": time}
                said = []
            yield {"role": "tool", "content": block.get("content"), "created_at": time}
        elif kind in ("tool_use", "image", "document"):
            said.append({"type": kind, "name": block.get("name")})
        elif _says(block):
            said.append(block["text"])
    said += _marks(item.get("attachments"), images=True)
    said += _marks(item.get("files"), images=True)
    if said:
        yield {"role": role, "content": said, "created_at": time}


def _says(block: Row) -> bool:
    text = block.get("text")
    return isinstance(text, str) and bool(text.strip()) and text.strip(" \n`") != _UNSUPPORTED


def _marks(attachments: Any, *, images: bool) -> list[str]:
    """A marker for each attached file; images only where they are not parts of their own."""
    marks = []
    for attachment in attachments if isinstance(attachments, list) else ():
        if not isinstance(attachment, dict):
            continue
        name = attachment.get("file_name") or attachment.get("name")
        kind = attachment.get("file_type") or attachment.get("mime_type")
        is_image = isinstance(kind, str) and kind.startswith("image/")
        is_image = is_image or (isinstance(name, str) and name.lower().endswith(_PICTURES))
        if images or not is_image:
            marks.append("[image]" if is_image else "[file]")
    return marks


def _dict(row: Row, key: str) -> Row:
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def _known(metadata: Row) -> Row:
    return {name: value for name, value in metadata.items() if value is not None}
