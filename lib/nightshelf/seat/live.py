"""Runs that are at work now: how far each question is, how fast, and when it will be done."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from nightshelf.engine.usage import Usage
from nightshelf.host.folder import HostFolder
from nightshelf.host.progress import under_way
from nightshelf.names import REANSWER_STEPS, STEPS
from nightshelf.ops import runs
from nightshelf.seat.calendar import STOPPED, state_of
from nightshelf.seat.nights import held_leases, running, waves_of
from nightshelf.seat.sources import Json, Sources, in_utc

_STOPPED_IS_NEWS = timedelta(days=2)


def live(sources: Sources) -> Json:
    """Each run with its `steps`, and for its models the `parts` that they have to read."""
    alive = held_leases(sources)
    rows = [row for row in running(sources.ops) if _is_news(sources, row, alive)]
    waves = waves_of(sources.ops, [row["run"] for row in rows])
    return {
        "now": in_utc(sources.now),
        "runs": [
            _run(sources, row, [one for one in waves if one["run"] == row["run"]], alive)
            for row in rows
        ],
    }


def _is_news(sources: Sources, row: runs.Row, alive: frozenset[str]) -> bool:
    """Who stopped long ago is called running for good, unless somebody takes it up."""
    began, oldest = in_utc(row["started_at"]), in_utc(sources.now - _STOPPED_IS_NEWS)
    return row["run"] in alive or str(began) > str(oldest)


def _run(sources: Sources, row: runs.Row, waves: Sequence[runs.Row], alive: frozenset[str]) -> Json:
    state = state_of(row, alive)
    steps = STEPS if row["step"] in STEPS and ":" not in row["date"] else REANSWER_STEPS
    parts = [
        part_of(sources, one, waves) for one in (row["estimate"] or {}).get("parts", ()) if one
    ]
    if row["step"] == "ask" and state != STOPPED:
        _add_running(sources, parts)
    return {
        "run": row["run"],
        "date": row["date"],
        "state": state,
        "step": row["step"],
        "steps": list(steps),
        "started_at": in_utc(row["started_at"]),
        "parts": parts if row["step"] in ("ask", "assemble", "release") else [],
    }


def part_of(sources: Sources, part: Mapping[str, Any], waves: Sequence[runs.Row]) -> Json:
    """What one model has read of its `texts`, by the waves that it has committed."""
    questions = set(part["questions"])
    own = [one for one in waves if one["answers"] and set(one["answers"]) <= questions]
    usage, seconds = Usage(), 0.0
    for one in own:
        usage.add(one["usage"] or {})
        seconds += one["seconds"] or 0.0
    rate = usage.texts / seconds if seconds else 0.0
    left = max(part["texts"] - usage.texts, 0)
    return {
        "questions": list(part["questions"]),
        "texts": part["texts"],
        "done": usage.texts,
        "waves": len(own),
        "planned_waves": part["waves"],
        "rows_per_second": rate,
        "tokens_per_second": usage.tokens / seconds if seconds else 0.0,
        "padding_share": usage.padding_share,
        "busy_share": usage.busy_share,
        "failures": usage.failures,
        **_end(sources, left, rate, part["seconds"]),
    }


def _end(sources: Sources, left: int, rate: float, planned: float | None) -> Json:
    """When the rest is read, as fast as before; before the first wave, as the plan expects."""
    if not left:
        return {"eta": None, "seconds_left": 0.0}
    seconds = left / rate if rate else planned
    eta = sources.now + timedelta(seconds=seconds) if seconds is not None else None
    return {"eta": in_utc(eta), "seconds_left": seconds}


def _add_running(sources: Sources, parts: Sequence[Json]) -> None:
    """What the wave under way has come to on this machine counts for the part it belongs to."""
    now = under_way(HostFolder.of(sources.settings.home)).texts
    unfinished = [one for one in parts if one["done"] < one["texts"]]
    if now and unfinished:
        one = unfinished[0]
        one["done"] = min(one["done"] + now, one["texts"])
