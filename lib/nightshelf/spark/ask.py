"""Ask in waves: distinct contents in shards to the workers, answers appended as they come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.storagelevel import StorageLevel

from nightshelf.engine.question import Question
from nightshelf.names import ANSWERS
from nightshelf.questions import QUESTIONS
from nightshelf.spark.plan import unanswered
from nightshelf.spark.views import ASKED_ABOUT, Night
from nightshelf.spark.worker import Work, answer_batches, answer_schema, text_batches, text_schema


@dataclass(frozen=True)
class Wave:
    """What one wave came to: texts read, their tokens, and rows by question and status."""

    texts: int
    tokens: int
    answers: dict[str, dict[str, int]]


def texts_to_ask(session: SparkSession, night: Night) -> DataFrame:
    """One row a text: `content_key`, `text`, and per question the key to answer or null."""
    questions = tuple(night.models)
    parts = []
    for dataset in sorted({dataset for q in questions for dataset in ASKED_ABOUT[q]}):
        rows = unanswered(session, dataset, night)
        schema = from_arrow_schema(text_schema(questions))
        parts.append(rows.mapInArrow(text_batches(dataset, questions), schema))
    united = parts[0]
    for part in parts[1:]:
        united = united.unionByName(part)
    # A review may say what a product's text says; it is read once all the same.
    keys = [F.max(f"key_{name}").alias(f"key_{name}") for name in questions]
    texts = united.groupBy("content_key").agg(F.first("text").alias("text"), *keys)
    # Written down: a mere cache would be filled anew, and everything asked again, when the
    # tables that it was read from get their answers.
    return texts.localCheckpoint(storageLevel=StorageLevel.DISK_ONLY)


def ask_waves(
    session: SparkSession,
    texts: DataFrame,
    work: Work,
    waves: int,
    open_wave: Callable[[], tuple[int, datetime]],
) -> Iterator[tuple[int, Wave]]:
    """
    Answer `texts` in `waves` commits; `open_wave` gives each its number and time.

    A text's wave follows from its key, and an answer is found by its key: a rerun that lacks
    some of them may split otherwise without harm.
    """
    slots = session.sparkContext.defaultParallelism
    place = F.pmod(F.xxhash64("content_key"), F.lit(waves))
    schema = from_arrow_schema(answer_schema(work.questions))
    for index in range(waves):
        number, at = open_wave()
        shard = texts.where(place == index).repartition(slots, "content_key")
        answers = shard.mapInArrow(answer_batches(work), schema).persist(StorageLevel.DISK_ONLY)
        for name in work.questions:
            _append(session, answers, QUESTIONS[name], (work, number, at))
        yield number, _summary(answers)
        answers.unpersist()


def _append(
    session: SparkSession,
    answers: DataFrame,
    question: Question,
    written_by: tuple[Work, int, datetime],
) -> None:
    work, number, at = written_by
    table = f"{ANSWERS}.{question.name}"
    rows = (
        answers.where(F.col("question") == question.name)
        .withColumn("model_version", F.lit(work.models[question.name]))
        .withColumn("run", F.lit(work.run))
        .withColumn("wave", F.lit(number).cast("bigint"))
        .withColumn("answered_at", F.lit(at))
    )
    rows.select(*session.table(table).columns).writeTo(table).append()


def _summary(answers: DataFrame) -> Wave:
    counted = answers.groupBy("question", "status").agg(
        F.count(F.lit(1)).alias("rows"), F.sum("tokens").alias("tokens")
    )
    by_question: dict[str, dict[str, int]] = {}
    for row in counted.collect():
        by_question.setdefault(row["question"], {})[row["status"]] = int(row["rows"])
    read = answers.dropDuplicates(["content_key"])
    [total] = read.agg(F.count(F.lit(1)).alias("texts"), F.sum("tokens").alias("tokens")).collect()
    return Wave(int(total["texts"]), int(total["tokens"] or 0), by_question)
