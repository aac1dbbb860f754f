"""Tags and branches of a table, changed beside others that commit to it."""

import re
from collections.abc import Callable, Iterable, Mapping
from threading import Event
from typing import TYPE_CHECKING

from pyiceberg.exceptions import CommitFailedException

from nightshelf.errors import ReleaseConflict
from nightshelf.lakehouse.catalog import local_name

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import Table

#: On the empty snapshot with which a shelf table is born: the base where no release names it.
FIRST = "first"

_TAG = re.compile(r"release_(\d+)")
_ATTEMPTS = 20
_PAUSE_SECONDS = 0.1


def release_tag(release: int) -> str:
    return f"release_{release}"


def release_of(tag: str) -> int | None:
    """
    The release whose snapshot a tag keeps.

    >>> release_of("release_7"), release_of("run_n20260301_a4ab0c68"), release_of("main")
    (7, None, None)
    """
    found = _TAG.fullmatch(tag)
    return int(found[1]) if found else None


def change_refs(catalog: "Catalog", name: str, change: "Callable[[Table], object]") -> None:
    """
    Load the table and let `change` commit to it, again from the start when another commit won.

    PyIceberg itself tries only appends again. Raise `ReleaseConflict` when others are always
    faster.
    """
    for attempt in range(_ATTEMPTS):
        table = catalog.load_table(local_name(name))
        try:
            change(table)
        except CommitFailedException:
            # The later, the longer: of two who collide again and again, one gets through.
            Event().wait(_PAUSE_SECONDS * (attempt + 1))
        else:
            return
    raise ReleaseConflict(f"{name} is changed by others all the time; run the step again")


def set_tags(catalog: "Catalog", name: str, tags: Mapping[str, int]) -> None:
    """Point each tag at its snapshot, in one commit; a snapshot that is gone gets none."""

    def change(table: "Table") -> None:
        refs = table.refs()
        pending = None
        for tag, snapshot in tags.items():
            known = refs.get(tag)
            is_set = known is not None and known.snapshot_id == snapshot
            if is_set or table.snapshot_by_id(snapshot) is None:
                continue
            pending = (pending or table.manage_snapshots()).create_tag(snapshot, tag)
        if pending:
            pending.commit()

    change_refs(catalog, name, change)


def drop_refs(catalog: "Catalog", name: str, refs: Iterable[str]) -> None:
    """Remove tags and branches, in one commit; those that are not there are no error."""
    wanted = set(refs)

    def change(table: "Table") -> None:
        pending = None
        for ref in sorted(wanted & set(table.refs())):
            pending = (pending or table.manage_snapshots()).remove_branch(ref)
        if pending:
            pending.commit()

    change_refs(catalog, name, change)
