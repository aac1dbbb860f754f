"""What maintenance runs did, and what they freed."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from nightshelf.ops.schema import MAINTENANCE, RUNS

RUNNING, DONE, FAILED = "running", "done", "failed"


def open_maintenance(engine: sa.Engine, run: str, *, dry_run: bool, now: datetime) -> None:
    with engine.begin() as db:
        row = {"run": run, "state": RUNNING, "dry_run": dry_run, "started_at": now}
        db.execute(sa.insert(MAINTENANCE).values(row))


def update_maintenance(engine: sa.Engine, run: str, **values: object) -> None:
    with engine.begin() as db:
        db.execute(sa.update(MAINTENANCE).where(MAINTENANCE.c.run == run).values(values))


def read_maintenance(engine: sa.Engine, run: str) -> sa.RowMapping:
    with engine.begin() as db:
        query = sa.select(MAINTENANCE).where(MAINTENANCE.c.run == run)
        return db.execute(query).mappings().one()


def other_maintenance(engine: sa.Engine, run: str) -> list[str]:
    """All earlier ones; who holds maintenance knows that none of them works any more."""
    with engine.begin() as db:
        return list(db.scalars(sa.select(MAINTENANCE.c.run).where(MAINTENANCE.c.run != run)))


def all_runs(engine: sa.Engine) -> Sequence[sa.RowMapping]:
    """Of every night: `run`, `date`, `dates`, `state`, `started_at`."""
    columns = (RUNS.c.run, RUNS.c.date, RUNS.c.dates, RUNS.c.state, RUNS.c.started_at)
    with engine.begin() as db:
        return db.execute(sa.select(*columns)).mappings().all()
