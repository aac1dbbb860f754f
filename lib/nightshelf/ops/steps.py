"""Each attempt at a step of a run: when it began, when it ended, and how."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from nightshelf.ops.runs import Row
from nightshelf.ops.schema import STEPS

RUNNING, DONE, HELD, FAILED = "running", "done", "held", "failed"


def open_step(engine: sa.Engine, run: str, step: str, *, now: datetime) -> int:
    """Note that it begins; return the number under which its end is noted."""
    with engine.begin() as db:
        row = sa.insert(STEPS).values(run=run, step=step, state=RUNNING, started_at=now)
        key = db.execute(row).inserted_primary_key
        assert key is not None  # noqa: S101  an insert into a table with a key returns it
        return int(key[0])


def close_step(engine: sa.Engine, number: int, *, state: str, now: datetime) -> None:
    with engine.begin() as db:
        ended = sa.update(STEPS).where(STEPS.c.number == number)
        db.execute(ended.values(state=state, ended_at=now))


def note_spark_ui(engine: sa.Engine, run: str, address: str) -> None:
    """Where Spark shows the job of the attempt that the run has begun last."""
    newest = sa.select(sa.func.max(STEPS.c.number)).where(STEPS.c.run == run).scalar_subquery()
    with engine.begin() as db:
        db.execute(sa.update(STEPS).where(STEPS.c.number == newest).values(spark_ui=address))


def steps_of(engine: sa.Engine, run: str, *, most: int = 200) -> Sequence[Row]:
    """The newest attempts at the run's steps, oldest first."""
    query = sa.select(STEPS).where(STEPS.c.run == run).order_by(STEPS.c.number.desc())
    with engine.begin() as db:
        return db.execute(query.limit(most)).mappings().all()[::-1]
