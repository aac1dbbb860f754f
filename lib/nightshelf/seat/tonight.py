"""The newest plan: what it comes to, what it may, and whether it is done in time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nightshelf.night.caps import caps_of
from nightshelf.night.estimate import Estimate
from nightshelf.ops import runs
from nightshelf.seat.nights import newest_planned
from nightshelf.seat.sources import Json, Sources, in_utc
from nightshelf.settings import Settings


def tonight(sources: Sources) -> Json:
    """The night that was planned last; `run` is None where none was."""
    row = newest_planned(sources.ops)
    if row is None:
        return {"run": None}
    return {"run": row["run"], "date": row["date"], "state": row["state"], **planned(sources, row)}


def planned(sources: Sources, row: runs.Row) -> Json:
    """
    What a run's plan says: `texts`, `tokens`, `seconds`, `cost` in `currency`, `finish` beside
    `deadline`, each cap as `planned` and `most` (0: no cap), and for each question why.
    """
    known: Mapping[str, Any] = row["estimate"]
    estimate, settings = Estimate.from_dict(known), sources.settings
    finish = estimate.finish
    return {
        "texts": estimate.texts,
        "tokens": estimate.tokens,
        "exact": estimate.is_exact,
        "seconds": estimate.seconds,
        "cost": round(estimate.cost, 6),
        "cost_is_whole": estimate.is_whole,
        "currency": settings.currency,
        "planned_at": in_utc(estimate.planned_at),
        "finish": in_utc(finish),
        "deadline": in_utc(estimate.deadline),
        "late": is_late(estimate),
        "caps": caps(settings, row),
        "decided": (row["caps"] or {}).get("over_cap") or settings.over_cap,
        "fits": known.get("fits"),
        "questions": questions(row["plan"]),
    }


def caps(settings: Settings, row: runs.Row) -> list[Json]:
    """Each cap of the run beside what its plan comes to."""
    estimate = Estimate.from_dict(row["estimate"])
    most = caps_of(settings, row["caps"])
    over = most.exceeded(estimate)
    comes_to = {"rows": estimate.texts, "tokens": estimate.tokens, "cost": estimate.cost}
    return [
        {"name": name, "planned": value, "most": getattr(most, name), "over": name in over}
        for name, value in comes_to.items()
    ]


def questions(plan: Mapping[str, Mapping[str, Any]]) -> list[Json]:
    """What each question has to ask, and for which causes."""
    return [
        {
            "question": name,
            "rows": found.get("rows", 0),
            "contents": found.get("contents", 0),
            "reused": found.get("reused", 0),
            "to_ask": found.get("to_ask", 0),
            "causes": {why: count for why, count in found.get("causes", {}).items() if count},
        }
        for name, found in plan.items()
    ]


def is_late(estimate: Estimate) -> bool | None:
    """None where nobody knows when it will be done."""
    finish: datetime | None = estimate.finish
    return finish > estimate.deadline if finish else None
