"""Models that were trained here: where they lie, what they scored, and who made them when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from nightshelf.errors import ModelError
from nightshelf.ops.trained_schema import TRAININGS


@dataclass(frozen=True, kw_only=True)
class Training:
    """`id` is a model version of `question`; `about` is what the folder's record says."""

    question: str
    id: str
    folder: str
    weights_sha256: str
    about: Mapping[str, Any]
    who: str
    at: datetime


def write_training(engine: sa.Engine, training: Training) -> None:
    """The first word on a version stays: who made it, and when; where it lies may change."""
    same = (TRAININGS.c.question == training.question) & (TRAININGS.c.id == training.id)
    with engine.begin() as db:
        if db.execute(sa.select(TRAININGS.c.id).where(same)).first():
            db.execute(sa.update(TRAININGS).where(same).values(folder=training.folder))
        else:
            db.execute(sa.insert(TRAININGS).values(**vars(training)))


def trainings(engine: sa.Engine, question: str, version: str | None = None) -> list[Training]:
    """
    Of a question, newest first; raise `ModelError` for an entry that cannot be read.

    With `version` that one alone, so that another's broken entry stands in nobody's way.
    """
    query = sa.select(TRAININGS).where(TRAININGS.c.question == question)
    if version:
        query = query.where(TRAININGS.c.id == version)
    try:
        with engine.begin() as db:
            rows = db.execute(query.order_by(TRAININGS.c.at.desc())).mappings().all()
    except ValueError as error:
        raise ModelError(
            f"an entry of {question} in the operations database's table trainings cannot be read"
            f" ({error}). What is active stays active; delete that entry, and register its folder"
            " again: `nightshelf models promote FOLDER`"
        ) from error
    return [Training(**row) for row in rows]


def folders(engine: sa.Engine, question: str) -> Mapping[str, tuple[str, str]]:
    """By folder the version registered from it last, and the hash of its weights."""
    columns = (TRAININGS.c.folder, TRAININGS.c.id, TRAININGS.c.weights_sha256)
    query = sa.select(*columns).where(TRAININGS.c.question == question)
    with engine.begin() as db:
        return {folder: (id_, sha) for folder, id_, sha in db.execute(query.order_by("at")).all()}
