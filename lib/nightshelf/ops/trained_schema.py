"""The operations database's tables of models that were trained here, and of comparisons."""

import sqlalchemy as sa

from nightshelf.ops.remote_schema import METADATA

#: Whoever makes the tables takes it from here, so that these are in it.
__all__ = ["COMPARISONS", "METADATA", "TRAININGS"]

TRAININGS = sa.Table(
    "trainings",
    METADATA,
    sa.Column("question", sa.String, primary_key=True),
    sa.Column("id", sa.String, primary_key=True, comment="the model version, as in models"),
    sa.Column("folder", sa.String, nullable=False),
    sa.Column("weights_sha256", sa.String, nullable=False),
    sa.Column("about", sa.JSON, nullable=False, comment="its training.json: data, code, scores"),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    comment="what `nightshelf train` has made, beside its row in models",
)

COMPARISONS = sa.Table(
    "comparisons",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("before", sa.String, nullable=False, index=True, comment="A, by its identity"),
    sa.Column("after", sa.String, nullable=False, comment="B, by its identity"),
    sa.Column("names", sa.JSON, nullable=False, comment="of A and B, for people"),
    sa.Column("texts", sa.Integer, nullable=False),
    sa.Column("texts_sha256", sa.String, nullable=False, comment="over texts and labels, in order"),
    sa.Column("rated", sa.Integer, nullable=False, comment="texts with stars"),
    sa.Column("scores", sa.JSON, nullable=False, comment="measure -> of A, B and B less A"),
    sa.Column("flip_share", sa.Float, nullable=False),
    sa.Column("seconds", sa.JSON, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    comment="two models over the same texts; rows are added and never changed",
)
