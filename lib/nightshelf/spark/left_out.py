"""Write down what a cap leaves out, key by key, and ask for the rest."""

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from nightshelf.lakehouse.outcomes import CAP, left_out
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import DEFERRED
from nightshelf.spark.views import Night


def write_left_out(
    session: SparkSession, run: str, parts: Sequence[tuple[Night, DataFrame]], ranked: DataFrame
) -> None:
    """
    Replace what the run has left out by those `ranked` texts that do not fit.

    `parts` are, in the order of `ranked`, a model's part of the night and the texts it is to read.
    """
    rows = _nothing(session)
    for place, (night, texts) in enumerate(parts):
        out = ranked.where((F.col("part") == place) & ~F.col("fits")).select("content_key")
        texts_out = texts.join(out, "content_key", "left_semi")
        for question in night.models:
            key = F.col(f"key_{question}")
            found = texts_out.where(key.isNotNull())
            about = [F.lit(run), F.lit(question), key, F.col("content_key"), F.lit(CAP)]
            rows = rows.union(found.select(*about))
    _replace(run, rows)


def forget_left_out(session: SparkSession, run: str) -> None:
    _replace(run, _nothing(session))


def without_left_out(session: SparkSession, night: Night, texts: DataFrame) -> DataFrame:
    """Those of `texts` that a model may read."""
    for question in night.models:
        out = session.sql(left_out(night.run, question)).select("content_key")
        texts = texts.join(out, "content_key", "left_anti")
    # Written down: each wave reads them.
    return texts.localCheckpoint(storageLevel=StorageLevel.DISK_ONLY)


def _nothing(session: SparkSession) -> DataFrame:
    return session.table(DEFERRED).limit(0).select(*TABLES[DEFERRED].columns)


def _replace(run: str, rows: DataFrame) -> None:
    named = rows.toDF(*TABLES[DEFERRED].columns)
    named.writeTo(DEFERRED).overwrite(F.col("run") == run)
