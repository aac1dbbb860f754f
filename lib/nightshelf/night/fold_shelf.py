"""Fold the shelf's small files: readers pin snapshots, so that this is a release of its own."""

from collections.abc import Sequence
from dataclasses import replace

from pyspark.sql import SparkSession

from nightshelf.errors import NightshelfError
from nightshelf.lakehouse import sql, upkeep_sql
from nightshelf.lakehouse.branches import (
    branch_of,
    branch_snapshots,
    drop_branches,
    open_branches,
)
from nightshelf.lakehouse.release import MAINTENANCE, Release, publish, settle
from nightshelf.night.context import Context
from nightshelf.night.frozen import newest_release
from nightshelf.shelf import table as shelf_table
from nightshelf.shelf.published import shelf_specs
from nightshelf.spark.upkeep import fold, small_files


def worth_folding(session: SparkSession, newest: Release | None) -> dict[str, int]:
    """Small files of each table that the newest release names, where there are enough of them."""
    if newest is None:
        return {}
    found = {
        table: small_files(session, upkeep_sql.files_at(table, snapshot))
        for table, snapshot in newest.tables.items()
    }
    return {table: small for table, small in found.items() if small}


def fold_shelf(session: SparkSession, context: Context, run: str) -> dict[str, int]:
    """
    Files folded, by table. The content is the same, by its digest, or nothing is released.

    When a night releases meanwhile, it comes first, and this is left to the next maintenance.
    """
    newest = newest_release(context)
    tables = list(worth_folding(session, newest))
    if newest is None or not tables:
        return {}
    branch = branch_of(run)
    open_branches(context.catalog, {one: newest.tables[one] for one in tables}, branch=branch)
    try:
        folded = {one: fold(session, one, branch) for one in tables}
        _must_be_the_same(session, context, newest, tables, branch)
        at = branch_snapshots(context.catalog, tables, branch=branch)
        if any(folded.values()):
            _publish(context, run, newest, at)
    finally:
        drop_branches(context.catalog, tables, branch=branch)
    return folded


def _publish(context: Context, run: str, newest: Release, at: dict[str, int]) -> None:
    release = replace(
        newest,
        release=newest.release + 1,
        parent=newest.release,
        kind=MAINTENANCE,
        run=run,
        released_at=context.clock(),
        tables={**newest.tables, **at},
        dates=(),
        withdrawn=(),
        reason=f"small files folded, content as in release {newest.release}",
    )
    publish(context.catalog, release)
    settle(context.catalog, context.settings.kept_releases)
    context.say(f"release: {release.release}, {release.reason}")


def _must_be_the_same(
    session: SparkSession,
    context: Context,
    newest: Release,
    tables: Sequence[str],
    branch: str,
) -> None:
    specs = shelf_specs(context.published)
    for one in tables:
        # Of a question that is not asked any more there is no spec, but its columns are known.
        columns = specs[one].columns if one in specs else session.table(one).columns
        before, after = (
            session.sql(shelf_table.digest(columns, source)).collect()
            for source in (sql.at_snapshot(one, newest.tables[one]), sql.on_branch(one, branch))
        )
        if before != after:
            raise NightshelfError(
                f"{one} reads otherwise after its files were folded; nothing was released"
            )
