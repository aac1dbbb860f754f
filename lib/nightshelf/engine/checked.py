"""Whether what a model said are answers at all."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightshelf.engine.question import Question
from nightshelf.errors import WrongAnswer


def check(found: pa.RecordBatch, rows: int, questions: Sequence[Question], width: int) -> None:
    """
    Raise `WrongAnswer` unless these are finite answers to each question for `rows` texts.

    Vectors are `width` long.
    """
    if found.num_rows != rows:
        raise WrongAnswer(f"{found.num_rows} answers to {rows} texts")
    for question in questions:
        said = found[question.name]
        if not said.type.equals(struct_of(question)):
            raise WrongAnswer(f"{question.name} is {said.type}")
        for column in said.flatten():
            _check_numbers(question.name, column, width)


def struct_of(question: Question) -> pa.DataType:
    return pa.struct(list(question.columns))


def _check_numbers(name: str, column: pa.Array, width: int) -> None:
    if pa.types.is_list(column.type) and not pa.types.is_string(column.type.value_type):
        if set(pc.unique(pc.list_value_length(column)).to_pylist()) - {width}:
            raise WrongAnswer(f"{name} has vectors that are not {width} long")
        column = column.flatten()
    if pa.types.is_struct(column.type):
        for part in column.flatten():
            _check_numbers(name, part, width)
    if not pa.types.is_floating(column.type):
        return
    if column.null_count or not np.isfinite(column.to_numpy(zero_copy_only=False)).all():
        raise WrongAnswer(f"{name} is not finite")
