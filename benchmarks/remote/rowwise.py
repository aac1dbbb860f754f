"""Misbehaviours of a server that is asked row by row."""

import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import repeat
from typing import Any

from benchmarks.remote.books import completion, text_of
from benchmarks.remote.stub import Call, Misbehave

Bad = Callable[[Call], None]
_KIND = b"Content-Type: application/json\r\n"


def sometimes(bad: Bad, seed: int, share: float = 0.4) -> Misbehave:
    """To a share of the first requests for a row, by the row's text and the seed."""
    met: set[str] = set()

    def misbehave(call: Call) -> bool:
        if call.kind != "chat":
            return False
        text = text_of(call.body)
        chosen = random.Random(f"{seed} {text}").random() < share  # noqa: S311  not a secret
        if not chosen or text in met:
            return False
        met.add(text)
        bad(call)
        return True

    return misbehave


def at_first(bad: Bad, times: int) -> Misbehave:
    """To so many requests, whatever they are about."""

    def misbehave(call: Call) -> bool:
        if call.kind != "chat" or call.number > times:
            return False
        bad(call)
        return True

    return misbehave


def status(code: int, **headers: str) -> Bad:
    return lambda call: call.json({"error": {"message": "sorry"}}, code, **headers)


def dated(call: Call) -> None:
    at = datetime.now(UTC) + timedelta(seconds=1)
    call.json({"error": {}}, 429, Retry_After=format_datetime(at, usegmt=True))


def billed(bad: Bad) -> Bad:
    """The model has answered and the bill is written, only the answer never arrives."""

    def misbehave(call: Call) -> None:
        call.server.books.bill(call.body)
        bad(call)

    return misbehave


def reset(call: Call) -> None:
    call.reset()


def reset_within(call: Call) -> None:
    body = json.dumps(completion(call.body)).encode()
    call.wfile.write(b"HTTP/1.1 200 OK\r\n" + _KIND + b"Content-Length: %d\r\n\r\n" % len(body))
    call.wfile.write(body[: len(body) // 2])
    call.reset()


def reset_in_headers(call: Call) -> None:
    call.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Ty")
    call.reset()


def drip(call: Call) -> None:
    body = json.dumps(completion(call.body)).encode()
    head = _KIND + b"Content-Length: %d\r\n\r\n" % len(body)
    call.drip((body[n : n + 1] for n in range(len(body))), 0.05, head)


def drip_headers(call: Call) -> None:
    call.drip((b"X-Wait-%d: 1\r\n" % n for n in range(10**6)), 0.05, _KIND)


def stall(call: Call) -> None:
    call.drip(_then_nothing(), 0.0, _KIND + b"Content-Length: 999\r\n\r\n")


def _then_nothing() -> Iterator[bytes]:
    yield b'{"id":'
    time.sleep(1.0)


def silent(call: Call) -> None:
    time.sleep(2.0)
    call.reset()


def endless(call: Call) -> None:
    call.drip(repeat(b" " * 65_536), 0.0, _KIND + b"Connection: close\r\n\r\n")


def html(call: Call) -> None:
    call.send(200, b"<html><body>Please log in</body></html>", kind="text/html")


def html_as_json(call: Call) -> None:
    call.send(200, b"<html><body>Please log in</body></html>")


def cut_json(call: Call) -> None:
    call.send(200, json.dumps(completion(call.body)).encode()[:-30])


def wrong_type(call: Call) -> None:
    call.send(200, json.dumps(completion(call.body)).encode(), kind="text/plain")


def zipped(call: Call) -> None:
    call.send(200, b"\x1f\x8b\x08" + bytes(99), Content_Encoding="gzip")


def changed(change: Callable[[dict[str, Any], Call], object]) -> Bad:
    """A sound reply in which something was changed."""

    def misbehave(call: Call) -> None:
        call.server.books.bill(call.body)
        found = completion(call.body)
        change(found, call)
        call.json(found)

    return misbehave


def _choice(found: dict[str, Any]) -> dict[str, Any]:
    choice: dict[str, Any] = found["choices"][0]
    return choice


def other_model(found: dict[str, Any], _: Call) -> None:
    found["model"] = "stub-mini"


def truncated(found: dict[str, Any], _: Call) -> None:
    _choice(found)["finish_reason"] = "length"


def truncated_in_silence(found: dict[str, Any], _: Call) -> None:
    message = _choice(found)["message"]
    message["content"] = message["content"][:-20]


def swapped(found: dict[str, Any], call: Call) -> None:
    other = call.server.books.last_body
    if other is None or text_of(other) == text_of(call.body):
        other = json.loads(json.dumps(call.body).replace("row", "another row"))
        code = other["response_format"]["json_schema"]["schema"]["properties"]["code"]
        code["enum"] = ["0badc0de"]
    found["choices"] = completion(other)["choices"]


def two_choices(found: dict[str, Any], call: Call) -> None:
    found["choices"] += completion(call.body, "another row")["choices"]


def no_content(found: dict[str, Any], _: Call) -> None:
    _choice(found)["message"]["content"] = None


def wrong_types(found: dict[str, Any], _: Call) -> None:
    found["choices"] = {"0": found["choices"]}


def filtered(found: dict[str, Any], _: Call) -> None:
    _choice(found)["finish_reason"] = "content_filter"


def key_in_it(found: dict[str, Any], call: Call) -> None:
    found["system_fingerprint"] = call.headers["Authorization"]


def counted(prompt: int, answer: int) -> Bad:
    def lie(found: dict[str, Any], _: Call) -> None:
        found["usage"] = {"prompt_tokens": prompt, "completion_tokens": answer}

    return changed(lie)


def uncounted(found: dict[str, Any], _: Call) -> None:
    del found["usage"]


def reset_within_file(call: Call) -> None:
    data = call.server.books.files[call.place[1]]
    call.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(data))
    call.wfile.write(data[: len(data) // 2])
    call.reset()
