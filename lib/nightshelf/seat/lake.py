"""What the page reads of the lake, remembered until the table has another snapshot."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow.compute as pc
from pyiceberg.exceptions import NoSuchTableError

from nightshelf import names
from nightshelf.lakehouse.catalog import local_name
from nightshelf.lakehouse.release import Release, releases
from nightshelf.seat.sources import Sources

if TYPE_CHECKING:
    from pyiceberg.table import Table

#: More rows than this are not counted while somebody waits for a page.
MOST_ROWS = 5_000_000
_REMEMBERED = 64
Found = TypeVar("Found")
_known: "OrderedDict[tuple[object, ...], Any]" = OrderedDict()
_lock = Lock()


def table_of(sources: Sources, name: str) -> "Table | None":
    try:
        return sources.catalog.load_table(local_name(name))
    except NoSuchTableError:
        return None


def all_releases(sources: Sources) -> list[Release]:
    """Every release, oldest first."""
    table = table_of(sources, names.RELEASES)
    if table is None or table.current_snapshot() is None:
        return []
    return _remembered(("releases", *_state(table)), lambda: releases(sources.catalog))


def rejected_by_date(sources: Sources, first: str) -> dict[str, int]:
    """Rows turned away of each landing date from `first` on, as ingest noted them."""
    table = table_of(sources, names.LANDINGS)
    if table is None or table.current_snapshot() is None:
        return {}
    return _remembered(("rejected", first, *_state(table)), lambda: _rejected(table, first))


def labels_by_date(sources: Sources, release: Release, first: str) -> dict[str, dict[str, int]]:
    """
    Published reviews of each landing date from `first` on, by sentiment.

    Nothing where the release shows none, or more than `MOST_ROWS`.
    """
    snapshot = release.tables.get(names.REVIEW_SENTIMENT)
    table = table_of(sources, names.REVIEW_SENTIMENT)
    if table is None or snapshot is None or table.snapshot_by_id(snapshot) is None:
        return {}
    if (rows_at(table, snapshot) or 0) > MOST_ROWS:
        return {}
    key = ("labels", first, snapshot, str(table.metadata.table_uuid))
    return _remembered(key, lambda: _labels(table, snapshot, first))


def rows_at(table: "Table", snapshot: int) -> int | None:
    """Rows of a snapshot as it counts them itself; None where it has expired."""
    found = table.snapshot_by_id(snapshot)
    if found is None or found.summary is None:
        return None
    total = found.summary["total-records"]
    return int(total) if total is not None else None


def _rejected(table: "Table", first: str) -> dict[str, int]:
    scan = table.scan(
        row_filter=f"landing_date >= '{first}'",
        selected_fields=("landing_date", "rejected"),
    )
    found: dict[str, int] = {}
    for row in scan.to_arrow().to_pylist():
        day = row["landing_date"].isoformat()
        found[day] = found.get(day, 0) + row["rejected"]
    return found


def _labels(table: "Table", snapshot: int, first: str) -> dict[str, dict[str, int]]:
    rows = table.scan(
        snapshot_id=snapshot,
        row_filter=f"landing_date >= '{first}'",
        selected_fields=("landing_date", "label"),
    ).to_arrow()
    counted = rows.filter(pc.is_valid(rows["label"])).group_by(["landing_date", "label"])
    found: dict[str, dict[str, int]] = {}
    for row in counted.aggregate([([], "count_all")]).to_pylist():
        found.setdefault(row["landing_date"].isoformat(), {})[row["label"]] = row["count_all"]
    return found


def _state(table: "Table") -> tuple[object, ...]:
    current = table.current_snapshot()
    return str(table.metadata.table_uuid), current.snapshot_id if current else None


def _remembered(key: tuple[object, ...], read: Callable[[], Found]) -> Found:
    # One reads at a time: whoever asks for the same meanwhile waits, and then finds it.
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            known: Found = _known[key]
            return known
        found = read()
        _known[key] = found
        while len(_known) > _REMEMBERED:
            _known.popitem(last=False)
        return found
