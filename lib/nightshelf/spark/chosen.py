"""Choose published rows by what somebody wants to be answered again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from nightshelf.answers.status import FAILED
from nightshelf.shelf import chosen
from nightshelf.shelf.published import Published
from nightshelf.shelf.selection import Selection


@dataclass(frozen=True)
class Chosen:
    """
    A selection, and the snapshot of each table in which it chooses.

    The snapshots are those of one release, however often and however late the rows are looked up:
    every step of a run sees the same ones.
    """

    selection: Selection
    snapshots: Mapping[str, int]


def open_chosen(session: SparkSession, wanted: Chosen, tables: Sequence[Published]) -> None:
    """
    Make the views `chosen_<lane>`: id, landing date, keys and status of each chosen row, and
    `tokens` of its answer, 0 where they are not known. Needs the views of `versions.seen`.
    """
    rows = _matching(session, wanted, tables)
    rows = _with_tokens(session, rows, wanted.selection.question)
    rows = rows.withColumn("is_within", _is_within(wanted.selection))
    rows = rows.localCheckpoint(storageLevel=StorageLevel.DISK_ONLY)
    for one in tables:
        of_lane = rows.where(F.col("lane") == one.lane.name)
        of_lane.where("NOT is_within").createOrReplaceTempView(f"beyond_{one.lane.name}")
        of_lane.where("is_within").createOrReplaceTempView(f"chosen_{one.lane.name}")


def count_chosen(
    session: SparkSession, wanted: Chosen, tables: Sequence[Published], settled: str
) -> dict[str, int]:
    """
    Chosen `rows`, their distinct `contents`, how many are `reused` and `to_ask`, `tokens` by what
    the answers before have read, and the rows that a limit has `left_out`. Needs the views.
    """
    question, version = wanted.selection.question, wanted.selection.by
    found = dict.fromkeys(("rows", "contents", "reused", "tokens", "left_out"), 0)
    for one in tables:
        select = chosen.count(one.lane.name, question, version, settled)
        [row] = session.sql(select).collect()
        for name in ("rows", "contents", "reused"):
            found[name] += int(row[name])
        rows = session.table(f"chosen_{one.lane.name}")
        [spent] = rows.where("is_first").agg(F.coalesce(F.sum("tokens"), F.lit(0))).collect()
        found["tokens"] += int(spent[0])
        found["left_out"] += session.table(f"beyond_{one.lane.name}").count()
    return found | {"to_ask": found["contents"] - found["reused"]}


def _matching(session: SparkSession, wanted: Chosen, tables: Sequence[Published]) -> DataFrame:
    selection = wanted.selection
    selects = [chosen.published_rows(one, wanted.snapshots[one.table]) for one in tables]
    rows = reduce(DataFrame.unionByName, map(session.sql, selects))
    for condition in _conditions(selection):
        rows = rows.where(condition)
    if selection.product_ids:
        # A join, since a list of this length would end in the plan of the query.
        ids = [(one,) for one in sorted(set(selection.product_ids))]
        rows = rows.join(session.createDataFrame(ids, "product_id string"), "product_id", "semi")
    if selection.category:
        products = session.sql(chosen.categories())
        products = products.where(F.col("category") == F.lit(selection.category))
        rows = rows.join(products.select("product_id"), "product_id", "semi")
    return rows


def _conditions(selection: Selection) -> list[Column]:
    found = []
    if selection.not_models:
        found.append(~F.col("model_version").isin(*selection.not_models))
    if selection.first:
        found.append(F.col("landing_date") >= F.lit(selection.first).cast("date"))
    if selection.last:
        found.append(F.col("landing_date") <= F.lit(selection.last).cast("date"))
    if selection.reason:
        found += [F.col("status") == FAILED, F.col("reason") == F.lit(selection.reason)]
    return found


def _with_tokens(session: SparkSession, rows: DataFrame, question: str) -> DataFrame:
    known = session.sql(chosen.tokens_known(question))
    joined = rows.join(known, "key", "left")
    same_text = Window.partitionBy("content_key").orderBy(*_newest_first())
    return joined.withColumn("tokens", F.coalesce("tokens", F.lit(0))).withColumn(
        "is_first", F.row_number().over(same_text) == 1
    )


def _is_within(selection: Selection) -> Column:
    """A text counts its tokens once, with the first of its rows."""
    everything = F.expr("true")
    if not selection.is_limited:
        return everything
    order, within = Window.orderBy(*_newest_first()), everything
    if selection.most_rows:
        within &= F.row_number().over(order) <= selection.most_rows
    if selection.most_tokens:
        so_far = order.rowsBetween(Window.unboundedPreceding, Window.currentRow)
        spent = F.sum(F.when(F.col("is_first"), F.col("tokens")).otherwise(0)).over(so_far)
        within &= spent <= selection.most_tokens
    return within


def _newest_first() -> list[Column]:
    return [F.col("landing_date").desc(), F.col("lane"), F.col("id")]
