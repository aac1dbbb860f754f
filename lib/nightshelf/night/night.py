"""A whole night in one process tree and one Spark session: Airflow's steps, in their order."""

from collections.abc import Mapping
from datetime import date

from nightshelf.errors import NightshelfError
from nightshelf.names import STEPS
from nightshelf.night.context import Context
from nightshelf.night.deciding import PLAN, decide_once
from nightshelf.night.jobs import in_one_session
from nightshelf.night.lease import date_lease
from nightshelf.night.patience import wait_for
from nightshelf.night.ready import must_be_ready
from nightshelf.night.step import run_name, run_step
from nightshelf.ops.runs import find_run


def run_night(
    context: Context,
    day: date,
    environ: Mapping[str, str],
    *,
    going_on: str | None = None,
    over_cap: str | None = None,
) -> str:
    """
    Run the date's night, and return the run's name; raise what stopped it.

    `going_on` names a run of the date that stopped, `over_cap` decides for one that is over a cap.
    """
    must_be_ready(context, day)
    run = going_on or run_name(day.isoformat(), context.clock().isoformat())
    if going_on:
        _must_be_of(context, going_on, day)
    wait_for(context, run, date_lease(day.isoformat()))
    date = day.isoformat()
    with in_one_session(context, date, run, environ) as job:
        for step in STEPS:
            context.say(f"-- {day} {step}")
            if step == PLAN:
                decide_once(context, run, over_cap)
            run_step(context, step, date=date, run=run, job=job)
    return run


def _must_be_of(context: Context, run: str, day: date) -> None:
    row = find_run(context.ops, run)
    if row is None or row["date"] != day.isoformat():
        raise NightshelfError(f"no run of {day} is called {run}; `nightshelf runs` lists them")
