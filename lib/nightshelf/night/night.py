"""A whole night in one process tree: the steps that Airflow runs, in the same order."""

from collections.abc import Mapping
from datetime import date

from nightshelf.names import STEPS
from nightshelf.night.context import Context
from nightshelf.night.lease import date_lease
from nightshelf.night.patience import wait_for
from nightshelf.night.ready import must_be_ready
from nightshelf.night.step import run_name, run_step


def run_night(context: Context, day: date, environ: Mapping[str, str]) -> str:
    """Run the date's night, and return the run's name; raise what stopped it."""
    must_be_ready(context, day)
    run = run_name(day.isoformat(), context.clock().isoformat())
    wait_for(context, run, date_lease(day.isoformat()))
    for step in STEPS:
        context.say(f"-- {day} {step}")
        run_step(context, step, date=day.isoformat(), run=run, environ=environ)
    return run
