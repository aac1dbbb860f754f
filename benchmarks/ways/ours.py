"""Nightshelf: the product's own shards, workers and model hosts in Spark."""

import os
import resource
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, Observation, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from benchmarks.ways.job import Answer, Job, Meter, Outcome, run_way
from benchmarks.ways.spark_session import our_session
from nightshelf.answers.status import ANSWERED, FAILED
from nightshelf.engine.runner import Limits
from nightshelf.host.folder import HostFolder
from nightshelf.host.slots import cpu_slots
from nightshelf.host.start import HostLimits, stop_hosts
from nightshelf.models.choice import ModelChoice
from nightshelf.names import EMBEDDING
from nightshelf.questions import QUESTIONS
from nightshelf.settings import Settings
from nightshelf.spark.ask import shards_for
from nightshelf.spark.shards import in_equal_shards
from nightshelf.spark.slot import Places
from nightshelf.spark.worker import USAGE, Mapper, Work, answer_batches, answer_schema


@contextmanager
def ours(job: Job, _: Meter) -> Iterator[Answer]:
    home = Path(job.home)
    (home / "weights").mkdir(parents=True)
    work = _work(job)
    try:
        with our_session(job) as session:
            yield lambda folder: _answer(session, folder, work, job)
    finally:
        stop_hosts(HostFolder.of(home))


def _work(job: Job) -> Work:
    return Work(
        run="bench",
        models=dict.fromkeys(QUESTIONS, "0" * 16),
        choice=ModelChoice(**job.choice),
        limits=Limits(
            max_padded_tokens=Settings.max_padded_tokens,
            window_rows=Settings.window_rows,
            max_failed_share=Settings.max_failed_share,
        ),
        home=Path(job.home),
        host=HostLimits(idle_seconds=Settings.host_idle_seconds, memory_mb=Settings.host_memory_mb),
        places=Places(job.slots, cpu_slots(job.slots)),
    )


def _answer(session: SparkSession, folder: Path, work: Work, job: Job) -> Outcome:
    rows = sum(int(path.stem.rpartition("-")[2]) for path in folder.glob("*.parquet"))
    dealt = in_equal_shards(session.read.parquet(str(folder)), job.shards or shards_for(rows, work))
    weights = Path(job.home) / "weights"
    mapper = _weighed(answer_batches(work), weights)
    schema = from_arrow_schema(answer_schema(work.questions))
    seen = Observation()
    answers = dealt.mapInArrow(mapper, schema).observe(seen, *_sums())
    # Every answer reaches Spark as a row; none is written.
    answers.write.format("noop").mode("overwrite").save()
    found: dict[str, Any] = dict(seen.get)
    weighed = [int(path.read_text()) for path in weights.iterdir()]
    return Outcome(
        answered=found.pop("answered"),
        failed=found.pop("failed"),
        first=found.pop("first"),
        details=found | {"worker_peak_kb": max(weighed, default=0)},
    )


def _sums() -> list[Column]:
    embedding = F.col("question") == EMBEDDING
    sums = [
        F.count_if(embedding & (F.col("status") == ANSWERED)).alias("answered"),
        F.count_if(embedding & (F.col("status") == FAILED)).alias("failed"),
        F.avg(F.when(embedding, F.get("vector", F.lit(0)))).alias("first"),
    ]
    for name in ("restarts", "padded_tokens", "busy_seconds"):
        said = F.get_json_object(USAGE, f"$.{name}").cast("double")
        sums.append(F.sum(said).alias(name))
    host = F.max(F.get_json_object(USAGE, "$.peak_kb").cast("long"))
    return [*sums, host.alias("host_peak_kb")]


def _weighed(mapper: Mapper, folder: Path) -> Mapper:
    """Each worker notes the most memory it has had, in a file of its own."""

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield from mapper(batches)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        (folder / str(os.getpid())).write_text(str(most))

    return read


if __name__ == "__main__":
    run_way(ours)
