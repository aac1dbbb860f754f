"""Which models were compared, by what, and what came of it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from nightshelf.ops.trained_schema import COMPARISONS

#: Value, low and high end of the 95 % interval.
Interval = Sequence[float]
MACRO_F1 = "macro_f1"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """
    Of the models `before` and `after`, named by `identity_id`.

    `scores` maps a measure to the intervals of both and of the difference after less before, over
    the `rated` texts that have stars; empty without such texts.
    """

    before: str
    after: str
    names: Sequence[str]
    texts: int
    texts_sha256: str
    rated: int
    scores: Mapping[str, Sequence[Interval]]
    flip_share: float
    seconds: Sequence[float]
    who: str
    at: datetime


def identity_id(identity: Mapping[str, object]) -> str:
    """
    Sixteen hex digits for a model, whatever question it answers.

    >>> identity_id({"a": 1, "b": 2}) == identity_id({"b": 2, "a": 1})
    True
    """
    text = json.dumps(dict(identity), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_comparison(engine: sa.Engine, comparison: Comparison) -> None:
    """Beside all earlier ones."""
    with engine.begin() as db:
        db.execute(sa.insert(COMPARISONS).values(**vars(comparison)))


def newest_comparison(engine: sa.Engine, before: str, after: str) -> Comparison | None:
    """The last one of these two, in this order."""
    pair = (COMPARISONS.c.before == before) & (COMPARISONS.c.after == after)
    query = sa.select(COMPARISONS).where(pair).order_by(COMPARISONS.c.number.desc()).limit(1)
    with engine.begin() as db:
        row = db.execute(query).mappings().first()
    if row is None:
        return None
    return Comparison(**{name: value for name, value in row.items() if name != "number"})
