"""Which model version of a question is the active one, since when, and by whose word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from nightshelf.errors import NightshelfError
from nightshelf.ops.readable import readable
from nightshelf.ops.schema import ACTIVATIONS, MODELS


@dataclass(frozen=True, kw_only=True)
class Activation:
    """`id` is a model version; `is_explicit` tells a person's word from a first night's."""

    question: str
    id: str
    who: str
    at: datetime
    is_explicit: bool


def activate(engine: sa.Engine, activation: Activation) -> None:
    """From now on it is the active one; raise `NightshelfError` if another came at this moment."""
    of_question = ACTIVATIONS.c.question == activation.question
    with engine.begin() as db:
        last = db.scalar(sa.select(sa.func.max(ACTIVATIONS.c.number)).where(of_question)) or 0
        row = sa.insert(ACTIVATIONS).values(number=last + 1, **vars(activation))
        try:
            db.execute(row)
        except sa.exc.IntegrityError:
            raise NightshelfError(
                f"another version of {activation.question} was activated at this moment; look at"
                " `nightshelf models`, then decide again"
            ) from None


def activations(engine: sa.Engine, question: str) -> list[Activation]:
    """All of a question, newest first."""
    query = sa.select(ACTIVATIONS).where(ACTIVATIONS.c.question == question)
    with engine.begin() as db:
        rows = db.execute(query.order_by(ACTIVATIONS.c.number.desc())).mappings().all()
    return [Activation(**{k: v for k, v in row.items() if k != "number"}) for row in rows]


def newest_activations(engine: sa.Engine) -> Mapping[str, Activation]:
    """The last one of each question."""
    with engine.begin() as db:
        questions = db.scalars(sa.select(ACTIVATIONS.c.question).distinct()).all()
    return {question: activations(engine, question)[0] for question in questions}


def models_known(engine: sa.Engine) -> list[Mapping[str, Any]]:
    """Every model version that was ever written down, by question."""
    query = sa.select(MODELS).order_by(MODELS.c.question, MODELS.c.registered_at, MODELS.c.id)
    return list(readable(engine, query))
