"""What a trained model scores on the part that nothing was learned or chosen by."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nightshelf.training.answering import Answering
from nightshelf.training.evaluation import Evaluation, evaluate, given, without_neutral
from nightshelf.training.prepare.prepared import Prepared
from nightshelf.training.prepare.split import TEST
from nightshelf.training.scores import ClassScore, class_score


@dataclass(frozen=True)
class Scored:
    """With 2 `classes` of 3, neutral texts are left out and p_neutral is not looked at."""

    part: str
    classes: int
    scores: Evaluation


@dataclass(frozen=True)
class Measured:
    """Of the test part, first over all classes."""

    scored: Sequence[Scored]
    by_label: Mapping[str, ClassScore]

    @property
    def test(self) -> Evaluation:
        """Over all classes."""
        return self.scored[0].scores

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "scores": [asdict(one) for one in self.scored],
            "by_label": {label: asdict(own) for label, own in self.by_label.items()},
        }


def measure(answering: Answering, prepared: Prepared) -> Measured:
    """The test part, of a model with the labels of `prepared`; validation gave the temperature."""
    examples = prepared.parts[TEST]
    expected = np.array([example.label for example in examples])
    likely = answering.probabilities([example.text for example in examples])
    scored = [Scored(TEST, len(prepared.labels), evaluate(expected, likely))]
    if len(prepared.labels) == 3:
        scored.append(Scored(TEST, 2, evaluate(*without_neutral(expected, likely))))
    by_label = {
        label: class_score(expected, given(likely)[0], place)
        for place, label in enumerate(prepared.labels)
    }
    return Measured(scored, by_label)
