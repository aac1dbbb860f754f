"""Last night in one sentence."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from nightshelf.ops import runs
from nightshelf.seat import lake
from nightshelf.seat.calendar import MISSING, STOPPED, calendar
from nightshelf.seat.sources import Json, Sources

GOOD, BUSY, WARN, BAD, IDLE = "good", "busy", "warn", "bad", "idle"


def verdict(sources: Sources) -> Json:
    """`tone` is one of good, busy, warn, bad and idle; `said` the sentence; `readers` a second."""
    date = sources.last_night
    [one] = calendar(sources, until=date, days=1)["days"]
    is_due = sources.now >= _due(sources, date)
    tone, said = _said(one, sources.settings.currency, is_due=is_due)
    return {"date": date, "tone": tone, "said": said, "readers": _readers(sources)}


_SAID: Final = {
    runs.RELEASED: (GOOD, "was released as number {release}: {figures}."),
    runs.UNCHANGED: (GOOD, "found nothing new; release {release} stands: {figures}."),
    runs.RUNNING: (BUSY, "is running; it is at the step {step}."),
    runs.HELD: (WARN, "is held and waits for you; nothing of it was published."),
    runs.DISMISSED: (WARN, "was rejected; nothing of it was published."),
    runs.FAILED: (BAD, "failed at the step {step}; nothing of it was published."),
    STOPPED: (BAD, "stopped at the step {step}: nobody works on it any more."),
    MISSING: (WARN, "has not begun; it waits for its input or for Airflow."),
}
_TOO_LATE: Final = (BAD, "has not run, and the deadline of its input has passed.")


def _said(one: Mapping[str, Any], currency: str, *, is_due: bool) -> tuple[str, str]:
    state = one["state"]
    if state not in _SAID:
        return IDLE, f"No night has run yet; the next one is that of {one['date']}."
    tone, words = _TOO_LATE if state == MISSING and is_due else _SAID[state]
    if tone == GOOD and one["failed"]:
        tone = WARN
    told = {"step": one.get("step"), "release": one.get("release")}
    figures = _figures(one, currency) if one["run"] else ""
    return tone, f"The night of {one['date']} {words.format(**told, figures=figures)}"


def _figures(one: Mapping[str, Any], currency: str) -> str:
    parts = [f"{one['asked']:,} texts asked", f"{one['reused']:,} answers reused"]
    parts += [f"{one['failed']:,} failed"] if one["failed"] else ["none failed"]
    if one["rejected"]:
        parts.append(f"{one['rejected']:,} rows rejected")
    if one["cost"]:
        parts.append(f"{one['cost']:,.2f} {currency}")
    return ", ".join(parts)


def _readers(sources: Sources) -> str:
    found = lake.all_releases(sources)
    if not found:
        return "Nothing has been released; readers see nothing."
    newest = found[-1]
    of = f", of {', '.join(newest.dates)}" if newest.dates else f", a {newest.kind}"
    since = f"{newest.released_at:%Y-%m-%d %H:%M} UTC"
    return f"Readers see release {newest.release}{of}, since {since}."


def _due(sources: Sources, date: str) -> datetime:
    ended = datetime.fromisoformat(date).replace(tzinfo=sources.now.tzinfo) + timedelta(days=1)
    return ended + timedelta(hours=sources.settings.input_deadline_hours)
