"""Ask in waves: distinct contents in shards to the workers, answers appended as they come."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.storagelevel import StorageLevel

from nightshelf.engine.question import Question
from nightshelf.engine.usage import Usage
from nightshelf.names import ANSWERS
from nightshelf.questions import QUESTIONS
from nightshelf.spark.plan import unanswered
from nightshelf.spark.shards import in_equal_shards
from nightshelf.spark.views import ASKED_ABOUT, Night
from nightshelf.spark.worker import (
    USAGE,
    Work,
    answer_batches,
    answer_schema,
    text_batches,
    text_schema,
)


@dataclass(frozen=True)
class Wave:
    """What one wave came to: what it used, and rows by question and status."""

    usage: Usage
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
    texts: DataFrame,
    work: Work,
    total: int,
    waves: int,
    open_wave: Callable[[], tuple[int, datetime]],
) -> Iterator[tuple[int, Wave]]:
    """
    Answer the `total` `texts` in `waves` commits; `open_wave` gives each its number and time.

    A text's wave follows from its key, and an answer is found by its key: a rerun that lacks
    some of them may split otherwise without harm.
    """
    place = F.pmod(F.xxhash64("content_key"), F.lit(waves))
    schema = from_arrow_schema(answer_schema(work.questions))
    shards = _shards(math.ceil(total / waves), work)
    for index in range(waves):
        number, at = open_wave()
        dealt = in_equal_shards(texts.where(place == index), shards)
        answers = dealt.mapInArrow(answer_batches(work), schema).persist(StorageLevel.DISK_ONLY)
        for name in work.questions:
            _append(answers, QUESTIONS[name], (work, number, at))
        yield number, _summary(answers)
        answers.unpersist()


def _shards(rows: int, work: Work) -> int:
    """
    A task a window: what is done shows in whole tasks, and a host outlives them.

    A multiple of the slots, so that all of them end together.
    """
    rounds = max(1, round(rows / work.limits.window_rows / work.slots))
    return rounds * work.slots


def _append(
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
    columns = answers.sparkSession.table(table).columns
    rows.select(*columns).writeTo(table).append()


def _summary(answers: DataFrame) -> Wave:
    usage = Usage()
    for row in answers.where(F.col("question") == USAGE).select(USAGE).collect():
        usage.add(json.loads(row[USAGE]))
    counted = answers.where(F.col("question") != USAGE).groupBy("question", "status").count()
    by_question: dict[str, dict[str, int]] = {}
    for row in counted.collect():
        by_question.setdefault(row["question"], {})[row["status"]] = int(row["count"])
    return Wave(usage, by_question)
