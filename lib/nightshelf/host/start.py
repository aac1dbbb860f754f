"""Start the process that starts hosts, and end all hosts of a home."""

import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from nightshelf.errors import HostLost
from nightshelf.host import frames
from nightshelf.host.choices import to_fields
from nightshelf.host.folder import HostFolder
from nightshelf.models.panel import Choice
from nightshelf.settings import process_environ

_MODULE = "nightshelf.host.parent"
_START_SECONDS = 120.0


@dataclass(frozen=True, kw_only=True)
class HostLimits:
    """How long hosts live without a client, in seconds, and when they let go of models."""

    idle_seconds: float
    memory_mb: int


def host_of(folder: HostFolder, slot: str, limits: HostLimits, choice: Choice) -> socket.socket:
    """
    A connection to the slot's host, started if need be; `choice` is what it will be asked for.

    Raise `HostLost` if none can be reached.
    """
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError):
            return _connected(folder.socket(slot))
        folder.make()
        try:
            _ask_parent(folder, slot, choice)
        except OSError:
            # One worker starts it, the others wait for that one.
            with folder.locked("start"):
                _start_parent(folder, limits, warm=not choice.is_fake)
    raise HostLost(f"no model host could be started for {slot}; {_end_of(folder.log)}")


def stop_hosts(folder: HostFolder, *, patience: float = 5.0) -> int:
    """End every host of this home, and return how many processes there were."""
    folder.lease.unlink(missing_ok=True)
    found = hosts(folder)
    _, left = psutil.wait_procs(found, timeout=patience)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=patience)
    shutil.rmtree(folder.path, ignore_errors=True)
    return len(found)


def hosts(folder: HostFolder) -> list[psutil.Process]:
    """Every living process of this folder: the parent, and the hosts that it forked."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            words = process.cmdline()
            if _MODULE in words and str(folder.path) in words:
                found.append(process)
    return found


def _connected(path: object) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


def _ask_parent(folder: HostFolder, slot: str, choice: Choice) -> None:
    with _connected(folder.parent) as parent:
        parent.settimeout(_START_SECONDS)
        frames.send(parent, {"slot": slot, "choice": to_fields(choice)})
        frames.receive(parent)


def _start_parent(folder: HostFolder, limits: HostLimits, *, warm: bool) -> None:
    with suppress(OSError):
        return _connected(folder.parent).close()  # another worker has been here
    command = [sys.executable, "-m", _MODULE, str(folder.path)]
    command += [str(limits.idle_seconds), str(limits.memory_mb), "warm" if warm else "cold"]
    with folder.log.open("ab") as log:
        # It returns when the socket is there, and leaves a process that is nobody's child.
        done = subprocess.run(  # noqa: S603
            command,
            env=_environ(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            timeout=_START_SECONDS,
        )
    if done.returncode:
        raise HostLost(f"the model host did not start; {_end_of(folder.log)}")


def _environ() -> dict[str, str]:
    # The marks say which job or service a process belongs to; a host outlives those.
    kept = {k: v for k, v in process_environ().items() if not k.startswith("_NIGHTSHELF_")}
    return {**kept, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


def _end_of(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-5:] if log.is_file() else []
    return f"its log {log} ends:\n  " + "\n  ".join(lines)
