"""What happens at a failpoint."""

import errno
import os
import signal
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

import sqlalchemy as sa

from benchmarks.faults.points import AFTER, BEFORE

KILL, GONE, LOST, FULL, PAUSE = "kill", "database_gone", "answer_lost", "disk_full", "pause"
_PAUSE_SECONDS = 0.3


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _connection_lost() -> None:
    cause = ConnectionError("server closed the connection unexpectedly")
    raise sa.exc.OperationalError("COMMIT", {}, cause)


def _disk_full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _pause() -> None:
    time.sleep(_PAUSE_SECONDS)


#: By name; what ends in an exception is raised at the failpoint.
HAPPENINGS: Mapping[str, Callable[[], None]] = MappingProxyType(
    {KILL: _kill, GONE: _connection_lost, LOST: _connection_lost, FULL: _disk_full, PAUSE: _pause}
)

#: A database is gone before its commit; an answer is lost after it.
MOMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        KILL: (BEFORE, AFTER),
        GONE: (BEFORE,),
        LOST: (AFTER,),
        FULL: (BEFORE,),
        PAUSE: (BEFORE, AFTER),
    }
)
