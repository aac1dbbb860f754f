"""Processes that were started here: how they start, who they are, and how they all end."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from nightshelf.services import private

MARK = "_NIGHTSHELF_SERVICES"
"""Set in every process that services start, and so in all that those start in turn, in whatever
session: it holds the home they belong to, and `down` finds them by it."""


@dataclass(frozen=True)
class Started:
    """One process: a pid alone may belong to somebody else by now, with its start time not."""

    pid: int
    created: float
    """Seconds since 1970, as the kernel counts them."""

    @property
    def is_alive(self) -> bool:
        return self.process() is not None

    def process(self) -> psutil.Process | None:
        with suppress(psutil.NoSuchProcess):
            found = psutil.Process(self.pid)
            same = found.create_time() == self.created
            return found if same and found.status() != psutil.STATUS_ZOMBIE else None
        return None


def start(command: Sequence[str], *, environ: Mapping[str, str], log: Path) -> Started:
    """Start `command` in a session of its own, output appended to `log`, without any input."""
    appending = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    pid = os.posix_spawn(
        command[0],
        list(command),
        environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), appending, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    return Started(pid, psutil.Process(pid).create_time())


def marked(mark: str) -> list[psutil.Process]:
    """Every living process that carries `mark`, whoever its parent is."""
    return list(_marked(mark))


def end(leaders: Sequence[Started], mark: str, *, patience: float) -> None:
    """Ask `leaders` to end, wait `patience` seconds, then kill them and all that carries `mark`."""
    for leader in leaders:
        if process := leader.process():
            with suppress(psutil.NoSuchProcess):
                process.terminate()
    until(lambda: not any(leader.is_alive for leader in leaders), patience)

    def nothing_is_left() -> bool:  # what is being started while we look is seen the next time
        left = marked(mark)
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        return not left

    until(nothing_is_left, patience)


def until(done: Callable[[], bool], seconds: float) -> None:
    """Return when `done` says so, or when `seconds` have passed."""
    # Not psutil's waiting: a dead process whose parent does not ask after it counts as dead here.
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)


def save(path: Path, port: int, started: Mapping[str, Started]) -> None:
    """Write the state file that `load` reads."""
    state = {"port": port, "processes": {name: asdict(one) for name, one in started.items()}}
    private.write(path, json.dumps(state, indent=1))


def load(path: Path) -> tuple[int, dict[str, Started]]:
    """The port and the processes of the state file; `(0, {})` where there is none to read."""
    try:
        state = json.loads(path.read_text())
        return int(state["port"]), {n: Started(**one) for n, one in state["processes"].items()}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return 0, {}


def _marked(mark: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        # Another user's process cannot be read, and was not started here.
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                yield process
