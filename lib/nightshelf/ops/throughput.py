"""What earlier waves of the same models took, and what a night took besides."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from nightshelf.ops.runs import RELEASED, Row
from nightshelf.ops.schema import RUNS, WAVES
from nightshelf.ops.times import in_utc

#: So many of the newest waves are looked at, whoever's they are.
_LOOKED_AT = 500
_RUNS = 5


def waves_by(engine: sa.Engine, models: Mapping[str, str], *, most: int = 20) -> Sequence[Row]:
    """
    The newest committed waves of the model that answers these questions, newest first.

    `models` maps a question to its model version.
    """
    query = (
        sa.select(WAVES, RUNS.c.models)
        .join(RUNS, RUNS.c.run == WAVES.c.run)
        .where(WAVES.c.state == "committed", WAVES.c.tokens > 0)
        .order_by(WAVES.c.wave.desc())
        .limit(_LOOKED_AT)
    )
    with engine.begin() as db:
        rows = db.execute(query).mappings().all()
    found = [row for row in rows if _is_by(row, models)]
    return found[:most]


def rest_of_nights(engine: sa.Engine) -> list[float]:
    """Of the newest released nights the seconds from plan to release, without the asking."""
    query = (
        sa.select(RUNS)
        .where(RUNS.c.state == RELEASED, RUNS.c.estimate.is_not(None))
        .order_by(RUNS.c.started_at.desc())
        .limit(_RUNS)
    )
    with engine.begin() as db:
        rows = db.execute(query).mappings().all()
    found = []
    for row in rows:
        planned = (row["estimate"] or {}).get("planned_at")
        if planned and row["ended_at"]:
            whole = in_utc(row["ended_at"]) - datetime.fromisoformat(planned)
            asking = float(row["asked"].get("wall_seconds", 0.0))
            found.append(max(whole.total_seconds() - asking, 0.0))
    return found


def _is_by(row: Row, models: Mapping[str, str]) -> bool:
    asked = set(row["answers"] or {})
    same = all(row["models"].get(question) == version for question, version in models.items())
    return same and bool(asked) and asked <= set(models)
