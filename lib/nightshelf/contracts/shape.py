"""Whether a file's columns can be read as a contract's fields, judged by its schema alone."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from nightshelf.contracts.contract import MALFORMED, Contract

#: What pyarrow raises for a Parquet file that is broken, at its footer or in any page.
BROKEN_PARQUET = (pa.ArrowException, OSError, UnicodeDecodeError)

_BATCH_BYTES = 64 * 1024 * 1024


class FileProblem(NamedTuple):
    """Why a file cannot be used; `detail` names columns, never what is in them."""

    reason: str
    detail: str
    field: str | None = None


def columns_of(
    contract: Contract, names: Sequence[str], rename: Mapping[str, str] | None = None
) -> dict[str, list[str]]:
    """
    The columns that mean each field, whatever their case; `rename` maps field to column.

    One column is right, none is an absent field, several are ambiguous.
    """
    rename = rename or {}
    free = [name for name in names if name not in rename.values()]
    return {
        field: _alike(rename[field], names) if field in rename else _alike(field, free)
        for field in contract.schema.names
    }


def _alike(column: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if name.strip().casefold() == column.strip().casefold()]


def absent_fields(contract: Contract, found: Mapping[str, Sequence[str]]) -> list[str]:
    """Required fields without a column; a file with `op` may hold deletes alone: it needs ids."""
    required = (contract.id_field,) if found["op"] else contract.required
    return [field for field in required if not found[field]]


def shape_problem(
    contract: Contract, schema: pa.Schema, rename: Mapping[str, str] | None = None
) -> FileProblem | None:
    """The first reason for which no row of a file of this schema could be read, if any."""
    found = columns_of(contract, schema.names, rename)
    for field, columns in found.items():
        if len(columns) > 1:
            return FileProblem("ambiguous_column", f"{', '.join(columns)} all mean {field}", field)
    if absent := absent_fields(contract, found):
        return FileProblem(
            "missing_column",
            f"no column for {', '.join(absent)}; columns found: {', '.join(schema.names)}",
            absent[0],
        )
    for field, columns in found.items():
        kind = schema.field(columns[0]).type if columns else pa.null()
        if not can_be_read(kind, contract.schema.field(field).type):
            return FileProblem("wrong_schema", f"{field} cannot be read from {kind}", field)
    if MALFORMED in schema.names and not is_text(schema.field(MALFORMED).type):
        return FileProblem("wrong_schema", f"{MALFORMED} is taken: it must be text", MALFORMED)
    return None


def can_be_read(kind: pa.DataType, target: pa.DataType) -> bool:
    """Whether values of this type can be cast to the field's, each judged by itself."""
    if pa.types.is_dictionary(kind):
        return can_be_read(kind.value_type, target)
    if is_text(kind) or pa.types.is_null(kind):
        return True
    if pa.types.is_map(target):
        return bool(pa.types.is_struct(kind) or (pa.types.is_map(kind) and is_text(kind.key_type)))
    if pa.types.is_timestamp(target) and pa.types.is_temporal(kind):
        return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind))
    if pa.types.is_floating(target) and not pa.types.is_integer(kind):
        return bool(pa.types.is_floating(kind) or pa.types.is_decimal(kind))
    return bool(pa.types.is_integer(kind))


def is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def batch_rows(metadata: object, rows: int) -> int:
    """
    How many rows of a Parquet file (its `FileMetaData`) to read at once.

    At most `rows`, and fewer where rows are so long that a batch would pass 64 MiB.
    """
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]  # type: ignore[attr-defined]
    widest = max((group.total_byte_size / max(1, group.num_rows) for group in groups), default=1)
    return max(1, min(rows, int(_BATCH_BYTES / max(1, widest))))
