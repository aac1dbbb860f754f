"""What the engine asks of a model, and what it gets back for each text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from nightshelf.engine.tokens import Tokens

#: What a model says about one text: an answer for each question it was loaded for, by name.
Answers = Mapping[str, object]


class Reader(Protocol):
    """The half of a model that needs no weights: it runs in the worker, ahead of the device."""

    def prepare(self, texts: Sequence[str]) -> Tokens:
        """Each text, tokenised once and cut where the model stops reading."""


class Model(Protocol):
    """
    The half that answers; it runs where its weights are.

    One pass over a text may answer several questions (an encoder with several heads), so
    an answer is a mapping from the question's name to what was said. Its vectors are `width` long.
    """

    width: int

    def answer(self, batch: Tokens) -> Sequence[Answers]:
        """
        One mapping per row, in the same order.

        Raises `BatchError` when the batch is too much for it or holds a text it cannot answer.
        """


@dataclass(frozen=True)
class Failure:
    """A text the model gave up on; `reason` never contains any of the text."""

    reason: str
