"""Make a call that may be repeated until it works, or patience ends."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from nightshelf.errors import RemoteUnavailable
from nightshelf.models.remote.failures import NotFound, Unanswered
from nightshelf.models.remote.limits import Pace
from nightshelf.models.remote.pauses import backoff

Result = TypeVar("Result")


async def patiently(
    call: Callable[[], Awaitable[Result]], pace: Pace, jitter: random.Random
) -> Result:
    """
    What `call` gives, which may be made again and again, until it works.

    Raises the `Unanswered` that will not pass, `NotFound` among them, and `RemoteUnavailable` when
    patience is at its end.
    """
    loop, tries = asyncio.get_running_loop(), 0
    deadline = loop.time() + pace.patience.minutes * 60
    while True:
        tries += 1
        try:
            return await call()
        except Unanswered as failure:
            if not failure.is_transient or isinstance(failure, NotFound):
                raise
            reason, after = failure.reason, failure.after or 0.0
        pause = after + backoff(
            tries,
            first=pace.first_backoff_seconds,
            most=pace.most_backoff_seconds,
            chance=jitter,
        )
        if loop.time() + pause > deadline:
            raise RemoteUnavailable(
                f"the batch API at NIGHTSHELF_REMOTE_URL has not answered after {tries} tries"
                f" (last: {reason}). What was submitted is written down: run again, and it is"
                " looked for and collected, not submitted anew"
            )
        await asyncio.sleep(pause)
