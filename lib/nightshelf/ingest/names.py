"""Take names and addresses out of reviews that are English, and record which rows were read so."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from nightshelf.contracts import REVIEWS, Contract
from nightshelf.ingest.redaction import REDACTIONS
from nightshelf.privacy.choice import with_names
from nightshelf.privacy.english import is_english
from nightshelf.privacy.names import NameRedactor
from nightshelf.privacy.redact import REDACTOR_VERSION

REDACTOR = "redactor"


def without_names(clean: pa.Table, contract: Contract, names: NameRedactor | None) -> pa.Table:
    """
    The table of `redaction.redacted` with one column more: `redactor`, what has read the row.

    Only reviews in English are read for names; in others, and in catalogs, which name no
    customers, nothing is changed. `redactions` counts what was replaced.
    """
    if names is None or contract.dataset != REVIEWS.dataset:
        return _with_redactor(clean, [REDACTOR_VERSION] * clean.num_rows)
    rows = _english(clean, contract.redacted)
    counts = clean[REDACTIONS].to_numpy().copy()
    products = clean["product_id"].to_pylist()
    for name in contract.redacted:
        clean = _column(clean, name, (names, rows, products, counts))
    clean = clean.set_column(clean.schema.get_field_index(REDACTIONS), REDACTIONS, [counts])
    read = [with_names(names) if row else REDACTOR_VERSION for row in rows]
    return _with_redactor(clean, read)


def _english(clean: pa.Table, columns: Sequence[str]) -> list[bool]:
    """A row's columns together: a title alone says too little."""
    cells = zip(*(clean[name].to_pylist() for name in columns), strict=True)
    return [is_english("\n".join(filter(None, row))) for row in cells]


def _column(
    clean: pa.Table,
    name: str,
    how: tuple[NameRedactor, list[bool], list[str], "np.typing.NDArray[np.int32]"],
) -> pa.Table:
    names, rows, products, counts = how
    cells = clean[name].to_pylist()
    read = [row for row, cell in enumerate(cells) if cell and rows[row]]
    results = names.redact([cells[row] for row in read], [products[row] for row in read])
    for row, result in zip(read, results, strict=True):
        cells[row] = result.text
        counts[row] += sum(result.counts.values())
    index = clean.schema.get_field_index(name)
    field = clean.schema.field(index)
    return clean.set_column(index, field, pa.array(cells, field.type))


def _with_redactor(clean: pa.Table, read: Sequence[str]) -> pa.Table:
    return clean.append_column(REDACTOR, pa.array(read, pa.string()))
