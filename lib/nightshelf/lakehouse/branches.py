"""A run writes to a branch of its own; readers do not see it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nightshelf.lakehouse.catalog import local_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyiceberg.catalog import Catalog


def branch_of(run: str) -> str:
    return f"run_{run}"


def open_branches(catalog: "Catalog", base: "Mapping[str, int]", *, branch: str) -> None:
    """Start `branch` at the given snapshot of each table, anew if an earlier attempt left it."""
    for name, snapshot in base.items():
        table = catalog.load_table(local_name(name))
        table.manage_snapshots().create_branch(snapshot, branch).commit()


def branch_snapshots(catalog: "Catalog", tables: Iterable[str], *, branch: str) -> dict[str, int]:
    return {
        name: catalog.load_table(local_name(name)).refs()[branch].snapshot_id for name in tables
    }


def drop_branches(catalog: "Catalog", tables: Iterable[str], *, branch: str) -> None:
    for name in tables:
        table = catalog.load_table(local_name(name))
        if branch in table.refs():
            table.manage_snapshots().remove_branch(branch).commit()
