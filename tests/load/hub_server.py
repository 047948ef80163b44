"""A small hub on this machine: the part of the Hugging Face hub's interface that data sets need."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

COMMIT = "a" * 40


@dataclass
class Hub:
    """The data sets by name, as their files; those that are gated; and what was asked for."""

    url: str
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    sent: list[int] = field(default_factory=list)


@contextmanager
def running_hub() -> Iterator[Hub]:
    """Serve on a free port of this machine until the block ends."""
    hub = Hub("")

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self.answer(body=False)

        def do_GET(self) -> None:
            self.answer(body=True)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            asked = self.rfile.read(length)
            try:
                paths = json.loads(asked)["paths"]
            except ValueError:
                paths = parse_qs(asked.decode())["paths"]
            name, _ = self.dataset(urlsplit(self.path).path.removeprefix("/api/datasets/"))
            found = hub.files.get(name, {})
            self.send(200, json.dumps([entry(p, found[p]) for p in paths if p in found]).encode())

        def dataset(self, path: str) -> tuple[str, list[str]]:
            parts = unquote(path).split("/")
            return "/".join(parts[:2]), parts[2:]

        def answer(self, body: bool) -> None:
            path = urlsplit(self.path).path
            api = path.startswith("/api/datasets/")
            if not api and not path.startswith("/datasets/"):
                return self.send(200, b"", body)
            prefix = "/api/datasets/" if api else "/datasets/"
            name, rest = self.dataset(path.removeprefix(prefix))
            if name not in hub.files:
                return self.refuse(401, "RepoNotFound", "Repository not found")
            if api:
                return self.api(name, rest)
            if name in hub.gated:
                return self.refuse(401, "GatedRepo", f"Access to dataset {name} is restricted.")
            content = hub.files[name].get("/".join(rest[2:]))
            if content is None:
                return self.refuse(404, "EntryNotFound", "Entry not found")
            self.content(content, body)

        def api(self, name: str, rest: list[str]) -> None:
            files = hub.files[name]
            if rest[:1] == ["tree"]:
                below = "/".join(rest[2:])
                found = [entry(p, c) for p, c in files.items() if p.startswith(below)]
                return self.send(200, json.dumps(found).encode())
            info = {
                "id": name, "sha": COMMIT, "private": False, "tags": [], "downloads": 0, "likes": 0,
                "gated": name in hub.gated, "siblings": [{"rfilename": p} for p in files],
            }  # fmt: skip
            self.send(200, json.dumps(info).encode())

        def content(self, content: bytes, body: bool) -> None:
            asked = self.headers.get("Range")
            first, last = 0, len(content) - 1
            if asked:
                start, _, end = asked.removeprefix("bytes=").partition("-")
                first, last = int(start), min(int(end or last), last)
            self.send_response(206 if asked else 200)
            part = content[first : last + 1]
            self.send_header("Content-Length", str(len(part)))
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("ETag", f'"{sha1(content).hexdigest()}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.end_headers()
            if body:
                hub.sent.append(len(part))
                self.wfile.write(part)

        def refuse(self, status: int, code: str, text: str) -> None:
            self.send(status, b"", True, {"X-Error-Code": code, "X-Error-Message": text})

        def send(
            self,
            status: int,
            content: bytes,
            body: bool = True,
            headers: dict[str, str] | None = None,
        ) -> None:
            self.send_response(status)
            for key, value in (headers or {}).items():
                self.send_header(key, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if body:
                self.wfile.write(content)

    def entry(path: str, content: bytes) -> dict[str, object]:
        oid = sha1(content).hexdigest()
        return {"type": "file", "path": path, "size": len(content), "oid": oid}

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hub.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
