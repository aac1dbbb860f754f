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
from nightshelf.spark.gpus import gpu_a_task
from nightshelf.spark.plan import unanswered
from nightshelf.spark.shards import in_equal_shards
from nightshelf.spark.views import Night
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
    for lane in night.lanes:
        rows = unanswered(session, lane, night)
        schema = from_arrow_schema(text_schema(questions))
        parts.append(rows.mapInArrow(text_batches(lane, questions), schema))
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

    An answer is found by its key: a rerun that lacks some of them may split otherwise without harm.
    """
    schema = from_arrow_schema(answer_schema(work.questions))
    shards = shards_for(math.ceil(total / waves), work)
    profile = None if work.places.slots else gpu_a_task()
    for index in range(waves):
        number, at = open_wave()
        dealt = in_equal_shards(of_wave(texts, index, waves), shards)
        answers = dealt.mapInArrow(answer_batches(work), schema, profile=profile)
        answers = answers.persist(StorageLevel.DISK_ONLY)
        for question in work.questions:
            _append(answers, question, (work, number, at))
        yield number, _summary(answers)
        answers.unpersist()


def of_wave(texts: DataFrame, index: int, waves: int) -> DataFrame:
    """Those of wave `index` of `waves`; which wave a text is of follows from its key."""
    return texts.where(F.pmod(F.xxhash64("content_key"), F.lit(waves)) == index)


def shards_for(rows: int, work: Work) -> int:
    """
    A task a window: what is done shows in whole tasks, and a host outlives them.

    A multiple of those that run at once, so that all of them end together.
    """
    at_once = work.places.at_once
    return at_once * max(1, round(rows / work.limits.window_rows / at_once))


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
