"""Run a command and count the CPU of everything that it starts, whoever started it."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Process, below, processes

#: Linux: orphans below this process become its children, a model host as well as a Ray worker.
_PR_SET_CHILD_SUBREAPER = 36
_SAMPLE_SECONDS = 0.5


@dataclass(frozen=True)
class Counted:
    """What a command took, all its processes together, and what it printed."""

    status: int
    out: str
    cpu: float
    wall: float


class Counter:
    """
    CPU-seconds of all processes below this one since it was made.

    Two counts, each of which can only miss some: what was last seen of every process misses what
    it did before it ended unseen; what parents were told by the kernel misses children that nobody
    waited for. The larger one is taken.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int], float] = {}
        self._reaped = self._most = 0.0
        self.ended: dict[int, int] = {}

    def read(self) -> float:
        living = self.living()
        for one in living:
            self._seen[one.pid, one.started] = one.own
        told = self._reaped + sum(one.own + one.waited_for for one in living)
        self._most = max(self._most, told, sum(self._seen.values()))
        return self._most

    def living(self) -> list[Process]:
        return below(os.getpid(), processes())

    def reap(self) -> None:
        while True:
            try:
                pid, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            self.ended[pid] = os.waitstatus_to_exitcode(status)
            self._reaped += used.ru_utime + used.ru_stime


def run(
    command: Sequence[str], environ: Mapping[str, str], log: Path, limit_seconds: float
) -> Counted:
    """
    `command` gets one more argument: the descriptor of a socket where it can ask for the count.

    What it leaves behind is ended; its errors go to `log`. Status 124: it took too long.
    """
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    ours, theirs = socket.socketpair()
    counter, begun = Counter(), time.monotonic()
    with ours, theirs, tempfile.TemporaryFile("w+") as out, log.open("a") as errors:
        child = subprocess.Popen(
            [*command, str(theirs.fileno())],
            env=environ,
            stdout=out,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        ours.settimeout(_SAMPLE_SECONDS)
        try:
            while child.pid not in counter.ended and time.monotonic() - begun < limit_seconds:
                _answer(ours, counter)
                counter.read()
                counter.reap()
            wall = time.monotonic() - begun
        finally:
            _end_all(counter)
        # Waited for above, together with its descendants.
        child.returncode = counter.ended.get(child.pid, -signal.SIGKILL)
        out.seek(0)
        status = child.returncode if wall < limit_seconds else 124
        return Counted(status, out.read(), counter.read(), wall)


def _answer(asked: socket.socket, counter: Counter) -> None:
    try:
        if asked.recv(1):
            asked.sendall(json.dumps(counter.read()).encode() + b"\n")
        else:
            time.sleep(_SAMPLE_SECONDS / 10)  # it is about to end
    except (TimeoutError, ConnectionError):
        return


def _end_all(counter: Counter) -> None:
    deadline = time.monotonic() + 10
    while living := counter.living():
        counter.read()
        for one in living:
            if time.monotonic() > deadline:
                raise TimeoutError(f"process {one.pid} does not end")
            try:
                os.kill(one.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.05)
        counter.reap()
    counter.reap()
