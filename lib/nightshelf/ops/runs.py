"""What a run is, has done, and came to."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from nightshelf.ops.readable import readable
from nightshelf.ops.schema import FILES, MODELS, RUNS, WAVES

RUNNING, RELEASED, UNCHANGED, HELD, FAILED = "running", "released", "unchanged", "held", "failed"
#: Of a run that only looked at what would be done, of one that publishes nothing, and of one that
#: somebody decided against.
PLANNED, BUILT, DISMISSED = "planned", "built", "dismissed"
ENDED = (RELEASED, UNCHANGED, HELD, FAILED, PLANNED, BUILT, DISMISSED)

Row = sa.RowMapping


def open_run(engine: sa.Engine, run: str, *, date: str, step: str, now: datetime) -> None:
    """Begin the run, or go on with it at `step`; an earlier error of it is forgotten."""
    with engine.begin() as db:
        again = sa.update(RUNS).where(RUNS.c.run == run)
        values = {"state": RUNNING, "step": step, "error": None, "ended_at": None}
        if not db.execute(again.values(values)).rowcount:
            empty: dict[str, object] = {
                name: {} for name in ("dates", "files", "models", "plan", "asked", "assembled")
            }
            db.execute(
                sa.insert(RUNS).values(run=run, date=date, started_at=now, **values, **empty)
            )


def update_run(engine: sa.Engine, run: str, **values: object) -> None:
    with engine.begin() as db:
        db.execute(sa.update(RUNS).where(RUNS.c.run == run).values(values))


def read_run(engine: sa.Engine, run: str) -> Row:
    with engine.begin() as db:
        return db.execute(sa.select(RUNS).where(RUNS.c.run == run)).mappings().one()


def find_run(engine: sa.Engine, run: str) -> Row | None:
    """None where no run is called so."""
    with engine.begin() as db:
        return db.execute(sa.select(RUNS).where(RUNS.c.run == run)).mappings().one_or_none()


def newest_ingest(engine: sa.Engine, date: str) -> Row | None:
    """The last run that has read the date's input, however it ended."""
    query = sa.select(RUNS).order_by(RUNS.c.started_at.desc())
    with engine.begin() as db:
        rows = db.execute(query).mappings().all()
    return next((r for r in rows if r["plan"] and r["files"] and date in r["dates"]), None)


def mark_of(origin: str) -> str:
    """
    What tells the runs of one origin (an Airflow run, say) from others: the end of their names.

    >>> mark_of("manual__1")
    '_19b04f56'
    """
    return f"_{hashlib.sha256(origin.encode()).hexdigest()[:8]}"


def run_named(engine: sa.Engine, start: str, end: str) -> str | None:
    """A run whose name begins and ends so, if there is one."""
    name = RUNS.c.run
    alike = name.startswith(start, autoescape=True) & name.endswith(end, autoescape=True)
    with engine.begin() as db:
        return db.scalar(sa.select(name).where(alike).limit(1))


def recent_runs(engine: sa.Engine, *, limit: int = 30) -> Sequence[Row]:
    with engine.begin() as db:
        query = sa.select(RUNS).order_by(RUNS.c.started_at.desc()).limit(limit)
        return db.execute(query).mappings().all()


def newest_run(
    engine: sa.Engine, date: str | None = None, states: Collection[str] = ()
) -> Row | None:
    """The run that began last, of one date or of all, in one of the `states` or in any."""
    query = sa.select(RUNS).order_by(RUNS.c.started_at.desc()).limit(1)
    if states:
        query = query.where(RUNS.c.state.in_(states))
    if date is not None:
        query = query.where(RUNS.c.date == date)
    with engine.begin() as db:
        return db.execute(query).mappings().one_or_none()


def known_files(engine: sa.Engine, dataset: str) -> Sequence[Row]:
    """What finished nights have read, one row a file."""
    with engine.begin() as db:
        return db.execute(sa.select(FILES).where(FILES.c.dataset == dataset)).mappings().all()


def settle_files(engine: sa.Engine, run: str) -> None:
    """Note what the run has read as done; only an ended night keeps a date from re-running."""
    with engine.begin() as db:
        found = db.execute(sa.select(RUNS.c.files, RUNS.c.dates).where(RUNS.c.run == run)).one()
        db.execute(sa.delete(FILES).where(FILES.c.date.in_(list(found.dates))))
        rows = [{**file, "run": run} for file in found.files.get("files", [])]
        if rows:
            db.execute(sa.insert(FILES), rows)


def register_model(engine: sa.Engine, run: str, version: Mapping[str, Any]) -> None:
    """
    Write the model version down the first time that a run uses it.

    How it was named (`choice`) is kept up to date: its files may have moved since.
    """
    same = (MODELS.c.question == version["question"]) & (MODELS.c.id == version["id"])
    with engine.begin() as db:
        if not db.execute(sa.select(MODELS.c.id).where(same)).first():
            db.execute(sa.insert(MODELS).values(first_run=run, **version))
        elif version.get("choice"):
            db.execute(sa.update(MODELS).where(same).values(choice=version["choice"]))


def model_ids(engine: sa.Engine, question: str) -> Sequence[Mapping[str, Any]]:
    return readable(engine, sa.select(MODELS).where(MODELS.c.question == question))


def open_wave(engine: sa.Engine, run: str, *, now: datetime) -> int:
    """Number the next wave; numbers grow for good, over all runs."""
    with engine.begin() as db:
        row = sa.insert(WAVES).values(run=run, state=RUNNING, started_at=now)
        key = db.execute(row).inserted_primary_key
        assert key is not None  # noqa: S101  an insert into a table with a key returns it
        return int(key[0])


def close_wave(engine: sa.Engine, wave: int, **values: object) -> None:
    with engine.begin() as db:
        done = sa.update(WAVES).where(WAVES.c.wave == wave)
        db.execute(done.values(state="committed", **values))


def waves_of(engine: sa.Engine, run: str) -> Sequence[Row]:
    with engine.begin() as db:
        query = sa.select(WAVES).where(WAVES.c.run == run).order_by(WAVES.c.wave)
        return db.execute(query).mappings().all()
