"""The job of maintenance: what must stay is tagged first, then everything else may go."""

from pyspark.sql import SparkSession

from nightshelf.errors import NightshelfError, ReleaseConflict
from nightshelf.lakehouse import upkeep_sql
from nightshelf.lakehouse.catalog import all_tables, local_name
from nightshelf.lakehouse.kept import expiring
from nightshelf.lakehouse.refs import drop_refs
from nightshelf.night import dead_refs
from nightshelf.night.context import Context
from nightshelf.night.fold_shelf import fold_shelf, worth_folding
from nightshelf.night.frozen import newest_release
from nightshelf.night.garbage import collect_garbage
from nightshelf.night.maintenance_work import Work
from nightshelf.ops import maintenance
from nightshelf.spark import upkeep

#: A snapshot of a table that is spread over more manifests is slow to plan.
_MANY_MANIFESTS = 20


def maintain(session: SparkSession, context: Context, run: str) -> None:
    """Do, or in a dry run count, every step; the report lies in the operations database."""
    dry_run = maintenance.read_maintenance(context.ops, run)["dry_run"]
    tables = all_tables(context.catalog)
    work = Work(session, context, run, dry_run, context.clock(), tables)
    try:
        before = _sizes(work)
        branches = _refs(work)
        collect_garbage(work)
        _fold(work)
        _expire(work)
        _orphans(work)
        report = work.report(before, _sizes(work)) | {"branches": branches}
    except NightshelfError as error:
        maintenance.update_maintenance(context.ops, run, error=str(error))
        raise
    maintenance.update_maintenance(context.ops, run, report=report)


def _refs(work: Work) -> list[str]:
    context, older_than = work.context, work.before(work.context.settings.snapshot_days)
    if not work.dry_run:
        dead_refs.protect(context, work.shelf)
    for table in work.shelf:
        tags = dead_refs.old_tags(context, table, older_than)
        work.note(table, "tags", len(tags))
        if not work.dry_run:
            drop_refs(context.catalog, table, tags)
    dry_run = work.dry_run
    return dead_refs.dead_branches(context, work.run, work.shelf, older_than, dry_run=dry_run)


def _fold(work: Work) -> None:
    for table in [one for one in work.tables if one not in work.shelf]:
        try:
            work.note(table, "folded", _folded(work, table))
        except upkeep.Conflict:
            work.left.append(f"{table}: others committed to it at every attempt to fold it")
    try:
        for table, count in _shelf_folded(work).items():
            work.note(table, "folded", count)
    except (ReleaseConflict, upkeep.Conflict):
        work.left.append("the shelf's files: a night released while they were folded")


def _folded(work: Work, table: str) -> int:
    small = upkeep.small_files(work.session, upkeep_sql.files_of(table))
    if work.dry_run:
        return small
    if _manifests(work, table) > _MANY_MANIFESTS:
        upkeep.fold_manifests(work.session, table)
    return upkeep.fold(work.session, table) if small else 0


def _shelf_folded(work: Work) -> dict[str, int]:
    if work.dry_run:
        return worth_folding(work.session, newest_release(work.context))
    return fold_shelf(work.session, work.context, work.run)


def _manifests(work: Work, table: str) -> int:
    loaded = work.context.catalog.load_table(local_name(table))
    current = loaded.current_snapshot()
    return len(current.manifests(loaded.io)) if current else 0


def _expire(work: Work) -> None:
    older_than = work.before(work.context.settings.snapshot_days)
    for table in work.tables:
        found = expiring(work.context.catalog.load_table(local_name(table)), older_than)
        work.note(table, "snapshots", len(found))
        try:
            if found and not work.dry_run:
                upkeep.expire(work.session, table, older_than)
        except upkeep.Conflict:
            work.left.append(f"{table}: others committed to it at every attempt to expire it")


def _orphans(work: Work) -> None:
    older_than = work.before(work.context.settings.orphan_days)
    for table in work.tables:
        found = upkeep.orphans(work.session, table, older_than, dry_run=work.dry_run)
        work.note(table, "orphans", found)


def _sizes(work: Work) -> dict[str, upkeep.Size]:
    load = work.context.catalog.load_table
    locations = {table: load(local_name(table)).location() for table in work.tables}
    return {table: upkeep.size_of(work.session, at) for table, at in locations.items()}
