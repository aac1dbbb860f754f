"""A sequence classifier as a question, as the operator names it in a file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from nightshelf.errors import SettingsError
from nightshelf.models.choice import FAKE, LONG_TEXTS, check_place
from nightshelf.models.precision import BF16, FP32
from nightshelf.settings import Settings

SOFTMAX, SIGMOID = SCORES = ("softmax", "sigmoid")
POOLINGS = ("mean", "max")
DATASETS = ("reviews", "catalog")
#: Names that tables beside its own have already.
_TAKEN = {"sentiment", "embedding", "insight", "model_versions", "deferred", "retractions"}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TYPES: Mapping[type, str] = {str: "text", float: "a number", int: "a whole number"}


@dataclass(frozen=True, kw_only=True)
class ClassifierChoice:
    """
    Small and picklable: a driver makes it, each worker opens it. Raises `SettingsError`.

    `labels` and `scores` are the model's own where they are empty. With sigmoid each label is
    likely or not on its own, and those at or above `threshold` fit. A text of more than
    `max_tokens` is cut there, or read in windows whose probabilities are pooled.
    """

    question: str
    about: str = "reviews"
    model: str
    labels: tuple[str, ...] = ()
    scores: str = ""
    threshold: float = 0.5
    precision: str = "fp32"
    max_tokens: int = 256
    long_texts: str = "cut"
    pooling: str = "mean"

    def __post_init__(self) -> None:
        checks = (
            (_NAME.fullmatch(self.question), "the name", "use small letters, digits and _"),
            (self.question not in _TAKEN, "the name", "it is taken, use another"),
            (self.about in DATASETS, "about", f"use {' or '.join(DATASETS)}"),
            (len(set(self.labels)) == len(self.labels), "labels", "each can be there once"),
            (self.scores in ("", *SCORES), "scores", f"use {' or '.join(SCORES)}"),
            (0 < self.threshold < 1, "threshold", "use a number between 0 and 1"),
            (self.precision in (FP32, BF16), "precision", f"use {FP32} or {BF16}"),
            (self.max_tokens >= 1, "max_tokens", "use 1 or more"),
            (self.long_texts in LONG_TEXTS, "long_texts", f"use {' or '.join(LONG_TEXTS)}"),
            (self.pooling in POOLINGS, "pooling", f"use {' or '.join(POOLINGS)}"),
            (
                self.pooling == "mean" or self.scores == SIGMOID,
                "pooling",
                'only scores = "sigmoid" can be pooled by max: others add up to 1',
            ),
        )
        for holds, field, advice in checks:
            if not holds:
                raise SettingsError(f"[{self.question}] {field}: {advice}")
        if not self.is_fake:
            check_place(self.model, f"[{self.question}] model = {self.model}")
        elif not self.labels:
            raise SettingsError(f"[{self.question}] labels: a fake has none of its own; name them")

    @property
    def is_fake(self) -> bool:
        return self.model == FAKE


def classifiers(settings: Settings) -> tuple[ClassifierChoice, ...]:
    """
    Those of the settings' file, in its order; no model is opened.

    Raises `SettingsError` that names the file, the classifier and the field.
    """
    if not settings.classifiers:
        return ()
    path = Path(settings.classifiers).expanduser()
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        return tuple(_choice(name, table) for name, table in tables.items())
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"NIGHTSHELF_CLASSIFIERS={path}: not readable as TOML: {error}"
        ) from error
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from None


def _choice(name: str, table: object) -> ClassifierChoice:
    if not isinstance(table, dict):
        raise SettingsError(f"{name}: write it below a line [NAME], the question's name")
    known = {field.name: field for field in fields(ClassifierChoice) if field.name != "question"}
    if unknown := sorted(table.keys() - known.keys()):
        raise SettingsError(f"[{name}] {unknown[0]} is not a field; fields: {', '.join(known)}")
    if "model" not in table:
        raise SettingsError(f"[{name}] model is missing: package:NAME, folder:PATH or hub:ID@REV")
    values = {field: _typed(f"[{name}] {field}", value) for field, value in table.items()}
    for field, value in values.items():
        default = known[field].default
        kind = type(default) if field != "model" else str
        if kind is float and type(value) is int:
            values[field] = float(value)
        elif type(value) is not kind:
            wanted = _TYPES.get(kind, "a list of texts")
            raise SettingsError(f"[{name}] {field} = {value!r}: it has to be {wanted}")
    return ClassifierChoice(question=name, **values)


def _typed(where: str, value: object) -> Any:  # noqa: ANN401  as TOML has it
    """A list of texts as a tuple, which can be compared and hashed."""
    if not isinstance(value, list):
        return value
    if not all(isinstance(one, str) and one for one in value):
        raise SettingsError(f"{where}: it has to be a list of texts, none of them empty")
    return tuple(value)
