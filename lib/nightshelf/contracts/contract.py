"""A contract: the fields of a data set, their types, and which of them must be there."""

from dataclasses import dataclass

import pyarrow as pa

UPSERT, DELETE = "upsert", "delete"

#: Where `land` notes that a line could not be read at all; null in a readable row.
MALFORMED = "_malformed"


@dataclass(frozen=True)
class Contract:
    """`required` holds for an upsert; a delete needs its id alone."""

    dataset: str
    id_field: str
    time_field: str
    schema: pa.Schema
    required: tuple[str, ...]
    redacted: tuple[str, ...]
