"""Last step: one commit makes the night visible; no JVM."""

from nightshelf.errors import AuditError, NightshelfError, ReleaseConflict
from nightshelf.lakehouse.branches import branch_of, drop_branches
from nightshelf.lakehouse.release import NIGHT, Release, publish, settle
from nightshelf.names import SHELF
from nightshelf.night.context import Context
from nightshelf.night.frozen import newest_release
from nightshelf.ops import runs


def publish_run(context: Context, run: str) -> None:
    """
    Release what the run has assembled; content that readers see already is not released again.

    Raise `ReleaseConflict` when another release came first: assemble again, then try again.
    """
    row = runs.read_run(context.ops, run)
    assembled = row["assembled"]
    if not assembled:
        raise NightshelfError(f"run {run} has nothing to release: assemble it first")
    if assembled["violations"]:
        raise AuditError(
            f"the release of run {run} is held, nothing was published: "
            + "; ".join(assembled["violations"])
        )
    newest = newest_release(context)
    if newest and _is_of(newest, run, assembled["parent"]):
        # Committed by an attempt that died before it could say so.
        _end(context, run, runs.RELEASED, newest.release)
        return
    parent = newest.release if newest else 0
    if parent != assembled["parent"]:
        raise ReleaseConflict(
            f"release {parent} came after {assembled['parent']}, on which run {run} was assembled"
        )
    if newest and newest.digests == assembled["digests"]:
        context.say(f"release: nothing has changed, release {newest.release} stands")
        _end(context, run, runs.UNCHANGED, newest.release)
        return
    release = Release(
        release=parent + 1,
        parent=parent,
        kind=NIGHT,
        run=run,
        released_at=context.clock(),
        tables=assembled["tables"],
        digests=assembled["digests"],
        models=row["models"],
        dates=tuple(sorted(row["dates"])),
    )
    publish(context.catalog, release)
    _end(context, run, runs.RELEASED, release.release)
    context.say(f"release: {release.release} ({', '.join(release.dates)})")


def _is_of(newest: Release, run: str, parent: int) -> bool:
    # A rollback bears the name of the run whose release it shows again.
    return (newest.kind, newest.run, newest.parent) == (NIGHT, run, parent)


def _end(context: Context, run: str, state: str, release: int) -> None:
    settle(context.catalog)
    drop_branches(context.catalog, SHELF, branch=branch_of(run))
    runs.settle_files(context.ops, run)
    runs.update_run(context.ops, run, state=state, release=release, ended_at=context.clock())
