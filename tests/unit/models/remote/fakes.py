"""A server in memory, and a clock that jumps."""

import asyncio
import json
import selectors
from datetime import UTC, datetime

import httpx

MODEL = "tiny-2026-03-01"
BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)


class _Jumping(selectors.SelectSelector):
    """In place of waiting, the time goes on."""

    now = 0.0

    def select(self, timeout=None):
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "nobody would ever wake up"
            self.now += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self):
        return self._jumping.now


class Body(httpx.AsyncByteStream):
    """Parts of a body; a number is a pause in seconds, an exception breaks it off."""

    def __init__(self, *parts):
        self._parts = parts

    async def __aiter__(self):
        for part in self._parts:
            if isinstance(part, int | float):
                await asyncio.sleep(part)
            elif isinstance(part, Exception):
                raise part
            else:
                yield part


def completion(request, text="A kettle.", **changes):
    """What a sound server says to `request`; `changes` replace fields of it, or its only choice."""
    asked = json.loads(request.content)
    schema = asked.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema:
        [code] = schema["properties"]["code"]["enum"]
        text = json.dumps({"code": code, "text": text}, ensure_ascii=False)
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": text},
    }
    found = {
        "id": "chatcmpl-1",
        "model": MODEL,
        "choices": [choice],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }
    for name, value in changes.items():
        (choice if name in ("finish_reason", "message") else found)[name] = value
    return found


class Server(httpx.AsyncBaseTransport):
    """
    Answers each request by the next of `script`, and by a sound answer when that is used up.

    An entry takes the request and gives a response, or is one, or an exception.
    """

    def __init__(self, *script):
        self.script = list(script)
        self.requests = []
        self.times = []

    async def handle_async_request(self, request):
        await request.aread()
        self.requests.append(request)
        self.times.append(asyncio.get_running_loop().time())
        entry = self.script.pop(0) if self.script else sound
        if callable(entry):
            entry = entry(request)
        if isinstance(entry, Exception):
            raise entry
        if entry.is_stream_consumed:  # made with its content; a server's is still to be read
            return httpx.Response(
                entry.status_code, headers=entry.headers, stream=Body(entry.content)
            )
        return entry


def sound(request, **changes):
    return httpx.Response(200, json=completion(request, **changes))
