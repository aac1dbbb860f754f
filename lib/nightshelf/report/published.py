"""Which release a run has made or would make, and what that changes for readers."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pyiceberg.exceptions import NoSuchTableError

from nightshelf.lakehouse.changes import changed_rows
from nightshelf.lakehouse.release import NIGHT, ROLLBACK
from nightshelf.lakehouse.release import Release as Listed
from nightshelf.lakehouse.withdrawn import withdrawn_dates
from nightshelf.ops import runs
from nightshelf.report.shape_verdict import Change, Release
from nightshelf.report.source import Source
from nightshelf.report.text import iso

if TYPE_CHECKING:
    pass

#: A run that kept no counts is compared while the report is made, if it is so small.
_SMALL = 200_000
_COUNTS = ("before", "after", "added", "changed", "removed")


def release(source: Source) -> Release:
    own, found = released(source), source.releases
    kind = source.row["kind"] or NIGHT
    return {
        "number": own.release if own else None,
        "parent": own.parent if own else source.assembled.get("parent"),
        "kind": own.kind if own else kind,
        "released_at": iso(own.released_at) if own else None,
        "reason": own.reason if own else "",
        "newest": found[-1].release if found else None,
        "withdrawn_by": withdrawn_by(source),
        "changes": _changes(source),
    }


def released(source: Source) -> Listed | None:
    """The run's own release; one that is unchanged names the release that stands, which is not."""
    if source.row["state"] != runs.RELEASED:
        return None
    number = source.row["release"]
    return next((one for one in source.releases if one.release == number), None)


def withdrawn_by(source: Source) -> int | None:
    """The rollback that took the run's release from readers, if none brought it back."""
    own, found = released(source), source.releases
    if own is None:
        return None
    back = [one for one in found if one.kind == ROLLBACK and one.release > own.release]
    if own.dates:
        known = withdrawn_dates(found)
        still = {known[day] for day in own.dates if day in known}
        back = [one for one in back if one.release in still]
    # A rollback to the run's own release, or to a later one, shows what it has brought.
    earlier = [one.tables for one in found if one.release < own.release]
    return back[-1].release if back and back[-1].tables in earlier else None


def _changes(source: Source) -> list[Change]:
    known: Mapping[str, Mapping[str, Any]] | None = source.assembled.get("changed_rows")
    tables = source.assembled.get("tables")
    if known is None and tables:
        known = _compared(source, tables)
    return [_change(table, counts) for table, counts in sorted((known or {}).items())]


def _compared(source: Source, tables: Mapping[str, int]) -> Mapping[str, Mapping[str, Any]]:
    parent = source.assembled.get("parent")
    before = next((one.tables for one in source.releases if one.release == parent), {})
    try:
        return changed_rows(source.catalog, before, tables, most_rows=_SMALL)
    except NoSuchTableError:
        return {}


def _change(table: str, counts: Mapping[str, int | None]) -> Change:
    found = {name: counts.get(name) for name in _COUNTS}
    return {"table": table, **found}  # type: ignore[typeddict-item]


def total(changes: Iterable[Change], name: str) -> int | None:
    """Over all tables; None where one of them was not compared."""
    found = [one[name] for one in changes]  # type: ignore[literal-required]
    return None if None in found else sum(found)
