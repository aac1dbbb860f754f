"""What the engine asks of a model, and what it gets back for each text."""

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Protocol, TypeVar

Prepared = TypeVar("Prepared", bound=Sized)

#: What a model says about one text: an answer for each question it was loaded for, by name.
Answers = Mapping[str, object]


class Model(Protocol[Prepared]):
    """
    Anything that answers texts.

    One pass over a text may answer several questions (an encoder with several heads), so
    an answer is a mapping from the question's name to what was said.
    """

    def prepare(self, texts: Sequence[str]) -> Sequence[Prepared]:
        """Each text, tokenised once; its `len()` is what it costs, in tokens."""

    def answer(self, batch: Sequence[Prepared]) -> Sequence[Answers]:
        """
        One mapping per prepared text, in the same order.

        Raises `BatchError` when the batch is too much for it or holds a text it cannot answer.
        """


@dataclass(frozen=True)
class Failure:
    """A text the model gave up on; `reason` never contains any of the text."""

    reason: str
