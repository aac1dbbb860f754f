"""Plan a night of a fixed size beside ever more stored keys: seconds, and bytes that Spark read."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from benchmarks.night.shop import deliver, distinct
from benchmarks.workshop import say
from nightshelf.night.ask import ask
from nightshelf.night.assemble import assemble_and_audit
from nightshelf.night.context import Context, utc_now
from nightshelf.night.ingest import ingest_and_plan
from nightshelf.night.lease import date_lease, give_back
from nightshelf.night.planning import make_plan
from nightshelf.night.publish import publish_run
from nightshelf.ops import runs
from nightshelf.services.jars import jar_paths
from nightshelf.settings import Settings
from nightshelf.spark.conf import spark_conf
from nightshelf.spark.session import open_session

#: Rows of one landing; a lake grows by nights of at most so many.
_LANDING = 500_000
_WORDS = ("a good thing", "it broke", "it is what it is", "love the colour", "too small for me")


def plans(settings: Settings, stored: Sequence[int], rows: int) -> list[dict[str, Any]]:
    """For each number of `stored` keys, growing in one lake, what planning `rows` new rows took."""
    settings = replace(settings, encoder="fake:8", sentiment_head="fake", generator="off")
    found, so_far, night = [], 0, 0
    conf = spark_conf(settings, jar_paths(settings.jars))
    with open_session("nightshelf bench-night", conf) as session:
        for keys in sorted(stored):
            while so_far < keys:
                size, night = min(_LANDING, keys - so_far), night + 1
                deliver(settings, _date(night), distinct(_WORDS, size, first=so_far), first=so_far)
                _whole_night(session, settings, night)
                so_far += size
            found.append({"keys": keys, **_plan(session, settings, so_far, rows)})
            say(f"{keys:,} keys: {found[-1]}")
    return found


def _whole_night(session: SparkSession, settings: Settings, night: int) -> None:
    context, run, date = Context(settings, utc_now, say), f"n{night}", _date(night)
    runs.open_run(context.ops, run, date=date, step="ingest", now=context.clock())
    for step in (ingest_and_plan, ask, assemble_and_audit):
        step(session, context, run)
    publish_run(context, run)
    give_back(context, run, [date_lease(date)])


def _plan(session: SparkSession, settings: Settings, stored: int, rows: int) -> dict[str, Any]:
    """The night is ingested and planned, and planned once more, warm; then it is taken back."""
    context, run, date = Context(settings, utc_now, _silent), f"p{stored}", "2027-01-01"
    deliver(settings, date, distinct(_WORDS, rows, first=10**9), first=10**9)
    runs.open_run(context.ops, run, date=date, step="ingest", now=context.clock())
    ingest_and_plan(session, context, run)
    before, begun = _bytes_read(session), time.monotonic()
    make_plan(session, context, run)
    seconds, read = time.monotonic() - begun, _bytes_read(session) - before
    planned = runs.read_run(context.ops, run)["estimate"]["texts"]
    give_back(context, run, [date_lease(date)])
    _forget(settings, date)
    return {"seconds": seconds, "bytes_read": read, "texts": planned}


def _bytes_read(session: SparkSession) -> int:
    """By all tasks of the session so far; what lies in its scratch files does not count."""
    store = session.sparkContext._jsc.sc().statusStore()
    executors = store.executorList(True)  # noqa: FBT003  a Java method
    return sum(executors.apply(place).totalInputBytes() for place in range(executors.size()))


def _forget(settings: Settings, date: str) -> None:
    folder = settings.landing / "reviews" / f"date={date}"
    for file in folder.iterdir():
        file.unlink()
    Path(folder).rmdir()


def _date(night: int) -> str:
    return f"2026-{1 + (night - 1) // 28:02}-{1 + (night - 1) % 28:02}"


def _silent(_line: str) -> None:
    pass
