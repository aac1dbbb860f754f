"""One step of a night as one command: lease, old processes, job, outcome."""

from functools import partial
from typing import NamedTuple

from nightshelf.errors import NightshelfError
from nightshelf.names import STEPS
from nightshelf.night.broken import in_words
from nightshelf.night.context import Context
from nightshelf.night.deciding import may_ask
from nightshelf.night.failures import note_failure, raise_for
from nightshelf.night.jobs import Job, own_mark
from nightshelf.night.lease import (
    ASKING,
    end_this_process,
    give_back,
    held,
    lease_of,
    must_take,
)
from nightshelf.night.patience import wait_for
from nightshelf.night.submit import end_jobs, job_mark
from nightshelf.night.timing import timed
from nightshelf.ops import runs


class Run(NamedTuple):
    date: str
    name: str


def run_name(date: str, origin: str) -> str:
    """
    A run's name, from its date and whatever tells it from other runs of that date.

    >>> run_name("2026-03-01", "manual__1")
    'n20260301_19b04f56'
    """
    return f"n{date.replace('-', '')}{runs.mark_of(origin)}"


def run_step(context: Context, step: str, *, date: str, run: str, job: Job) -> None:
    """
    Do one step, its Spark part by `job`; raise what stopped it.

    `date` is the run's, or what a run without one works on, such as `reanswer:sentiment`. The run
    keeps it from the first step to the last, and gives it back when it fails.
    """
    with in_words(step):
        _run_step(context, step, Run(date, run), job)


def _run_step(context: Context, step: str, of: Run, job: Job) -> None:
    date, run = of
    must_take(context, run, lease_of(date))
    if ended := end_jobs(job_mark(context.settings, date), but=own_mark(context, date)):
        context.say(f"ended {ended} processes of an earlier attempt at {date}")
    runs.open_run(context.ops, run, date=date, step=step, now=context.clock())
    # Ingest decides anew which other dates are this run's, and takes those that are free.
    names = [lease_of(date)] if step == STEPS[0] else _leases_of(context, run, date)
    goes_on = False
    try:
        for name in names:
            must_take(context, run, name)
        with (
            held(context, run, names, partial(lost, own_mark(context, date))),
            in_words(step),
            timed(context, run, step),
        ):
            _STEPS[step](context, step, of, job)
        goes_on = step != STEPS[-1]
    except NightshelfError as error:
        note_failure(context, run, error)
        raise
    finally:
        if not goes_on:
            give_back(context, run, _leases_of(context, run, date))


def _in_spark(context: Context, step: str, run: Run, job: Job) -> None:
    raise_for(context, run.name, step, job(step))


def _ask(context: Context, step: str, run: Run, job: Job) -> None:
    """One asker at a time, so that two nights do not pay for the same text."""
    wait_for(context, run.name, ASKING)
    try:
        with held(context, run.name, [ASKING], partial(lost, own_mark(context, run.date))):
            _in_spark(context, step, run, job)
    finally:
        give_back(context, run.name, [ASKING])


def _release(context: Context, step: str, run: Run, job: Job) -> None:
    # Imported here: the other steps leave the lake to their jobs and start faster without it.
    from nightshelf.night.publish import publish_at_last

    publish_at_last(context, run.name, partial(_in_spark, context, "assemble", run, job))


def _plan(context: Context, step: str, run: Run, job: Job) -> None:
    """Ingest has made the plan; here a run holds that may not ask all of it."""
    may_ask(context, run.name)


_STEPS = dict.fromkeys(("choose", "ingest", "assemble"), _in_spark)
_STEPS |= {"plan": _plan, "ask": _ask, "release": _release}


def lost(mark: str) -> None:
    # Our own jobs only: whoever has the date now may have started others.
    end_jobs(mark)
    end_this_process()


def _leases_of(context: Context, run: str, date: str) -> list[str]:
    row = runs.read_run(context.ops, run)
    return [lease_of(scope) for scope in {date, *row["dates"]}]
