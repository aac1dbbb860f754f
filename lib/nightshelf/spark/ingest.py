"""Read landed files into the shop's tables; a date is replaced as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from nightshelf.contracts import CONTRACTS
from nightshelf.lakehouse import versions
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import LANDINGS, REJECTED, VERSIONS
from nightshelf.privacy.names import NameFinder, NameRedactor
from nightshelf.spark.accounts import DUPLICATE, Counted, accounts
from nightshelf.spark.catalog_names import name_redactor
from nightshelf.spark.landings import Landing, Listing, list_files
from nightshelf.spark.read_landing import UNREADABLE, judged_schema, landing_reader

FILES = "path STRING, file STRING, landing_date STRING"


@dataclass(frozen=True)
class Origin:
    """Whose run it is, the secret of the lake, the shop's time zone, and what finds names."""

    run: str
    secret: bytes
    time_zone: str
    finder: NameFinder | None = None


def ingest(
    session: SparkSession, landings: Sequence[Landing], origin: Origin
) -> list[dict[str, Any]]:
    """
    Replace the landings' dates in the shop's tables; return what became of the rows of each, as
    `spark.accounts` gives it.

    All data sets of a date have to be given together: they share its partition of rejected rows.
    """
    dates = sorted({landing.date for landing in landings})
    rejected, found = [], []
    # The catalog first: its names are not to be taken for those of people.
    for dataset in sorted(CONTRACTS):
        listing = list_files([one for one in landings if one.dataset == dataset], dataset)
        names = name_redactor(session, dataset, origin.finder)
        judged = _judge(session, listing, origin, names)
        _replace(session, VERSIONS[dataset], _versions(judged, dataset, origin), dates)
        rejected.append(_rejected(session, judged, listing))
        found += _accounts(judged, listing, origin)
    together = reduce(DataFrame.unionByName, rejected).withColumn("run", F.lit(origin.run))
    _replace(session, REJECTED, together, dates)
    schema = from_arrow_schema(TABLES[LANDINGS].schema)
    noted = [{name: one[name] for name in schema.names} for one in found]
    _replace(session, LANDINGS, session.createDataFrame(noted, schema), dates)
    session.catalog.clearCache()
    order = [*CONTRACTS]
    return sorted(found, key=lambda account: order.index(str(account["dataset"])))


def _judge(
    session: SparkSession, listing: Listing, origin: Origin, names: NameRedactor | None
) -> DataFrame:
    """Every row of the readable files, `reason` null where it was accepted."""
    rows = [(str(file.path), file.name, file.date) for file in listing.readable]
    files = session.createDataFrame(
        session.sparkContext.parallelize(rows, max(1, len(rows))), FILES
    )
    schema = from_arrow_schema(judged_schema(listing.dataset))
    reader = landing_reader(listing.dataset, origin.secret, names)
    raw = files.mapInArrow(reader, schema).persist()
    # A file that breaks off is rejected whole, with the rows that were read before the break.
    damage = raw.where(F.col("reason") == UNREADABLE).select("landing_date", "file").distinct()
    whole = raw.join(damage, ["landing_date", "file"], "left_anti")
    broken = raw.where(F.col("reason") == UNREADABLE)
    return _without_duplicates(whole, listing.dataset).unionByName(broken).persist()


def _without_duplicates(rows: DataFrame, dataset: str) -> DataFrame:
    """Of one id in one file the newest row stays, by the order that versions have everywhere."""
    contract = CONTRACTS[dataset]
    accepted = F.col("reason").isNull()
    same = f"landing_date, file, {contract.id_field}, reason IS NULL"
    order = ", ".join(versions.newest_first(contract.time_field))
    place = F.expr(f"row_number() OVER (PARTITION BY {same} ORDER BY {order})")
    twice = accepted & (F.col("_place") > 1)
    return (
        rows.withColumn("_place", place)
        .withColumn("field", F.when(twice, contract.id_field).otherwise(F.col("field")))
        .withColumn("reason", F.when(twice, DUPLICATE).otherwise(F.col("reason")))
        .drop("_place")
    )


def _versions(judged: DataFrame, dataset: str, origin: Origin) -> DataFrame:
    table = TABLES[VERSIONS[dataset]]
    accepted = judged.where("reason IS NULL").withColumn("run", F.lit(origin.run))
    if "event_date" in table.columns:
        accepted = accepted.withColumn("event_date", _event_date(dataset, origin.time_zone))
    return accepted.select(*table.columns)


def _event_date(dataset: str, time_zone: str) -> Column:
    local = F.from_utc_timestamp(F.col(CONTRACTS[dataset].time_field), time_zone)
    return F.coalesce(F.to_date(local), F.col("landing_date"))


def _rejected(session: SparkSession, judged: DataFrame, listing: Listing) -> DataFrame:
    columns = ["dataset", "landing_date", "file", "row", "field", "reason"]
    rows = judged.where("reason IS NOT NULL").withColumn("dataset", F.lit(listing.dataset))
    files = session.createDataFrame(
        [(listing.dataset, f.date, f.name, f.field, f.reason) for f in listing.refused],
        "dataset STRING, landing_date STRING, file STRING, field STRING, reason STRING",
    )
    files = files.withColumn("landing_date", F.to_date("landing_date"))
    files = files.withColumn("row", F.lit(None).cast("bigint"))
    return rows.select(columns).unionByName(files.select(columns))


def _accounts(judged: DataFrame, listing: Listing, origin: Origin) -> list[dict[str, Any]]:
    rows = judged.groupBy("landing_date", "file", "reason").count().collect()
    counted = [
        Counted(r["landing_date"].isoformat(), r["file"], r["reason"], r["count"]) for r in rows
    ]
    return accounts(counted, listing, origin.run)


def _replace(session: SparkSession, table: str, rows: DataFrame, dates: Sequence[str]) -> None:
    written = session.table(table).limit(0).unionByName(rows)
    written.writeTo(table).overwrite(F.col("landing_date").isin(*map(_day, dates)))


def _day(date: str) -> Column:
    return F.lit(date).cast("date")
