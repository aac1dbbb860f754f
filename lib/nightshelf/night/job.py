"""The frame of a job: arguments, settings, a Spark session, an exit code for each step."""

import argparse
import socket
import sys
from collections.abc import Callable, Mapping

from pyspark.sql import SparkSession

from nightshelf.errors import NightshelfError
from nightshelf.night.context import Context, utc_now
from nightshelf.ops import runs, steps
from nightshelf.settings import Settings
from nightshelf.spark.session import open_session

Work = Callable[[SparkSession, Context, str], None]


def run_job(work: Work, *, name: str, description: str | None) -> int:
    """One step in a session of its own."""
    run = _parser(description).parse_args().run
    try:
        context = Context(Settings.from_environ(), utc_now, say)
    except NightshelfError as error:
        return _failed(error)
    with open_session(f"nightshelf {name} {run}") as session:
        return _done(work, session, context, run)


def run_steps(works: Mapping[str, Work], *, description: str | None) -> int:
    """
    One session for the steps that are named on a socket, a line each; the answer is an exit code.

    It ends when the other side does.
    """
    parser = _parser(description)
    parser.add_argument("--steps", required=True, help="the path of the socket")
    given = parser.parse_args()
    try:
        context = Context(Settings.from_environ(), utc_now, say)
    except NightshelfError as error:
        return _failed(error)
    with (
        open_session(f"nightshelf night {given.run}") as session,
        socket.socket(socket.AF_UNIX) as connection,
    ):
        connection.connect(given.steps)
        with connection.makefile("rw") as lines:
            for line in lines:
                code = _done(works[line.strip()], session, context, given.run)
                lines.write(f"{code}\n")
                lines.flush()
    return 0


def _parser(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--run", required=True, help="the run, as `nightshelf step` named it")
    return parser


def _done(work: Work, session: SparkSession, context: Context, run: str) -> int:
    if address := session.sparkContext.uiWebUrl:
        steps.note_spark_ui(context.ops, run, address)
    try:
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
