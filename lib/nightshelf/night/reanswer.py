"""Answer published rows again: a run without dates, with a night's steps, leases and release."""

from collections.abc import Mapping
from dataclasses import dataclass

from nightshelf.errors import NightshelfError, SettingsError
from nightshelf.lakehouse.release import REANSWER, SWITCH, release_numbered
from nightshelf.names import EMBEDDING, REANSWER_STEPS
from nightshelf.night.active import active_versions
from nightshelf.night.context import Context
from nightshelf.night.jobs import Job, each_by_itself, in_one_session
from nightshelf.night.lease import give_back, lease_of
from nightshelf.night.patience import wait_for
from nightshelf.night.step import run_step
from nightshelf.ops import runs
from nightshelf.shelf.selection import Selection

_FIRST = REANSWER_STEPS[0]
#: Of a run's name; those of nights begin otherwise.
_START = "r"


@dataclass(frozen=True, kw_only=True)
class Order:
    """
    What somebody (`who`) has ordered; `origin` tells it from other orders.

    A dry one only says what it would do. A switch takes every row there is when it is released,
    any other order the rows of the release that is newest when it begins.
    """

    selection: Selection
    origin: str
    who: str
    is_dry: bool = True
    is_switch: bool = False


def begin(context: Context, order: Order) -> str:
    """The run's name; one that has begun already goes on with the rows that it chose."""
    run = runs.run_named(context.ops, _START, runs.mark_of(order.origin))
    if run and runs.read_run(context.ops, run)["selection"]:
        return run
    newest = release_numbered(context.catalog, None)
    now = context.clock()
    run = f"{_START}{now:%Y%m%d}{runs.mark_of(order.origin)}"
    question, by = order.selection.question, order.selection.by
    scope = f"preview:{run}" if order.is_dry else f"reanswer:{question}"
    runs.open_run(context.ops, run, date=scope, step=_FIRST, now=now)
    active = active_versions(context).get(question)
    runs.update_run(
        context.ops,
        run,
        kind=SWITCH if order.is_switch else REANSWER,
        models={question: by},
        selection={
            "rows": order.selection.to_fields(),
            "release": None if order.is_switch else newest.release,
            "publishes": order.is_switch or by == active,
            "is_dry": order.is_dry,
            "who": order.who,
        },
    )
    return run


def run_order(context: Context, order: Order, environ: Mapping[str, str]) -> str:
    """All steps in one session, or the first of them where it is dry; raise what stopped it."""
    run = begin(context, order)
    scope = scope_of(context, run)
    steps = REANSWER_STEPS[:1] if order.is_dry else REANSWER_STEPS
    wait_for(context, run, lease_of(scope))
    with in_one_session(context, scope, run, environ) as job:
        for step in steps:
            do_step(context, step, run, job)
    return run


def step_of(context: Context, step: str, run: str, environ: Mapping[str, str]) -> None:
    """
    One step as a task: by a job of its own.

    Raise `SettingsError` for a step that such a run does not have.
    """
    if step not in REANSWER_STEPS:
        raise SettingsError(f"step {step} needs --date: run {run} answers published rows again")
    scope = scope_of(context, run)
    if step == _FIRST:
        wait_for(context, run, lease_of(scope))
    do_step(context, step, run, each_by_itself(context, scope, run, environ))


def do_step(context: Context, step: str, run: str, job: Job) -> None:
    scope = scope_of(context, run)
    run_step(context, step, date=scope, run=run, job=job)
    if is_dry(context, run):
        give_back(context, run, [lease_of(scope)])
        runs.update_run(context.ops, run, state=runs.PLANNED, ended_at=context.clock())
        context.say("a dry run: nothing was asked, nothing has changed")


def is_dry(context: Context, run: str) -> bool:
    return bool(runs.read_run(context.ops, run)["selection"]["is_dry"])


def scope_of(context: Context, run: str) -> str:
    """What the run works on, in place of a date."""
    return str(runs.read_run(context.ops, run)["date"])


def run_of(context: Context, origin: str) -> str:
    """The run that has begun with this origin; raise `NightshelfError` if none has."""
    if run := runs.run_named(context.ops, _START, runs.mark_of(origin)):
        return run
    raise NightshelfError(f"no run has begun for {origin!r}: `nightshelf step choose` comes first")


def switch_to(version: str) -> Selection:
    """Every vector that is published, by another model version."""
    return Selection(question=EMBEDDING, by=version)
