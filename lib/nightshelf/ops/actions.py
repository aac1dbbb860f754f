"""Who decided what, when and why; rows are added and never changed."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from nightshelf.ops.decisions import Decision
from nightshelf.ops.runs import Row
from nightshelf.ops.schema import ACTIONS

APPROVE, REJECT, CAPS, ROLLBACK = "approve", "reject", "caps", "rollback"
PROMOTE = "promote"


def note(engine: sa.Engine, action: str, subject: str, decision: Decision) -> None:
    """`subject` is the run, date or release that it is about."""
    with engine.begin() as db:
        row = {"action": action, "subject": subject, **vars(decision)}
        db.execute(sa.insert(ACTIONS).values(row))


def newest_on(engine: sa.Engine, subjects: Iterable[str]) -> dict[str, Row]:
    """The last action on each of these subjects, where there was one."""
    query = sa.select(ACTIONS).where(ACTIONS.c.subject.in_(list(subjects)))
    with engine.begin() as db:
        rows = db.execute(query.order_by(ACTIONS.c.number)).mappings().all()
    return {row["subject"]: row for row in rows}


def recent(engine: sa.Engine, *, limit: int) -> Sequence[Row]:
    """Newest first."""
    query = sa.select(ACTIONS).order_by(ACTIONS.c.number.desc()).limit(limit)
    with engine.begin() as db:
        return db.execute(query).mappings().all()
