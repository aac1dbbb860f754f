"""The worker's side of a model host: a device that can die, and is there again at once."""

import os
import signal
import socket
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

import pyarrow as pa

from nightshelf.engine.checked import check
from nightshelf.engine.question import Question
from nightshelf.engine.tokens import Tokens
from nightshelf.errors import (
    BatchLost,
    DeadlinePassed,
    DeviceError,
    HostKilled,
    WrongAnswer,
)
from nightshelf.host import frames
from nightshelf.host.choices import to_fields
from nightshelf.host.opening import opened
from nightshelf.host.pace import PATIENCE_SECONDS, Pace
from nightshelf.host.replies import error_in
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.panel import Choice

#: How many batches are in flight: one that is computed, and one that waits; on a GPU one more,
#: whose answers are being read.
CPU_DEPTH, GPU_DEPTH = 2, 3


class HostDevice:
    """Answers batches in the host that `connect` reaches; see `engine.device.Device`."""

    def __init__(
        self,
        connect: Callable[[], socket.socket],
        choice: Choice,
        questions: Sequence[Question],
        depth: int = CPU_DEPTH,
    ) -> None:
        self.depth = depth
        self._connect = connect
        self._choice = choice
        self._questions = questions
        self._connection: socket.socket | None = None
        self._pid = self._width = self._number = 0
        self._flying: deque[tuple[int, Tokens]] = deque()
        self._pace = Pace(choice.written_tokens if isinstance(choice, GeneratorChoice) else 0)
        self.peak_kb = 0
        self.restarts = -1

    @property
    def busy_seconds(self) -> float:
        return self._pace.busy_seconds

    def submit(self, batch: Tokens, *, alone: bool = False) -> None:
        """Raises `HostLost`, `ModelError` or `SettingsError` if no host with the model starts."""
        self._open()
        self._number += 1
        self._flying.append((self._number, batch))
        part, body = frames.tokens_to_bytes(batch)
        names = [question.name for question in self._questions]
        header = {"number": self._number, "choice": to_fields(self._choice), "questions": names}
        header |= {"alone": alone, **part}
        # A host that is gone by now is noticed when its answer is asked for.
        with suppress(OSError):
            frames.send(self._living(), header, body)

    def collect(self) -> pa.RecordBatch:
        number, batch = self._flying.popleft()
        try:
            begun, _ = self._receive(PATIENCE_SECONDS)
        except DeviceError:
            raise BatchLost from None
        if begun != {"begun": number}:
            self.renew()
            raise BatchLost
        header, body = self._receive(self._pace.deadline(batch))
        self.peak_kb = max(self.peak_kb, header.get("peak_kb", 0))
        if error := error_in(header):
            raise error
        self._pace.learn(batch, header["seconds"])
        try:
            found = frames.batch_from_bytes(body)
        except pa.ArrowInvalid:
            raise WrongAnswer("not Arrow") from None
        check(found, len(batch), self._questions, self._width)
        return found

    def renew(self) -> None:
        """The host may hang or be half dead: end it, and the next one starts from nothing."""
        self._flying.clear()
        if self._connection:
            self.close()
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def close(self) -> None:
        """Leave the host to others; without any it ends after its idle limit."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _open(self) -> None:
        if not self._connection:
            self._connection, self._pid, self._width = opened(self._connect, self._choice)
            self.restarts += 1

    def _receive(self, seconds: float) -> tuple[frames.Header, memoryview]:
        """The host's next message; after a `DeviceError` there is no host."""
        try:
            self._living().settimeout(seconds)
            return frames.receive(self._living())
        except TimeoutError:
            self.renew()
            raise DeadlinePassed from None
        except OSError:
            self.renew()
            raise HostKilled from None

    def _living(self) -> socket.socket:
        if not self._connection:
            raise ConnectionResetError
        return self._connection
