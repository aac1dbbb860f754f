"""Where batches are answered: in this process, or in a model host."""

import time
from collections import deque
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightshelf.engine.model import Answers, Model
from nightshelf.engine.question import Question
from nightshelf.engine.tokens import Tokens
from nightshelf.errors import ModelRaised, NightshelfError, WrongAnswer


class Device(Protocol):
    """
    Answers batches in the order in which they were submitted, up to `depth` ahead.
    """

    depth: int

    @property
    def busy_seconds(self) -> float:
        """It has computed for this task."""

    @property
    def peak_kb(self) -> int:
        """Of memory that it had."""

    @property
    def restarts(self) -> int:
        """How often it had to be started anew."""

    def submit(self, batch: Tokens) -> None:
        """Hand over a batch; it is answered while the caller goes on."""

    def collect(self) -> pa.RecordBatch:
        """
        The answers to the oldest batch: a row a text, a struct column a question.

        Raises a `BatchError` for that batch; after a `DeviceError`, which is one, the device has
        forgotten the later ones as well. Raises `HostLost` when there is no device any more.
        """

    def renew(self) -> None:
        """Let the next batch meet a model that has seen nothing before it."""


class LocalDevice:
    """The model in this process."""

    depth = 1
    peak_kb = restarts = 0

    def __init__(self, model: Model, questions: Sequence[Question]) -> None:
        self.busy_seconds = 0.0
        self._model = model
        self._questions = questions
        self._waiting: deque[Tokens] = deque()

    def submit(self, batch: Tokens) -> None:
        self._waiting.append(batch)

    def collect(self) -> pa.RecordBatch:
        batch, begun = self._waiting.popleft(), time.perf_counter()
        found = answered(self._model, batch, self._questions)
        self.busy_seconds += time.perf_counter() - begun
        check(found, len(batch), self._questions, self._model.width)
        return found

    def renew(self) -> None:
        """A model in this process is as fresh as this process."""


def answered(model: Model, batch: Tokens, questions: Sequence[Question]) -> pa.RecordBatch:
    """One pass of the model as Arrow; whatever goes wrong in it is a `BatchError`."""
    try:
        answers = model.answer(batch)
        found = _as_arrow(answers, questions)
    except NightshelfError:
        raise
    # A model is other people's code on untrusted text: whatever one row makes it raise must not
    # cost the others. A model that is broken for all of them exhausts the failure budget.
    except Exception as error:  # noqa: BLE001
        raise ModelRaised(type(error).__name__) from None
    return found


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
    if pa.types.is_list(column.type):
        if set(pc.unique(pc.list_value_length(column)).to_pylist()) - {width}:
            raise WrongAnswer(f"{name} has vectors that are not {width} long")
        column = column.flatten()
    if not pa.types.is_floating(column.type):
        return
    if column.null_count or not np.isfinite(column.to_numpy(zero_copy_only=False)).all():
        raise WrongAnswer(f"{name} is not finite")


def _as_arrow(answers: Sequence[Answers], questions: Sequence[Question]) -> pa.RecordBatch:
    structs = {}
    for question in questions:
        try:
            columns = question.to_columns([one[question.name] for one in answers])
        except ValueError:  # vectors of several lengths do not make a column
            raise WrongAnswer(f"{question.name} does not fit its columns") from None
        arrays = [columns[name] for name in question.columns.names]
        structs[question.name] = pa.StructArray.from_arrays(arrays, fields=list(question.columns))
    return pa.RecordBatch.from_pydict(structs)
