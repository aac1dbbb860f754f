"""Drop the tags of releases that are not kept, and the branches of runs that are over."""

from collections.abc import Sequence
from datetime import datetime

from nightshelf.lakehouse.branches import branch_of
from nightshelf.lakehouse.catalog import local_name
from nightshelf.lakehouse.kept import branches_of, is_dead, kept, tags_to_drop
from nightshelf.lakehouse.refs import FIRST, drop_refs, set_tags
from nightshelf.lakehouse.release import first_snapshot, releases, settle
from nightshelf.night.context import Context
from nightshelf.night.lease import give_back, lease_of, this_process, try_take
from nightshelf.ops import maintenance, runs
from nightshelf.ops.leases import Claim
from nightshelf.ops.times import in_utc

_OVER = tuple(state for state in runs.ENDED if state != runs.HELD)


def protect(context: Context, shelf: Sequence[str]) -> None:
    """Tag all that has to stay, before anything goes; `shelf` are the shelf's tables."""
    settle(context.catalog, context.settings.kept_releases)
    for table in shelf:
        # What a table that the newest release does not name starts from.
        set_tags(context.catalog, table, {FIRST: first_snapshot(context.catalog, table)})


def old_tags(context: Context, table: str, older_than: datetime) -> list[str]:
    """The tags of releases that are not kept and that were not the newest since `older_than`."""
    keep = kept(releases(context.catalog), context.settings.kept_releases, older_than)
    return tags_to_drop(_refs(context, table), keep)


def dead_branches(
    context: Context, run: str, shelf: Sequence[str], older_than: datetime, *, dry_run: bool
) -> list[str]:
    """
    The branches that went, or would go. Each goes while its run's dates are ours, so that the run
    cannot be begun again meanwhile; a run that holds its dates keeps its branch.
    """
    present = {ref for table in shelf for ref in _refs(context, table)}
    earlier = maintenance.other_maintenance(context.ops, run)
    found = branches_of(present, earlier)
    if not dry_run:
        for table in shelf:
            drop_refs(context.catalog, table, found)
    for row in maintenance.all_runs(context.ops):
        branch = branch_of(row["run"])
        if branch not in present:
            continue
        names = [lease_of(day) for day in sorted({row["date"], *row["dates"]})]
        try:
            if _are_free(context, run, names) and _is_dead(context, row["run"], older_than):
                found.append(branch)
                for table in () if dry_run else shelf:
                    drop_refs(context.catalog, table, [branch])
        finally:
            give_back(context, run, names)
    return found


def _refs(context: Context, table: str) -> list[str]:
    return list(context.catalog.load_table(local_name(table)).refs())


def _are_free(context: Context, run: str, names: Sequence[str]) -> bool:
    claim = Claim(run, this_process())
    return not any(try_take(context, name, claim) for name in names)


def _is_dead(context: Context, run: str, older_than: datetime) -> bool:
    # Read while its dates are ours: it may have been begun again since the list was read.
    row = runs.read_run(context.ops, run)
    return is_dead(row["state"], in_utc(row["started_at"]), older_than, ended=_OVER)
