"""A pandas UDF as tutorials show it: the model card's code over one Arrow batch after another."""

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
from pyspark.sql.functions import pandas_udf
from pyspark.sql.types import ArrayType, FloatType

from benchmarks.ways.hugging_face import CardModel
from benchmarks.ways.job import Answer, Job, Meter, run_way
from benchmarks.ways.spark_session import embedded, peers_session
from nightshelf.models.choice import ModelChoice

#: With Spark's default of 10,000 rows one padded batch needs more memory than a laptop has.
_ARROW_ROWS = "512"


@contextmanager
def naive_udf(job: Job, _: Meter) -> Iterator[Answer]:
    choice = ModelChoice(**job.choice)

    @pandas_udf(ArrayType(FloatType()))
    def embed(batches: Iterator[pd.Series]) -> Iterator[pd.Series]:
        model = CardModel(choice)
        for texts in batches:
            yield pd.Series(list(model.embed(texts.tolist())))

    conf = {"spark.sql.execution.arrow.maxRecordsPerBatch": _ARROW_ROWS}
    with peers_session(job, conf) as session:
        yield embedded(session, job, embed)


if __name__ == "__main__":
    run_way(naive_udf)
