"""Read reviews from Parquet, CSV or JSON Lines, whatever their columns are called."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from nightshelf.contracts import DELETE, Contract
from nightshelf.contracts.shape import BROKEN_PARQUET, columns_of, shape_problem
from nightshelf.errors import ContractError
from nightshelf.ingest.casts import cast
from nightshelf.landing.convert import chosen_columns
from nightshelf.landing.sources import inspect
from nightshelf.training.prepare.tables import UNREADABLE, table_of

#: As `land` has them; `category` is what scores and flips can be listed by.
FIELDS = Contract(
    dataset="training data",
    id_field="body",
    time_field="created_at",
    schema=pa.schema(
        {
            "title": pa.string(),
            "body": pa.string(),
            "rating": pa.float64(),
            "product_id": pa.string(),
            "category": pa.string(),
            "created_at": pa.timestamp("us", tz="UTC"),
            "op": pa.string(),
        }
    ),
    required=("body",),
    redacted=("title", "body"),
)
#: Other names that are understood where there is no column of the field's own name.
ALSO_CALLED = {
    "body": ("text",),
    "rating": ("stars",),
    "product_id": ("product",),
    "created_at": ("date",),
}
#: Why a row is left out: it only says that a review is gone.
DELETED = "deleted"
#: It is beyond the number that was asked for.
NOT_DRAWN = "not_drawn"
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One row as it came; `rating` is a number of stars."""

    body: str | None
    title: str | None = None
    rating: float | None = None
    product_id: str | None = None
    category: str | None = None
    created_at: datetime | None = None


def read_reviews(
    paths: Sequence[Path], rename: Mapping[str, str] | None = None
) -> tuple[list[Review], Counter[str]]:
    """
    All rows in the order of the files, and how many were left out, by reason.

    `rename` maps field to column. Raise `ContractError` for a file that cannot be used.
    """
    if unknown := sorted((rename or {}).keys() - {*FIELDS.schema.names}):
        raise ContractError(
            f"--rename {unknown[0]}=…: there is no such field; fields: "
            + ", ".join(FIELDS.schema.names)
        )
    reviews: list[Review] = []
    left_out: Counter[str] = Counter()
    for path in paths:
        reviews += _reviews_of(path, rename or {}, left_out)
    return reviews, left_out


def drawn(reviews: list[Review], most: int | None, left_out: Counter[str]) -> list[Review]:
    """As many of them at most, evenly, in their order; always the same ones of the same rows."""
    if not most or len(reviews) <= most:
        return reviews
    left_out[NOT_DRAWN] += len(reviews) - most
    rows = np.random.default_rng(_SEED).choice(len(reviews), most, replace=False)
    return [reviews[row] for row in sorted(rows.tolist())]


def _reviews_of(path: Path, rename: Mapping[str, str], left_out: Counter[str]) -> list[Review]:
    hints = {*FIELDS.schema.names, *rename.values(), *(n for a in ALSO_CALLED.values() for n in a)}
    source = inspect(path, hints)
    if source.broken:
        raise ContractError(f"{path} is not Parquet that can be read; deliver it again")
    names = _with_aliases(source.schema.names, rename)
    if problem := shape_problem(FIELDS, source.schema, names):
        raise ContractError(f"{path}: {problem.detail}; use --rename {problem.field}=COLUMN")
    columns = chosen_columns(FIELDS, source, names)
    try:
        table = table_of(source, columns, FIELDS, left_out)
    except BROKEN_PARQUET as error:
        raise ContractError(
            f"{path} cannot be read to its end ({type(error).__name__}); deliver it again"
        ) from error
    return list(_rows(table, left_out))


def _rows(table: pa.Table, left_out: Counter[str]) -> Iterator[Review]:
    kinds = FIELDS.schema
    casts = {n: cast(table[n].combine_chunks(), kinds.field(n).type) for n in table.column_names}
    unsound = [casts[name].invalid for name in FIELDS.redacted if name in casts]
    cells = {name: done.values.to_pylist() for name, done in casts.items()}
    ops = cells.pop("op", None)
    for row in range(table.num_rows):
        if any(mask[row] for mask in unsound):
            left_out[UNREADABLE] += 1
        elif ops and ops[row] == DELETE:
            left_out[DELETED] += 1
        else:
            yield Review(**{"body": None} | {name: column[row] for name, column in cells.items()})


def _with_aliases(names: Sequence[str], rename: Mapping[str, str]) -> dict[str, str]:
    own, chosen = columns_of(FIELDS, names, rename), dict(rename)
    for field, others in ALSO_CALLED.items():
        meant = [n for n in names if n.strip().casefold() in others and n not in rename.values()]
        if not own[field] and meant:
            chosen[field] = meant[0]
    return chosen
