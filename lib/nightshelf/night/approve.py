"""A person lets a held release pass, if it is still what was audited; or has it dismissed."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from nightshelf.errors import AuditError, NightshelfError
from nightshelf.lakehouse.branches import branch_of, drop_branches
from nightshelf.lakehouse.release import releases
from nightshelf.lakehouse.withdrawn import withdrawn_dates
from nightshelf.night.context import Context
from nightshelf.night.failures import note_failure, raise_for
from nightshelf.night.jobs import Job, own_mark
from nightshelf.night.lease import give_back, held, lease_of, must_take
from nightshelf.night.publish import publish_at_last
from nightshelf.night.step import lost
from nightshelf.night.submit import end_jobs, job_mark
from nightshelf.night.timing import timed
from nightshelf.ops import decisions, runs
from nightshelf.ops.decisions import Decision

Assembled = Mapping[str, Any]


def approve_run(context: Context, run: str, decision: Decision, job: Job) -> None:
    """
    Assemble the held run on today's state and release it, if what it changes is what was audited.

    Else it is audited again: released if nothing is violated now, held anew if something is.
    Raise `NightshelfError` for what cannot be approved, `AuditError` when it is held anew.
    """
    row = must_be_approvable(context, run)
    work = partial(_approve, context, run, decision, row["assembled"], job)
    _with_dates(context, row, work)


def must_be_approvable(context: Context, run: str) -> runs.Row:
    """The held run, if a person may let it pass; else raise `NightshelfError`."""
    row = _held(context, run)
    _must_be_judgements(run, row["assembled"])
    if other := decisions.superseded_by(context.ops, row):
        raise NightshelfError(
            f"run {other} has worked on a date of run {run} since: what it came to counts;"
            f" `nightshelf dismiss {run} --reason …` ends the older one"
        )
    return row


def dismiss_run(context: Context, run: str, decision: Decision) -> None:
    """The held release will not be published; its branch goes, its answers stay."""
    row = _held(context, run)

    def work() -> None:
        decisions.dismiss_run(context.ops, run, decision)
        tables = row["assembled"].get("tables", ())
        drop_branches(context.catalog, tables, branch=branch_of(run))

    _with_dates(context, row, work)


def dismiss_date(context: Context, date: str, decision: Decision) -> None:
    """The date stays withdrawn; raise `NightshelfError` for one that does not wait for that."""
    withdrawn = withdrawn_dates(releases(context.catalog))
    waiting = decisions.not_dismissed(context.ops, withdrawn)
    if date not in waiting:
        raise NightshelfError(f"{date} is not a date that a rollback withdrew and that waits")
    decisions.dismiss_dates(context.ops, {date: waiting[date]}, decision)


def may_pass(audited: Assembled, now: Assembled) -> bool:
    """Whether the change is the audited one, and violates nothing that was not looked at then."""
    same = "change" in audited and audited["change"] == now["change"]
    return same and _violated(now) <= _violated(audited)


def _approve(context: Context, run: str, decision: Decision, audited: Assembled, job: Job) -> None:
    def assemble() -> None:
        assembled = _assembled(context, run, job)
        if not assembled["violations"]:
            return
        if not may_pass(audited, assembled):
            raise AuditError(
                f"what run {run} would publish is not what was audited, or violates more;"
                " look at it and approve again: " + "; ".join(assembled["violations"])
            )
        decisions.approve(context.ops, run, decision, said=_said(decision, assembled))

    with timed(context, run, "approve"):
        assemble()
        publish_at_last(context, run, assemble)


def _assembled(context: Context, run: str, job: Job) -> Assembled:
    code = job("assemble")
    if code != AuditError.exit_code:
        raise_for(context, run, "assemble", code)
    found: Assembled = runs.read_run(context.ops, run)["assembled"]
    return found


def _with_dates(context: Context, row: runs.Row, work: Callable[[], None]) -> None:
    """Do it while the run holds its dates; if it cannot be done, the run stays held."""
    run, date = row["run"], row["date"]
    names = [lease_of(scope) for scope in sorted({date, *row["dates"]})]
    try:
        for name in names:
            must_take(context, run, name)
        end_jobs(job_mark(context.settings, date), but=own_mark(context, date))
        with held(context, run, names, partial(lost, own_mark(context, date))):
            work()
    except AuditError as error:
        note_failure(context, run, error)
        raise
    except NightshelfError:
        # Why it is held is still what a person has to know of it.
        runs.update_run(context.ops, run, error=row["error"])
        raise
    finally:
        give_back(context, run, names)


def _held(context: Context, run: str) -> runs.Row:
    found = [one for one in decisions.held_runs(context.ops) if one["run"] == run]
    if not found:
        raise NightshelfError(f"no release of a run {run} is held; see `nightshelf runs`")
    return found[0]


def _must_be_judgements(run: str, audited: Assembled) -> None:
    if broken := decisions.beyond_judgement(audited):
        named = ", ".join(f"{one['expectation']} of {one['table']}" for one in broken)
        raise NightshelfError(
            f"the release of run {run} cannot be approved: {named} says that data is lost or"
            " wrong, not unusual. Only drift, vanished products and shares are a person's to"
            f" judge; mend it and run the night again, or `nightshelf dismiss {run}`"
        )


def _violated(assembled: Assembled) -> set[tuple[str, str]]:
    return {(one["table"], one["expectation"]) for one in assembled["violated"]}


def _said(decision: Decision, assembled: Assembled) -> str:
    reason = f" ({decision.reason})" if decision.reason else ""
    return f"approved by {decision.who}{reason}: " + "; ".join(assembled["violations"])
