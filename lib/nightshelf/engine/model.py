"""What the engine asks of a model, and what it gets back for each text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nightshelf.engine.tokens import Tokens

#: What a model says about a batch: for each question it was loaded for, by name, one answer a text.
Answers = Mapping[str, Sequence[object] | NDArray[np.float32]]


class Reader(Protocol):
    """The half of a model that needs no weights: it runs in the worker, ahead of the device."""

    def prepare(self, texts: Sequence[str]) -> Tokens:
        """Each text, tokenised once and cut where the model stops reading."""


class Model(Protocol):
    """
    The half that answers; it runs where its weights are.

    One pass over a text may answer several questions (an encoder with several heads). Its vectors
    are `width` long.
    """

    width: int

    def answer(self, batch: Tokens) -> Answers:
        """
        To every question one answer a text, in the order of the batch.

        Raises `BatchError` when the batch is too much for it or holds a text it cannot answer.
        """

    def begin(self, batch: Tokens) -> Callable[[], Answers]:
        """
        `answer` in two parts: what has a device of its own computes from now on, and the result
        waits for it. Each of them raises what `answer` raises.
        """


@dataclass(frozen=True)
class Failure:
    """A text the model gave up on; `reason` never contains any of the text."""

    reason: str
