"""From an embedding to a sentiment: a small head trained on one encoder."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from nightshelf.errors import ModelError
from nightshelf.models.places import find_folder

FILE = "sentiment_head.safetensors"
#: The entry of the file's metadata that says, as JSON, what the head is and was made from.
ABOUT = "sentiment_head"
LABELS = ("negative", "neutral", "positive")

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class SentimentHead:
    """
    One hidden layer: (width, hidden) then (hidden, 3) multiplied from the right.

    `encoder_sha256` names the encoder whose embeddings it was trained on; on others it is noise.
    """

    hidden_weight: Floats
    hidden_bias: Floats
    output_weight: Floats
    output_bias: Floats
    encoder_sha256: str
    licence: str

    def answer(self, embeddings: Floats) -> Floats:
        """
        Probabilities (rows, 3) in the order of `LABELS`; each row sums to 1.

        `embeddings` (rows, width), of unit norm.
        """
        hidden = np.maximum(embeddings @ self.hidden_weight + self.hidden_bias, 0)
        scores = hidden @ self.output_weight + self.output_bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: Floats = powers / powers.sum(axis=1, keepdims=True)
        return shares

    def check_belongs_to(self, encoder: str, encoder_sha256: str) -> None:
        """Raise `ModelError` unless it was trained on these weights."""
        if encoder_sha256 != self.encoder_sha256:
            raise ModelError(
                f"the sentiment head was trained on an encoder with SHA-256"
                f" {self.encoder_sha256[:12]}…, but {encoder} has {encoder_sha256[:12]}…;"
                " choose that encoder, or train a head: docs/models.md"
            )


def find_head(place: str) -> Path:
    """The head's file for `package:NAME` or `folder:PATH`; raise `SettingsError` if it is none."""
    return find_folder(place, FILE) / FILE


def read_head(path: Path) -> SentimentHead:
    """Raise `ModelError` for a file that is not a head with our three labels."""
    try:
        with safe_open(path, framework="numpy") as file:
            about = json.loads((file.metadata() or {})[ABOUT])
            tensors = {name: file.get_tensor(name) for name in sorted(file.keys())}
        if about["labels"] != list(LABELS):
            raise ModelError(f"{path}: its labels are {about['labels']}, not {list(LABELS)}")
        return SentimentHead(
            **tensors, encoder_sha256=about["encoder_sha256"], licence=about["licence"]
        )
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: not a sentiment head: {error}") from error
