"""What a worker tells a host about the model that it wants, and what that model is asked."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nightshelf.engine.question import Question
from nightshelf.models.choice import ModelChoice
from nightshelf.models.classifier_choice import SIGMOID, ClassifierChoice
from nightshelf.models.classifier_files import labelling
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.panel import Choice
from nightshelf.models.remote.choice import RemoteChoice
from nightshelf.questions import DESCRIPTION, EMBEDDING, SENTIMENT
from nightshelf.questions.classifier import classifier

_KINDS: Mapping[str, type[Choice]] = {
    "encoder": ModelChoice,
    "classifier": ClassifierChoice,
    "generator": GeneratorChoice,
    "remote": RemoteChoice,
}


def to_fields(choice: Choice) -> dict[str, Any]:
    """As JSON can carry it."""
    [kind] = [name for name, known in _KINDS.items() if isinstance(choice, known)]
    return {"kind": kind, **asdict(choice)}


def from_fields(fields: Mapping[str, Any]) -> Choice:
    """
    >>> chosen = ClassifierChoice(question="tone", model="fake", labels=("kind", "rude"))
    >>> from_fields(to_fields(chosen)) == chosen
    True
    """
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in fields.items()
        if name != "kind"
    }
    return _KINDS[fields["kind"]](**values)


def questions_of(choice: Choice) -> list[Question]:
    """What a model answers; raises `SettingsError` where its labels cannot be read."""
    if isinstance(choice, ModelChoice):
        return [SENTIMENT, EMBEDDING]
    if isinstance(choice, GeneratorChoice | RemoteChoice):
        return [DESCRIPTION]
    said = labelling(choice)
    threshold = choice.threshold if said.scores == SIGMOID else None
    return [classifier(choice.question, said.labels, threshold)]
