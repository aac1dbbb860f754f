"""Wait for a lease that another run has."""

import time

from nightshelf.errors import NotReady
from nightshelf.night.context import Context
from nightshelf.night.lease import this_process, try_take
from nightshelf.ops.leases import Claim

_POLL_SECONDS = 2.0


def wait_for(context: Context, run: str, name: str, *, hours: float = 6.0) -> None:
    """Return when the lease is ours; raise `NotReady`, naming its holder, after `hours`."""
    deadline = time.monotonic() + hours * 3600
    told = None
    while holder := try_take(context, name, Claim(run, this_process())):
        if holder != told:
            context.say(f"waiting for run {holder}, which holds {name}")
            told = holder
        if time.monotonic() > deadline:
            raise NotReady(f"run {holder} has held {name} for {hours:g} hours; is it stuck?")
        time.sleep(_POLL_SECONDS)
