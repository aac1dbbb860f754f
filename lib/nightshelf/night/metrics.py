"""The operations database as Prometheus metrics: what is watched, and what wakes somebody."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from nightshelf.engine.usage import Usage
from nightshelf.ops import decisions, runs
from nightshelf.ops.times import in_utc

#: How far back runs are counted.
DAYS = 30
_LOOKED_AT = 1000


class _Gauges:
    """Made when they are first set."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._known: dict[str, Gauge] = {}

    def set(self, name: str, about: str, value: float | None, **labels: str) -> None:
        full = f"nightshelf_{name}"
        if full not in self._known:
            self._known[full] = Gauge(full, about, labels, registry=self.registry)
        gauge = self._known[full]
        (gauge.labels(**labels) if labels else gauge).set(value or 0)


def exposition(engine: sa.Engine, now: datetime) -> str:
    """All of them, in Prometheus' text format: of all runs, then of the newest ended night."""
    gauges = _Gauges()
    found = runs.recent_runs(engine, limit=_LOOKED_AT)
    _of_runs(gauges, found, now)
    waiting = {"release": decisions.held_runs(engine), "plan": decisions.held_plans(engine)}
    for what, held in waiting.items():
        gauges.set("waiting", "Held, until a person decides.", len(held), what=what)
    night = next((row for row in found if row["plan"] and row["state"] in runs.ENDED), None)
    if night is not None:
        _of_night(gauges, night)
    return generate_latest(gauges.registry).decode()


def _of_runs(gauges: _Gauges, found: Sequence[runs.Row], now: datetime) -> None:
    since = now - timedelta(days=DAYS)
    states = Counter(row["state"] for row in found if in_utc(row["started_at"]) >= since)
    for state in (runs.RUNNING, *runs.ENDED):
        gauges.set("runs", f"Runs of the last {DAYS} days.", states[state], state=state)
    released = [row for row in found if row["state"] == runs.RELEASED and row["ended_at"]]
    if not released:
        return
    newest = max(released, key=lambda row: in_utc(row["ended_at"]))
    gauges.set("release_number", "The newest release.", newest["release"])
    at = _seconds(newest["ended_at"])
    gauges.set("release_timestamp_seconds", "When readers saw it.", at)
    dates = [datetime.fromisoformat(row["date"]) for row in released if _is_date(row["date"])]
    if dates:
        gauges.set("newest_date_timestamp_seconds", "Newest released date.", _seconds(max(dates)))


def _of_night(gauges: _Gauges, row: runs.Row) -> None:
    for question, found in row["plan"].items():
        for how in ("to_ask", "reused"):
            about = "Distinct texts of the plan."
            gauges.set("night_texts", about, found[how], question=question, how=how)
    _of_tables(gauges, row["assembled"].get("ends", {}))
    for name, about, value in _figures(row["asked"]):
        gauges.set(f"night_{name}", about, value)
    for reason, times in row["asked"].get("failures", {}).items():
        gauges.set("night_failures", "Texts without an answer.", times, reason=reason)
    if row["ended_at"]:
        whole = _seconds(row["ended_at"]) - _seconds(row["started_at"])
        gauges.set("night_seconds", "From its first step to its last.", whole)


def _of_tables(gauges: _Gauges, tables: Mapping[str, Mapping[str, float | None]]) -> None:
    for table, ends in tables.items():
        for end, rows in ends.items():
            about = "Current rows, by how they ended."
            gauges.set("night_rows", about, rows, table=table, end=end)


def _figures(asked: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    usage = Usage(**{name: asked[name] for name in vars(Usage()) if name in asked})
    wall = float(asked.get("wall_seconds", 0.0))
    yield "tokens", "Tokens that models read.", usage.tokens
    yield "tokens_per_second", "The same by the clock.", usage.tokens / wall if wall else 0.0
    yield "padding_share", "Of the tokens that were computed.", usage.padding_share
    yield "device_busy_share", "Of the time that tasks took.", usage.busy_share
    yield "host_restarts", "Model hosts that ended and came again.", usage.restarts


def _seconds(time: datetime) -> float:
    return in_utc(time).timestamp()


def _is_date(date: str) -> bool:
    """A run that answers again has none, but says what it works on."""
    return date[:1].isdigit()
