"""Where the buttons on a night's tasks lead; empty where there is nothing to see."""

import logging
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import sqlalchemy as sa

from nightshelf.errors import NightshelfError
from nightshelf.names import NIGHTLY, REANSWER
from nightshelf.ops import steps
from nightshelf.seat.app import PREFIX
from nightshelf.seat.run import run_of_origin
from nightshelf.seat.sources import Sources

_OF_RUNS = (NIGHTLY, REANSWER)

#: Of a task in an Airflow run: the DAG, the run, the task.
Task = tuple[str, str, str]
Open = Callable[[], Sources]


def to_report(sources: Open, task: Task, base: str) -> str:
    """The report of the whole run, below `base`, the address of Airflow; its path alone."""

    def find(opened: Sources, run: str) -> str:
        return f"{urlsplit(base).path.rstrip('/')}{PREFIX}/runs/{quote(run)}/report"

    return _found(sources, task, find)


def to_spark(sources: Open, task: Task) -> str:
    """Spark's own page of the task's job, as long as the job runs and has one."""

    def find(opened: Sources, run: str) -> str:
        newest = next(reversed(steps.steps_of(opened.ops, run)), None)
        if newest is None or (newest["step"], newest["state"]) != (task[2], steps.RUNNING):
            return ""
        address = str(newest["spark_ui"] or "")
        return address if urlsplit(address).scheme in ("http", "https") else ""

    return _found(sources, task, find)


def _found(sources: Open, task: Task, find: Callable[[Sources, str], str]) -> str:
    dag, origin, _ = task
    if dag not in _OF_RUNS:
        return ""
    # Airflow asks for all links of a task at once: one that raises would take the others along.
    try:
        opened = sources()
        return find(opened, run_of_origin(opened, dag, origin))
    except (NightshelfError, sa.exc.SQLAlchemyError, ValueError) as error:
        logging.getLogger(__name__).info("no link: %s", error)
        return ""
