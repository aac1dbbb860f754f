"""Which processes there are and what CPU they have used, from Linux's /proc."""

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """`own` and `waited_for` are CPU-seconds: its threads', and its ended children's."""

    pid: int
    parent: int
    started: int
    own: float
    waited_for: float


def processes() -> list[Process]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                found.append(parse(int(folder.name), (folder / "stat").read_text()))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended since
    return found


def parse(pid: int, stat: str) -> Process:
    """
    >>> parse(7, "7 (a (b) c) S 1 7 7 0 -1 0 0 0 0 0 150 50 300 0 20 0 1 0 99 0").own
    2.0
    """
    # The name may hold spaces and brackets; what follows the last bracket does not.
    fields = stat.rpartition(")")[2].split()
    user, system, user_of_ended, system_of_ended = (int(ticks) for ticks in fields[11:15])
    return Process(
        pid=pid,
        parent=int(fields[1]),
        started=int(fields[19]),
        own=(user + system) / _TICKS,
        waited_for=(user_of_ended + system_of_ended) / _TICKS,
    )


def below(root: int, found: Iterable[Process]) -> list[Process]:
    """The descendants of `root`, without itself."""
    children = defaultdict(list)
    for one in found:
        children[one.parent].append(one)
    tree, waiting = [], [root]
    while waiting:
        for child in children[waiting.pop()]:
            tree.append(child)
            waiting.append(child.pid)
    return tree
