"""How many rows of a table one snapshot has added, changed and removed against another."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.io.pyarrow import ArrowScan

from nightshelf.lakehouse.catalog import local_name

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import FileScanTask, Table

#: Rows in files that only one of the two has; more are not compared.
MOST_ROWS = 1_000_000
#: Who computed an answer when does not change what it says; see `shelf.table.digest`.
_ASIDE = ("run", "wave")
#: Follows from the row's key, and is as long.
_IN_KEY = "content_key"

Changed = Mapping[str, int | None]


def changed_rows(
    catalog: "Catalog",
    before: Mapping[str, int],
    after: Mapping[str, int],
    *,
    most_rows: int = MOST_ROWS,
) -> dict[str, Changed]:
    """
    For each table of `after` its rows `before` and `after`; those `added`, `changed` and `removed`.

    Both map a table to its snapshot. Only files are read that one of the two lacks. The last three
    are None where those hold more than `most_rows`, the first where a snapshot is no longer kept.
    """
    found: dict[str, Changed] = {}
    for name, snapshot in after.items():
        table = catalog.load_table(local_name(name))
        found[name] = _changed(table, before.get(name), snapshot, most_rows)
    return found


def _changed(table: "Table", before: int | None, after: int, most_rows: int) -> Changed:
    old, new = _files(table, before), _files(table, after)
    if old is None or new is None:
        return dict.fromkeys(("before", "after", "added", "changed", "removed"))
    total = {"before": _rows(old.values()), "after": _rows(new.values())}
    left = [file for path, file in old.items() if path not in new]
    came = [file for path, file in new.items() if path not in old]
    if _rows(left) + _rows(came) > most_rows:
        return {**total, "added": None, "changed": None, "removed": None}
    return {**total, **_compared(table, left, came)}


def _files(table: "Table", snapshot: int | None) -> "dict[str, FileScanTask] | None":
    """By path, and by the deletes that are in force; None where the snapshot has expired."""
    if snapshot is None:
        return {}
    if table.snapshot_by_id(snapshot) is None:
        return None
    tasks = table.scan(snapshot_id=snapshot).plan_files()
    return {
        " ".join([one.file.file_path, *sorted(file.file_path for file in one.delete_files)]): one
        for one in tasks
    }


def _rows(files: "Iterable[FileScanTask]") -> int:
    return sum(one.file.record_count for one in files)


def _compared(
    table: "Table", left: "Sequence[FileScanTask]", came: "Sequence[FileScanTask]"
) -> dict[str, int]:
    keys = _keys(table)
    old, new = _read(table, left, keys), _read(table, came, keys)
    values = [name for name in new.column_names if name not in keys]
    both = old.append_column("_old", _marks(old)).join(
        new.append_column("_new", _marks(new)),
        keys=keys,
        join_type="full outer",
        left_suffix="|old",
        right_suffix="|new",
    )
    in_old, in_new = pc.is_valid(both["_old"]), pc.is_valid(both["_new"])
    differs = pc.and_(in_old, pc.invert(in_old))  # nothing yet
    for name in values:
        differs = pc.or_(differs, _differ(both[f"{name}|old"], both[f"{name}|new"]))
    return {
        "added": _count(pc.invert(in_old)),
        "changed": _count(pc.and_(pc.and_(in_old, in_new), differs)),
        "removed": _count(pc.invert(in_new)),
    }


def _read(table: "Table", files: "Sequence[FileScanTask]", keys: Sequence[str]) -> pa.Table:
    """Without lists: those follow from a row's key and text."""
    schema = table.schema().as_arrow()
    columns = [
        field
        for field in schema
        if field.name in keys
        or not (pa.types.is_nested(field.type) or field.name in (*_ASIDE, _IN_KEY))
    ]
    scan = table.scan(selected_fields=tuple(field.name for field in columns))
    reader = ArrowScan(table.metadata, table.io, scan.projection(), scan.row_filter)
    # Without any file it gives another kind of strings than with some.
    return reader.to_table(files).select([f.name for f in columns]).cast(pa.schema(columns))


def _keys(table: "Table") -> list[str]:
    columns = {field.name for field in table.schema().fields}
    if "as_of" in columns:
        return ["as_of", "product_id"]
    return ["review_id"] if "review_id" in columns else ["product_id"]


def _marks(rows: pa.Table) -> pa.Array:
    return pa.repeat(pa.scalar(value=True), len(rows))


def _differ(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    unlike_nulls = pc.xor(pc.is_null(one), pc.is_null(other))
    return pc.coalesce(pc.not_equal(one, other), unlike_nulls)


def _count(marks: pa.ChunkedArray) -> int:
    return int(pc.sum(marks).as_py() or 0)
