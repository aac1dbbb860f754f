"""Rows of a landed file into accepted rows of the contract's types and rejected ones."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nightshelf.contracts import DELETE, MALFORMED, UPSERT, Contract
from nightshelf.ingest.casts import Cast, cast
from nightshelf.ingest.rules import Cells, holds_for_deletes, is_in_future, rules_of
from nightshelf.ingest.text import Mask, truth

REJECTED = pa.schema({"row": pa.int64(), "field": pa.string(), "reason": pa.string()})

#: Text that people write stays as it is; in codes and names, space around them means nothing.
_AS_WRITTEN = ("title", "body", "description")


@dataclass(frozen=True)
class Validated:
    """
    `accepted` in the contract's schema and `row`; `rejected` as `REJECTED`, no cell's text in it.

    `row` counts from 1 in the file.
    """

    accepted: pa.Table
    rejected: pa.Table


def validate(
    batch: pa.RecordBatch | pa.Table, *, contract: Contract, landing_date: date, first_row: int
) -> Validated:
    """
    Each row is in one of the two, in order; no row raises.

    `batch` has the contract's fields as columns of any type, lacking ones are null;
    `first_row` is the number of its first row in the file.
    """
    cells = _cells(batch, contract, landing_date)
    is_delete = truth(pc.equal(cells.values["op"], DELETE))
    rules = rules_of(contract)
    broken = _first_broken(cells, is_delete, contract)
    rows = np.arange(first_row, first_row + batch.num_rows, dtype=np.int64)
    is_accepted = broken == len(rules)
    names = [(rules[index].field, rules[index].reason) for index in broken[~is_accepted]]
    fields, reasons = zip(*names, strict=True) if names else ((), ())
    rejected = pa.table([rows[~is_accepted], fields, reasons], schema=REJECTED)
    return Validated(_accepted(cells, rows, is_accepted, is_delete, contract), rejected)


def _cells(batch: pa.RecordBatch | pa.Table, contract: Contract, landing_date: date) -> Cells:
    casts: dict[str, Cast] = {}
    for field in contract.schema:
        found = cast(_column(batch, field.name), field.type)
        casts[field.name] = found
    return Cells(
        landing_date,
        {name: _tidy(name, found.values) for name, found in casts.items()},
        {name: found.wrong for name, found in casts.items()},
        {name: found.invalid for name, found in casts.items()},
        cast(_column(batch, MALFORMED), pa.string()).values,
    )


def _column(batch: pa.RecordBatch | pa.Table, name: str) -> pa.Array:
    if name not in batch.schema.names:
        return pa.nulls(batch.num_rows)
    column = batch.column(name)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _tidy(field: str, values: pa.Array) -> pa.Array:
    """One spelling for what means the same."""
    if not pa.types.is_string(values.type) or field in _AS_WRITTEN:
        return values
    values = pc.utf8_trim_whitespace(values)
    if field == "op":
        return pc.fill_null(pc.utf8_lower(values), UPSERT)
    if field == "currency":
        return pc.utf8_upper(values)
    return pc.replace_substring(values, "_", "-") if field == "language" else values


def _first_broken(cells: Cells, is_delete: Mask, contract: Contract) -> npt.NDArray[np.int64]:
    """For each row the index of the first rule that it breaks; one past the last for none."""
    rules = rules_of(contract)
    first = np.full(len(is_delete), len(rules), np.int64)
    for index, rule in enumerate(rules):
        breaks = rule.breaks(cells, rule.field) & (first == len(rules))
        if not holds_for_deletes(rule, contract):
            breaks &= ~is_delete
        first[breaks] = index
    return first


def _accepted(
    cells: Cells,
    rows: npt.NDArray[np.int64],
    is_accepted: Mask,
    is_delete: Mask,
    contract: Contract,
) -> pa.Table:
    kept = pa.array(is_accepted)
    columns = []
    for field in contract.schema:
        values = cells.values[field.name]
        if field.name not in (contract.id_field, contract.time_field, "op"):
            # Nobody reads more of a delete, so no more of it is kept.
            values = _without(values, is_delete)
        if field.name == contract.time_field:
            # A delete from the future would win over every later version.
            values = _without(values, is_delete & is_in_future(cells, field.name))
        columns.append(values.filter(kept))
    schema = contract.schema.append(pa.field("row", pa.int64()))
    return pa.table([*columns, pa.array(rows[is_accepted])], schema=schema)


def _without(values: pa.Array, mask: Mask) -> pa.Array:
    return (
        pc.if_else(pa.array(~mask), values, pa.scalar(None, values.type)) if mask.any() else values
    )
