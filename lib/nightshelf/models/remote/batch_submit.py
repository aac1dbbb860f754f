"""Submit a batch once, whatever happens meanwhile, and follow it to its end."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

from nightshelf.models.remote.batch_server import Batch, BatchServer
from nightshelf.models.remote.failures import NotFound, RequestRefused, Unanswered
from nightshelf.models.remote.limits import BatchLimits
from nightshelf.ops.remote_batches import (
    INTENDED,
    POSTED,
    REFUSED,
    SUBMITTED,
    UPLOADED,
    BatchLedger,
    Row,
)

COMPLETED = "completed"
TERMINAL = (COMPLETED, "failed", "expired", "cancelled")
#: The server knows its own batch no more.
VANISHED = "vanished"


class BatchRefused(Exception):
    """The server refuses this batch as it is; none of its rows was read."""


class Submission:
    """
    One batch on its way. Before a submission is sent it is written down that one may be; from then
    on, and that is also after a crash, the server's own list is looked at first, several times
    (`BatchLimits.looks`, in seconds), since it may show a batch late.
    """

    def __init__(
        self, server: BatchServer, ledger: BatchLedger, limits: BatchLimits, intent: str
    ) -> None:
        self._server = server
        self._ledger = ledger
        self._limits = limits
        self._intent = intent

    async def batch_id(self, lines: bytes | None) -> str:
        """
        The server's id, written down. `lines` are the input file, None where they are not known any
        more: then what is there is found, and nothing is submitted.

        Raises `BatchRefused`, `RemoteUnavailable`, `ModelError`.
        """
        row = self._ledger.read(self._intent)
        if row["state"] in (SUBMITTED, REFUSED):
            return self._as_before(row)
        if lines is None:
            if row["posts"] and (found := await self._look()):
                return found
            raise BatchRefused
        file_id = row["file_id"] if row["state"] != INTENDED else await self._uploaded(lines)
        return await self._server.patiently(lambda: self._posted(str(file_id)))

    def _as_before(self, row: Row) -> str:
        if row["state"] == REFUSED:
            raise BatchRefused
        return str(row["batch_id"])

    async def end(self, batch_id: str) -> Batch | None:
        """The batch in its last state; None where it neither ends nor can be cancelled."""
        row = self._ledger.read(self._intent)
        begun = row["created_at"]
        begun = begun if begun.tzinfo else begun.replace(tzinfo=UTC)
        hours = timedelta(hours=self._limits.hours)
        batch = await self._until(batch_id, begun + hours)
        if batch is not None:
            return batch
        # It may have ended by now, and cannot be cancelled any more.
        with suppress(Unanswered):
            await self._server.patiently(lambda: self._server.cancel(batch_id))
        patience = timedelta(seconds=self._limits.cancel_seconds)
        return await self._until(batch_id, self._now() + patience)

    async def _until(self, batch_id: str, deadline: datetime) -> Batch | None:
        unknown = 0
        while True:
            batch = await self._state(batch_id)
            unknown = unknown + 1 if batch["status"] == VANISHED else 0
            if batch["status"] in TERMINAL or unknown > len(self._limits.looks):
                return batch
            if self._now() >= deadline:
                return None
            await asyncio.sleep(self._limits.poll_seconds)

    async def _state(self, batch_id: str) -> Batch:
        """As it is now; where the server does not find it, as its list shows it."""
        try:
            return await self._server.patiently(lambda: self._server.get(batch_id))
        except NotFound:
            listed = await self._server.patiently(lambda: self._server.find(self._intent))
        known = [batch for batch in listed if batch["id"] == batch_id and "status" in batch]
        return known[0] if known else {"id": batch_id, "status": VANISHED}

    async def _uploaded(self, lines: bytes) -> str:
        name = f"{self._intent}.jsonl"
        try:
            file_id = await self._server.patiently(lambda: self._server.upload(name, lines))
        except RequestRefused:
            raise BatchRefused from None
        self._ledger.note(self._intent, state=UPLOADED, file_id=file_id)
        return file_id

    async def _posted(self, file_id: str) -> str:
        if self._ledger.read(self._intent)["posts"] and (found := await self._look()):
            return found
        posts = self._ledger.read(self._intent)["posts"] + 1
        self._ledger.note(self._intent, state=POSTED, posts=posts)
        try:
            batch = await self._server.create(file_id, self._intent)
        except (RequestRefused, NotFound):
            # A server may refuse what it has taken: only its list says that it has not.
            if found := await self._look():
                return found
            raise BatchRefused from None
        return self._written_down(batch)

    async def _look(self) -> str | None:
        for seconds in (0.0, *self._limits.looks):
            await asyncio.sleep(seconds)
            found = await self._server.patiently(lambda: self._server.find(self._intent))
            for batch in found[1:]:
                # A list that showed it too late has made us submit twice: one of them is enough.
                await self._server.patiently(partial(self._server.cancel, str(batch["id"])))
            if found:
                return self._written_down(found[0])
        return None

    def _written_down(self, batch: Batch) -> str:
        self._ledger.note(self._intent, state=SUBMITTED, batch_id=batch["id"])
        return str(batch["id"])

    def _now(self) -> datetime:
        return self._server.chances.now()
