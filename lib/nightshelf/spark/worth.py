"""Which texts are worth most, and how many of them fit within caps."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from nightshelf.contracts import CONTRACTS
from nightshelf.lakehouse import outcomes, versions
from nightshelf.names import REVIEW_VERSIONS
from nightshelf.shelf.published import Lane
from nightshelf.spark.views import Night


class Reading(NamedTuple):
    """Of one model: its part of the night, the `content_key` and `tokens` of what it has to read,
    and the price of a token."""

    night: Night
    rows: DataFrame
    price: float


def chosen(
    session: SparkSession, readings: Sequence[Reading], order: str, caps: Mapping[str, float]
) -> DataFrame:
    """
    One row a text and model: `part` (its place in `readings`), `content_key`, `tokens`, `cost`, and
    whether it `fits` within `caps` of "rows", "tokens" and "cost", where 0 is no cap.

    Those that an earlier cap has left out come first, then the `order` of the settings, then the
    key. Needs the views of `open_views`.
    """
    united: DataFrame | None = None
    for part, reading in enumerate(readings):
        rows = _worth(session, reading, order).withColumn("part", F.lit(part))
        united = rows if united is None else united.unionByName(rows)
    if united is None:
        raise ValueError("nothing to choose from")
    ranked = Window.partitionBy(F.lit(0)).orderBy(
        F.col("deferred").desc(), *_in_order(order), "content_key", "part"
    )
    so_far = ranked.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    fits = F.expr("true")
    for name, most in caps.items():
        if most:
            value = F.lit(1) if name == "rows" else F.col(name)
            # Sums of fractions end a little beside what they stand for.
            fits = fits & (F.sum(value).over(so_far) <= F.lit(most * (1 + 1e-9)))
    columns = ("part", "content_key", "tokens", "cost")
    found = united.select(*columns, fits.alias("fits"))
    return found.localCheckpoint(storageLevel=StorageLevel.DISK_ONLY)


def what_fits(ranked: DataFrame) -> dict[str, float]:
    """`texts`, `tokens` and `cost` of those that fit."""
    sums = (F.count("*"), F.sum("tokens"), F.sum("cost"))
    [(texts, tokens, cost)] = ranked.where("fits").agg(*sums).collect()
    return {"texts": int(texts), "tokens": round(tokens or 0), "cost": float(cost or 0)}


def _in_order(order: str) -> list[Column]:
    return {
        "newest": [F.col("at").desc()],
        "oldest": [F.col("at")],
        "most_reviewed": [F.col("reviews").desc(), F.col("at").desc()],
        "shortest": [F.col("tokens")],
    }[order]


def _worth(session: SparkSession, reading: Reading, order: str) -> DataFrame:
    night = reading.night
    by_text: DataFrame | None = None
    for lane in night.lanes:
        rows = _of_lane(session, lane, order)
        by_text = rows if by_text is None else by_text.unionByName(rows)
    shelves = [shelf for lane in night.lanes for shelf in night.shelves(lane)]
    before = session.sql(outcomes.deferred_before("content_key", shelves))
    if by_text is None:
        raise ValueError("a model that is asked about nothing")
    newest = by_text.groupBy("content_key").agg(
        F.max("at").alias("at"), F.max("reviews").alias("reviews")
    )
    before = before.withColumn("before", F.expr("true"))
    joined = reading.rows.join(newest, "content_key", "left").join(before, "content_key", "left")
    return joined.select(
        "content_key",
        "tokens",
        (F.col("tokens") * reading.price).alias("cost"),
        "at",
        "reviews",
        F.coalesce("before", F.expr("false")).alias("deferred"),
    )


def _of_lane(session: SparkSession, lane: Lane, order: str) -> DataFrame:
    """When each row was made, and how many reviews its product has."""
    rows = session.table(f"asking_{lane.name}")
    time_field = CONTRACTS[lane.dataset].time_field
    at = F.coalesce(F.col(time_field), F.date_add("landing_date", 1).cast("timestamp"))
    rows = rows.select("content_key", "product_id", at.alias("at"))
    if order != "most_reviewed":
        return rows.select("content_key", "at", F.lit(0).cast("bigint").alias("reviews"))
    seen = session.table(versions.SEEN[REVIEW_VERSIONS])
    count = seen.groupBy("product_id").agg(F.count("*").alias("reviews"))
    return rows.join(count, "product_id", "left").select("content_key", "at", "reviews")
