"""Which texts may be put to a remote model, and how the others are left out."""

from collections.abc import Sequence
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from nightshelf.lakehouse.outcomes import CAP
from nightshelf.lakehouse.tables import TABLES, TableSpec
from nightshelf.models.remote.choice import RemoteChoice
from nightshelf.models.remote.source import NOT_REDACTED, REVIEWS
from nightshelf.names import DEFERRED as LEFT_OUT
from nightshelf.night.context import Context
from nightshelf.night.parts import Asked
from nightshelf.ops import runs
from nightshelf.questions.description import DESCRIPTION
from nightshelf.spark.catalog_names import looked_through


def allowed_texts(
    session: SparkSession, context: Context, one: Asked, choice: RemoteChoice
) -> DataFrame:
    """
    The part's texts without reviews that were never read for names, which are left out; a question
    about the catalog has none.
    """
    if choice.source != REVIEWS:
        return one.texts
    read, unread = looked_through(session, one.texts)
    keys = unread.select("content_key", f"key_{DESCRIPTION.name}").collect()
    rows = [{"key": key_of(text), "content_key": text["content_key"]} for text in keys]
    why = "nobody looked for names in them (not English, or read before that was switched on)"
    defer(session, context, one.night.run, rows, (NOT_REDACTED, why))
    return read


def defer(
    session: SparkSession,
    context: Context,
    run: str,
    rows: Sequence[dict[str, Any]],
    why: tuple[str, str] = (CAP, "what they may cost is over the remote cap"),
) -> None:
    """As a cap of the plan does; the next night asks them first. `why`: as a code and in words."""
    if not rows:
        return
    left = [
        {"run": run, "question": DESCRIPTION.name, "reason": why[0]}
        | {name: row[name] for name in ("key", "content_key")}
        for row in rows
    ]
    frame_of(session, left, TABLES[LEFT_OUT]).writeTo(LEFT_OUT).append()
    estimate = runs.read_run(context.ops, run)["estimate"] or {}
    known = estimate.get("left_out") or {"caps": None, "texts": 0}
    known |= {"texts": known["texts"] + len(rows)}
    runs.update_run(context.ops, run, estimate={**estimate, "left_out": known})
    context.say(f"ask: {len(rows)} texts are deferred: {why[1]}")


def frame_of(session: SparkSession, rows: Sequence[dict[str, Any]], spec: TableSpec) -> DataFrame:
    """Rows as the table's own types have them."""
    schema = from_arrow_schema(spec.schema)
    values = [tuple(row[name] for name in schema.names) for row in rows]
    return session.createDataFrame(values, schema)


def key_of(text: Row) -> str:
    """The key that the answer to this text will have."""
    return str(text[f"key_{DESCRIPTION.name}"])
