"""One step of a night as one command: lease, old processes, job, outcome."""

import hashlib
from collections.abc import Mapping
from functools import partial

from nightshelf import errors
from nightshelf.errors import JobError, NightshelfError, ReleaseConflict
from nightshelf.names import STEPS
from nightshelf.night.context import Context
from nightshelf.night.lease import (
    ASKING,
    date_lease,
    end_this_process,
    give_back,
    held,
    must_take,
    this_process,
)
from nightshelf.night.patience import wait_for
from nightshelf.night.submit import end_jobs, job_mark, submitted
from nightshelf.ops import runs

_RELEASE_ATTEMPTS = 5

_SAID_BY_JOBS = (
    errors.SettingsError,
    errors.ContractError,
    errors.AuditError,
    errors.ModelError,
    errors.NotReady,
    errors.LeaseLost,
)


def run_name(date: str, origin: str) -> str:
    """
    A run's name, from its date and whatever tells it from other runs of that date.

    >>> run_name("2026-03-01", "manual__1")
    'n20260301_19b04f56'
    """
    return f"n{date.replace('-', '')}_{hashlib.sha256(origin.encode()).hexdigest()[:8]}"


def run_step(
    context: Context, step: str, *, date: str, run: str, environ: Mapping[str, str]
) -> None:
    """
    Do one step; raise what stopped it.

    The run keeps its date from the first step to the last, and gives it back when it fails.
    """
    must_take(context, run, date_lease(date))
    if ended := end_jobs(job_mark(context.settings, date)):
        context.say(f"ended {ended} processes of an earlier attempt at {date}")
    runs.open_run(context.ops, run, date=date, step=step, now=context.clock())
    # Ingest decides anew which other dates are this run's, and takes those that are free.
    names = [date_lease(date)] if step == STEPS[0] else _leases_of(context, run, date)
    goes_on = False
    try:
        for name in names:
            must_take(context, run, name)
        with held(context, run, names, partial(_lost, _own_mark(context, date))):
            _STEPS[step](context, step, date, run, environ)
        goes_on = step != STEPS[-1]
    except NightshelfError as error:
        _note_failure(context, run, error)
        raise
    finally:
        if not goes_on:
            give_back(context, run, _leases_of(context, run, date))


def _submit(context: Context, step: str, date: str, run: str, environ: Mapping[str, str]) -> None:
    mark = _own_mark(context, date)
    with submitted(context.settings, step, ["--run", run], environ, mark) as process:
        code = process.wait()
    if code:
        said = runs.read_run(context.ops, run)["error"]
        raise _error_of(code, step, said)


def _ask(context: Context, step: str, date: str, run: str, environ: Mapping[str, str]) -> None:
    """One asker at a time, so that two nights do not pay for the same text."""
    wait_for(context, run, ASKING)
    try:
        with held(context, run, [ASKING], partial(_lost, _own_mark(context, date))):
            _submit(context, step, date, run, environ)
    finally:
        give_back(context, run, [ASKING])


def _release(context: Context, step: str, date: str, run: str, environ: Mapping[str, str]) -> None:
    """When another release came first: assemble on it, a pure join, and try again."""
    # Imported here: the other steps leave the lake to their jobs and start faster without it.
    from nightshelf.night.publish import publish_run

    for attempt in range(_RELEASE_ATTEMPTS):
        try:
            publish_run(context, run)
        except ReleaseConflict as conflict:
            if attempt + 1 == _RELEASE_ATTEMPTS:
                raise
            context.say(f"release: {conflict}; assembling again")
        else:
            return
        _submit(context, "assemble", date, run, environ)


_STEPS = {"ingest": _submit, "ask": _ask, "assemble": _submit, "release": _release}


def _own_mark(context: Context, date: str) -> str:
    return job_mark(context.settings, date, this_process())


def _lost(mark: str) -> None:
    # Our own jobs only: whoever has the date now may have started others.
    end_jobs(mark)
    end_this_process()


def _leases_of(context: Context, run: str, date: str) -> list[str]:
    row = runs.read_run(context.ops, run)
    return [date_lease(day) for day in {date, *row["dates"]}]


def _note_failure(context: Context, run: str, error: NightshelfError) -> None:
    is_held = isinstance(error, errors.AuditError)
    if is_held:
        # The input was read and judged: the next night must not take it for new.
        runs.settle_files(context.ops, run)
    runs.update_run(
        context.ops,
        run,
        state=runs.HELD if is_held else runs.FAILED,
        error=str(error),
        ended_at=context.clock(),
    )


def _error_of(code: int, step: str, said: str | None) -> NightshelfError:
    """The error whose exit code the job ended with, in the job's own words."""
    for kind in _SAID_BY_JOBS:
        if kind.exit_code == code:
            return kind(said or f"step {step} failed; its log says why")
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return JobError(f"the job of step {step} {how}; run the night again, what it did is kept")
