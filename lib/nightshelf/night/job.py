"""The frame of a job: arguments, settings, a Spark session, an exit code."""

import argparse
import sys
from collections.abc import Callable

from pyspark.sql import SparkSession

from nightshelf.errors import NightshelfError
from nightshelf.night.context import Context, utc_now
from nightshelf.ops import runs
from nightshelf.settings import Settings
from nightshelf.spark.session import open_session

Work = Callable[[SparkSession, Context, str], None]


def run_job(work: Work, *, name: str, description: str | None) -> int:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--run", required=True, help="the run, as `nightshelf step` named it")
    run = parser.parse_args().run
    try:
        context = Context(Settings.from_environ(), utc_now, say)
    except NightshelfError as error:
        return _failed(error)
    try:
        with open_session(f"nightshelf {name} {run}") as session:
            work(session, context, run)
    except NightshelfError as error:
        # The step that waits for this job tells a person in these words.
        runs.update_run(context.ops, run, error=str(error))
        return _failed(error)
    return 0


def _failed(error: NightshelfError) -> int:
    sys.stderr.write(f"nightshelf: {error}\n")
    return error.exit_code


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
