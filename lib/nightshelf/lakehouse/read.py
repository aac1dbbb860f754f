"""Read a table as a release names it: readers pin, so that no mixture is ever seen."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from pyiceberg.exceptions import NoSuchTableError

from nightshelf import names
from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.catalog import local_name, tables_of
from nightshelf.lakehouse.release import release_numbered

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import DataScan, Table

#: Tables that no release names; they are read as they are now.
UNPINNED = (
    names.RELEASES,
    names.REJECTED,
    names.LANDINGS,
    names.MODEL_VERSIONS,
    names.DEFERRED,
    names.REVIEW_VERSIONS,
    names.PRODUCT_VERSIONS,
    f"{names.ANSWERS}.{names.SENTIMENT}",
    f"{names.ANSWERS}.{names.EMBEDDING}",
)


def read_table(
    catalog: "Catalog", table: str, release: int | None, columns: tuple[str, ...] = ("*",)
) -> tuple["DataScan", str]:
    """The scan and a word on what it reads; `table` by its full or its last name."""
    name = _full_name(catalog, table)
    if name in UNPINNED or name.startswith(f"{names.ANSWERS}."):
        if release is not None:
            raise NightshelfError(f"no release names {name}; leave --release out")
        return _load(catalog, name).scan(selected_fields=columns), f"{name}, as it is now"
    found = release_numbered(catalog, release)
    if name not in found.tables:
        raise NightshelfError(
            f"release {found.release} does not hold {name}: no night up to then made it;"
            " give a later --release, or run a night with its question switched on"
        )
    loaded = _load(catalog, name)
    if loaded.snapshot_by_id(found.tables[name]) is None:
        raise NightshelfError(f"release {found.release} is no longer kept: {name} has expired")
    scan = loaded.scan(snapshot_id=found.tables[name], selected_fields=columns)
    return scan, f"{name}, release {found.release}"


def write_rows(scan: "DataScan", out: Path) -> int:
    """Write all rows, a batch at a time, as the file's ending says; return how many."""
    if out.suffix not in (".parquet", ".csv"):
        raise NightshelfError(f"{out}: the name must end in .parquet or .csv")
    if not out.parent.is_dir():
        raise NightshelfError(f"{out.parent} is not a folder")
    rows = 0
    with scan.to_arrow_batch_reader() as batches, closing(_writer(out, batches.schema)) as writer:
        for batch in batches:
            writer.write_batch(_flat(batch) if out.suffix == ".csv" else batch)
            rows += batch.num_rows
    return rows


def print_rows(scan: "DataScan", limit: int) -> Iterator[str]:
    """One line a row, `column=value`; long values are cut."""
    total = scan.count()
    rows = scan.update(limit=limit).to_arrow()
    for row in rows.to_pylist(maps_as_pydicts="lossy"):
        yield "  ".join(f"{name}={_short(value)}" for name, value in row.items())
    if total > limit:
        yield f"… and {total - limit} more rows; --out FILE.parquet writes all of them"


def _load(catalog: "Catalog", name: str) -> "Table":
    try:
        return catalog.load_table(local_name(name))
    except NoSuchTableError:
        raise NightshelfError(
            f"{name} is not there yet; run `nightshelf night --date D` first"
        ) from None


def _full_name(catalog: "Catalog", table: str) -> str:
    known = list(names.SHELF + UNPINNED)
    for name in known:
        if table in (name, name.rpartition(".")[2]):
            return name
    # Those of classifiers are named by the operator.
    more = sorted(tables_of(catalog) - set(known))
    known += more
    for name in more:
        if table in (name, name.rpartition(".")[2]):
            return name
    listed = ", ".join(name.rpartition(".")[2] for name in known)
    raise NightshelfError(f"there is no table {table!r}; tables: {listed}")


def _writer(out: Path, schema: pa.Schema) -> Any:  # noqa: ANN401  two writers, one shape
    if out.suffix == ".csv":
        return pyarrow.csv.CSVWriter(out, _flat(schema.empty_table()).schema)
    return pyarrow.parquet.ParquetWriter(out, schema, compression="zstd")


def _flat(rows: Any) -> Any:  # noqa: ANN401  a table or a batch, as it came
    """Lists and maps as JSON, since CSV has neither."""
    columns = [
        pa.array(map(_as_json, rows[name].to_pylist(maps_as_pydicts="lossy")), pa.string())
        if pa.types.is_nested(rows.schema.field(name).type)
        else rows[name]
        for name in rows.schema.names
    ]
    return type(rows).from_arrays(columns, names=rows.schema.names)


def _as_json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _short(value: object) -> str:
    text = f"{value:.4f}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
