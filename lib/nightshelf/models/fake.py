"""A model for tests and benchmarks: instant, deterministic, without weights, able to fail."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from nightshelf import names
from nightshelf.engine.model import Answers
from nightshelf.engine.tokens import Ids, Tokens
from nightshelf.errors import UnanswerableRow
from nightshelf.models.classifier_choice import SIGMOID
from nightshelf.models.classifier_files import Labelling

POISON = "☠"
GOOD = {"beautiful", "best", "excellent", "good", "great", "happy", "love", "lovely", "perfect"}
BAD = {"awful", "bad", "broke", "broken", "cheap", "disappointed", "poor", "return", "terrible"}


def _id_of(word: str) -> int:
    """Of a word in the lists above by its sense, so that case and commas do not matter."""
    if POISON in word:
        word = POISON
    plain = word.strip(".,;:!?\"'").lower()
    return zlib.crc32((plain if plain in GOOD | BAD else word).encode()) & 0x7FFFFFFF


def _ids_of(words: Iterable[str]) -> list[int]:
    return [_id_of(word) for word in words]


_POISON_ID = _id_of(POISON)
_GOOD_IDS = _ids_of(sorted(GOOD))
_BAD_IDS = _ids_of(sorted(BAD))


class FakeReader:
    """Words, at most `max_tokens` of each text, as numbers."""

    def __init__(self, max_tokens: int) -> None:
        self._max_tokens = max_tokens

    def prepare(self, texts: Sequence[str]) -> Tokens:
        return Tokens.from_rows([_ids_of(text.split()[: self._max_tokens]) for text in texts])


class FakeModel:
    """Reads words; a text with `POISON` in it cannot be answered, nor can its batch."""

    def __init__(self, dimensions: int) -> None:
        self.width = dimensions

    def begin(self, batch: Tokens) -> Callable[[], Answers]:
        return partial(self.answer, batch)

    def answer(self, batch: Tokens) -> Answers:
        """Raise `UnanswerableRow` if there is poison in the batch."""
        if (batch.ids == _POISON_ID).any():
            raise UnanswerableRow
        return {
            names.SENTIMENT: [_sentiment(ids) for ids in batch],
            names.EMBEDDING: [self._vector(ids) for ids in batch],
        }

    def _vector(self, ids: Ids) -> NDArray[np.float32]:
        digest = hashlib.shake_256(ids.astype("<i4").tobytes()).digest(2 * self.width)
        # Odd numbers around zero: no vector is zero.
        numbers = 2.0 * np.frombuffer(digest, "<u2") - 65_535
        vector: NDArray[np.float32] = (numbers / np.linalg.norm(numbers)).astype(np.float32)
        return vector


class FakeClassifier:
    """Probabilities that follow from a text's words; it fails as `FakeModel` does."""

    def __init__(self, question: str, said: Labelling) -> None:
        self.width = len(said.labels)
        self._question = question
        self._alone = said.scores == SIGMOID

    def begin(self, batch: Tokens) -> Callable[[], Answers]:
        return partial(self.answer, batch)

    def answer(self, batch: Tokens) -> Answers:
        """Raise `UnanswerableRow` if there is poison in the batch."""
        if (batch.ids == _POISON_ID).any():
            raise UnanswerableRow
        return {self._question: [self._probabilities(ids) for ids in batch]}

    def _probabilities(self, ids: Ids) -> NDArray[np.float32]:
        digest = hashlib.shake_256(ids.astype("<i4").tobytes()).digest(2 * self.width)
        numbers = (np.frombuffer(digest, "<u2") + 0.5) / 65_536
        if not self._alone:
            numbers = numbers / numbers.sum()
        found: NDArray[np.float32] = numbers.astype(np.float32)
        return found


def _sentiment(ids: Ids) -> tuple[float, float, float]:
    tone = int(np.isin(ids, _GOOD_IDS).sum()) - int(np.isin(ids, _BAD_IDS).sum())
    if tone == 0:
        return 0.125, 0.75, 0.125
    return (0.125, 0.125, 0.75) if tone > 0 else (0.75, 0.125, 0.125)
