"""How long to wait before a server is asked again."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

Now = Callable[[], datetime]


def retry_after(header: str | None, now: Now) -> float | None:
    """
    Seconds that `Retry-After` asks for, given as seconds or as an HTTP date; None if it is neither.

    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> retry_after("7", lambda: noon), retry_after("soon", lambda: noon)
    (7.0, None)
    >>> retry_after("Sun, 01 Mar 2026 12:01:00 GMT", lambda: noon)
    60.0
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text), 10**9))
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max((at - now()).total_seconds(), 0.0)


def backoff(tries: int, *, first: float, most: float, chance: random.Random) -> float:
    """
    Seconds before the next try after `tries` of them: anything up to a bound that doubles.

    Full jitter, since callers that failed together would otherwise come back together.

    >>> 0 <= backoff(3, first=1.0, most=60.0, chance=random.Random(1)) <= 4
    True
    """
    bound = min(most, first * 2 ** min(tries - 1, 30))
    return chance.uniform(0.0, bound)
