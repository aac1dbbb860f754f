"""How a reviewer feels: three probabilities, and the likeliest as a label."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nightshelf import names
from nightshelf.engine.question import Question

LABELS = ("negative", "neutral", "positive")
_PROBABILITIES = tuple(f"p_{label}" for label in LABELS)


def _to_columns(answers: Sequence[object] | NDArray[np.float32]) -> dict[str, pa.Array]:
    """Each answer is a triple of floats in the order of `LABELS`."""
    table = np.asarray(answers, dtype=np.float32).reshape(-1, len(LABELS))
    labels = np.array(LABELS, dtype=object)[table.argmax(axis=1)]
    columns = {
        name: pa.array(np.ascontiguousarray(table[:, place]), pa.float32())
        for place, name in enumerate(_PROBABILITIES)
    }
    return columns | {"label": pa.array(labels, pa.string())}


SENTIMENT = Question(
    name=names.SENTIMENT,
    columns=pa.schema({**dict.fromkeys(_PROBABILITIES, pa.float32()), "label": pa.string()}),
    to_columns=_to_columns,
)
