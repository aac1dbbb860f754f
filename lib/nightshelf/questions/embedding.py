"""Where a text lies among all others: a vector of unit norm."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nightshelf import names
from nightshelf.engine.question import Question

VECTOR = pa.list_(pa.float32())


def _to_columns(answers: Sequence[object] | NDArray[np.float32]) -> dict[str, pa.Array]:
    """Each answer is a sequence of floats, all of one length."""
    table = np.asarray(answers, dtype=np.float32)
    offsets = np.arange(len(table) + 1, dtype=np.int32) * (table.size // max(1, len(table)))
    vector = pa.ListArray.from_arrays(pa.array(offsets), pa.array(table.ravel()), VECTOR)
    return {"vector": vector}


EMBEDDING = Question(
    name=names.EMBEDDING, columns=pa.schema({"vector": VECTOR}), to_columns=_to_columns
)
