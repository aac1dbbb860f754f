"""The worker's side of ingest: one landed file in, judged and redacted rows out."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa

from nightshelf.answers.key import content_key
from nightshelf.contracts import CONTRACTS, Contract
from nightshelf.ingest.file_check import UnreadableFile, read_batches
from nightshelf.ingest.names import without_names
from nightshelf.ingest.redaction import redacted
from nightshelf.ingest.validate import validate
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import VERSIONS
from nightshelf.privacy.names import NameRedactor
from nightshelf.privacy.pseudonym import customer_hash
from nightshelf.spark.contents import contents

#: The reason of a file whose pages turn out to be damaged after rows of it were read.
UNREADABLE = "unreadable_file"

#: Added by SQL afterwards, not by the worker.
_LATER = ("event_date", "run")

Reader = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def judged_schema(dataset: str) -> pa.Schema:
    """A version's columns, and `field` and `reason`, null where the row was accepted."""
    columns = TABLES[VERSIONS[dataset]].columns
    kept = {name: kind for name, kind in columns.items() if name not in _LATER}
    return pa.schema({**kept, "field": pa.string(), "reason": pa.string()})


def landing_reader(dataset: str, secret: bytes, names: NameRedactor | None = None) -> Reader:
    """
    For mapInArrow: batches of (path, file, landing_date) in, rows as `judged_schema` out.

    Nothing that was not redacted leaves the worker; names and addresses are where `names` is given.
    """

    def read(files: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        contract = CONTRACTS[dataset]
        for batch in files:
            for file in batch.to_pylist():
                for table in _read_file(file, contract, secret, names):
                    yield from table.to_batches()

    return read


def _read_file(
    file: dict[str, str], contract: Contract, secret: bytes, names: NameRedactor | None
) -> Iterator[pa.Table]:
    landed = date.fromisoformat(file["landing_date"])
    first_row = 1
    try:
        for batch in read_batches(Path(file["path"]), contract):
            judged = validate(batch, contract=contract, landing_date=landed, first_row=first_row)
            clean = without_names(redacted(judged.accepted, contract), contract, names)
            yield _located(_versions(clean, contract, secret), file, landed, contract)
            yield _located(judged.rejected, file, landed, contract)
            first_row += batch.num_rows
    except UnreadableFile:
        damaged = pa.table({"reason": [UNREADABLE]})
        yield _located(damaged, file, landed, contract)


def _versions(clean: pa.Table, contract: Contract, secret: bytes) -> pa.Table:
    keys = [content_key(secret, text) for text in contents(contract.dataset, clean)]
    clean = clean.append_column("content_key", pa.array(keys, pa.string()))
    if "customer_id" in clean.column_names:
        customers = [
            customer_hash(secret, customer) if customer else None
            for customer in clean["customer_id"].to_pylist()
        ]
        clean = clean.append_column("customer", pa.array(customers, pa.string()))
    return clean


def _located(rows: pa.Table, file: dict[str, str], landed: date, contract: Contract) -> pa.Table:
    schema = judged_schema(contract.dataset)
    place = {"landing_date": landed, "file": file["file"]}
    columns = []
    for item in schema:
        if item.name in place:
            columns.append(pa.array([place[item.name]] * rows.num_rows, item.type))
        elif item.name in rows.column_names:
            columns.append(rows[item.name].cast(item.type))
        else:
            columns.append(pa.nulls(rows.num_rows, item.type))
    return pa.table(columns, schema=schema)
