"""Who answers: weights, tokenizer, prompt and parameters under one identity."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ModelVersion:
    """
    What an answer depends on besides the text.

    `identity` holds everything that can change an answer: hashes of weights and tokenizer,
    prompt, precision, truncation, pooling, label map, numerics version. `name`, `revision` and
    `licence` are for people and are not part of the `id`.
    """

    question: str
    name: str
    revision: str
    licence: str
    identity: Mapping[str, str | int | float]

    @property
    def id(self) -> str:
        """
        Sixteen hex digits of SHA-256 over question and identity.

        >>> a = ModelVersion(question="q", name="n", revision="1", licence="MIT", identity={})
        >>> len(a.id)
        16
        """
        text = json.dumps([self.question, dict(self.identity)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
