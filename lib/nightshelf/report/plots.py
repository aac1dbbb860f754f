"""The geometry of plots: parts of a whole, times beside each other, columns; all in percent."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from nightshelf.report.shape_asked import Attempt

#: The class that colours a part; names that are not here never become one.
_KINDS = {
    "accepted": "good",
    "answered": "good",
    "done": "good",
    "reused": "known",
    "abstained": "info",
    "rejected": "bad",
    "failed": "bad",
    "killed": "bad",
    "deferred": "warn",
    "held": "warn",
    "duplicate": "dim",
    "running": "info",
    "new": "c1",
    "edited": "c2",
    "model changed": "c3",
    "prompt changed": "c4",
    "failed before": "bad",
    "added": "good",
    "changed": "info",
    "removed": "bad",
}
#: A part that is there can be seen, however small.
_LEAST = 0.6


class Bar(NamedTuple):
    x: float
    width: float
    kind: str


def kind(name: str) -> str:
    return _KINDS.get(name, "c0")


def stack(parts: Mapping[str, int | None], whole: float | None = None) -> list[Bar]:
    """
    Side by side; of `whole` where that is more than their sum.

    >>> [bar.width for bar in stack({"accepted": 3, "rejected": 1, "duplicate": 0})]
    [75.0, 25.0]
    """
    wanted = {name: float(value) for name, value in parts.items() if value and value > 0}
    if not wanted:
        return []
    total = max(sum(wanted.values()), whole or 0.0)
    widths = {name: max(100 * value / total, _LEAST) for name, value in wanted.items()}
    shrink = min(1.0, 100 / sum(widths.values()))
    bars, x = [], 0.0
    for name, width in widths.items():
        bars.append(Bar(round(x, 3), round(width * shrink, 3), kind(name)))
        x += width * shrink
    return bars


def timeline(attempts: Sequence[Attempt]) -> list[Bar | None]:
    """When each ran, of the time from the first to the last; None where its end is not known."""
    spans = [_span(one) for one in attempts]
    known = [span for span in spans if span]
    if not known:
        return [None for _ in attempts]
    first, last = min(start for start, _ in known), max(end for _, end in known)
    whole = max(last - first, 1.0)
    return [
        Bar(
            round(min(100 * (span[0] - first) / whole, 100 - _LEAST), 3),
            round(max(100 * (span[1] - span[0]) / whole, _LEAST), 3),
            kind(one["state"]),
        )
        if span
        else None
        for one, span in zip(attempts, spans, strict=True)
    ]


def columns(values: Iterable[float | None], most: float | None = None) -> list[Bar]:
    """One a value, as high as its share of the largest, or of `most`; `width` is the height."""
    found = [value or 0.0 for value in values]
    top = most or max(found, default=0.0)
    if not top:
        return []
    step = 100 / len(found)
    return [Bar(round(n * step, 3), round(100 * one / top, 3), "c1") for n, one in enumerate(found)]


def _span(attempt: Attempt) -> tuple[float, float] | None:
    if attempt["ended_at"] is None:
        return None
    ends = (attempt["started_at"], attempt["ended_at"])
    start, end = (datetime.fromisoformat(one).timestamp() for one in ends)
    return start, end
