"""How far a cheaper precision may move answers from those of fp32, and how far it does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nightshelf import names
from nightshelf.engine.batching import plan_batches
from nightshelf.engine.tokens import Tokens
from nightshelf.errors import BatchError, ContractError, ModelError
from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.models.precision import FP32

MEAN_COSINE = 0.995
LOW_COSINE = 0.98
"""Of the 1st percentile: a text in a hundred may lie further off."""
FLIPS = 0.005
"""Share of texts whose likeliest sentiment is another one."""
FEWEST_TEXTS = 200

_LOW = 0.01
_PADDED_TOKENS = 2_048

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Fidelity:
    """What was measured on so many distinct texts."""

    texts: int
    mean_cosine: float
    low_cosine: float
    flips: float

    @property
    def refusals(self) -> list[str]:
        """A sentence for each limit that does not hold; none where the precision is let through."""
        return [sentence for holds, sentence in self._limits() if not holds]

    def _limits(self) -> Iterator[tuple[bool, str]]:
        yield (
            self.mean_cosine >= MEAN_COSINE,
            f"the mean cosine is {self.mean_cosine:.4f}, and has to be at least {MEAN_COSINE}",
        )
        yield (
            self.low_cosine >= LOW_COSINE,
            f"the 1st percentile of the cosine is {self.low_cosine:.4f},"
            f" and has to be at least {LOW_COSINE}",
        )
        yield (
            self.flips <= FLIPS,
            f"{self.flips:.2%} of the sentiment labels flip, and at most {FLIPS:.2%} may",
        )


def measure(choice: ModelChoice, texts: Sequence[str]) -> Fidelity:
    """
    Compare the models of `choice` with the same in fp32, on what is distinct among `texts`.

    Raise `ContractError` for too few texts, and what `open_panel` raises.
    """
    distinct = list(dict.fromkeys(texts))
    if len(distinct) < FEWEST_TEXTS:
        raise ContractError(
            f"{len(distinct)} distinct texts are too few to measure fidelity on: it takes"
            f" {FEWEST_TEXTS}, better 1000; give more, such as real reviews in a file"
            " (`nightshelf fidelity --texts FILE`)"
        )
    tokens = open_reader(choice).prepare(distinct)
    (vectors, labels), (exact, exact_labels) = (
        _answers(one, tokens) for one in (choice, replace(choice, precision=FP32))
    )
    cosines = (vectors * exact).sum(axis=1)
    return Fidelity(
        texts=len(distinct),
        mean_cosine=float(cosines.mean()),
        low_cosine=float(np.quantile(cosines, _LOW)),
        flips=float((labels != exact_labels).mean()),
    )


def _answers(choice: ModelChoice, tokens: Tokens) -> tuple[Floats, NDArray[np.int64]]:
    """Vectors (texts, width) and the places of the likeliest labels (texts)."""
    model = open_panel(choice)
    vectors = np.empty((len(tokens), model.width), np.float32)
    labels = np.empty(len(tokens), np.int64)
    for rows in plan_batches(tokens.lengths, max_padded_tokens=_PADDED_TOKENS):
        try:
            answers = model.answer(tokens.take(rows))
        except BatchError as error:
            raise ModelError(
                f"{choice.encoder} at {choice.precision} could not answer"
                f" {len(rows)} of the texts ({type(error).__name__}); measure on others"
            ) from error
        vectors[rows] = np.asarray(answers[names.EMBEDDING], np.float32)
        labels[rows] = np.asarray(answers[names.SENTIMENT]).argmax(axis=1)
    return vectors, labels
