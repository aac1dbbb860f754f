"""What a trained model scores on the parts that it has not learned from."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nightshelf.training.answering import Answering
from nightshelf.training.evaluation import Evaluation, evaluate, given, without_neutral
from nightshelf.training.prepare.prepared import Prepared
from nightshelf.training.prepare.split import TEST, VALIDATION
from nightshelf.training.scores import ClassScore, class_score


@dataclass(frozen=True)
class Scored:
    """With 2 `classes` of 3, neutral texts are left out and p_neutral is not looked at."""

    part: str
    classes: int
    scores: Evaluation


@dataclass(frozen=True)
class Measured:
    """`by_label` is of the test part."""

    scored: Sequence[Scored]
    by_label: Mapping[str, ClassScore]

    @property
    def test(self) -> Evaluation:
        """Over all classes."""
        return next(one.scores for one in self.scored if one.part == TEST)

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "scores": [asdict(one) for one in self.scored],
            "by_label": {label: asdict(own) for label, own in self.by_label.items()},
        }


def measure(answering: Answering, prepared: Prepared) -> Measured:
    """Validation and test, of a model with the labels of `prepared`."""
    scored = []
    by_label = {}
    for part in (VALIDATION, TEST):
        examples = prepared.parts[part]
        expected = np.array([example.label for example in examples])
        likely = answering.probabilities([example.text for example in examples])
        scored.append(Scored(part, len(prepared.labels), evaluate(expected, likely)))
        if len(prepared.labels) == 3:
            scored.append(Scored(part, 2, evaluate(*without_neutral(expected, likely))))
        by_label = {
            label: class_score(expected, given(likely)[0], place)
            for place, label in enumerate(prepared.labels)
        }
    return Measured(scored, by_label)
