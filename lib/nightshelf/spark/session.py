"""Open and close the Spark session of one job."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pyspark.sql import SparkSession


@contextmanager
def open_session(name: str, conf: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """A session as spark-submit configured it; `conf` is for callers without spark-submit."""
    builder = SparkSession.builder.appName(name)
    for key, value in (conf or {}).items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()
