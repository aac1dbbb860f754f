"""The release: one commit that names the snapshots readers see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
from pyiceberg.exceptions import CommitFailedException

from nightshelf.errors import NightshelfError, ReleaseConflict
from nightshelf.lakehouse.catalog import local_name, rows_of
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import RELEASES, SHELF

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import Table

NIGHT, ROLLBACK = "night", "rollback"


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


def base_snapshots(catalog: "Catalog", newest: Release | None) -> dict[str, int]:
    """For each shelf table the snapshot that the next release starts from."""
    known = newest.tables if newest else {}
    return {table: known.get(table) or _first_snapshot(catalog, table) for table in SHELF}


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


def settle(catalog: "Catalog") -> None:
    """
    Tag the newest release's snapshots and move every `main` to them.

    Readers pin by the release and do not depend on it; it is idempotent, and finished at the
    next start if it was cut off.
    """
    found = releases(catalog)
    if not found:
        return
    newest = found[-1]
    for name, snapshot in newest.tables.items():
        table = catalog.load_table(local_name(name))
        tag = f"release_{newest.release}"
        if tag not in table.refs():
            table.manage_snapshots().create_tag(snapshot, tag).commit()
        current = table.current_snapshot()
        if current is None or current.snapshot_id != snapshot:
            table.manage_snapshots().set_current_snapshot(snapshot_id=snapshot).commit()


def _first_snapshot(catalog: "Catalog", name: str) -> int:
    table: Table = catalog.load_table(local_name(name))
    return min(table.snapshots(), key=lambda one: one.sequence_number or 0).snapshot_id
