"""The text that models read, from the columns of a version."""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from nightshelf.questions.content import product_content, review_content
from nightshelf.shelf.published import Lane

#: The columns that a data set's content is made of.
_COLUMNS = {
    "reviews": ("title", "body"),
    "catalog": ("title", "brand", "category", "attributes", "description"),
}
_REQUEST = "request"


def content_columns(lane: Lane) -> tuple[str, ...]:
    """Of the lane's views."""
    return (_REQUEST,) if lane.reads_requests else _COLUMNS[lane.dataset]


def contents_of(lane: Lane, rows: pa.Table | pa.RecordBatch) -> list[str]:
    """One text a row of the lane's views; see `content_columns`."""
    if lane.reads_requests:
        texts: list[str] = rows[_REQUEST].to_pylist()
        return texts
    return contents(lane.dataset, rows)


def contents(dataset: str, rows: pa.Table | pa.RecordBatch) -> list[str]:
    """One text a row; a row that only deletes has none and gives the empty string."""
    chosen = rows.select(list(_COLUMNS[dataset]))
    return [_CONTENT[dataset](row) for row in chosen.to_pylist(maps_as_pydicts="lossy")]


def _review(row: Mapping[str, Any]) -> str:
    return review_content(row["title"], row["body"] or "")


def _product(row: Mapping[str, Any]) -> str:
    return product_content(**{**row, "title": row["title"] or ""})


_CONTENT: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "reviews": _review,
    "catalog": _product,
}
