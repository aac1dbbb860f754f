"""A model for tests and benchmarks: instant, deterministic, without weights, able to fail."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nightshelf import names
from nightshelf.engine.model import Answers
from nightshelf.errors import UnanswerableRow
from nightshelf.models.sentiment_head import Sentiment

POISON = "☠"
GOOD = {"beautiful", "best", "excellent", "good", "great", "happy", "love", "lovely", "perfect"}
BAD = {"awful", "bad", "broke", "broken", "cheap", "disappointed", "poor", "return", "terrible"}


class FakeModel:
    """Reads words; a text with `POISON` in it cannot be answered, nor can its batch."""

    def __init__(self, dimensions: int, max_tokens: int) -> None:
        self._dimensions = dimensions
        self._max_tokens = max_tokens

    def prepare(self, texts: Sequence[str]) -> list[list[str]]:
        """Words, at most `max_tokens` of each text."""
        return [text.split()[: self._max_tokens] for text in texts]

    def answer(self, batch: Sequence[list[str]]) -> list[Answers]:
        """Raise `UnanswerableRow` if there is poison in the batch."""
        if any(POISON in word for words in batch for word in words):
            raise UnanswerableRow
        return [
            {names.SENTIMENT: _sentiment(words), names.EMBEDDING: self._vector(words)}
            for words in batch
        ]

    def _vector(self, words: list[str]) -> NDArray[np.float32]:
        digest = hashlib.shake_256(" ".join(words).encode()).digest(2 * self._dimensions)
        # Odd numbers around zero: no vector is zero.
        numbers = 2.0 * np.frombuffer(digest, "<u2") - 65_535
        vector: NDArray[np.float32] = (numbers / np.linalg.norm(numbers)).astype(np.float32)
        return vector


def _sentiment(words: list[str]) -> Sentiment:
    plain = [word.strip(".,;:!?\"'").lower() for word in words]
    tone = sum((word in GOOD) - (word in BAD) for word in plain)
    if tone == 0:
        return Sentiment(0.125, 0.75, 0.125)
    return Sentiment(0.125, 0.125, 0.75) if tone > 0 else Sentiment(0.75, 0.125, 0.125)
