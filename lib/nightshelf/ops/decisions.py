"""What a person decided on held releases and on dates that a rollback withdrew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from nightshelf.ops import runs
from nightshelf.ops.schema import DISMISSALS, RUNS


@dataclass(frozen=True)
class Decision:
    who: str
    reason: str
    at: datetime


def approve(engine: sa.Engine, run: str, decision: Decision, *, said: str) -> None:
    """Approve exactly what the run has assembled now; whatever it assembles later is not."""
    tables = runs.read_run(engine, run)["assembled"]["tables"]
    kept = _noted(decision) | {"approved": True, "tables": tables, "said": said}
    runs.update_run(engine, run, decision=kept)


def is_approved(row: runs.Row) -> bool:
    decision = row["decision"] or {}
    same = decision.get("tables") == row["assembled"].get("tables")
    return bool(decision.get("approved")) and same


def dismiss_run(engine: sa.Engine, run: str, decision: Decision) -> None:
    noted = _noted(decision) | {"approved": False}
    runs.update_run(engine, run, state=runs.DISMISSED, decision=noted)


def dismiss_dates(engine: sa.Engine, withdrawn: Mapping[str, int], decision: Decision) -> None:
    """`withdrawn` maps a date to the rollback that withdrew it; a later one counts anew."""
    rows = [
        {"date": date, "release": release, **vars(decision)} for date, release in withdrawn.items()
    ]
    with engine.begin() as db:
        db.execute(sa.insert(DISMISSALS), rows)


def not_dismissed(engine: sa.Engine, withdrawn: Mapping[str, int]) -> dict[str, int]:
    """Those of the withdrawn dates that wait for somebody to decide."""
    with engine.begin() as db:
        known = db.execute(sa.select(DISMISSALS.c.date, DISMISSALS.c.release)).all()
    done = {(date, release) for date, release in known}
    return {date: by for date, by in withdrawn.items() if (date, by) not in done}


def held_runs(engine: sa.Engine) -> Sequence[runs.Row]:
    """Runs whose release waits for somebody to decide, oldest first."""
    return [row for row in _held(engine) if row["assembled"]]


def held_plans(engine: sa.Engine) -> Sequence[runs.Row]:
    """Runs whose plan is over a cap, and of whose dates no later run has taken care."""
    found = [row for row in _held(engine) if not row["assembled"]]
    newer = superseding(engine, found)
    return [row for row in found if row["run"] not in newer]


def _held(engine: sa.Engine) -> Sequence[runs.Row]:
    with engine.begin() as db:
        query = sa.select(RUNS).where(RUNS.c.state == runs.HELD).order_by(RUNS.c.started_at)
        return db.execute(query).mappings().all()


def beyond_judgement(assembled: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What the audit found wrong and no person may let pass: data is lost, not unusual."""
    return [one for one in assembled.get("violated", ()) if not one["is_judgement"]]


def superseded_by(engine: sa.Engine, row: runs.Row) -> str | None:
    """A later run that has worked on one of the run's dates and ended otherwise than failed."""
    return superseding(engine, [row]).get(row["run"])


def superseding(engine: sa.Engine, rows: Sequence[runs.Row]) -> dict[str, str]:
    """For each of these runs the newest such run, where there is one."""
    if not rows:
        return {}
    since = min(row["started_at"] for row in rows)
    ended = RUNS.c.state.in_((runs.RELEASED, runs.UNCHANGED, runs.HELD))
    query = sa.select(RUNS.c.run, RUNS.c.dates, RUNS.c.started_at).where(
        RUNS.c.started_at > since, ended
    )
    with engine.begin() as db:
        later = db.execute(query.order_by(RUNS.c.started_at)).mappings().all()
    newest = {date: other for other in later for date in other["dates"]}
    found: dict[str, str] = {}
    for row in rows:
        others = [newest[date] for date in row["dates"] if date in newest]
        others = [one for one in others if one["started_at"] > row["started_at"]]
        if others:
            found[row["run"]] = str(max(others, key=lambda one: one["started_at"])["run"])
    return found


def _noted(decision: Decision) -> dict[str, Any]:
    return vars(decision) | {"at": decision.at.isoformat()}
