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
    sa.Column("accounts", sa.JSON, comment="what became of the rows; see spark.accounts"),
    sa.Column("plan", sa.JSON, nullable=False),
    sa.Column("asked", sa.JSON, nullable=False),
    sa.Column("assembled", sa.JSON, nullable=False),
    sa.Column("estimate", sa.JSON, comment="what the plan expects; see night.estimate"),
    sa.Column("caps", sa.JSON, comment="what somebody decided for this run; see night.caps"),
    sa.Column("release", sa.Integer),
    sa.Column("error", sa.String),
    sa.Column("decision", sa.JSON, comment="of a person on a held release; see ops.decisions"),
    sa.Column("kind", sa.String, comment="of the release it makes; null: a night"),
    sa.Column("selection", sa.JSON, comment="published rows to answer again; see shelf.selection"),
    sa.Column("descriptions", sa.String, comment="the file of their rules, as the run found it"),
)

STEPS = sa.Table(
    "steps",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run", sa.String, nullable=False, index=True),
    sa.Column("step", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True), comment="null: it runs, or was killed"),
    sa.Column("spark_ui", sa.String, comment="where Spark shows its job; null: nowhere"),
    comment="each attempt at a step of a run; see ops.steps",
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
    sa.Column("choice", sa.JSON, comment="how it was named last; see host.choices"),
    sa.Column("registered_by", sa.String),
    sa.Column("registered_at", sa.DateTime(timezone=True)),
)

ACTIVATIONS = sa.Table(
    "activations",
    METADATA,
    sa.Column("question", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String, nullable=False, comment="the model version"),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("is_explicit", sa.Boolean, nullable=False, comment="false: by a first night"),
    comment="of a question the one with the highest number is the active one",
)

VERDICTS = sa.Table(
    "verdicts",
    METADATA,
    sa.Column("verdict", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("models", sa.String, nullable=False, comment="question=model version, in order"),
    sa.Column("precision", sa.String, nullable=False),
    sa.Column("texts", sa.Integer, nullable=False),
    sa.Column("mean_cosine", sa.Float, nullable=False),
    sa.Column("low_cosine", sa.Float, nullable=False, comment="the 1st percentile"),
    sa.Column("flips", sa.Float, nullable=False, comment="share of labels"),
    sa.Column("refusals", sa.JSON, nullable=False, comment="sentences; empty: let through"),
    sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
    comment="how far a precision's answers lie from those of fp32, and whether it may be used",
)

DISMISSALS = sa.Table(
    "dismissals",
    METADATA,
    sa.Column("date", sa.String, primary_key=True),
    sa.Column("release", sa.Integer, primary_key=True, comment="the rollback that withdrew it"),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    comment="withdrawn dates that need not be released again",
)

ACTIONS = sa.Table(
    "actions",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False, comment="a run, a date or a release"),
    sa.Column("reason", sa.String, nullable=False),
    comment="what people have decided, in order; nothing is taken from it",
)

MAINTENANCE = sa.Table(
    "maintenance",
    METADATA,
    sa.Column("run", sa.String, primary_key=True),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("report", sa.JSON, comment="see night.maintenance_report"),
    sa.Column("error", sa.String),
)
