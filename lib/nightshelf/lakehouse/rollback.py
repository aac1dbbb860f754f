"""Go back to an earlier release; that is a release too."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from nightshelf.errors import NightshelfError, ReleaseConflict
from nightshelf.lakehouse.catalog import local_name
from nightshelf.lakehouse.refs import release_tag, set_tags
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


_ATTEMPTS = 5


def rollback(catalog: "Catalog", number: int, *, reason: str, now: datetime) -> Release:
    """
    Let readers see release `number` again; raise `NightshelfError` if it is not kept any more.

    Dates that were released since then are marked as withdrawn until they are released again. A
    night that releases at this moment comes first, and its date is withdrawn as well.
    """
    for _ in range(_ATTEMPTS - 1):
        with suppress(ReleaseConflict):
            return _rolled_back(catalog, number, reason=reason, now=now)
    return _rolled_back(catalog, number, reason=reason, now=now)


def _rolled_back(catalog: "Catalog", number: int, *, reason: str, now: datetime) -> Release:
    wanted = release_numbered(catalog, number)
    newest = release_numbered(catalog, None)
    if wanted.tables == newest.tables:
        raise NightshelfError(f"release {newest.release} shows what release {number} showed")
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
    # Before it is committed: from the tag on, no maintenance beside us lets them expire.
    for name, snapshot in wanted.tables.items():
        set_tags(catalog, name, {release_tag(done.release): snapshot})
        if catalog.load_table(local_name(name)).snapshot_by_id(snapshot) is None:
            raise NightshelfError(f"release {number} is no longer kept: {name} has expired")
    publish(catalog, done)
    settle(catalog)
    return done
