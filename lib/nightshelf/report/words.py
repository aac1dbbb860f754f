"""Numbers, times and sums of money as people read them."""

import re
from datetime import datetime

_OURS = re.compile(r"^lake\.(shop|shelf|answers)\.")
#: What is not known.
NONE = "–"


def number(value: float | None) -> str:
    """
    >>> number(1234567), number(2345.6), number(23.0), number(0.25), number(None)
    ('1,234,567', '2,346', '23.0', '0.25', '–')
    """
    if value is None:
        return NONE
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def share(value: float | None) -> str:
    """
    >>> share(0.25), share(0.0042), share(None)
    ('25%', '0.42%', '–')
    """
    if value is None:
        return NONE
    digits = 0 if value in (0.0, 1.0) or abs(value) >= 0.1 else 2
    return f"{100 * value:.{digits}f}%"


def span(seconds: float | None) -> str:
    """
    >>> span(0.4), span(47.3), span(754), span(7500), span(None)
    ('0.4 s', '47 s', '12 min 34 s', '2 h 5 min', '–')
    """
    if seconds is None:
        return NONE
    if seconds < 10:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def money(value: float | None, currency: str) -> str:
    """
    >>> money(2.5, "EUR"), money(0.0042, "EUR"), money(0, "EUR"), money(None, "EUR")
    ('2.50 EUR', '0.0042 EUR', '0.00 EUR', '–')
    """
    if value is None:
        return NONE
    # What costs less than a cent costs something all the same.
    digits = ",.2f" if value >= 0.1 or not value else ".4g"
    return f"{value:{digits}} {currency}" if currency else f"{value:{digits}}"


def when(time: str | None) -> str:
    """
    >>> when("2026-03-02T01:30:00+00:00"), when(None)
    ('2026-03-02 01:30:00 UTC', '–')
    """
    if not time:
        return NONE
    try:
        return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M:%S} UTC"
    except ValueError:
        return time


def clock(time: str | None) -> str:
    """
    >>> clock("2026-03-02T01:30:00+00:00")
    '01:30:00'
    """
    return when(time).partition(" ")[2].removesuffix(" UTC") or when(time)


def table(name: str) -> str:
    """
    >>> table("lake.shelf.review_sentiment")
    'review_sentiment'
    """
    return _OURS.sub("", name)


def expectation(name: str) -> str:
    """
    >>> expectation("label_drift")
    'label drift'
    """
    return name.replace("_", " ")
