"""The stub server's own books: what it received, what it billed, what it delivered."""

import hashlib
import json
import threading
from dataclasses import dataclass, field
from typing import Any

MODEL = "stub-2026-03-01"
PROMPT_NANOS, ANSWER_NANOS = 150, 600
ASKED = "\n\nReply with one JSON object"


def truth(text: str) -> str:
    """The only right answer to a text."""
    return f"{text}: made with care, no. {hashlib.sha256(text.encode()).hexdigest()[:12]}."


def text_of(body: dict[str, Any]) -> str:
    return str(body["messages"][-1]["content"]).partition(ASKED)[0]


def completion(body: dict[str, Any], text: str | None = None) -> dict[str, Any]:
    """A sound reply; `text` is that of another row where one is to be wrong."""
    code = body["response_format"]["json_schema"]["schema"]["properties"]["code"]["enum"][0]
    said = truth(text or text_of(body))
    content = json.dumps({"code": code, "text": said}, ensure_ascii=False)
    prompt, answer = tokens(body, content)
    message = {"role": "assistant", "content": content}
    return {
        "id": f"chatcmpl-{hashlib.sha256(content.encode()).hexdigest()[:8]}",
        "object": "chat.completion",
        "model": MODEL,
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": answer},
    }


def tokens(body: dict[str, Any], content: str) -> tuple[int, int]:
    words = sum(len(message["content"].encode()) for message in body["messages"])
    return words // 4 + 8, len(content.encode()) // 4 + 1


@dataclass
class Batch:
    """`rows` are (custom id, request body); `delivered`: texts whose right answer was fetched."""

    id: str
    intent: str
    file_id: str
    rows: list[tuple[str, dict[str, Any]]]
    status: str = "in_progress"
    polls: int = 0
    output: bytes | None = None
    errors: bytes | None = None
    counts: dict[str, int] = field(default_factory=dict)
    sound: set[str] = field(default_factory=set)
    delivered: set[str] = field(default_factory=set)


@dataclass
class Books:
    """Everything that a judge has to know; of one scenario."""

    lock: Any = field(default_factory=threading.RLock)
    requests: int = 0
    billed_nanos: int = 0
    doubles: int = 0
    batches: list[Batch] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    last_body: dict[str, Any] | None = None

    def bill(self, body: dict[str, Any]) -> None:
        prompt, answer = tokens(body, completion(body)["choices"][0]["message"]["content"])
        with self.lock:
            self.billed_nanos += PROMPT_NANOS * prompt + ANSWER_NANOS * answer

    def submitted(self, intent: str, file_id: str) -> Batch:
        """Take a batch, and count it as double where any of its rows needs no asking any more."""
        with self.lock:
            lines = [json.loads(line) for line in self.files[file_id].splitlines() if line]
            rows = [(line["custom_id"], line["body"]) for line in lines]
            batch = Batch(f"batch_{len(self.batches) + 1}", intent, file_id, rows)
            texts = {text_of(body) for _, body in rows}
            for earlier in self.batches:
                running = earlier.status == "in_progress"
                again = texts & (
                    {text_of(b) for _, b in earlier.rows} if running else earlier.delivered
                )
                self.doubles += bool(again) or earlier.intent == intent
            self.batches.append(batch)
            return batch
