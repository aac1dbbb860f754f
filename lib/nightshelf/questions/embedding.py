"""Where a text lies among all others: a vector of unit norm."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from nightshelf import names
from nightshelf.engine.question import Question

VECTOR = pa.list_(pa.float32())


def _to_columns(answers: Sequence[object | None]) -> dict[str, pa.Array]:
    """Each answer is a sequence of floats, all of one length."""
    vectors = [np.asarray(answer, dtype=np.float32) for answer in answers if answer is not None]
    values = np.stack(vectors).ravel() if vectors else np.empty(0, np.float32)
    lengths = [0 if answer is None else len(vectors[0]) for answer in answers]
    offsets = np.cumsum([0, *lengths], dtype=np.int32)
    missing = pa.array([answer is None for answer in answers], pa.bool_())
    vector = pa.ListArray.from_arrays(pa.array(offsets), pa.array(values), VECTOR, mask=missing)
    return {"vector": vector}


EMBEDDING = Question(
    name=names.EMBEDDING, columns=pa.schema({"vector": VECTOR}), to_columns=_to_columns
)
