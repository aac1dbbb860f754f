"""A run writes to a branch of its own; readers do not see it."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from nightshelf.lakehouse.catalog import local_name
from nightshelf.lakehouse.refs import change_refs, drop_refs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyiceberg.catalog import Catalog
    from pyiceberg.table import Table


def branch_of(run: str) -> str:
    return f"run_{run}"


def open_branches(catalog: "Catalog", base: "Mapping[str, int]", *, branch: str) -> None:
    """Start `branch` at the given snapshot of each table, anew if an earlier attempt left it."""
    for name, snapshot in base.items():
        change_refs(catalog, name, partial(_create, snapshot=snapshot, branch=branch))


def _create(table: "Table", snapshot: int, branch: str) -> None:
    table.manage_snapshots().create_branch(snapshot, branch).commit()


def branch_snapshots(catalog: "Catalog", tables: Iterable[str], *, branch: str) -> dict[str, int]:
    return {
        name: catalog.load_table(local_name(name)).refs()[branch].snapshot_id for name in tables
    }


def drop_branches(catalog: "Catalog", tables: Iterable[str], *, branch: str) -> None:
    for name in tables:
        drop_refs(catalog, name, [branch])


def is_on_branch(catalog: "Catalog", snapshots: "Mapping[str, int]", *, branch: str) -> bool:
    """Whether the branch of each table still ends at its snapshot; then nothing expires it."""
    for name, snapshot in snapshots.items():
        found = catalog.load_table(local_name(name)).refs().get(branch)
        if found is None or found.snapshot_id != snapshot:
            return False
    return True
