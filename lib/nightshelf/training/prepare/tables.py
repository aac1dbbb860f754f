"""A file of any format as a table with the fields' names."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq

from nightshelf.contracts import Contract
from nightshelf.landing.lines import read_lines
from nightshelf.landing.records import Record, csv_records, json_objects, json_record
from nightshelf.landing.sources import CSV, PARQUET, Source

#: Why a row is left out: a line that is no row, or a cell that is no sound text.
UNREADABLE = "unreadable"


def table_of(
    source: Source, columns: Mapping[str, str], contract: Contract, left_out: Counter[str]
) -> pa.Table:
    """
    The columns (field to column) of a source, by the fields' names; text formats as strings.

    Lines that are no row are counted in `left_out`. Raises what pyarrow raises for a broken file.
    """
    if source.format == PARQUET:
        table = pq.read_table(source.path, columns=[*dict.fromkeys(columns.values())])
        return pa.table({name: table[column] for name, column in columns.items()})
    rows: list[Sequence[str | None]] = []
    for record in _records(source, columns, contract):
        if record.problem:
            left_out[UNREADABLE] += 1
        else:
            rows.append(record.cells)
    cells = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return pa.table({n: pa.array(c, pa.string()) for n, c in zip(columns, cells, strict=True)})


def _records(source: Source, columns: Mapping[str, str], contract: Contract) -> Iterator[Record]:
    with source.path.open("rb") as file:
        if source.format == CSV:
            names = source.schema.names
            places = [names.index(column) for column in columns.values()]
            for cells, problem in islice(
                csv_records(read_lines(file), source.delimiter, len(names)), 1, None
            ):
                yield Record(() if problem else [cells[place] for place in places], problem)
        else:
            for value, problem in json_objects(read_lines(file)):
                known = Record((), problem)
                yield known if problem else json_record(value, columns, contract.schema)
