"""What has to be asked: contents without an answer from the run's models."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from nightshelf.lakehouse import asked, sql
from nightshelf.lakehouse.causes import CAUSES, Asking, count_causes
from nightshelf.shelf import chosen
from nightshelf.shelf.published import Lane
from nightshelf.spark.contents import content_columns
from nightshelf.spark.views import Night

#: So many keys of 64 characters every worker can hold, beside whatever it does.
FEW = 200_000


def plan(
    session: SparkSession, night: Night, other_prompts: Mapping[str, Collection[str]]
) -> dict[str, dict[str, Any]]:
    """
    Per question: `rows` to ask about, their distinct `contents`, how many are `reused`, `to_ask`,
    and for which `causes`.

    `other_prompts` maps a question to the model versions that differ from the run's by their
    prompt alone. Needs the views of `open_views`.
    """
    keys = {question: _asked(night, question) for question in night.models}
    wanted = _counted(session, asked.count_asked(keys))
    night = replace(night, rows={question: int(row["rows"]) for question, row in wanted.items()})
    some = [question for question in night.models if wanted[question]["rows"]]
    known = {question: (keys[question], settled(night, question)) for question in some}
    reused = _counted(session, asked.count_settled(known)) if known else {}
    found: dict[str, dict[str, Any]] = {}
    for question in night.models:
        row = wanted[question]
        counts = {"rows": int(row["rows"]), "contents": int(row["contents"])}
        counts["reused"] = int(reused[question]["reused"]) if question in reused else 0
        counts["to_ask"] = counts["contents"] - counts["reused"]
        causes = dict.fromkeys(CAUSES, 0)
        if counts["to_ask"]:
            causes |= _causes(session, question, night, other_prompts.get(question, ()))
        found[question] = {**counts, "causes": causes}
    return found


def unanswered(session: SparkSession, lane: Lane, night: Night) -> DataFrame:
    """
    One row a content that lacks an answer: `content_key`, the columns it is made of, and per
    question `key_<question>`, the key to ask for or null.
    """
    rows = session.table(f"asking_{lane.name}").dropDuplicates(["content_key"])
    rows = rows.select("content_key", *content_columns(lane))
    for question, version in night.models.items():
        if lane in night.lanes_of(question):
            rows = _with_missing_key(session, rows, settled(night, question), (question, version))
        else:
            rows = rows.withColumn(f"key_{question}", F.lit(None).cast("string"))
    asked = F.coalesce(*(F.col(f"key_{question}") for question in night.models))
    return rows.where(asked.isNotNull())


def settled(night: Night, question: str) -> str:
    """Select the keys that are not asked for; at least those among what the night asks about."""
    among = _among(night, question)
    if night.chosen and night.chosen.selection.asks_failures_again:
        return chosen.settled_since(question, night.run, among)
    return sql.settled(question, among)


def _among(night: Night, question: str) -> str | None:
    """The keys that the night asks about, where they are known to be few."""
    if night.rows.get(question, FEW + 1) > FEW:
        return None
    return _asked(night, question)


def _asked(night: Night, question: str) -> str:
    views = [f"asking_{lane.name}" for lane in night.lanes_of(question)]
    return asked.asked_keys(night.models[question], views)


def _with_missing_key(
    session: SparkSession, rows: DataFrame, known: str, asked: tuple[str, str]
) -> DataFrame:
    question, version = asked
    column = f"key_{question}"
    answered = session.sql(known).select(F.col("key").alias("answered"))
    keyed = rows.withColumn(column, F.expr(sql.answer_key(version)))
    joined = keyed.join(answered, F.col(column) == F.col("answered"), "left")
    wanted = F.when(F.col("answered").isNull(), F.col(column))
    return joined.withColumn(column, wanted).drop("answered")


def _causes(
    session: SparkSession, question: str, night: Night, other_prompts: Collection[str]
) -> dict[str, int]:
    asking = [
        Asking(
            f"asking_{one.lane.name}",
            one.lane.id_field,
            sql.at_snapshot(one.table, night.base[one.table]),
        )
        for one in night.published
        if one.question == question
    ]
    select = count_causes(
        question, night.models[question], asking, other_prompts, _among(night, question)
    )
    return {row["cause"]: int(row["contents"]) for row in session.sql(select).collect()}


def _counted(session: SparkSession, select: str) -> dict[str, Row]:
    return {row["question"]: row for row in session.sql(select).collect()}
