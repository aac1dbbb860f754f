"""Go back to an earlier release; that is a release too."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.catalog import local_name
from nightshelf.lakehouse.release import (
    ROLLBACK,
    Release,
    publish,
    release_numbered,
    releases,
    settle,
)

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog


def rollback(catalog: "Catalog", number: int, *, reason: str, now: datetime) -> Release:
    """
    Let readers see release `number` again; raise `NightshelfError` if it is not kept any more.

    Dates that were released since then are marked as withdrawn until they are released again.
    """
    wanted = release_numbered(catalog, number)
    newest = release_numbered(catalog, None)
    if wanted.tables == newest.tables:
        raise NightshelfError(f"release {newest.release} shows what release {number} showed")
    for name, snapshot in wanted.tables.items():
        if catalog.load_table(local_name(name)).snapshot_by_id(snapshot) is None:
            raise NightshelfError(f"release {number} is no longer kept: {name} has expired")
    since = [one for one in releases(catalog) if one.release > number]
    done = replace(
        wanted,
        release=newest.release + 1,
        parent=newest.release,
        kind=ROLLBACK,
        run=wanted.run,
        released_at=now,
        dates=(),
        withdrawn=tuple(sorted({day for one in since for day in one.dates})),
        reason=reason or f"back to release {number}",
    )
    publish(catalog, done)
    settle(catalog)
    return done
