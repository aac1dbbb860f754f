"""Releases without Spark: each of a run's rows says whose it is, so that a mixture shows."""

import json
from collections.abc import Mapping
from datetime import date

import pyarrow as pa
from pyiceberg.exceptions import CommitFailedException
from pyiceberg.expressions import EqualTo
from pyiceberg.table import Table

from nightshelf.errors import ReleaseConflict
from nightshelf.lakehouse.branches import branch_of, branch_snapshots, open_branches
from nightshelf.lakehouse.catalog import ensure_tables, local_name
from nightshelf.lakehouse.refs import change_refs
from nightshelf.lakehouse.release import base_snapshots, releases
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import PRODUCT_INSIGHT, SHELF
from nightshelf.night.context import Context
from nightshelf.night.frozen import newest_release
from nightshelf.night.publish import publish_run
from nightshelf.ops import runs

ROWS = 3
_ATTEMPTS = 8

#: table -> landing date -> whose rows stand there, an entry a row.
Shown = dict[str, dict[str, list[str]]]


def make_tables(context: Context) -> None:
    ensure_tables(context.catalog, {})


def assemble(context: Context, run: str, day: str) -> None:
    """As the job of `assemble` leaves a run: its date's rows on a branch of every shelf table."""
    newest, branch = newest_release(context), branch_of(run)
    base = base_snapshots(context.catalog, newest)
    open_branches(context.catalog, base, branch=branch)
    for name in SHELF:

        def write(table: Table, name: str = name) -> None:
            rows = _rows(name, run, day)
            try:
                table.overwrite(rows, EqualTo(_day_column(name), day), branch=branch)
            except ValueError as error:
                # PyIceberg's own second attempt counts wrongly.
                if "sequence number" not in str(error):
                    raise
                raise CommitFailedException(str(error)) from None

        # Spark tries a commit again where another came first.
        change_refs(context.catalog, name, write)
    file = {"dataset": "reviews", "date": day, "name": f"{run}.parquet", "bytes": 1, "mtime_ns": 1}
    runs.open_run(context.ops, run, date=day, step="release", now=context.clock())
    tables = branch_snapshots(context.catalog, SHELF, branch=branch)
    digest = json.dumps(sorted(dates_of(_seen(context, tables)).items()))
    runs.update_run(
        context.ops,
        run,
        dates={day: "the night itself"},
        models={"sentiment": "m"},
        files={"files": [{**file, "sha256": run, "mode": None}]},
        assembled={
            "parent": newest.release if newest else 0,
            "tables": tables,
            "digests": dict.fromkeys(SHELF, digest),
            "violations": [],
        },
    )


def release(context: Context, run: str, day: str) -> int:
    """Publish; on a conflict assemble again, as a night does. Return how many attempts it took."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            publish_run(context, run)
        except ReleaseConflict:
            if attempt == _ATTEMPTS:
                raise
            assemble(context, run, day)
        else:
            return attempt
    raise AssertionError("the loop returns or raises")


def shown(context: Context, number: int | None = None) -> Shown:
    """What a reader sees who pins release `number`, or the newest one."""
    found = releases(context.catalog)
    wanted = found[-1] if number is None else next(r for r in found if r.release == number)
    return _seen(context, wanted.tables)


def _seen(context: Context, tables: Mapping[str, int]) -> Shown:
    seen: Shown = {}
    for name, snapshot in tables.items():
        table = context.catalog.load_table(local_name(name))
        rows = table.scan(snapshot_id=snapshot).to_arrow()
        days = seen.setdefault(name, {})
        for day, run in zip(
            rows[_day_column(name)].to_pylist(), rows["run"].to_pylist(), strict=True
        ):
            days.setdefault(day.isoformat(), []).append(run)
    return seen


def is_mixed(seen: Shown) -> bool:
    """Whether the tables tell of different runs, or a date's rows are not all one run's."""
    stories = {
        tuple(sorted((day, tuple(sorted(found))) for day, found in days.items()))
        for days in seen.values()
    }
    whole = all(
        len(found) == ROWS and len(set(found)) == 1
        for days in seen.values()
        for found in days.values()
    )
    return len(stories) != 1 or not whole


def dates_of(seen: Shown) -> dict[str, str]:
    """Whose rows each date shows, by a set of tables that is not mixed."""
    days = next(iter(seen.values()))
    return {day: found[0] for day, found in days.items()}


def _day_column(name: str) -> str:
    return "as_of" if name == PRODUCT_INSIGHT else "landing_date"


def _rows(name: str, run: str, day: str) -> pa.Table:
    schema = TABLES[name].schema
    row = dict.fromkeys(schema.names)
    row |= {"run": run, _day_column(name): date.fromisoformat(day)}
    return pa.Table.from_pylist([row] * ROWS, schema=schema)
