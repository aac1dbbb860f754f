"""Spark as each way has it: ours as the product sets it, the peers' as it comes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pyspark.sql import Column, DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from benchmarks.ways.job import Answer, Job, Outcome
from nightshelf.services.jars import jar_paths
from nightshelf.settings import Settings
from nightshelf.spark.conf import spark_conf
from nightshelf.spark.session import open_session


@contextmanager
def our_session(job: Job) -> Iterator[SparkSession]:
    settings = Settings(home=Path(job.home), spark_master=f"local[{job.slots}]")
    with open_session("ours", spark_conf(settings, jar_paths(Path(job.jars)))) as session:
        yield session


@contextmanager
def peers_session(job: Job, conf: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    quiet = {
        "spark.master": f"local[{job.slots}]",
        "spark.driver.memory": Settings.spark_driver_memory,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.local.dir": job.home,
        **(conf or {}),
    }
    Path(job.home).mkdir(parents=True, exist_ok=True)
    with open_session("peer", quiet) as session:
        yield session


def embedded(session: SparkSession, job: Job, embed: Callable[[Column], Column]) -> Answer:
    """Every text of a folder by one column function, on as many tasks as there are slots."""

    def answer(folder: Path) -> Outcome:
        texts = session.read.parquet(str(folder)).repartition(job.slots)
        return seen_by(texts.select(embed(F.col("text")).alias("vector")))

    return answer


def seen_by(vectors: DataFrame) -> Outcome:
    """Every vector reaches Spark as a row; none is written."""
    seen = Observation()
    sums = [F.count("vector").alias("answered"), F.avg(F.get("vector", F.lit(0))).alias("first")]
    vectors.observe(seen, *sums).write.format("noop").mode("overwrite").save()
    return Outcome(**seen.get)
