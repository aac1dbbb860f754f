"""Group rows of similar length, so that padding wastes little."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def plan_batches(
    lengths: Sequence[int] | NDArray[np.int64], *, max_padded_tokens: int
) -> list[list[int]]:
    """
    Row numbers, grouped into batches; every row appears exactly once.

    A batch padded to its longest row stays within `max_padded_tokens`;
    a row longer than that travels alone.

    >>> plan_batches([2, 9, 3, 3], max_padded_tokens=8)
    [[1], [2, 3], [0]]
    """
    batches: list[list[int]] = []
    # Longest first: if memory runs out, it does so in the first batch, not after an hour.
    for row in np.argsort(-np.asarray(lengths, np.int64), kind="stable").tolist():
        if batches and (len(batches[-1]) + 1) * lengths[batches[-1][0]] <= max_padded_tokens:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


def windows(batches: Iterable[pa.RecordBatch], *, rows: int) -> Iterator[pa.RecordBatch]:
    """
    The same rows in batches of at least `rows` rows, but for the last.

    Spark hands over small Arrow batches; sorting by length pays only over many rows.
    """
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(part.num_rows for part in held) >= rows:
            yield _joined(held)
            held = []
    if any(part.num_rows for part in held):
        yield _joined(held)


def _joined(parts: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.concat_batches(parts)
