"""Which of a classifier's labels fit a text: the likeliest, and all that are likely enough."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nightshelf.engine.question import Question

SCORE = pa.struct({"label": pa.string(), "score": pa.float32()})
#: `label` is the likeliest, `labels` all that are at or above a threshold, `scores` all there are.
COLUMNS = pa.schema(
    {"label": pa.string(), "labels": pa.list_(pa.string()), "scores": pa.list_(SCORE)}
)


def classifier(name: str, labels: Sequence[str], threshold: float | None) -> Question:
    """
    A question whose answers are a probability for each of `labels`, in their order.

    Without a `threshold` exactly one label fits each text, the likeliest.
    """
    to_columns = partial(_to_columns, tuple(labels), threshold)
    return Question(name=name, columns=COLUMNS, to_columns=to_columns)


def _to_columns(
    labels: tuple[str, ...],
    threshold: float | None,
    answers: Sequence[object] | NDArray[np.float32],
) -> dict[str, pa.Array]:
    table = np.asarray(answers, dtype=np.float32).reshape(-1, len(labels))
    likeliest = table.argmax(axis=1)
    fits = np.eye(len(labels), dtype=bool)[likeliest] if threshold is None else table >= threshold
    names = np.array(labels, dtype=object)
    every = pa.array(np.tile(names, len(table)), pa.string())
    scores = pa.StructArray.from_arrays([every, pa.array(table.ravel())], fields=list(SCORE))
    fitting = pa.array(np.broadcast_to(names, table.shape)[fits], pa.string())
    return {
        "label": pa.array(names[likeliest], pa.string()),
        "labels": _lists(fitting, fits.sum(axis=1)),
        "scores": _lists(scores, np.full(len(table), len(labels))),
    }


def _lists(values: pa.Array, lengths: NDArray[np.int64]) -> pa.ListArray:
    """`values` one after another in lists of these `lengths`."""
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    return pa.ListArray.from_arrays(offsets, values, pa.list_(values.type))
