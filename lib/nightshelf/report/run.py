"""The report of a run, and of one step of it."""

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

import sqlalchemy as sa

from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.release import NIGHT
from nightshelf.names import REANSWER_STEPS, STEPS
from nightshelf.ops import runs
from nightshelf.ops.database import open_ops
from nightshelf.report import asking, money, published, state
from nightshelf.report.accounting import accounting
from nightshelf.report.attempts import attempts, in_all, seconds_between
from nightshelf.report.audit import audit
from nightshelf.report.models import models
from nightshelf.report.rejected import rejected
from nightshelf.report.shape import RunReport, TaskReport
from nightshelf.report.source import Page, Source
from nightshelf.report.text import SENTENCE, iso, short
from nightshelf.settings import Settings

#: The word for whichever run began last.
LAST = "last"
#: What a person's approval of a held release is noted under, beside the steps of a run.
APPROVE = "approve"
_FIRST_PAGE = Page()
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SECTIONS: Mapping[str, Callable[[Source], Any]] = {
    "accounting": accounting,
    "questions": asking.questions,
    "waves": asking.waves,
    "failures": asking.failures,
    "rejected": rejected,
    "audit": audit,
    "models": models,
    "release": published.release,
    "plan": money.plan,
    "cost": money.cost,
    "decision": state.decision,
}
_INPUT = ("accounting", "rejected", "questions", "plan", "cost", "models")
_OF_STEPS = {
    "choose": _INPUT,
    "ingest": _INPUT,
    "plan": ("questions", "plan", "cost"),
    "ask": ("questions", "waves", "failures", "plan", "cost", "models"),
    "assemble": ("accounting", "failures", "audit", "release"),
    "release": ("release", "audit", "decision"),
    APPROVE: ("release", "audit", "decision"),
}
#: Steps that have a report of their own.
REPORTED = tuple(dict.fromkeys((*STEPS, *REANSWER_STEPS, APPROVE)))


def run_report(settings: Settings, run: str, page: Page = _FIRST_PAGE) -> RunReport:
    """
    Everything on a run that was recorded, for whoever has to judge it; nothing is written.

    `run` is a run's name, a date (the last run of it) or `last`; `page` says which of the rejected
    rows are in it. It holds ids, counts and reasons, and no text of a row. Raise `NightshelfError`
    where there is no such run.
    """
    source = _source(settings, run, page)
    row = source.row
    head = {
        "run": source.run,
        "kind": row["kind"] or NIGHT,
        "date": row["date"],
        "dates": dict(sorted((row["dates"] or {}).items())),
        "state": row["state"],
        "status": state.status(source),
        "verdict": state.verdict(source),
        "step": row["step"],
        "started_at": iso(row["started_at"]),
        "ended_at": iso(row["ended_at"]),
        "seconds": seconds_between(row["started_at"], row["ended_at"]),
        **_troubles(source),
        "steps": attempts(source),
    }
    return cast("RunReport", head | {name: make(source) for name, make in _SECTIONS.items()})


def task_report(settings: Settings, run: str, step: str, page: Page = _FIRST_PAGE) -> TaskReport:
    """
    What concerns one `step` of a run, as `run_report` gives it.

    Raise `NightshelfError` where there is no such run or step.
    """
    if step not in _OF_STEPS:
        raise NightshelfError(f"no step is called {short(step)!r}; steps: {', '.join(REPORTED)}")
    return report_of_step(_source(settings, run, page), step)


def report_of_step(source: Source, step: str) -> TaskReport:
    """The same of a run that was read already; `step` is one of `REPORTED`."""
    own = [one for one in attempts(source) if one["step"] == step]
    head = {
        "run": source.run,
        "date": source.row["date"],
        "step": step,
        "status": own[-1]["state"] if own else "not begun",
        "seconds": in_all(own),
        **_troubles(source),
        "attempts": own,
    }
    return cast("TaskReport", head | {name: _SECTIONS[name](source) for name in _OF_STEPS[step]})


def _troubles(source: Source) -> dict[str, Any]:
    return {
        "error": short(source.row["error"] or "", SENTENCE),
        "reasons": state.held_by(source),
        "actions": state.actions(source),
    }


def _source(settings: Settings, run: str, page: Page) -> Source:
    ops = open_ops(settings.ops_database)
    row = _found(ops, run)
    if row is None:
        raise NightshelfError(_missing(run))
    return Source(settings, ops, row, page)


def _found(ops: sa.Engine, run: str) -> runs.Row | None:
    if row := runs.find_run(ops, run):
        return row
    if run == LAST:
        return runs.newest_run(ops)
    return runs.newest_run(ops, run) if _DATE.fullmatch(run) else None


def _missing(run: str) -> str:
    if run == LAST:
        return "there is no run yet; `nightshelf night --date D` makes one"
    if _DATE.fullmatch(run):
        return f"no run is of {run}; `nightshelf runs` lists them"
    return f"no run is called {short(run)!r}; `nightshelf runs` lists them, `last` is the newest"
