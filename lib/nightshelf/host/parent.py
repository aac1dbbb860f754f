"""
The process that starts hosts: it has torch imported and forks, so that a host is there at once.

    python -m nightshelf.host.parent FOLDER IDLE_SECONDS MEMORY_MB warm|cold

It never computes and never touches CUDA, which does not survive a fork.
"""

import os
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

from nightshelf.errors import NightshelfError
from nightshelf.host import frames
from nightshelf.host.choices import from_fields
from nightshelf.host.folder import HostFolder
from nightshelf.host.serve import serve
from nightshelf.models.panel import remember, warm_up

_TICK_SECONDS = 0.5


class Parent:
    def __init__(self, folder: HostFolder, idle_seconds: float, memory_bytes: int) -> None:
        self._folder = folder
        self._idle_seconds = idle_seconds
        self._memory_bytes = memory_bytes
        self._pids: dict[str, int] = {}
        self._listener = socket.socket(socket.AF_UNIX)
        folder.parent.unlink(missing_ok=True)
        self._listener.bind(str(folder.parent))
        self._listener.listen()
        self._listener.settimeout(_TICK_SECONDS)

    def run(self) -> None:
        """Until the last host has ended and the last request is older than the idle limit."""
        asked = time.monotonic()
        while self._folder.lease.exists():
            self._reap()
            if not self._pids and time.monotonic() - asked > self._idle_seconds:
                break
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            asked = time.monotonic()
            with connection:
                connection.settimeout(_TICK_SECONDS)
                try:
                    asked_for, _ = frames.receive(connection)
                    # What it cannot find the host will say, which has somebody to say it to.
                    with suppress(NightshelfError):
                        remember(from_fields(asked_for["choice"]))
                    frames.send(connection, {"pid": self._host(asked_for["slot"])})
                except (OSError, ValueError, KeyError):
                    continue  # whoever asked has gone; the next one is served
        for pid in self._pids.values():
            # Without its lease a host ends by itself, unless it hangs.
            os.kill(pid, signal.SIGKILL)
        self._folder.parent.unlink(missing_ok=True)

    def _host(self, slot: str) -> int:
        """The pid of the slot's host, which listens from the moment this returns."""
        self._reap()
        if slot in self._pids:
            return self._pids[slot]
        path = self._folder.socket(slot)
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        pid = os.fork()
        if pid == 0:
            # A child of a fork leaves by _exit alone: the parent's clean-up is not its own.
            try:
                self._listener.close()
                serve(self._folder, slot, listener, self._idle_seconds, self._memory_bytes)
            finally:
                os._exit(0)
        listener.close()
        self._pids[slot] = pid
        return pid

    def _reap(self) -> None:
        for slot, pid in list(self._pids.items()):
            if self._hangs(slot):
                os.kill(pid, signal.SIGKILL)
            if os.waitpid(pid, os.WNOHANG)[0]:
                del self._pids[slot]

    def _hangs(self, slot: str) -> bool:
        """Whether a host has not shown itself for the idle limit, so that it cannot end itself."""
        try:
            seen = self._folder.socket(slot).stat().st_mtime
        except OSError:
            return False
        # Compared with a time that the file system took.
        return time.time() - seen > self._idle_seconds + _TICK_SECONDS  # noqa: TID251


def main(arguments: list[str]) -> int:
    folder = HostFolder(Path(arguments[0]))
    parent = Parent(folder, float(arguments[1]), int(arguments[2]) << 20)
    if os.fork():
        return 0  # whoever has started it can connect from now on, and need not reap it
    os.setsid()
    # Before it forks hosts, so that it is paid once.
    pa.array([0])  # imports pandas
    if arguments[3] == "warm":
        warm_up()
    parent.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
