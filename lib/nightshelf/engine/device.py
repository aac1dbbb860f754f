"""Where batches are answered: in this process, or in a model host."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import pyarrow as pa

from nightshelf.engine.checked import check
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

    def submit(self, batch: Tokens, *, alone: bool = False) -> None:
        """
        Hand over a batch; it is answered while the caller goes on.

        `alone`: the device has begun no other while it works on this one, not another caller's
        either, so that its death is this batch's doing.
        """

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

    def submit(self, batch: Tokens, *, alone: bool = False) -> None:
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
    return _finished(partial(model.answer, batch), questions)


def begun(
    model: Model, batch: Tokens, questions: Sequence[Question]
) -> Callable[[], pa.RecordBatch]:
    """The same in two parts; only the second, which is the result, raises anything."""
    try:
        rest = model.begin(batch)
    except Exception as error:  # noqa: BLE001  it is raised where `answered` would raise it
        rest = partial(_raise, error)
    return partial(_finished, rest, questions)


def _raise(error: Exception) -> Answers:
    raise error


def _finished(answer: Callable[[], Answers], questions: Sequence[Question]) -> pa.RecordBatch:
    try:
        answers = answer()
        found = _as_arrow(answers, questions)
    except NightshelfError:
        raise
    # A model is other people's code on untrusted text: whatever one row makes it raise must not
    # cost the others. A model that is broken for all of them exhausts the failure budget.
    except Exception as error:  # noqa: BLE001
        raise ModelRaised(type(error).__name__) from None
    return found


def _as_arrow(answers: Answers, questions: Sequence[Question]) -> pa.RecordBatch:
    structs = {}
    for question in questions:
        try:
            columns = question.to_columns(answers[question.name])
        except ValueError:  # vectors of several lengths do not make a column
            raise WrongAnswer(f"{question.name} does not fit its columns") from None
        arrays = [columns[name] for name in question.columns.names]
        structs[question.name] = pa.StructArray.from_arrays(arrays, fields=list(question.columns))
    return pa.RecordBatch.from_pydict(structs)
