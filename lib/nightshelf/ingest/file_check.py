"""Is a landed file one that can be read at all, and its rows, a batch at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nightshelf.contracts import MALFORMED, Contract
from nightshelf.contracts.shape import (
    BROKEN_PARQUET,
    FileProblem,
    batch_rows,
    columns_of,
    shape_problem,
)
from nightshelf.errors import ContractError

_MAGIC, _MAGIC_ENCRYPTED = b"PAR1", b"PARE"


class UnreadableFile(ContractError):
    """A page of the file is corrupt: it is rejected whole, whatever was read of it."""


@dataclass(frozen=True)
class FileCheck:
    """
    `reason` is null for a file that can be read; else `detail` says why, and `field` where.

    `rows` as the footer counts them; 0 where it cannot be read.
    """

    rows: int
    reason: str | None = None
    detail: str = ""
    field: str | None = None


def check_file(path: Path, contract: Contract) -> FileCheck:
    """Judge a file by its first and last bytes and its footer; no row is read."""
    try:
        problem = _container_problem(path)
        if problem is not None:
            return FileCheck(0, *problem)
        with pq.ParquetFile(path) as file:
            rows, schema = file.metadata.num_rows, file.schema_arrow
    except FileNotFoundError:
        return FileCheck(0, "missing_file", f"{path.name} is gone")
    except BROKEN_PARQUET:
        return FileCheck(0, "corrupt_footer", f"the footer of {path.name} cannot be read")
    problem = shape_problem(contract, schema)
    return FileCheck(rows, *problem) if problem else FileCheck(rows)


def _container_problem(path: Path) -> FileProblem | None:
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(max(0, size - 4))
        end = file.read(4)
    if size == 0:
        return FileProblem("empty_file", f"{path.name} has 0 bytes")
    if _MAGIC_ENCRYPTED in (start, end):
        return FileProblem("encrypted", f"{path.name} is encrypted; deliver it in clear")
    if start != _MAGIC:
        return FileProblem(
            "not_parquet", f"{path.name} is not Parquet; bring it with `nightshelf land`"
        )
    if end != _MAGIC:
        return FileProblem("truncated", f"{path.name} ends before its footer; deliver it again")
    return None


def read_batches(path: Path, contract: Contract, rows: int = 50_000) -> Iterator[pa.RecordBatch]:
    """
    Batches of at most `rows` with the contract's fields as columns, in the file's types.

    Fields that the file lacks are null; `_malformed` is there if the file has it. The file
    has passed `check_file`. `UnreadableFile` when a page of it is corrupt.
    """
    try:
        with pq.ParquetFile(path) as file:
            columns = _columns(contract, file.schema_arrow)
            wanted = [name for name in columns.values() if name is not None]
            for batch in file.iter_batches(batch_rows(file.metadata, rows), columns=wanted):
                yield _as_fields(batch, columns, contract)
    except BROKEN_PARQUET as error:
        raise UnreadableFile(
            f"{path.name} has a page that cannot be read ({type(error).__name__});"
            " the file is rejected whole: deliver it again"
        ) from None


def _columns(contract: Contract, schema: pa.Schema) -> dict[str, str | None]:
    """The file's column for each field, null for a field that it lacks."""
    found = columns_of(contract, schema.names)
    own = {MALFORMED: MALFORMED} if MALFORMED in schema.names else {}
    return {field: columns[0] if columns else None for field, columns in found.items()} | own


def _as_fields(
    batch: pa.RecordBatch, columns: dict[str, str | None], contract: Contract
) -> pa.RecordBatch:
    arrays = [
        batch.column(column)
        if column is not None
        else pa.nulls(batch.num_rows, contract.schema.field(field).type)
        for field, column in columns.items()
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))
