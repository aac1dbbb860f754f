"""Know what a way has used when all of its models are loaded, for engines that load them anew."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ways.job import Meter

_PATIENCE_SECONDS = 120.0
_TICK_SECONDS = 0.05


def arrive(folder: str, slots: int) -> None:
    """Say that this process has its model, and wait until `slots` have theirs."""
    (Path(folder) / str(os.getpid())).touch()
    _wait_for(Path(folder), slots)


def _wait_for(folder: Path, slots: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while len(list(folder.iterdir())) < slots and time.monotonic() < deadline:
        time.sleep(_TICK_SECONDS)


@dataclass
class Work:
    """What came after the start; filled when the block ends."""

    cpu: float = 0.0
    wall: float = 0.0


@contextmanager
def after_start(folder: str, slots: int, meter: Meter) -> Iterator[Work]:
    """The processes of the block call `arrive` with the same folder, which is made anew."""
    Path(folder).mkdir(parents=True)
    begun: list[tuple[float, float]] = []

    def look() -> None:
        _wait_for(Path(folder), slots)
        begun.append((meter.cpu(), time.perf_counter()))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    work = Work()
    yield work
    thread.join()
    [(cpu, at)] = begun
    work.cpu, work.wall = meter.cpu() - cpu, time.perf_counter() - at
