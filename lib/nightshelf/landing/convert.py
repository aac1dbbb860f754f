"""One source into Parquet with the contract's fields, batch by batch, so that any size fits."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from nightshelf.contracts import MALFORMED, Contract
from nightshelf.contracts.shape import batch_rows, columns_of
from nightshelf.landing.lines import read_lines
from nightshelf.landing.records import Record, csv_records, json_objects, json_record
from nightshelf.landing.sources import CSV, JSON_LINES, PARQUET, Source

_ROWS = 16_384
_CHARACTERS = 32 * 1024 * 1024


@dataclass
class Converted:
    """`malformed`: rows by what was wrong with their line; `dropped`: columns of no field."""

    rows: int = 0
    malformed: Counter[str] = field(default_factory=Counter)
    dropped: set[str] = field(default_factory=set)


def chosen_columns(contract: Contract, source: Source, rename: Mapping[str, str]) -> dict[str, str]:
    """Field to column, for the fields that the source has; it must have a schema."""
    found = columns_of(contract, source.schema.names, rename)
    chosen = {name: columns[0] for name, columns in found.items() if columns}
    if source.format == JSON_LINES:
        # A key may turn up for the first time far down the file.
        chosen |= {name: rename.get(name, name) for name in found if name not in chosen}
    return chosen


def convert(source: Source, contract: Contract, rename: Mapping[str, str], to: Path) -> Converted:
    """
    Write `to`; Parquet keeps its types, text formats become strings and `_malformed`.

    Raises what pyarrow raises (`BROKEN_PARQUET`) where a page of the source is corrupt.
    """
    columns = chosen_columns(contract, source, rename)
    done = Converted(dropped={*source.schema.names} - {*columns.values()})
    if source.format == PARQUET:
        schema = pa.schema([source.schema.field(c).with_name(f) for f, c in columns.items()])
        _write(to, schema, _parquet_batches(source.path, columns, schema), done)
    else:
        schema = pa.schema([(name, pa.string()) for name in (*columns, MALFORMED)])
        with source.path.open("rb") as file:
            records = _READERS[source.format](file, source, columns, done, contract)
            _write(to, schema, _text_batches(records, schema, done), done)
    return done


def _write(to: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], done: Converted) -> None:
    with pq.ParquetWriter(to, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            done.rows += batch.num_rows


def _parquet_batches(
    path: Path, columns: Mapping[str, str], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        rows = batch_rows(file.metadata, _ROWS)
        for batch in file.iter_batches(rows, columns=list(dict.fromkeys(columns.values()))):
            cells = [batch.column(column) for column in columns.values()]
            yield pa.RecordBatch.from_arrays(cells, schema=schema)


def _csv_cells(
    file: BinaryIO, source: Source, columns: Mapping[str, str], _: Converted, __: Contract
) -> Iterator[Record]:
    names = source.schema.names
    places = [names.index(column) for column in columns.values()]
    records = csv_records(read_lines(file), source.delimiter, len(names))
    for cells, problem in islice(records, 1, None):
        yield Record(() if problem else [cells[place] for place in places], problem)


def _json_cells(
    file: BinaryIO,
    _: Source,
    columns: Mapping[str, str],
    done: Converted,
    contract: Contract,
) -> Iterator[Record]:
    for value, problem in json_objects(read_lines(file)):
        done.dropped.update(value.keys() - columns.values())
        yield Record((), problem) if problem else json_record(value, columns, contract.schema)


_READERS: dict[str, Callable[..., Iterator[Record]]] = {CSV: _csv_cells, JSON_LINES: _json_cells}


def _text_batches(
    records: Iterable[Record], schema: pa.Schema, done: Converted
) -> Iterator[pa.RecordBatch]:
    rows: list[Sequence[str | None]] = []
    characters = 0
    nothing = (None,) * (len(schema) - 1)
    for cells, problem in records:
        if problem:
            done.malformed[problem] += 1
        rows.append((*nothing, problem) if problem else (*cells, None))
        characters += sum(len(cell) for cell in rows[-1] if cell)
        if len(rows) == _ROWS or characters > _CHARACTERS:
            yield _batch(rows, schema)
            rows, characters = [], 0
    if rows:
        yield _batch(rows, schema)


def _batch(rows: list[Sequence[str | None]], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
