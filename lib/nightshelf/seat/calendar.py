"""Thirty days, one row a date: how its night ended, what it asked, and what that cost."""

from nightshelf.ops import runs
from nightshelf.seat import lake
from nightshelf.seat.nights import (
    Took,
    first_night,
    held_leases,
    newest_night,
    newest_of_dates,
    took,
    whole_runs,
)
from nightshelf.seat.sources import Json, Sources, days_until, in_utc, shortened

DAYS = 30
#: Of a date without a run: since nights began one should be there, before that none.
MISSING, NONE = "missing", "none"
#: Of a run that is called running while nobody works on it.
STOPPED = "stopped"


def calendar(sources: Sources, until: str | None = None, days: int = DAYS) -> Json:
    """
    `days` up to `until`, oldest first; up to the newest night where nothing is said.

    Each has `date`, `state`, `run`, `release`, `asked` (texts), `reused` (answers), `failed`
    (texts), `rejected` (rows), `tokens`, `cost`, `started_at`, `ended_at` and `error`.
    """
    dates = days_until(until or _newest(sources, days), days)
    newest = newest_of_dates(sources.ops, dates[0], dates[-1])
    names = [row["run"] for row in newest.values()]
    whole, spent = whole_runs(sources.ops, names), took(sources, names)
    rejected = lake.rejected_by_date(sources, dates[0])
    alive, begun = held_leases(sources), first_night(sources.ops)
    found: list[Json] = []
    for date in dates:
        row = newest.get(date)
        if row is None:
            is_due = bool(begun) and str(begun) <= date <= sources.last_night
            found.append({"date": date, "state": MISSING if is_due else NONE, "run": None})
        else:
            one = day(sources, whole[row["run"]], spent[row["run"]])
            one["state"] = state_of(row, alive)
            found.append(one | {"rejected": rejected.get(date, 0)})
    return {
        "days": found,
        "first": dates[0],
        "last": dates[-1],
        "currency": sources.settings.currency,
        "has_prices": has_prices(sources, found),
    }


def day(sources: Sources, row: runs.Row, spent: Took) -> Json:
    """What a run's night came to."""
    return {
        "date": row["date"],
        "state": row["state"],
        "run": row["run"],
        "release": row["release"],
        "step": row["step"],
        "asked": spent.usage.texts,
        "reused": sum(one.get("reused", 0) for one in row["plan"].values()),
        "failed": spent.failed,
        "tokens": spent.usage.tokens,
        "cost": spent.cost(sources.settings),
        "started_at": in_utc(row["started_at"]),
        "ended_at": in_utc(row["ended_at"]),
        "error": shortened(row["error"]),
    }


def state_of(row: runs.Row, alive: frozenset[str]) -> str:
    """The run's state; `alive` are the runs that somebody works on."""
    if row["state"] == runs.RUNNING and row["run"] not in alive:
        return STOPPED
    return str(row["state"])


def has_prices(sources: Sources, days: list[Json]) -> bool:
    """Whether a cost says anything: without prices all of them are nought."""
    settings = sources.settings
    priced = settings.price_per_million_tokens or settings.price_per_device_hour
    return bool(priced) or any(one.get("cost") for one in days)


def _newest(sources: Sources, days: int) -> str:
    """The last night; of a lake that has rested since, or is ahead, the newest one there is."""
    newest = newest_night(sources.ops)
    if newest is None or days_until(sources.last_night, days)[0] <= newest < sources.last_night:
        return sources.last_night
    return newest
