"""A run's night as it was planned, on the release that is newest now."""

from nightshelf.lakehouse.release import Release, base_snapshots, releases
from nightshelf.night.context import Context
from nightshelf.ops import runs
from nightshelf.spark.views import Night


def newest_release(context: Context) -> Release | None:
    found = releases(context.catalog)
    return found[-1] if found else None


def night_of(context: Context, run: str) -> Night:
    row = runs.read_run(context.ops, run)
    base = base_snapshots(context.catalog, newest_release(context))
    return Night(run, sorted(row["dates"]), row["models"], base)
