"""A folder that `nightshelf train` has made, and whether it is still what was made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightshelf.errors import ModelError
from nightshelf.models.classifier_choice import ClassifierChoice
from nightshelf.models.encoder_files import find_encoder
from nightshelf.training.compared_texts import ABOUT

#: Of a folder that says nothing else.
MAX_TOKENS = 256
WEIGHTS = "weights_sha256"


@dataclass(frozen=True)
class Trained:
    """`about` is what its `training.json` says; the weights agree with it."""

    folder: Path
    about: Mapping[str, Any]

    @property
    def max_tokens(self) -> int:
        return int(self.about["recipe"]["max_tokens"])

    def as_question(self, question: str) -> ClassifierChoice:
        """As a night would ask it."""
        place = f"folder:{self.folder}"
        return ClassifierChoice(question=question, model=place, max_tokens=self.max_tokens)


def read_trained(place: str) -> Trained:
    """
    `place` is a path, or `folder:PATH`.

    Raise `ModelError` where it was not made by `nightshelf train` or has changed since,
    `SettingsError` where it is no model at all.
    """
    folder = Path(place.removeprefix("folder:")).expanduser().absolute()
    weights = find_encoder(f"folder:{folder}").weights_sha256()
    try:
        about = json.loads((folder / ABOUT).read_text("utf-8"))
        int(about["recipe"]["max_tokens"])
        made = str(about[WEIGHTS])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{folder / ABOUT}, the record of the training, is missing or broken ({error!r})"
            ": only what `nightshelf train` has made can be registered. Put it back, or train again"
        ) from error
    if weights != made:
        raise ModelError(
            f"{folder}: its weights have the hash {weights[:12]}, and {ABOUT} says {made[:12]}:"
            " they were changed or cut short since they were trained. Put them back, or train again"
        )
    return Trained(folder, about)


def max_tokens_of(place: str) -> int:
    """What a folder was trained with, where its record says so."""
    try:
        text = (Path(place.removeprefix("folder:")).expanduser() / ABOUT).read_text("utf-8")
        return int(json.loads(text)["recipe"]["max_tokens"])
    except (OSError, ValueError, KeyError, TypeError):
        return MAX_TOKENS
