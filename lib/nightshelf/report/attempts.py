"""Each attempt at a step: how long it took, and how it ended."""

from collections.abc import Sequence
from datetime import datetime

from nightshelf.ops import runs, steps
from nightshelf.ops.times import in_utc
from nightshelf.report.shape_asked import Attempt
from nightshelf.report.source import Source
from nightshelf.report.text import iso

#: It began, and neither it nor its run says how it ended.
KILLED = "killed"


def attempts(source: Source) -> list[Attempt]:
    found = source.steps
    return [_attempt(source, row, is_last=row is found[-1]) for row in found]


def _attempt(source: Source, row: runs.Row, *, is_last: bool) -> Attempt:
    state = str(row["state"])
    if state == steps.RUNNING and not (is_last and source.row["state"] == runs.RUNNING):
        state = KILLED
    return {
        "step": str(row["step"]),
        "state": state,
        "started_at": iso(row["started_at"]) or "",
        "ended_at": iso(row["ended_at"]),
        "seconds": seconds_between(row["started_at"], row["ended_at"]),
    }


def seconds_between(start: datetime, end: datetime | None) -> float | None:
    return None if end is None else (in_utc(end) - in_utc(start)).total_seconds()


def in_all(found: Sequence[Attempt]) -> float | None:
    """Seconds of those that ended; None where none did."""
    known = [one["seconds"] for one in found if one["seconds"] is not None]
    return sum(known) if known else None
