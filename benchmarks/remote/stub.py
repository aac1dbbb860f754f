"""An OpenAI-compatible server on 127.0.0.1 that misbehaves as it is told."""

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from benchmarks.remote.books import Batch, Books, completion

#: Takes the call when it is the misbehaviour's turn; True: it has replied, or hung up.
Misbehave = Callable[["Call"], bool]


class Call(BaseHTTPRequestHandler):
    """One request. `kind` is what it is for: chat, upload, create, list, get, content, …"""

    protocol_version = "HTTP/1.1"
    server: "Stub"
    body: Any = None
    raw = b""
    kind = ""
    number = 0

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        self.raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0].removeprefix("/v1/")
        self.kind = next(k for k, p in _KINDS.items() if re.fullmatch(p, f"{self.command} {path}"))
        self.place = path.split("/")
        if self.headers.get("Content-Type") == "application/json" and self.raw:
            self.body = json.loads(self.raw)
        with self.server.books.lock:
            self.server.books.requests += 1
            self.number = self.server.count(self.kind)
        with suppress(ConnectionError):
            if not self.server.misbehave(self):
                getattr(self, f"do_{self.kind}")()
        if self.kind == "chat":
            self.server.books.last_body = self.body

    # What a sound server does.

    def do_chat(self) -> None:
        self.server.books.bill(self.body)
        self.json(completion(self.body))

    def do_upload(self) -> None:
        self.json({"id": self.take_upload(), "object": "file"})

    def take_upload(self) -> str:
        books = self.server.books
        with books.lock:
            name = f"file-{len(books.files) + 1}"
            books.files[name] = _lines_in(self.raw)
        return name

    def do_create(self) -> None:
        self.json(self.server.shown(self.take_batch()))

    def take_batch(self) -> Batch:
        intent = self.body["metadata"]["nightshelf_intent"]
        return self.server.books.submitted(intent, self.body["input_file_id"])

    def do_list(self) -> None:
        shown = [self.server.shown(batch) for batch in self.server.books.batches]
        shown = [batch for batch in shown if batch["status"] != "gone"]
        self.json({"data": shown[::-1], "has_more": False})

    def do_get(self) -> None:
        batch = self.batch
        with self.server.books.lock:
            batch.polls += 1
            if batch.status == "in_progress" and batch.polls >= self.server.polls:
                self.server.complete(batch)
        self.json(self.server.shown(batch))

    @property
    def batch(self) -> Batch:
        return next(b for b in self.server.books.batches if b.id == self.place[1])

    def do_cancel(self) -> None:
        if self.batch.status == "in_progress":
            self.batch.status = "cancelled"
        self.json(self.server.shown(self.batch))

    def do_content(self) -> None:
        name = self.place[1]
        if name not in self.server.books.files:
            return self.send(404, b"{}")
        self.send(200, self.server.books.files[name], kind="application/octet-stream")
        for batch in self.server.books.batches:
            if name == f"{batch.id}-output":
                batch.delivered |= batch.sound
        return None

    def do_delete(self) -> None:
        self.json({"id": self.place[1], "deleted": True})

    # Ways to reply.

    def json(self, found: object, status: int = 200, **headers: str) -> None:
        self.send(status, json.dumps(found).encode(), **headers)

    def send(
        self, status: int, body: bytes, kind: str = "application/json", **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        """Hang up without a word: the peer gets a reset."""
        self.wfile.flush()
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def drip(self, parts: Iterator[bytes], pause: float, headers: bytes) -> None:
        """Part after part, until the peer has had enough."""
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + headers)
        for part in parts:
            self.wfile.write(part)
            self.wfile.flush()
            if pause:
                time.sleep(pause)
            if self.server.is_closing:
                return


_KINDS = {
    "chat": r"POST chat/completions",
    "upload": r"POST files",
    "create": r"POST batches",
    "list": r"GET batches",
    "get": r"GET batches/[^/]+",
    "cancel": r"POST batches/[^/]+/cancel",
    "content": r"GET files/[^/]+/content",
    "delete": r"DELETE files/[^/]+",
}


def _lines_in(form: bytes) -> bytes:
    """The file in a multipart form."""
    lines = [line for line in form.splitlines() if line.startswith(b'{"custom_id"')]
    return b"\n".join(lines)


class Stub(ThreadingHTTPServer):
    """`misbehave` has the first word on each call; `finish` makes a batch's files."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, misbehave: Misbehave, finish: Callable[[Batch, Books], None]) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.books = Books()
        self.misbehave = misbehave
        self.finish = finish
        self.polls = 2
        self.is_closing = False
        self._counts: dict[str, int] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def count(self, kind: str) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def complete(self, batch: Batch) -> None:
        self.finish(batch, self.books)
        for name, data in (("output", batch.output), ("errors", batch.errors)):
            if data is not None:
                self.books.files[f"{batch.id}-{name}"] = data

    def shown(self, batch: Batch) -> dict[str, Any]:
        return {
            "id": batch.id,
            "object": "batch",
            "status": batch.status,
            "input_file_id": batch.file_id,
            "output_file_id": None if batch.output is None else f"{batch.id}-output",
            "error_file_id": None if batch.errors is None else f"{batch.id}-errors",
            "request_counts": batch.counts,
            "metadata": {"nightshelf_intent": batch.intent},
        }

    def handle_error(self, request: object, client_address: object) -> None:
        """The peer hung up; that is its right."""


@contextmanager
def serving(stub: Stub) -> Iterator[Stub]:
    thread = threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stub
    finally:
        stub.is_closing = True
        stub.shutdown()
        thread.join()
        stub.server_close()
