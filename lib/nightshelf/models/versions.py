"""Say who answers, from files alone: a plan needs no torch."""

import json
from collections.abc import Iterable

from nightshelf import names
from nightshelf.answers.version import ModelVersion
from nightshelf.models.choice import CUT, MOST_WINDOWS, ModelChoice
from nightshelf.models.classifier_choice import SIGMOID, ClassifierChoice
from nightshelf.models.classifier_files import find_classifier, labelling
from nightshelf.models.encoder_files import EncoderFiles, find_encoder, sha256
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.generator_version import generator_version
from nightshelf.models.model_card import licence_of, name_and_revision
from nightshelf.models.precision import INT8
from nightshelf.models.remote.choice import RemoteChoice, remote_version
from nightshelf.models.sentiment_head import LABELS, find_head, read_head

#: Raise it when our own computing changes what a model answers: all is then asked again.
NUMERICS = "1"
#: The kernels of `int8.py`, which are an encoder's numerics as well.
INT8_KERNELS = "fbgemm;weights:channel,pairs<=127;activations:token,asymmetric;1"
#: The same for the fake.
FAKE_NUMERICS = "2"

Identity = dict[str, str | int | float]


def model_versions(choice: ModelChoice) -> dict[str, ModelVersion]:
    """By question; raise `SettingsError` or `ModelError` where there is no such model."""
    choice = choice.without_faults()
    if choice.is_fake:
        return _fake_versions(choice)
    files = find_encoder(choice.encoder)
    encoder = _encoder_identity(choice, files)
    name, revision = name_and_revision(choice.encoder, encoder["weights_sha256"])
    licence = licence_of(files)
    path = find_head(choice.sentiment_head)
    head = read_head(path)
    head.check_belongs_to(choice.encoder, files.weights_sha256())
    return {
        names.EMBEDDING: ModelVersion(
            question=names.EMBEDDING,
            name=name,
            revision=revision,
            licence=licence,
            identity=encoder,
        ),
        names.SENTIMENT: ModelVersion(
            question=names.SENTIMENT,
            name=f"{name} + sentiment head",
            revision=f"{revision} + {sha256(path)[:12]}",
            licence=f"{licence}; head: {head.licence}",
            identity=encoder | {"head_sha256": sha256(path), "labels": ",".join(LABELS)},
        ),
    }


def versions_of(
    choices: Iterable[ModelChoice | ClassifierChoice | GeneratorChoice | RemoteChoice],
) -> dict[str, ModelVersion]:
    """Of all questions that these models answer; raises as `model_versions` does."""
    found: dict[str, ModelVersion] = {}
    for choice in choices:
        if isinstance(choice, ClassifierChoice):
            found[choice.question] = classifier_version(choice)
        elif isinstance(choice, GeneratorChoice):
            found[choice.question] = generator_version(choice)
        elif isinstance(choice, RemoteChoice):
            found[choice.question] = remote_version(choice)
        else:
            found |= model_versions(choice)
    return found


def classifier_version(choice: ClassifierChoice) -> ModelVersion:
    """Raise `SettingsError` where there is no such classifier."""
    said = labelling(choice)
    asked: Identity = {
        "labels": json.dumps(said.labels, ensure_ascii=False),
        "scores": said.scores,
        "max_tokens": choice.max_tokens,
    }
    if said.scores == SIGMOID:
        asked["threshold"] = choice.threshold
    if choice.is_fake:
        return ModelVersion(
            question=choice.question,
            name="fake",
            revision=FAKE_NUMERICS,
            licence="none",
            identity=asked | {"architecture": "fake classifier", "numerics": FAKE_NUMERICS},
        )
    files = find_classifier(choice)
    name, revision = name_and_revision(choice.model, files.weights_sha256())
    return ModelVersion(
        question=choice.question,
        name=name,
        revision=revision,
        licence=licence_of(files),
        identity=asked | _files_identity(files) | _computing(choice, choice.pooling),
    )


def _encoder_identity(choice: ModelChoice, files: EncoderFiles) -> Identity:
    pooled: Identity = {
        "pooling": files.pooling,
        "normalisation": "l2",
        "max_tokens": choice.max_tokens,
    }
    return _files_identity(files) | _computing(choice) | pooled


def _files_identity(files: EncoderFiles) -> Identity:
    return {
        "weights_sha256": files.weights_sha256(),
        "config_sha256": sha256(files.folder / "config.json"),
        "tokenizer_sha256": sha256(files.tokenizer),
        "architecture": files.architecture,
    }


def _computing(choice: ModelChoice | ClassifierChoice, pooling: str = "") -> Identity:
    kernels: Identity = {"kernels": INT8_KERNELS} if choice.precision == INT8 else {}
    windows = " ".join(word for word in (f"windows:{MOST_WINDOWS}", pooling) if word)
    return {
        "precision": choice.precision,
        "truncation": "end" if choice.long_texts == CUT else windows,
        "numerics": NUMERICS,
        **kernels,
    }


def _fake_versions(choice: ModelChoice) -> dict[str, ModelVersion]:
    identity: Identity = {
        "architecture": choice.encoder,
        "max_tokens": choice.max_tokens,
        "numerics": FAKE_NUMERICS,
    }
    return {
        question: ModelVersion(
            question=question,
            name="fake",
            revision=FAKE_NUMERICS,
            licence="none",
            identity=identity,
        )
        for question in (names.SENTIMENT, names.EMBEDDING)
    }
