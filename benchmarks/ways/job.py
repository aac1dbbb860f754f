"""What a way is told to do, and the line in which it says what that took."""

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Job:
    """
    `runs` are folders of texts by name, answered in that order by one way that stays open.

    `shards` of 0: as many as the product makes of them.
    """

    runs: dict[str, str]
    choice: dict[str, Any]
    home: str
    jars: str
    slots: int = 2
    shards: int = 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """
    `first` is the mean of the vectors' first numbers: the same for all ways, if they did the same.

    A way that sets `cpu` and `wall` has measured a part of itself.
    """

    answered: int
    first: float
    failed: int = 0
    cpu: float | None = None
    wall: float | None = None
    details: dict[str, Any] = field(default_factory=dict)


class Meter:
    """CPU-seconds that this way and all that it started have used; `counted.run` answers."""

    def __init__(self, descriptor: int) -> None:
        self._file = socket.socket(fileno=descriptor).makefile("rwb", buffering=0)

    def cpu(self) -> float:
        self._file.write(b"?")
        return float(self._file.readline())


Answer = Callable[[Path], Outcome]
Way = Callable[[Job, Meter], AbstractContextManager[Answer]]


def run_way(way: Way) -> None:
    """The `main` of a way's module."""
    job, meter = Job(**json.loads(sys.argv[1])), Meter(int(sys.argv[2]))
    # Not a way's business: what it starts would keep the socket open.
    os.set_inheritable(int(sys.argv[2]), False)  # noqa: FBT003
    results = []
    with way(job, meter) as answer:
        for name, folder in job.runs.items():
            cpu, begun = meter.cpu(), time.perf_counter()
            outcome = answer(Path(folder))
            wall = time.perf_counter() - begun
            cpu = meter.cpu() - cpu
            result = asdict(outcome) | {"name": name}
            if outcome.cpu is None:
                result |= {"cpu": cpu, "wall": wall}
            results.append(result)
    sys.stdout.write("\n" + json.dumps(results) + "\n")
