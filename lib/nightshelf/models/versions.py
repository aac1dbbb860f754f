"""Say who answers, from files alone: a plan needs no torch."""

import re
from importlib import metadata

from nightshelf import names
from nightshelf.answers.version import ModelVersion
from nightshelf.models.choice import CUT, MOST_WINDOWS, ModelChoice
from nightshelf.models.encoder_files import EncoderFiles, find_encoder, sha256
from nightshelf.models.sentiment_head import LABELS, find_head, read_head

#: Raise it when our own computing changes what a model answers: all is then asked again.
NUMERICS = "1"
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
    name, revision = _name_and_revision(choice.encoder, encoder["weights_sha256"])
    licence = _licence(files)
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


def _encoder_identity(choice: ModelChoice, files: EncoderFiles) -> Identity:
    return {
        "weights_sha256": files.weights_sha256(),
        "config_sha256": sha256(files.folder / "config.json"),
        "tokenizer_sha256": sha256(files.tokenizer),
        "architecture": files.architecture,
        "pooling": files.pooling,
        "normalisation": "l2",
        "precision": choice.precision,
        "truncation": "end" if choice.long_texts == CUT else f"windows:{MOST_WINDOWS}",
        "max_tokens": choice.max_tokens,
        "numerics": NUMERICS,
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


def _name_and_revision(encoder: str, weights_sha256: object) -> tuple[str, str]:
    kind, _, value = encoder.partition(":")
    if kind == "hub":
        name, _, revision = value.rpartition("@")
        return name, revision
    if kind == "package":
        try:
            return value, metadata.version(value)
        except metadata.PackageNotFoundError:  # a package that is a part of another
            return value, str(weights_sha256)[:12]
    return value.rstrip("/").rpartition("/")[2], str(weights_sha256)[:12]


def _licence(files: EncoderFiles) -> str:
    """As the card's front matter says, which is for people; "unknown" where it says nothing."""
    card = files.folder / "README.md"
    text = card.read_text("utf-8", errors="replace") if card.is_file() else ""
    found = re.search(r"\A---\n(?:(?!---).*\n)*?license:\s*(\S+)", text)
    return found[1] if found else "unknown"
