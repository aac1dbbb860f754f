"""A text about a product for those who might buy it, as a draft: nothing is published unread."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nightshelf import names
from nightshelf.answers.status import FINISHES
from nightshelf.engine.question import Question

COLUMNS = pa.schema(
    {
        "text": pa.string(),
        "language": pa.string(),
        "finish": pa.string(),
        "tokens_in": pa.int32(),
        "tokens_out": pa.int32(),
    }
)


def _to_columns(answers: Sequence[object] | NDArray[np.float32]) -> dict[str, pa.Array]:
    """
    Each answer is a tuple in the order of `COLUMNS`; tokens are None where none were counted.

    Raises `ValueError` for an answer of another form or with another `finish`.
    """
    rows = [row if isinstance(row, tuple) else (row,) for row in answers]
    for row in rows:
        if len(row) != len(COLUMNS) or row[2] not in FINISHES:
            raise ValueError("a description is (text, language, stop or length, tokens, tokens)")
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    return {
        field.name: _column(values, field.type)
        for field, values in zip(COLUMNS, columns, strict=True)
    }


def _column(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise ValueError(f"a description's column is not of {kind}") from error


DESCRIPTION = Question(name=names.DESCRIPTION, columns=COLUMNS, to_columns=_to_columns)
