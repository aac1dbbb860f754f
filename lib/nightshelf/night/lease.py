"""A run holds its dates: taken before work, renewed while it lasts, given back at its end."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import psutil
import sqlalchemy as sa

from nightshelf.errors import LeaseLost
from nightshelf.night.context import Context
from nightshelf.ops import leases
from nightshelf.ops.leases import Claim

ASKING = "asking"

_CLOCK_SECONDS = 5.0


def date_lease(date: str) -> str:
    return f"date:{date}"


def lease_of(scope: str) -> str:
    """
    The lease of what a run works on: a date, or of a run without dates whatever it has named.

    >>> lease_of("2026-03-01"), lease_of("reanswer:sentiment")
    ('date:2026-03-01', 'reanswer:sentiment')
    """
    return scope if ":" in scope else date_lease(scope)


def this_process() -> str:
    pid = os.getpid()
    return f"{socket.gethostname()}:{pid}:{psutil.Process(pid).create_time()}"


def is_dead(process: str) -> bool:
    """Whether the process ran on this machine and no longer does; of others nothing is known."""
    host, _, rest = process.partition(":")
    pid, _, started = rest.partition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    with suppress(psutil.NoSuchProcess):
        found = psutil.Process(int(pid))
        # Times of start are told from the clock, and move when it is set.
        same = abs(found.create_time() - float(started)) < _CLOCK_SECONDS
        return not same or found.status() == psutil.STATUS_ZOMBIE
    return True


def try_take(context: Context, name: str, claim: Claim) -> str | None:
    """`None` when the lease is ours now, else the run that has it."""
    seconds = context.settings.lease_minutes * 60
    for _ in range(2):
        now = context.clock().timestamp()
        holder = leases.acquire(context.ops, name, claim, now=now, seconds=seconds)
        if holder is None:
            return None
        process = leases.holder_process(context.ops, name)
        if not is_dead(process):
            return holder
        leases.break_lease(context.ops, name, process=process)
    return holder


def take_more(context: Context, run: str, dates: Sequence[str]) -> list[str]:
    """Those of `dates` that are free; they become this run's."""
    claim = Claim(run, this_process())
    return [day for day in dates if try_take(context, date_lease(day), claim) is None]


@contextmanager
def held(
    context: Context, run: str, names: Sequence[str], on_lost: Callable[[], None]
) -> Iterator[None]:
    """
    Keep `names`, which have been taken, while the work lasts; call `on_lost` if one is lost.

    At the end the work's process is taken out: the run keeps a name until it is given back or
    its time runs out.
    """
    stop = threading.Event()
    claim = Claim(run, this_process())

    def renew() -> None:
        while not stop.wait(context.settings.lease_minutes * 60 / 4):
            # A database that is away for a moment: the next look tells whose the names are.
            with suppress(sa.exc.OperationalError):
                if any(try_take(context, name, claim) for name in names):
                    on_lost()
                    return

    keeper = threading.Thread(target=renew, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()
        for name in names:
            try_take(context, name, Claim(run))


def must_take(context: Context, run: str, name: str) -> None:
    """Raise `LeaseLost` if another run has it."""
    if holder := try_take(context, name, Claim(run, this_process())):
        raise LeaseLost(
            f"{name} is held by run {holder}; wait for it to end, then start this one again"
        )


def give_back(context: Context, run: str, names: Sequence[str]) -> None:
    for name in names:
        leases.release(context.ops, name, owner=run)


def end_this_process() -> None:
    """What is left to do for work whose lease went to somebody else."""
    os.kill(os.getpid(), signal.SIGTERM)
