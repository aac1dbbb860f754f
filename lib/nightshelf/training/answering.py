"""Ask a model for sentiment as a night does, in this process: the same reader, the same numbers."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from nightshelf import names
from nightshelf.engine.batching import plan_batches
from nightshelf.engine.tokens import Tokens
from nightshelf.errors import BatchError
from nightshelf.models.choice import ModelChoice
from nightshelf.models.classifier_choice import ClassifierChoice
from nightshelf.models.classifier_files import labelling
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.models.sentiment_head import LABELS

_QUESTION = "trained"
_PADDED_TOKENS = 2_048

Floats = NDArray[np.float32]


class Answering:
    """A model that is loaded; `seconds` is how long it has answered so far."""

    def __init__(self, choice: ClassifierChoice | ModelChoice) -> None:
        """Raise `SettingsError` or `ModelError` where it cannot be loaded as chosen."""
        if isinstance(choice, ClassifierChoice):
            self.labels, self._question = labelling(choice).labels, choice.question
        else:
            self.labels, self._question = LABELS, names.SENTIMENT
        self._reader, self._model = open_reader(choice), open_panel(choice)
        self.seconds = 0.0

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """(texts, labels), in the order of `texts`; a row of NaN where one has no answer."""
        begun = perf_counter()
        tokens = self._reader.prepare(texts)
        found = np.full((len(texts), len(self.labels)), np.nan, np.float32)
        for batch in plan_batches(tokens.lengths, max_padded_tokens=_PADDED_TOKENS):
            try:
                found[batch] = self._answers(tokens.take(batch))
            except BatchError:
                for row in batch:
                    found[row] = self._alone(tokens.take([row]))
        self.seconds += perf_counter() - begun
        return found

    def _answers(self, batch: Tokens) -> Floats:
        return np.asarray(self._model.answer(batch)[self._question], np.float32)

    def _alone(self, text: Tokens) -> Floats:
        try:
            only: Floats = self._answers(text)[0]
        except BatchError:
            return np.full(len(self.labels), np.nan, np.float32)
        return only


def classifier_at(place: str, max_tokens: int) -> ClassifierChoice:
    """`place` is `folder:PATH`, `package:NAME`, `hub:ORG/NAME@REVISION`, or a folder's path."""
    is_path = Path(place).expanduser().exists() or ":" not in place
    model = f"folder:{Path(place).expanduser().absolute()}" if is_path else place
    return ClassifierChoice(question=_QUESTION, model=model, max_tokens=max_tokens)
