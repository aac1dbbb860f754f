"""The tables of the operations database."""

import sqlalchemy as sa

METADATA = sa.MetaData()

FILES = sa.Table(
    "files",
    METADATA,
    sa.Column("dataset", sa.String, primary_key=True),
    sa.Column("date", sa.String, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("mtime_ns", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("mode", sa.String),
    sa.Column("run", sa.String, nullable=False),
    comment="what a finished night has read; a date whose landing folder differs is run again",
)

RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("run", sa.String, primary_key=True),
    sa.Column("date", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("step", sa.String, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("dates", sa.JSON, nullable=False, comment="date -> why it is part of this run"),
    sa.Column("files", sa.JSON, nullable=False, comment="what ingest read, settled at the end"),
    sa.Column("models", sa.JSON, nullable=False, comment="question -> model version"),
    sa.Column("plan", sa.JSON, nullable=False),
    sa.Column("asked", sa.JSON, nullable=False),
    sa.Column("assembled", sa.JSON, nullable=False),
    sa.Column("release", sa.Integer),
    sa.Column("error", sa.String),
)

LEASES = sa.Table(
    "leases",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("owner", sa.String, nullable=False),
    sa.Column("process", sa.String, nullable=False, comment="host:pid:start, empty between steps"),
    sa.Column("expires_at", sa.Float, nullable=False, comment="seconds since the epoch"),
)

WAVES = sa.Table(
    "waves",
    METADATA,
    sa.Column("wave", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("seconds", sa.Float),
    sa.Column("texts", sa.Integer),
    sa.Column("tokens", sa.BigInteger),
    sa.Column("answers", sa.JSON, comment="question -> status -> rows"),
    sa.Column("usage", sa.JSON, comment="what it took; see engine.usage"),
)

MODELS = sa.Table(
    "models",
    METADATA,
    sa.Column("question", sa.String, primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("revision", sa.String, nullable=False),
    sa.Column("licence", sa.String, nullable=False),
    sa.Column("identity", sa.JSON, nullable=False),
    sa.Column("first_run", sa.String, nullable=False),
)
