"""Say how far a job is while it runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession

_SECONDS = 30.0


@contextmanager
def watched(
    session: SparkSession, say: Callable[[int, int], None], *, every: float = _SECONDS
) -> Iterator[None]:
    """While the block runs, call `say` with the tasks of the running stage and those done."""
    ended = threading.Event()

    def watch() -> None:
        tracker = session.sparkContext.statusTracker()
        while not ended.wait(every):
            for stage in tracker.getActiveStageIds():
                found = tracker.getStageInfo(stage)
                if found and found.numTasks:
                    say(found.numTasks, found.numCompletedTasks)

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
