"""Run Iceberg's procedures of upkeep beside others that commit, and measure what a table takes."""

from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import NamedTuple

from py4j.protocol import Py4JError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from nightshelf.lakehouse import upkeep_sql as sql

_ATTEMPTS = 5
_PAUSE_SECONDS = 1.0
#: What Iceberg says when another commit came first: nothing was changed, and nothing is lost.
_CONFLICTS = ("CommitFailedException", "ValidationException", "Missing required files to delete")


class Size(NamedTuple):
    files: int
    bytes: int


class Conflict(Exception):
    """Others committed to the table at every attempt."""


def size_of(session: SparkSession, location: str) -> Size:
    """All that lies below the table's folder, referred to or not."""
    jvm = session._jvm
    assert jvm is not None  # noqa: S101  a classic session has one
    path = jvm.org.apache.hadoop.fs.Path(location)
    conf = session._jsc.hadoopConfiguration()
    found = path.getFileSystem(conf).getContentSummary(path)
    return Size(int(found.getFileCount()), int(found.getLength()))


def small_files(session: SparkSession, files: str) -> int:
    """How many files are worth folding; `files` is the table's metadata table of files."""
    columns = session.sql(sql.no_rows(files)).columns
    return _number(session, sql.small_files(files, columns))


def fold(session: SparkSession, table: str, branch: str | None = None) -> int:
    """Fold small files into few; return how many were."""
    return again(lambda: _number(session, sql.fold(table, branch)))


def fold_manifests(session: SparkSession, table: str) -> int:
    return again(lambda: _number(session, sql.fold_manifests(table)))


def expire(session: SparkSession, table: str, older_than: datetime) -> None:
    again(lambda: len(session.sql(sql.expire(table, older_than)).collect()))


def orphans(session: SparkSession, table: str, older_than: datetime, *, dry_run: bool) -> int:
    """Files of the table's folder that no metadata refers to; gone, unless it is a dry run."""
    return len(session.sql(sql.remove_orphans(table, older_than, dry_run=dry_run)).collect())


def garbage(session: SparkSession, question: str, older_than: datetime, *, dry_run: bool) -> int:
    """Answers to contents that no accepted row has any more; deleted, unless it is a dry run."""
    found = _number(session, sql.count_garbage(question, older_than))
    if found and not dry_run:
        again(lambda: len(session.sql(sql.delete_garbage(question, older_than)).collect()))
    return found


def again(do: Callable[[], int]) -> int:
    """Do it, and try again when another commit came first; raise `Conflict` at last."""
    for attempt in range(_ATTEMPTS):
        try:
            return do()
        except (PySparkException, Py4JError) as error:
            if not any(word in str(error) for word in _CONFLICTS):
                raise
        Event().wait(_PAUSE_SECONDS * attempt)
    raise Conflict


def _number(session: SparkSession, select: str) -> int:
    [row] = session.sql(select).collect()
    return int(row[0])
