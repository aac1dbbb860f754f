"""Requests and tokens a minute, over all rows of an asker."""

import asyncio

_TICK = 1e-6


class Allowance:
    """
    `per_minute` units that flow in evenly; 0: as many as one likes.

    A take may overdraw what is there, and the next one waits until that is made good: so a row
    that is larger than a second's worth goes through, and the rate holds all the same. What can
    gather is a second's worth, but one unit at least.
    """

    def __init__(self, per_minute: float) -> None:
        self._per_second = per_minute / 60
        self._most = max(1.0, self._per_second)
        self._level = self._most
        self._seen: float | None = None

    def wait(self, now: float) -> float:
        """Seconds until something may be taken."""
        if not self._per_second:
            return 0.0
        gone = 0.0 if self._seen is None else now - self._seen
        self._seen = now
        self._level = min(self._most, self._level + gone * self._per_second)
        seconds = (1.0 - self._level) / self._per_second
        # The clock's last digits must not make it wait for nothing again and again.
        return seconds if seconds > _TICK else 0.0

    def take(self, units: float) -> None:
        if self._per_second:
            self._level -= units


class RateLimit:
    """Whoever asks first is let through first."""

    def __init__(self, requests_per_minute: float, tokens_per_minute: float) -> None:
        self._requests = Allowance(requests_per_minute)
        self._tokens = Allowance(tokens_per_minute)
        self._turn = asyncio.Lock()

    async def turn(self, tokens: int) -> None:
        """Wait until a request of so many tokens, at most, may be sent."""
        loop = asyncio.get_running_loop()
        async with self._turn:
            while seconds := max(self._requests.wait(loop.time()), self._tokens.wait(loop.time())):
                await asyncio.sleep(seconds)
            self._requests.take(1)
            self._tokens.take(tokens)
