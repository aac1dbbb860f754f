"""A question put to a model, and the columns that its answers fill."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Question:
    """
    `name` is the question's key in what a model answers.

    `to_columns` takes what was said of each row, None where nothing was, and gives arrays of that
    length under the names and types of `columns`; they are null where nothing was said.
    """

    name: str
    columns: pa.Schema
    to_columns: Callable[[Sequence[object | None]], Mapping[str, pa.Array]]
