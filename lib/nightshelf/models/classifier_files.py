"""What a classifier's folder says about itself: its labels, and how its scores are meant."""

from dataclasses import dataclass

from nightshelf.errors import SettingsError
from nightshelf.models.classifier_choice import SIGMOID, SOFTMAX, ClassifierChoice
from nightshelf.models.encoder_files import EncoderFiles, find_encoder

_SUFFIX = "ForSequenceClassification"
#: As transformers names what a model was trained for.
_SCORES = {"multi_label_classification": SIGMOID, "single_label_classification": SOFTMAX}


@dataclass(frozen=True)
class Labelling:
    """`labels` in the order of the model's logits; `scores` is "softmax" or "sigmoid"."""

    labels: tuple[str, ...]
    scores: str


def find_classifier(choice: ClassifierChoice) -> EncoderFiles:
    """Raise `SettingsError` for a folder that holds no sequence classifier we can load."""
    files = find_encoder(choice.model)
    if not files.architecture.endswith(_SUFFIX):
        raise SettingsError(
            f"[{choice.question}] {choice.model} is {files.architecture}, not a model …{_SUFFIX}"
        )
    if choice.max_tokens > files.max_positions:
        raise SettingsError(
            f"[{choice.question}] max_tokens = {choice.max_tokens}: {choice.model} reads at most"
            f" {files.max_positions} tokens"
        )
    return files


def labelling(choice: ClassifierChoice) -> Labelling:
    """What the operator says, and what the model says where the operator does not."""
    if choice.is_fake:
        return Labelling(choice.labels, choice.scores or SOFTMAX)
    config = find_classifier(choice).config
    own = config.get("id2label") or {}
    labels = choice.labels or tuple(str(own[number]) for number in sorted(own, key=int))
    logits = len(own) or int(config.get("num_labels", 2))
    if len(labels) != logits:
        raise SettingsError(
            f"[{choice.question}] labels: {len(labels)} are named, but {choice.model} has {logits}"
        )
    if len(set(labels)) != len(labels):
        raise SettingsError(f"[{choice.question}] labels: {choice.model} has one twice; name them")
    kind = config.get("problem_type")
    scores = choice.scores or _SCORES.get(str(kind or "single_label_classification"))
    if scores is None:
        raise SettingsError(
            f"[{choice.question}] {choice.model} was trained for {kind}, which gives no"
            " probabilities; if its scores are ones all the same, say which: scores"
        )
    if len(labels) == 1 and scores == SOFTMAX:
        raise SettingsError(
            f'[{choice.question}] with one label softmax always says 1: scores = "sigmoid"'
        )
    return Labelling(labels, scores)
