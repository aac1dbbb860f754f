"""What a classifier's probabilities are worth, each score with its interval."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nightshelf.training.scores import Labels, score

Floats = NDArray[np.float32] | NDArray[np.float64]

#: Of the bins that are equally full.
BINS = 15
#: So many of the texts are answered when the least sure ones are left to people.
SUREST = 0.9
_RESAMPLES = 1_000
_SEED = 1
_NOTHING = -1


@dataclass(frozen=True)
class Estimate:
    """A value, and the bounds of its 95 % interval by bootstrap over texts."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True)
class Evaluation:
    """Over `count` texts: all shares between 0 and 1, the calibration error is best at 0."""

    count: int
    accuracy: Estimate
    macro_f1: Estimate
    calibration_error: Estimate
    surest_accuracy: Estimate

    @property
    def scores(self) -> dict[str, Estimate]:
        return {name: getattr(self, name) for name in MEASURES}


Measure = Callable[[Labels, Floats], float]


def evaluate(expected: Labels, probabilities: Floats, *, resamples: int = _RESAMPLES) -> Evaluation:
    """
    `expected` (texts,); `probabilities` (texts, classes), where a row of NaN is no answer: wrong.

    Raise `ValueError` without texts, or where their numbers differ.
    """
    if not len(expected) or len(expected) != len(probabilities):
        raise ValueError(f"{len(expected)} labels and {len(probabilities)} answers")
    found = {
        name: estimate(
            lambda rows, m=measure: m(expected[rows], probabilities[rows]),  # type: ignore[misc]
            len(expected),
            resamples,
        )
        for name, measure in MEASURES.items()
    }
    return Evaluation(len(expected), **found)


def estimate(
    measure: Callable[[NDArray[np.int64]], float], count: int, resamples: int = _RESAMPLES
) -> Estimate:
    """`measure` of rows; of all of them, and of as many that are drawn with replacement."""
    drawn = np.random.default_rng(_SEED)
    again = [measure(drawn.integers(count, size=count)) for _ in range(resamples)]
    low, high = np.percentile(again, [2.5, 97.5]) if again else (np.nan, np.nan)
    return Estimate(measure(np.arange(count)), float(low), float(high))


def given(probabilities: Floats) -> tuple[Labels, Floats]:
    """The likeliest label of each text and how likely it is; -1 and 0 without an answer."""
    missing = np.asarray(np.isnan(probabilities).any(axis=1))
    filled = np.where(missing[:, None], 0, probabilities)
    labels = np.where(missing, _NOTHING, filled.argmax(axis=1))
    return labels, filled.max(axis=1)


def accuracy(expected: Labels, probabilities: Floats) -> float:
    return float(np.mean(given(probabilities)[0] == expected))


def macro_f1(expected: Labels, probabilities: Floats) -> float:
    return score(expected, given(probabilities)[0]).macro_f1


def calibration_error(expected: Labels, probabilities: Floats) -> float:
    """
    How far confidence and accuracy are apart, in bins of equally many texts, on average.

    >>> sure = np.array([[0.9, 0.1]] * 10 * BINS)
    >>> round(calibration_error(np.array(([0] * 9 + [1]) * BINS), sure), 6)
    0.0
    >>> round(calibration_error(np.array([1] * 10 * BINS), sure), 6)
    0.9
    """
    labels, confidence = given(probabilities)
    order = np.argsort(confidence, kind="stable")
    right = (labels == expected)[order].astype(float)
    gaps = [
        abs(right[rows].sum() - confidence[order][rows].sum())
        for rows in np.array_split(np.arange(len(order)), BINS)
        if len(rows)
    ]
    return float(sum(gaps) / len(order))


def surest_accuracy(expected: Labels, probabilities: Floats) -> float:
    """Of the 90 % of the texts whose answers are the surest."""
    labels, confidence = given(probabilities)
    kept = max(1, round(SUREST * len(expected)))
    surest = np.argsort(-confidence, kind="stable")[:kept]
    return float(np.mean(labels[surest] == expected[surest]))


MEASURES: Mapping[str, Measure] = {
    "accuracy": accuracy,
    "macro_f1": macro_f1,
    "calibration_error": calibration_error,
    "surest_accuracy": surest_accuracy,
}


def without_neutral(expected: Labels, probabilities: Floats) -> tuple[Labels, Floats]:
    """
    Of three classes the texts that are negative (0) or positive (1), and how likely these are.

    >>> labels, likely = without_neutral(np.array([0, 1, 2]), np.full((3, 3), 1 / 3))
    >>> labels.tolist(), likely.tolist()
    ([0, 1], [[0.5, 0.5], [0.5, 0.5]])
    """
    polar = expected != 1
    ends = probabilities[polar][:, [0, 2]]
    return expected[polar] // 2, ends / ends.sum(axis=1, keepdims=True)
