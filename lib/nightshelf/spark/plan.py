"""What has to be asked: contents without an answer from the run's models."""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from nightshelf.lakehouse import sql
from nightshelf.spark.contents import CONTENT_COLUMNS
from nightshelf.spark.views import ASKED_ABOUT, Night


def plan(session: SparkSession, night: Night) -> dict[str, dict[str, int]]:
    """
    Per question: `rows` to ask about, their distinct `contents`, how many are `reused`, `to_ask`.

    Needs the views of `open_views`.
    """
    return {question: _count(session, question, night) for question in night.models}


def unanswered(session: SparkSession, dataset: str, night: Night) -> DataFrame:
    """
    One row a content that lacks an answer: `content_key`, the columns it is made of, and per
    question `key_<question>`, the key to ask for or null.
    """
    rows = session.table(f"asking_{dataset}").dropDuplicates(["content_key"])
    rows = rows.select("content_key", *CONTENT_COLUMNS[dataset])
    for question, version in night.models.items():
        rows = _with_missing_key(session, rows, (question, dataset), version)
    asked = F.coalesce(*(F.col(f"key_{question}") for question in night.models))
    return rows.where(asked.isNotNull())


def _with_missing_key(
    session: SparkSession, rows: DataFrame, asked: tuple[str, str], version: str
) -> DataFrame:
    question, dataset = asked
    column = f"key_{question}"
    if dataset not in ASKED_ABOUT[question]:
        return rows.withColumn(column, F.lit(None).cast("string"))
    answered = session.sql(sql.settled(question)).select(F.col("key").alias("answered"))
    keyed = rows.withColumn(column, F.expr(sql.answer_key(version)))
    joined = keyed.join(answered, F.col(column) == F.col("answered"), "left")
    wanted = F.when(F.col("answered").isNull(), F.col(column))
    return joined.withColumn(column, wanted).drop("answered")


def _count(session: SparkSession, question: str, night: Night) -> dict[str, int]:
    views = [f"asking_{dataset}" for dataset in ASKED_ABOUT[question]]
    [row] = session.sql(sql.count_contents(question, night.models[question], views)).collect()
    counts = {name: int(row[name]) for name in ("rows", "contents", "reused")}
    return counts | {"to_ask": counts["contents"] - counts["reused"]}
