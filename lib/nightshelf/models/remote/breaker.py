"""Stop asking a server that is unwell, look whether it recovers, and give up in words."""

import asyncio

from nightshelf.errors import RemoteUnavailable
from nightshelf.models.remote.limits import Patience

_TICK = 1e-3


class CircuitBreaker:
    """
    Closed: everybody passes. Open, after so many failures in a row: nobody does, so nothing is
    spent. Half open, after a pause: one request is the probe; what becomes of it closes the
    breaker, or opens it for twice as long.

    Times are those of the running loop, in seconds.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._failures = 0
        self._opened: float | None = None
        self._pause = patience.pause_seconds
        self._until = 0.0
        self._last = ""
        self._probing = False
        self._changed = asyncio.Event()

    async def turn(self) -> None:
        """
        Wait until a request may be sent; its end has to be told by `worked` or `broke`.

        Raises `RemoteUnavailable` when it has stayed open for longer than people should wait, or
        the server asks for a longer pause than that.
        """
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            self._give_up(now)
            if now >= self._until and not (self._opened is not None and self._probing):
                self._probing = self._opened is not None
                return
            if self._changed.is_set():
                self._changed = asyncio.Event()
            seconds = max(self._until - now, 0.0) or self._patience.pause_seconds
            if self._opened is not None:
                patience = self._opened + self._patience.minutes * 60 - now
                seconds = min(seconds, patience + _TICK)
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait()
            except TimeoutError:
                continue

    def worked(self) -> None:
        """The server has replied as a server does that is well, whatever it said."""
        self._failures, self._opened, self._probing = 0, None, False
        self._pause = self._patience.pause_seconds
        self._changed.set()

    def broke(self, reason: str) -> None:
        """It has not."""
        now = asyncio.get_running_loop().time()
        self._failures += 1
        self._last = reason
        if self._opened is None:
            if self._failures < self._patience.failures:
                return
            self._opened = now
            self._until = max(self._until, now + self._pause)
        elif self._probing:
            self._probing = False
            self._pause = min(2 * self._pause, self._patience.most_pause_seconds)
            self._until = max(self._until, now + self._pause)
        self._changed.set()

    def wait_for(self, seconds: float, reason: str) -> None:
        """The server has asked everybody to wait so long."""
        self._last = reason
        self._until = max(self._until, asyncio.get_running_loop().time() + seconds)

    def _give_up(self, now: float) -> None:
        longest = self._patience.minutes * 60
        open_for = now - self._opened if self._opened is not None else 0.0
        if open_for > longest or self._until - now > longest:
            raise RemoteUnavailable(
                f"the server of the remote model has been unwell for {open_for / 60:.1f} minutes"
                f" (last: {self._last}) and wants no request for {max(self._until - now, 0):.0f}"
                " seconds more. What it has answered is kept; look after it at"
                " NIGHTSHELF_REMOTE_URL, then run again"
            )
