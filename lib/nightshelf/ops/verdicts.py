"""Whether a precision was let through for certain models, and on what figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from nightshelf.ops.schema import VERDICTS


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`models` maps a question to its model version; without `refusals` they were let through."""

    models: Mapping[str, str]
    precision: str
    texts: int
    mean_cosine: float
    low_cosine: float
    flips: float
    refusals: Sequence[str]
    measured_at: datetime


def write_verdict(engine: sa.Engine, verdict: Verdict) -> None:
    """Later ones stand before earlier ones, which are kept."""
    values = {**vars(verdict), "models": _key(verdict.models), "refusals": [*verdict.refusals]}
    with engine.begin() as db:
        db.execute(sa.insert(VERDICTS).values(values))


def newest_verdict(engine: sa.Engine, models: Mapping[str, str]) -> Verdict | None:
    """On exactly these model versions."""
    query = sa.select(VERDICTS).where(VERDICTS.c.models == _key(models))
    with engine.begin() as db:
        row = db.execute(query.order_by(VERDICTS.c.verdict.desc()).limit(1)).mappings().first()
    if row is None:
        return None
    return Verdict(**{**{k: v for k, v in row.items() if k != "verdict"}, "models": dict(models)})


def _key(models: Mapping[str, str]) -> str:
    """
    >>> _key({"sentiment": "b", "embedding": "a"})
    'embedding=a sentiment=b'
    """
    return " ".join(f"{question}={models[question]}" for question in sorted(models))
