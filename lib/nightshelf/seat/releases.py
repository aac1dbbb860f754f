"""Releases, newest first, each with what it changed against the one before it."""

from collections.abc import Mapping

from nightshelf.lakehouse.release import Release
from nightshelf.seat import lake
from nightshelf.seat.sources import Json, Sources, in_utc, shortened

PAGE = 20


def releases(sources: Sources, before: int | None = None, limit: int = PAGE) -> Json:
    """
    At most `limit` releases older than `before`; `next` is where the page after it begins.

    `is_shown` says that it has what readers see, as the newest has and those that a rollback came
    back to; `can_roll_back` that readers could see it again: it is kept, and is not shown now.
    """
    found = lake.all_releases(sources)
    older = [one for one in found if before is None or one.release < before]
    page = older[-limit:][::-1] if limit else []
    by_number = {one.release: one for one in found}
    counts = _Counts(sources)
    items = [_item(one, by_number.get(one.parent), found[-1], counts) for one in page]
    more = len(older) > len(page)
    return {"releases": items, "next": page[-1].release if page and more else None}


class _Counts:
    """Rows of snapshots; each table's metadata is read once a page."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._tables: dict[str, object] = {}

    def of(self, table: str, snapshot: int | None) -> int | None:
        if snapshot is None:
            return None
        if table not in self._tables:
            self._tables[table] = lake.table_of(self._sources, table)
        loaded = self._tables[table]
        return lake.rows_at(loaded, snapshot) if loaded is not None else None  # type: ignore[arg-type]


def _item(one: Release, parent: Release | None, newest: Release, counts: _Counts) -> Json:
    rows = {table: counts.of(table, snapshot) for table, snapshot in one.tables.items()}
    is_shown = one.tables == newest.tables
    return {
        "release": one.release,
        "parent": one.parent,
        "kind": one.kind,
        "run": one.run,
        "released_at": in_utc(one.released_at),
        "dates": list(one.dates),
        "withdrawn": list(one.withdrawn),
        "reason": shortened(one.reason),
        "is_newest": one.release == newest.release,
        "is_shown": is_shown,
        "can_roll_back": not is_shown and all(count is not None for count in rows.values()),
        "tables": [_change(table, one, parent, counts) for table in sorted(one.tables)],
        "models": _models(one.models, parent.models if parent else {}),
    }


def _change(table: str, one: Release, parent: Release | None, counts: _Counts) -> Json:
    now = counts.of(table, one.tables[table])
    before = counts.of(table, parent.tables.get(table)) if parent else None
    same = parent is not None and parent.digests.get(table) == one.digests.get(table)
    known = now is not None and (before is not None or parent is None)
    return {
        "table": table,
        "changed": not same,
        "rows": now,
        "more_rows": (now or 0) - (before or 0) if known else None,
    }


def _models(now: Mapping[str, str], before: Mapping[str, str]) -> list[Json]:
    """Each question's model version, and the one before it where that was another."""
    return [
        {
            "question": question,
            "version": version,
            "before": before.get(question) if before.get(question) != version else None,
        }
        for question, version in sorted(now.items())
    ]
