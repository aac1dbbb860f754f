"""A night by the models that answer it: each has its questions and the texts it has not read."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession

from nightshelf.spark.ask import texts_to_ask
from nightshelf.spark.views import Night


@dataclass(frozen=True)
class Asked:
    """The part of the night that a model answers, and the `total` texts that it has to read."""

    night: Night
    texts: DataFrame
    total: int


def asked_of(session: SparkSession, night: Night, questions: Sequence[str]) -> Asked:
    """What has to be read for `questions`; needs the views of `open_views`, with text."""
    part = night.part(questions)
    texts = texts_to_ask(session, part)
    return Asked(part, texts, texts.count())
