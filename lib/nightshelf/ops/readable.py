"""Rows of the model registry, one of which may be broken without hiding the others."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from nightshelf.ops.schema import MODELS

#: In place of what cannot be read; no choice is of this kind.
BROKEN = "corrupt"


def readable(engine: sa.Engine, query: sa.Select[Any]) -> Sequence[Mapping[str, Any]]:
    """Rows of `MODELS`; a broken one has no identity, and a choice that nothing can open."""
    try:
        with engine.begin() as db:
            return [_plain(row) for row in db.execute(query).mappings()]
    except ValueError:
        # JSON that is none: row by row, so that it costs itself alone.
        keys = query.with_only_columns(MODELS.c.question, MODELS.c.id)
    with engine.begin() as db:
        return [_row(db, question, id_) for question, id_ in db.execute(keys).all()]


def _row(db: sa.Connection, question: str, id_: str) -> Mapping[str, Any]:
    same = (MODELS.c.question == question) & (MODELS.c.id == id_)
    try:
        return _plain(db.execute(sa.select(MODELS).where(same)).mappings().one())
    except ValueError:
        whole = [column for column in MODELS.c if not isinstance(column.type, sa.JSON)]
        kept = db.execute(sa.select(*whole).where(same)).mappings().one()
        return {**_plain(kept), "identity": {}, "choice": {"kind": BROKEN}}


def _plain(row: sa.RowMapping) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}
