"""Last step: one commit makes the night visible; no JVM."""

from collections.abc import Callable
from typing import Any

from nightshelf.errors import AuditError, NightshelfError, ReleaseConflict
from nightshelf.lakehouse.branches import branch_of, drop_branches, is_on_branch
from nightshelf.lakehouse.release import NIGHT, SWITCH, Release, publish, settle
from nightshelf.night.active import note_switch
from nightshelf.night.context import Context
from nightshelf.night.frozen import builds_only, is_switch, newest_release
from nightshelf.ops import runs
from nightshelf.ops.decisions import is_approved
from nightshelf.shelf.published import shelf_specs

_ATTEMPTS = 5


def publish_at_last(context: Context, run: str, assemble_again: Callable[[], object]) -> None:
    """
    Publish; when another release came first: assemble on it, a pure join, and try again.

    Raise `ReleaseConflict` when others are always faster, and what `publish_run` raises.
    """
    for attempt in range(_ATTEMPTS):
        try:
            publish_run(context, run)
        except ReleaseConflict as conflict:
            if attempt + 1 == _ATTEMPTS:
                raise
            context.say(f"release: {conflict}; assembling again")
        else:
            return
        assemble_again()


def publish_run(context: Context, run: str) -> None:
    """
    Release what the run has assembled; content that readers see already is not released again.

    Raise `ReleaseConflict` when another release came first: assemble again, then try again.
    """
    row = runs.read_run(context.ops, run)
    if builds_only(row):
        runs.update_run(context.ops, run, state=runs.BUILT, ended_at=context.clock())
        context.say("release: the answers are stored, nothing is published by them")
        return
    assembled, kind = _may_be_released(row), row["kind"] or NIGHT
    newest = newest_release(context)
    if newest and (newest.kind, newest.run, newest.parent) == (kind, run, assembled["parent"]):
        # Committed by an attempt that died before it could say so. A rollback bears the name of
        # the run whose release it shows again.
        _end(context, run, runs.RELEASED, newest.release)
        return
    parent = newest.release if newest else 0
    if parent != assembled["parent"]:
        raise ReleaseConflict(
            f"release {parent} came after {assembled['parent']}, on which run {run} was assembled"
        )
    if not is_on_branch(context.catalog, assembled["tables"], branch=branch_of(run)):
        raise ReleaseConflict(f"what run {run} assembled has been cleared away since")
    tables, digests, models = _kept(newest, row)
    digests |= assembled["digests"]
    # Vectors of another model are another release, even where there are none.
    if newest and newest.digests == digests and kind != SWITCH:
        context.say(f"release: nothing has changed, release {newest.release} stands")
        _end(context, run, runs.UNCHANGED, newest.release)
        return
    release = Release(
        release=parent + 1,
        parent=parent,
        kind=kind,
        run=run,
        released_at=context.clock(),
        tables=tables | assembled["tables"],
        digests=digests,
        models=models | row["models"],
        dates=tuple(sorted(row["dates"])),
        reason=row["decision"]["said"] if assembled["violations"] else "",
    )
    publish(context.catalog, release)
    _end(context, run, runs.RELEASED, release.release)
    context.say(f"release: {release.release} ({', '.join(release.dates) or kind})")


def _may_be_released(row: runs.Row) -> dict[str, Any]:
    run, assembled = row["run"], row["assembled"]
    if not assembled:
        raise NightshelfError(f"run {run} has nothing to release: assemble it first")
    if assembled["violations"] and not is_approved(row):
        raise AuditError(
            f"the release of run {run} is held, nothing was published: "
            + "; ".join(assembled["violations"])
        )
    found: dict[str, Any] = assembled
    return found


def _kept(newest: Release | None, row: runs.Row) -> tuple[dict[str, Any], ...]:
    """Tables, digests and models that a run which changes some rows leaves as they are."""
    if not newest or not row["selection"]:
        return {}, {}, {}
    return dict(newest.tables), dict(newest.digests), dict(newest.models)


def _end(context: Context, run: str, state: str, release: int) -> None:
    settle(context.catalog, context.settings.kept_releases)
    if is_switch(runs.read_run(context.ops, run)):
        note_switch(context, run)
    drop_branches(context.catalog, shelf_specs(context.published), branch=branch_of(run))
    runs.settle_files(context.ops, run)
    runs.update_run(context.ops, run, state=state, release=release, ended_at=context.clock())
