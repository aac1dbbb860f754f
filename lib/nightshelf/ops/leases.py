"""Leases: who may work on a name now, and whether he still lives."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from nightshelf.ops.schema import LEASES


@dataclass(frozen=True)
class Claim:
    """Who wants a lease; `process` is `host:pid:start`, empty between two steps of a run."""

    owner: str
    process: str = ""


def acquire(
    engine: sa.Engine, name: str, claim: Claim, *, now: float, seconds: float
) -> str | None:
    """
    Take or renew the lease for `seconds` from `now`, in seconds since the epoch.

    `None` when it is ours, else the owner who has it.
    """
    owner = claim.owner
    values = {"owner": owner, "process": claim.process, "expires_at": now + seconds}
    with engine.begin() as db:
        insert = _insert_or_skip(engine)
        if db.execute(insert.values(name=name, **values)).rowcount:
            return None
        ours = sa.or_(LEASES.c.owner == owner, LEASES.c.expires_at < now)
        taken = db.execute(sa.update(LEASES).where(LEASES.c.name == name, ours).values(values))
        if taken.rowcount:
            return None
        holder = db.scalar(sa.select(LEASES.c.owner).where(LEASES.c.name == name))
        return str(holder)


def holder_process(engine: sa.Engine, name: str) -> str:
    """The process that works under the lease, `host:pid:start`; empty where none does."""
    with engine.begin() as db:
        process = db.scalar(sa.select(LEASES.c.process).where(LEASES.c.name == name))
        return str(process or "")


def live(engine: sa.Engine, prefix: str, *, now: float) -> list[str]:
    """Names that begin so and are held by somebody at `now`, in seconds since the epoch."""
    held = (LEASES.c.name.startswith(prefix, autoescape=True), LEASES.c.expires_at >= now)
    with engine.begin() as db:
        return list(db.scalars(sa.select(LEASES.c.name).where(*held).order_by(LEASES.c.name)))


def release(engine: sa.Engine, name: str, *, owner: str) -> None:
    with engine.begin() as db:
        db.execute(sa.delete(LEASES).where(LEASES.c.name == name, LEASES.c.owner == owner))


def break_lease(engine: sa.Engine, name: str, *, process: str) -> None:
    """End the lease of a process that is known to be dead; a no-op if it has changed hands."""
    with engine.begin() as db:
        db.execute(sa.delete(LEASES).where(LEASES.c.name == name, LEASES.c.process == process))


def _insert_or_skip(engine: sa.Engine) -> sqlite.Insert | postgresql.Insert:
    if engine.dialect.name == "sqlite":
        return sqlite.insert(LEASES).on_conflict_do_nothing()
    return postgresql.insert(LEASES).on_conflict_do_nothing()
