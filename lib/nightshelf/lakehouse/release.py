"""The release: one commit that names the snapshots readers see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
from pyiceberg.exceptions import CommitFailedException

from nightshelf.errors import NightshelfError, ReleaseConflict
from nightshelf.lakehouse.catalog import local_name, rows_of
from nightshelf.lakehouse.refs import change_refs, release_tag, set_tags
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import RELEASES, SHELF
from nightshelf.settings import Settings

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import Table

NIGHT, ROLLBACK, MAINTENANCE = "night", "rollback", "maintenance"
#: Published rows were answered again; and all vectors at once by another model.
REANSWER, SWITCH = "reanswer", "switch"


@dataclass(frozen=True, kw_only=True)
class Release:
    """`tables` maps a shelf table to its snapshot; `digests` to a digest of its content."""

    release: int
    parent: int
    kind: str
    run: str
    released_at: datetime
    tables: Mapping[str, int]
    digests: Mapping[str, str]
    models: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    reason: str = ""


def releases(catalog: "Catalog") -> list[Release]:
    """Every release, oldest first."""
    if not catalog.table_exists(local_name(RELEASES)):
        return []
    rows = rows_of(catalog, RELEASES).to_pylist(maps_as_pydicts="strict")
    found = [
        Release(**{**row, "dates": tuple(row["dates"]), "withdrawn": tuple(row["withdrawn"])})
        for row in rows
    ]
    return sorted(found, key=lambda one: one.release)


def release_numbered(catalog: "Catalog", number: int | None) -> Release:
    """That release, or the newest; raise `NightshelfError` where there is none."""
    found = releases(catalog)
    if not found:
        raise NightshelfError("nothing was released yet; run `nightshelf night --date D` first")
    if number is None:
        return found[-1]
    for one in found:
        if one.release == number:
            return one
    raise NightshelfError(f"there is no release {number}; see `nightshelf releases`")


def base_snapshots(
    catalog: "Catalog", newest: Release | None, shelf: Iterable[str] = SHELF
) -> dict[str, int]:
    """For each shelf table the snapshot that the next release starts from."""
    known = newest.tables if newest else {}
    return {table: known.get(table) or first_snapshot(catalog, table) for table in shelf}


def dates_shown(found: Sequence[Release]) -> frozenset[str]:
    """The landing dates in what readers see: a rollback shows those of the release it went to."""
    shown: dict[tuple[tuple[str, int], ...], frozenset[str]] = {}
    now: frozenset[str] = frozenset()
    for one in found:
        tables = tuple(sorted(one.tables.items()))
        now = shown[tables] if one.kind == ROLLBACK else now | set(one.dates)
        shown[tables] = now
    return now


def publish(catalog: "Catalog", release: Release) -> None:
    """
    Commit the release; this one commit is the moment at which readers see it.

    Raise `ReleaseConflict` if its parent is no longer the newest release: nothing was
    published, and the night has to be assembled again on what is there now.
    """
    table = catalog.load_table(local_name(RELEASES))
    newest = max(table.scan().to_arrow()["release"].to_pylist(), default=0)
    if newest != release.parent:
        raise ReleaseConflict(f"release {newest} came after {release.parent}; assemble again")
    row = {name: getattr(release, name) for name in TABLES[RELEASES].columns}
    row |= {name: list(row[name].items()) for name in ("tables", "digests", "models")}
    try:
        table.append(pa.Table.from_pylist([row], schema=TABLES[RELEASES].schema))
    except CommitFailedException:
        raise ReleaseConflict("another release was committed at this moment") from None


def settle(catalog: "Catalog", kept: int = Settings.kept_releases) -> None:
    """
    Tag the snapshots of the `kept` newest releases and move every `main` to the newest's.

    Readers pin by the release and do not depend on it; it is idempotent, and finished at the
    next start if it was cut off, for whichever release that was.
    """
    found = releases(catalog)
    if not found:
        return
    for name, tags in _tags(found[-kept:]).items():
        set_tags(catalog, name, tags)
    for name, snapshot in found[-1].tables.items():
        change_refs(catalog, name, partial(_move_main, snapshot=snapshot))


def _tags(found: Sequence[Release]) -> dict[str, dict[str, int]]:
    """For each table the tags that it has to have."""
    tags: dict[str, dict[str, int]] = {}
    for one in found:
        for name, snapshot in one.tables.items():
            tags.setdefault(name, {})[release_tag(one.release)] = snapshot
    return tags


def _move_main(table: "Table", snapshot: int) -> None:
    current = table.current_snapshot()
    if current is None or current.snapshot_id != snapshot:
        table.manage_snapshots().set_current_snapshot(snapshot_id=snapshot).commit()


def first_snapshot(catalog: "Catalog", name: str) -> int:
    """The empty one with which a shelf table is born; maintenance keeps it."""
    table: Table = catalog.load_table(local_name(name))
    return min(table.snapshots(), key=lambda one: one.sequence_number or 0).snapshot_id
