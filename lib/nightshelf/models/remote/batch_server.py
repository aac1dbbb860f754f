"""The calls of a batch API: files, batches, and what they give back."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from nightshelf.errors import ModelError
from nightshelf.models.remote.exchange import Exchange, Within
from nightshelf.models.remote.failures import MalformedReply, NotFound
from nightshelf.models.remote.judge import json_of
from nightshelf.models.remote.limits import Pace
from nightshelf.models.remote.patiently import patiently
from nightshelf.models.remote.row import PATH
from nightshelf.models.remote.shared import Chances

Result = TypeVar("Result")
Batch = Mapping[str, Any]

#: In a batch's metadata: our own id of it.
INTENT = "nightshelf_intent"
_SMALL = 1 << 20
_PAGES = 100
_WINDOW = "24h"


class BatchServer:
    """Raises `Unanswered` where a single call fails, but for those made by `patiently`."""

    def __init__(self, exchange: Exchange, pace: Pace, chances: Chances) -> None:
        self.pace = pace
        self.chances = chances
        self._exchange = exchange

    async def patiently(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """`patiently` with this server's patience."""
        return await patiently(call, self.pace, self.chances.jitter)

    async def upload(self, name: str, lines: bytes) -> str:
        """The file's id; an upload whose answer is lost leaves a file that nothing uses."""
        files = {"file": (name, lines, "application/jsonl")}
        try:
            return _id(await self._call("POST", "files", files=files, data={"purpose": "batch"}))
        except NotFound:
            raise ModelError(
                "the server at NIGHTSHELF_REMOTE_URL has no batch API: set"
                " NIGHTSHELF_REMOTE_FORM=stream, or name a server that has one"
            ) from None

    async def create(self, file_id: str, intent: str) -> Batch:
        """Submit; when this fails the batch may be there all the same."""
        wanted = {
            "input_file_id": file_id,
            "endpoint": f"/v1/{PATH}",
            "completion_window": _WINDOW,
            "metadata": {INTENT: intent},
        }
        found = await self._call("POST", "batches", json=wanted)
        _id(found)
        return _object(found)

    async def find(self, intent: str) -> list[Batch]:
        """All batches whose metadata holds our id, in the order of their own ids."""
        found: dict[str, Batch] = {}
        after: dict[str, str] = {}
        for _ in range(_PAGES):
            page = _object(await self._call("GET", "batches", params={"limit": "100", **after}))
            batches = page.get("data")
            if not isinstance(batches, list):
                raise MalformedReply
            for batch in map(_object, batches):
                metadata = batch.get("metadata")
                if isinstance(metadata, dict) and metadata.get(INTENT) == intent:
                    found[_id(batch)] = batch
            if not (page.get("has_more") and batches):
                break
            after = {"after": _id(batches[-1])}
        return [found[name] for name in sorted(found)]

    async def get(self, batch_id: str) -> Batch:
        """Its state now; another batch's is a `MalformedReply`."""
        found = _object(await self._call("GET", f"batches/{batch_id}"))
        if found.get("id") != batch_id or not isinstance(found.get("status"), str):
            raise MalformedReply
        return found

    async def cancel(self, batch_id: str) -> None:
        await self._call("POST", f"batches/{batch_id}/cancel")

    async def content(self, file_id: str, most_bytes: int) -> bytes:
        within = Within(
            seconds=self.pace.patience.minutes * 60,
            idle_seconds=self.pace.idle_seconds,
            body_bytes=most_bytes,
        )
        reply = await self._exchange.send("GET", f"files/{file_id}/content", within)
        if reply.status != 200:
            json_of(reply, self.chances.now)
        if b"<html" in reply.body[:512].lower():
            raise MalformedReply
        return reply.body

    async def delete(self, file_id: str) -> None:
        await self._call("DELETE", f"files/{file_id}")

    async def _call(self, method: str, path: str, **content: Any) -> Any:  # noqa: ANN401  JSON
        within = Within(
            seconds=self.pace.deadline_seconds,
            idle_seconds=self.pace.idle_seconds,
            body_bytes=16 * _SMALL,
        )
        reply = await self._exchange.send(method, path, within, **content)
        return json_of(reply, self.chances.now)


def _object(found: object) -> Batch:
    if not isinstance(found, dict):
        raise MalformedReply
    return found


def _id(found: object) -> str:
    name = _object(found).get("id")
    # It becomes a part of a path.
    if not isinstance(name, str) or not name.replace("-", "").replace("_", "").isalnum():
        raise MalformedReply
    return name
