"""How a reviewer feels: three probabilities, and the likeliest as a label."""

from collections.abc import Sequence
from typing import cast

import numpy as np
import pyarrow as pa

from nightshelf import names
from nightshelf.engine.question import Question

LABELS = ("negative", "neutral", "positive")
_PROBABILITIES = tuple(f"p_{label}" for label in LABELS)


def _to_columns(answers: Sequence[object | None]) -> dict[str, pa.Array]:
    """Each answer is a triple of floats in the order of `LABELS`."""
    missing = np.array([answer is None for answer in answers], dtype=bool)
    triples = [(np.nan,) * 3 if a is None else cast(tuple[float, ...], a) for a in answers]
    table = np.array(triples, dtype=np.float32).reshape(-1, len(LABELS))
    labels = np.array(LABELS, dtype=object)[table.argmax(axis=1)]
    columns = {
        name: pa.array(table[:, place], pa.float32(), mask=missing)
        for place, name in enumerate(_PROBABILITIES)
    }
    return columns | {"label": pa.array(labels, pa.string(), mask=missing)}


SENTIMENT = Question(
    name=names.SENTIMENT,
    columns=pa.schema({**dict.fromkeys(_PROBABILITIES, pa.float32()), "label": pa.string()}),
    to_columns=_to_columns,
)
