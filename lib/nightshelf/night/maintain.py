"""Maintenance as one command: its lease, its job, what it says in the end."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from nightshelf.errors import JobError, NightshelfError
from nightshelf.names import MAINTENANCE
from nightshelf.night.context import Context
from nightshelf.night.jobs import Job, each_by_itself, own_mark
from nightshelf.night.lease import give_back, held, must_take
from nightshelf.night.step import lost
from nightshelf.night.submit import end_jobs, job_mark
from nightshelf.ops import maintenance

_COUNTS = ("folded", "snapshots", "orphans", "garbage", "tags")
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def run_maintenance(context: Context, environ: Mapping[str, str], *, dry_run: bool) -> str:
    """One at a time, beside any nights; return its name; raise what stopped it."""
    run = f"m{context.clock():%Y%m%d_%H%M%S}"
    job = each_by_itself(context, MAINTENANCE, run, environ)
    must_take(context, run, MAINTENANCE)
    try:
        if ended := end_jobs(job_mark(context.settings, MAINTENANCE)):
            context.say(f"ended {ended} processes of an earlier maintenance")
        maintenance.open_maintenance(context.ops, run, dry_run=dry_run, now=context.clock())
        with held(context, run, [MAINTENANCE], partial(lost, own_mark(context, MAINTENANCE))):
            report = _report(context, run, job)
    except NightshelfError as error:
        values = {"state": maintenance.FAILED, "error": str(error), "ended_at": context.clock()}
        maintenance.update_maintenance(context.ops, run, **values)
        raise
    finally:
        give_back(context, run, [MAINTENANCE])
    ended_at = context.clock()
    maintenance.update_maintenance(context.ops, run, state=maintenance.DONE, ended_at=ended_at)
    for line in report_lines(report, dry_run=dry_run):
        context.say(line)
    return run


def report_lines(report: Mapping[str, Any], *, dry_run: bool) -> Iterator[str]:
    """For a person; a table at which nothing was done and that takes what it took is left out."""
    for table, found in report["tables"].items():
        done = ", ".join(f"{found[what]} {what}" for what in _COUNTS if found.get(what))
        before, after = found["before"], found["after"]
        if done or before != after:
            change = f"{_size(before)} -> {_size(after)}"
            yield "  ".join(part for part in (table, change, done) if part)
    if report["branches"]:
        yield f"branches dropped: {', '.join(report['branches'])}"
    yield from (f"left: {one}" for one in report["left"])
    if dry_run:
        yield "a dry run: the counts are what maintenance would do; nothing was changed"
    else:
        yield f"freed: {_in_units(report['bytes_freed'])}"


def _report(context: Context, run: str, job: Job) -> Mapping[str, Any]:
    code = job(MAINTENANCE)
    row = maintenance.read_maintenance(context.ops, run)
    if code or row["report"] is None:
        raise JobError(
            row["error"]
            or f"maintenance ended with exit code {code}; its output says why."
            " Start it again: what it did is done, the rest is as it was"
        )
    report: Mapping[str, Any] = row["report"]
    return report


def _size(found: Mapping[str, int]) -> str:
    return f"{found['files']} files, {_in_units(found['bytes'])}"


def _in_units(count: float) -> str:
    """
    >>> _in_units(0), _in_units(999), _in_units(1_500_000), _in_units(2e15)
    ('0 bytes', '999 bytes', '1.5 MB', '2000.0 TB')
    """
    for unit in _UNITS[:-1]:
        if count < 1000:
            return f"{count:.1f} {unit}" if unit != "bytes" else f"{count:.0f} bytes"
        count /= 1000
    return f"{count:.1f} {_UNITS[-1]}"
