"""The operations database's tables of remote models: what was submitted, and what it has cost."""

import sqlalchemy as sa

from nightshelf.ops.schema import METADATA

#: Whoever makes the tables takes it from here, so that these are in it.
__all__ = ["METADATA", "REMOTE_BATCHES", "REMOTE_ROWS", "REMOTE_SPEND"]

REMOTE_SPEND = sa.Table(
    "remote_spend",
    METADATA,
    sa.Column("run", sa.String, primary_key=True),
    sa.Column("held_nanos", sa.BigInteger, nullable=False),
    sa.Column("held_tokens", sa.BigInteger, nullable=False),
    sa.Column("spent_nanos", sa.BigInteger, nullable=False),
    sa.Column("spent_tokens", sa.BigInteger, nullable=False),
    comment="nanos: billionths of the currency; what a killed process held counts as spent",
)

REMOTE_BATCHES = sa.Table(
    "remote_batches",
    METADATA,
    sa.Column("intent", sa.String, primary_key=True, comment="our own id, in its metadata there"),
    sa.Column("scope", sa.String, nullable=False, comment="the model version that is asked"),
    sa.Column("run", sa.String, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("held_nanos", sa.BigInteger, nullable=False),
    sa.Column("held_tokens", sa.BigInteger, nullable=False),
    sa.Column("posts", sa.Integer, nullable=False, comment="written before each attempt to submit"),
    sa.Column("file_id", sa.String),
    sa.Column("batch_id", sa.String, comment="the server's, written before the first poll"),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    sa.Column("said", sa.JSON, comment="the server's last state and counters, and what was noted"),
    sa.UniqueConstraint("scope", "number"),
)

REMOTE_ROWS = sa.Table(
    "remote_rows",
    METADATA,
    sa.Column("custom_id", sa.String, primary_key=True),
    sa.Column("intent", sa.String, nullable=False, index=True),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("most_prompt_tokens", sa.BigInteger, nullable=False),
    sa.Column("most_answer_tokens", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.String, comment="null: answered, or not ended yet"),
    sa.Column("prompt_tokens", sa.BigInteger),
    sa.Column("answer_tokens", sa.BigInteger),
    sa.Column("nanos", sa.BigInteger),
    comment="each row of each batch, and what it has cost; no text",
)
