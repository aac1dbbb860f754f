"""A run's night as it was planned, on the release that is newest now."""

from nightshelf.lakehouse.release import Release, base_snapshots, dates_shown, releases
from nightshelf.night.context import Context
from nightshelf.ops import runs
from nightshelf.spark.views import Night


def newest_release(context: Context) -> Release | None:
    found = releases(context.catalog)
    return found[-1] if found else None


def night_of(context: Context, run: str) -> Night:
    row = runs.read_run(context.ops, run)
    found = releases(context.catalog)
    own = sorted(row["dates"])
    return Night(
        run,
        dates=own,
        models=row["models"],
        base=base_snapshots(context.catalog, found[-1] if found else None),
        seen=sorted({*own, *dates_shown(found)}),
    )
