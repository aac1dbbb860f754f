"""How often a classifier is right, and how evenly over its classes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Score:
    """Over `count` texts; shares between 0 and 1."""

    count: int
    accuracy: float
    macro_f1: float


@dataclass(frozen=True)
class ClassScore:
    """Of one class, which `count` texts are; 0 where it is never given."""

    count: int
    precision: float
    recall: float
    f1: float


def score(expected: Labels, given: Labels) -> Score:
    """
    Macro-F1 is the mean over the classes that occur in `expected`; one never given counts as 0.

    >>> score(np.array([0, 0, 1, 2]), np.array([0, 0, 1, 1]))
    Score(count=4, accuracy=0.75, macro_f1=0.5555555555555555)
    """
    f1 = [class_score(expected, given, int(label)).f1 for label in np.unique(expected)]
    return Score(len(expected), float(np.mean(expected == given)), float(np.mean(f1)))


def class_score(expected: Labels, given: Labels, label: int) -> ClassScore:
    """
    >>> class_score(np.array([0, 0, 1]), np.array([0, 1, 1]), 0)
    ClassScore(count=2, precision=1.0, recall=0.5, f1=0.6666666666666666)
    """
    hits = int(np.sum((expected == label) & (given == label)))
    count, said = int(np.sum(expected == label)), int(np.sum(given == label))
    return ClassScore(
        count, hits / max(1, said), hits / max(1, count), 2 * hits / max(1, count + said)
    )
