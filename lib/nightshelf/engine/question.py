"""A question put to a model, and the columns that its answers fill."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


@dataclass(frozen=True)
class Question:
    """
    `name` is the question's key in what a model answers.

    `to_columns` takes one answer a text, an array where they are numbers, and gives arrays of that
    length under the names and types of `columns`. Raises `ValueError` for what does not fit them.
    """

    name: str
    columns: pa.Schema
    to_columns: Callable[[Sequence[object] | NDArray[np.float32]], Mapping[str, pa.Array]]
