"""Spark's own `predict_batch_udf` around the model card's code."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.functions import predict_batch_udf
from pyspark.sql.types import ArrayType, FloatType

from benchmarks.ways.job import Answer, Job, Meter, run_way
from benchmarks.ways.spark_session import embedded, peers_session
from nightshelf.models.choice import ModelChoice

_BATCH = 64


@contextmanager
def batch_udf(job: Job, _: Meter) -> Iterator[Answer]:
    choice = ModelChoice(**job.choice)

    def make() -> Callable[[NDArray[np.str_]], NDArray[np.float32]]:
        from benchmarks.ways.hugging_face import CardModel

        model = CardModel(choice)
        return lambda texts: model.embed(texts.tolist())

    embed = predict_batch_udf(make, return_type=ArrayType(FloatType()), batch_size=_BATCH)
    with peers_session(job) as session:
        yield embedded(session, job, embed)


if __name__ == "__main__":
    run_way(batch_udf)
