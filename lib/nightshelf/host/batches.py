"""The batches that a host was given: which of them it works on, and what it says of each."""

import resource
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from nightshelf.engine.device import answered, begun
from nightshelf.errors import BatchError, DeviceError, HostLost
from nightshelf.host import frames
from nightshelf.host.held import HeldModels
from nightshelf.host.replies import failed

#: A connection, and the header and body of what came on it.
Work = tuple[socket.socket, dict[str, Any], memoryview]


@dataclass(frozen=True)
class _Batch:
    connection: socket.socket
    answers: Callable[[], pa.RecordBatch]
    since: float


class Batches:
    """
    One at a time; with `overlap` the device begins the next while the last one's answers are read.

    A batch is said to have begun when none that began before it is left: if the process dies, it is
    the one that is blamed.
    """

    def __init__(self, models: HeldModels, connected: set[socket.socket], *, overlap: bool) -> None:
        self._models = models
        self._connected = connected
        self._overlap = overlap
        self._flying: _Batch | None = None
        self._free_since = 0.0

    @property
    def flying(self) -> bool:
        """Whether a batch has begun whose answers were not sent yet."""
        return self._flying is not None

    def add(self, connection: socket.socket, header: dict[str, Any], body: memoryview) -> None:
        """Begin this batch, and finish the one that flies; raises as `finish` does."""
        alone = header["alone"] or not self._overlap
        if alone:
            self.finish()
        if not self._flying:
            self.say(connection, {"begun": header["number"]})
            self._flying = self._begun(connection, header, body)
        else:
            following = self._begun(connection, header, body)
            self.finish()
            self.say(connection, {"begun": header["number"]})
            self._flying = following
        if alone:
            self.finish()

    def finish(self) -> None:
        """
        Send what the batch that flies has come to, if one does.

        Raise `HostLost` or `DeviceError` where this process can answer nothing any more.
        """
        batch, self._flying = self._flying, None
        if not batch:
            return
        try:
            found = batch.answers()
        except DeviceError:
            raise  # the worker sees this process end, and takes it as it is
        except BatchError as error:
            self.say(batch.connection, {**failed(error), **_state()})
        except HostLost as error:
            self.say(batch.connection, {"lost": str(error)})
            raise
        else:
            seconds = time.perf_counter() - max(batch.since, self._free_since)
            said = {"seconds": seconds, **_state()}
            self.say(batch.connection, said, frames.batch_to_bytes(found))
        self._free_since = time.perf_counter()

    def say(
        self,
        connection: socket.socket,
        header: Mapping[str, Any],
        body: Sequence[frames.Buffer] = (),
    ) -> None:
        """Send it, and forget a client that has gone."""
        try:
            frames.send(connection, header, body)
        except OSError:
            self._connected.discard(connection)
            connection.close()

    def _begun(self, connection: socket.socket, header: dict[str, Any], body: memoryview) -> _Batch:
        since = time.perf_counter()
        model, known = self._models.open(header["choice"])
        asked = (model, frames.tokens_from_bytes(header, body))
        questions = [known[name] for name in header["questions"]]
        # On a CPU there is nothing that computes beside this process.
        begin = begun if self._overlap else partial(partial, answered)
        return _Batch(connection, begin(*asked, questions), since)


def _state() -> dict[str, int]:
    # Linux says kilobytes, macOS bytes; this is a figure to watch, not one to compute with.
    return {"peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}
