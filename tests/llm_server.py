"""A server for tests that the real OpenAI and Anthropic SDKs call, with faults to order.

It speaks chat completions, embeddings and models of the one, messages and models of the other, on
a free port of this machine, in a thread. Its answers fit the schema that was asked for, a judge's
also the transcript, and depend on nothing but the request.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Fault = Literal[
    400, 401, 402, 403, 404, 408, 422, 429, 500, 503, 529,
    "malformed", "truncated", "empty", "wrong type", "refusal",
    "page", "broken body", "disconnect", "stall",
]  # fmt: skip
Shape = Literal["schema", "tool", "object"]

DIMENSIONS = 16
_MARKED = re.compile(r"<(conversation|clusters|examples)>(.*?)</\1>", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{4,}")
_SAID = re.compile(r"^\[(\d+)\] (\w+): (.*\S)", re.MULTILINE)
_CHANCES = {"achieved": 10, "not achieved": 90}
_GAP_KINDS = {"inventory gap": "not indexed", "capability gap": "action"}
_TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 404: "model_not_found",
    429: "rate_limit_exceeded", 529: "overloaded_error",
}  # fmt: skip


@dataclass(frozen=True)
class Order:
    """A fault, and which requests meet it: by path, by what they contain, by count among those.

    `nth` counts the requests that path and text choose, from 1; none means all of them.
    """

    fault: Fault
    path: str = ""
    text: str = ""
    nth: frozenset[int] = frozenset()
    message: str = "this fault was ordered"
    code: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """One request, as it came."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """All that the model reads, instructions first."""
        system = self.body.get("system", "")
        parts = [system] if isinstance(system, str) else [block["text"] for block in system]
        parts += [message["content"] for message in self.body.get("messages", [])]
        return "\n".join(part for part in parts if isinstance(part, str))

    @property
    def key(self) -> str:
        """The key it was sent with."""
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        return bearer or self.headers.get("x-api-key", "")


@dataclass
class LLMServer:
    """What the server does and has seen. Change it while it runs.

    `knows` are the ways of asking for an answer's form that it understands: it refuses the others,
    with words or, where `terse`, without. `context` is in characters. `answer` may give an answer's
    fields for a schema and a text; `count` says how many tokens a text has. `refuses` has what a
    request may not say (a form's type, a role, an option) with the status and body of the refusal,
    `ignores` the ways of asking it pays no heed to; `writes` is how it answers if asked in words.
    """

    orders: list[Order] = field(default_factory=list)
    models: Sequence[str] = ("gpt-6-luna", "claude-haiku-5-5", "text-embedding-3-small")
    knows: frozenset[Shape] = frozenset({"schema", "tool", "object"})
    refused_options: frozenset[str] = frozenset()
    terse: bool = False
    context: int | None = None
    stall: float = 5.0
    answer: Callable[[dict[str, Any], str], dict[str, Any]] | None = None
    count: Callable[[str], int] = lambda text: len(text) // 4
    refuses: Mapping[str, tuple[int, Any]] = field(default_factory=dict)
    ignores: frozenset[Shape] = frozenset()
    writes: Callable[[str], str] = "<think>{{hm}}</think>Here it is:\n```json\n{}\n```".format
    received: list[Received] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self.released = threading.Event()
        self._met: dict[int, int] = {}

    def base_url(self, provider: str) -> str:
        """Return what a client of this provider takes for its base URL."""
        return f"{self.url}/v1" if provider == "openai" else self.url

    def asked(self, path: str = "") -> list[Received]:
        """Return the requests whose path contains this."""
        return [request for request in self.received if path in request.path]

    def order_for(self, request: Received) -> Order | None:
        """Return the fault that this request meets, if any."""
        found = None
        for place, order in enumerate(self.orders):
            chosen = order.path in request.path and order.text in request.text
            if not chosen:
                continue
            self._met[place] = self._met.get(place, 0) + 1
            if found is None and (not order.nth or self._met[place] in order.nth):
                found = order
        return found


class _Web(ThreadingHTTPServer):
    # Connections that wait to be taken: with the default of five, many at once are reset.
    request_queue_size = 256


@contextmanager
def running(server: LLMServer) -> Iterator[LLMServer]:
    """Run the server on a free loopback port until the block ends."""
    web = _Web(("127.0.0.1", 0), type("Handler", (_Handler,), {"server_state": server}))
    web.daemon_threads = True
    server.url = f"http://127.0.0.1:{web.server_port}"
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        web.shutdown()
        web.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server_state: LLMServer
    protocol_version = "HTTP/1.1"
    # Small packets at once: with Nagle's algorithm every answer would wait for an acknowledgement.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["content-length"]))
        if len(sent) < int(self.headers["content-length"]):
            self.close_connection = True  # whoever asked was killed meanwhile
            return
        self._serve(json.loads(sent))

    def _serve(self, body: dict[str, Any]) -> None:
        state = self.server_state
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Received(self.path.partition("?")[0], body, headers)
        with state.lock:
            state.received.append(request)
            order = state.order_for(request)
        self._answer(request, order)

    def _answer(self, request: Received, order: Order | None) -> None:
        fault = order.fault if order else None
        if order is not None and isinstance(order.fault, int):
            code = order.code or _TYPES.get(order.fault, "server_error")
            return self._refuse(order.fault, order.message, code, order.headers)
        if fault == "disconnect":
            self.close_connection = True
            return self.connection.close()
        if fault == "stall":
            self.server_state.released.wait(self.server_state.stall)
        if fault == "broken body":
            return self._send(200, b'{"data": [', "application/json")
        if fault == "page":
            return self._send(200, b"<html>Welcome</html>", "text/html")
        if request.path.endswith("/models"):
            return self._json(200, _models(self.server_state.models))
        for said in sorted(_said_by(request.body) & self.server_state.refuses.keys()):
            return self._json(*self.server_state.refuses[said])
        problem = _refusal(self.server_state, request)
        if problem:
            return self._refuse(400, problem, "invalid_request_error", {})
        if request.path.endswith("/embeddings"):
            return self._json(200, _embeddings(request.body))
        if request.path.endswith("/chat/completions"):
            return self._json(200, _chat(self.server_state, request, fault))
        if request.path.endswith("/messages"):
            return self._json(200, _message(self.server_state, request, fault))
        return self._refuse(404, "Not found", "not_found_error", {})

    def _refuse(self, status: int, message: str, code: str, headers: Mapping[str, str]) -> None:
        error = {"message": message, "type": code, "code": code, "param": None}
        self._json(status, {"type": "error", "error": error}, headers)

    def _json(self, status: int, value: Any, headers: Mapping[str, str] | None = None) -> None:
        self._send(status, json.dumps(value).encode(), "application/json", headers)

    def _send(
        self, status: int, data: bytes, kind: str, headers: Mapping[str, str] | None = None
    ) -> None:
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client did not wait


def fitting(schema: Mapping[str, Any], text: str, name: str = "") -> Any:
    """Return a value that fits a schema, made of the words of a text."""
    if "enum" in schema:
        return schema["enum"][_number(text + name) % len(schema["enum"])]
    if "anyOf" in schema:
        return fitting(schema["anyOf"][0], text, name)
    kind = schema.get("type")
    if kind == "object":
        return {key: fitting(part, text, key) for key, part in schema["properties"].items()}
    if kind == "array":
        return [fitting(schema["items"], text, f"{name}{place}") for place in range(2)]
    if kind in ("integer", "number"):
        return _number(text + name) % 10
    if kind == "boolean":
        return bool(_number(text + name) % 2)
    words = list(dict.fromkeys(_WORD.findall(text.lower())))[:5] or ["nothing"]
    return "en" if name == "language" else f"{name.capitalize()} of {' '.join(words[:4])}"


def answered(schema: Mapping[str, Any], text: str) -> Any:
    """Return a value that fits a schema and, where a judge is asked, the transcript in the text."""
    values = fitting(schema, _data(text))
    asked = schema.get("properties", {})
    if "outcome" in asked:
        values["failure_probability"] = _CHANCES.get(values["outcome"], 50)
        return {**values, **_cited(text, "assistant")}
    if "kinds" in asked:
        kinds = values["kinds"][: _number(text) % 2]
        return {**values, "kinds": kinds, **_cited(text, "user" if kinds else None)}
    if "stands" in asked:
        stands, instead = values["stands"], values["instead"]
        cause = values["cause"] if stands else None
        gap = _GAP_KINDS.get(cause or "")
        values["instead"] = None if stands else instead
        values["failure_probability"] = 90 if stands else _CHANCES.get(instead, 50)
        values |= {"cause": cause, "gap_kind": gap, "missing": gap and values["missing"]}
        found = not stands and instead == "achieved"
        return {**values, **_cited(text, "assistant" if found else None)}
    return values


def _cited(text: str, role: str | None) -> dict[str, Any]:
    """The last message of a role in a prompt's transcript, with its first words."""
    transcript = text.rpartition("<conversation>")[2].partition("</conversation>")[0]
    said = [(int(place), words) for place, who, words in _SAID.findall(transcript) if who == role]
    place, words = said[-1] if said else (None, "")
    return {"message": place, "quote": " ".join(words.split()[:5]) or None}


def _data(text: str) -> str:
    """Return what a prompt is about: the texts between its marks, without numbers and roles."""
    marked = " ".join(match[2] for match in _MARKED.finditer(text)) or text
    return re.sub(r"\[\d+\] \w+:", " ", marked)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _models(names: Sequence[str]) -> dict[str, Any]:
    made = {"object": "model", "type": "model", "owned_by": "tests", "created": 0}
    data = [
        {"id": name, "display_name": name, "created_at": "2026-01-01T00:00:00Z", **made}
        for name in names
    ]
    return {"object": "list", "data": data, "has_more": False, "first_id": None, "last_id": None}


def _said_by(body: dict[str, Any]) -> set[str]:
    roles = {message["role"] for message in body.get("messages", [])}
    return {*body, *roles, body.get("response_format", {}).get("type", "")}


def _refusal(state: LLMServer, request: Received) -> str:
    body = request.body
    used: dict[str, str] = {}
    if "output_config" in body:
        used["schema"] = "output_config"
    if "tools" in body:
        used["tool"] = "tools"
    shape = body.get("response_format", {}).get("type")
    if shape:
        used["schema" if shape == "json_schema" else "object"] = "response_format"
    for known, word in used.items():
        if known not in state.knows:
            return "Bad request" if state.terse else f"Unknown parameter: '{word}' {shape or ''}"
    for option in sorted(state.refused_options & body.keys()):
        return f"Unsupported parameter: '{option}' is not supported with this model."
    if state.context is not None and len(request.text) > state.context:
        tokens = f"{state.context // 4} tokens. You sent {len(request.text) // 4} tokens."
        return f"This model's maximum context length is {tokens}"
    texts = body.get("input", ["-"])
    if request.path.endswith("/embeddings") and (not texts or not all(texts)):
        return "'$.input' is invalid."
    return ""


def _written(state: LLMServer, request: Received, schema: dict[str, Any], fault: Any) -> str:
    own = state.answer if "verdict" not in schema["properties"] else None  # a connection's test
    values = own(schema, _data(request.text)) if own else answered(schema, request.text)
    text = json.dumps(values)
    broken = {
        "malformed": text.replace(":", ""),
        "truncated": text[: len(text) // 2],
        "empty": "",
        "wrong type": json.dumps({"unexpected": True}),
    }
    return broken.get(fault, text)


def _schema_in(text: str) -> dict[str, Any]:
    """Return the JSON schema that a prompt holds in words."""
    start = text.index('{"additionalProperties"')
    schema: dict[str, Any] = json.JSONDecoder().raw_decode(text, start)[0]
    return schema


def _chat(state: LLMServer, request: Received, fault: Any) -> dict[str, Any]:
    body = request.body
    form = {} if "schema" in state.ignores else body.get("response_format", {})
    wanted = form.get("json_schema", {}).get("schema")
    if wanted is None and '{"additionalProperties"' in request.text:
        wanted = _schema_in(request.text)
    text = _written(state, request, wanted, fault) if wanted else "yes"
    if wanted and ("response_format" not in body or "object" in state.ignores):
        text = state.writes(text)
    message = {"role": "assistant", "content": text, "refusal": None}
    if fault == "refusal":
        message |= {"content": None, "refusal": "I cannot help with that."}
    tokens = {"prompt_tokens": state.count(request.text), "completion_tokens": state.count(text)}
    finish = "length" if fault == "truncated" else "stop"
    return {
        "id": "chat-1", "object": "chat.completion", "created": 0, "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {**tokens, "total_tokens": sum(tokens.values())},
    }  # fmt: skip


def _message(state: LLMServer, request: Received, fault: Any) -> dict[str, Any]:
    body = request.body
    tool = next(iter(body.get("tools", [])), None)
    form = body.get("output_config", {}).get("format", {})
    wanted = tool["input_schema"] if tool else form.get("schema")
    if wanted is None and '{"additionalProperties"' in request.text:
        wanted = _schema_in(request.text)
    text = _written(state, request, wanted, fault) if wanted else "yes"
    content: list[dict[str, Any]] = [{"type": "text", "text": text}]
    if tool:
        values = json.loads(text) if fault not in ("malformed", "truncated", "empty") else {}
        content = [{"type": "tool_use", "id": "tool-1", "name": tool["name"], "input": values}]
    stop = {"truncated": "max_tokens", "refusal": "refusal"}.get(fault, "end_turn")
    return {
        "id": "message-1", "type": "message", "role": "assistant", "model": body["model"],
        "content": [] if fault == "refusal" else content,
        "stop_reason": stop, "stop_sequence": None,
        "usage": {"input_tokens": state.count(request.text), "output_tokens": state.count(text)},
    }  # fmt: skip


def _embeddings(body: dict[str, Any]) -> dict[str, Any]:
    data = []
    for place, text in enumerate(body["input"]):
        digest = hashlib.sha256(text.encode()).digest()
        row = [float(byte) - 127.5 for byte in digest[:DIMENSIONS]]
        data.append({"object": "embedding", "index": place, "embedding": row})
    tokens = sum(len(text) // 4 for text in body["input"])
    return {
        "object": "list", "data": data[::-1], "model": body["model"],
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }  # fmt: skip
