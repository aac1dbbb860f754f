"""Models that were trained here, in the operations database's registry."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nightshelf.errors import ModelError, SettingsError
from nightshelf.models.classifier_choice import ClassifierChoice
from nightshelf.models.classifier_files import find_classifier
from nightshelf.models.versions import classifier_version
from nightshelf.night.context import Context
from nightshelf.night.models import note_version
from nightshelf.night.planned import stored_choice
from nightshelf.ops import runs
from nightshelf.ops.comparisons import MACRO_F1
from nightshelf.ops.trainings import Training, folders, trainings, write_training


def is_version(word: str) -> bool:
    """Whether a person means a model version by it, and not the folder of a model."""
    return bool(re.fullmatch(r"[0-9a-f]{16}", word)) and not Path(word).exists()


def register_trained(
    context: Context, choice: ClassifierChoice, about: Mapping[str, Any], who: str
) -> str:
    """
    The version under which the folder of `choice` is known from now on; told twice, it is once.

    `about` is the folder's record. Raise `ModelError` where another model was registered from the
    same folder.
    """
    version = classifier_version(choice)
    folder = choice.model.removeprefix("folder:")
    weights = str(version.identity["weights_sha256"])
    known, sha = folders(context.ops, choice.question).get(folder, (version.id, weights))
    if sha != weights:
        raise ModelError(
            f"{folder} was registered as version {known} of {choice.question} with weights"
            f" {sha[:12]}, and now has {weights[:12]}: a model that was registered must not change."
            " Put its files back, or give the new ones a folder of their own"
        )
    note_version(context, choice, version, run=f"training, registered by {who}", who=who)
    made = Training(
        question=choice.question,
        id=version.id,
        folder=folder,
        weights_sha256=weights,
        about=about,
        who=who,
        at=context.clock(),
    )
    write_training(context.ops, made)
    return version.id


def registered(context: Context, question: str, version: str) -> ClassifierChoice:
    """
    A version as it was registered, with its files as they were.

    Raise `SettingsError` for one that is not known, `ModelError` where its entry is corrupt or
    its files have changed or are gone.
    """
    row = next((r for r in runs.model_ids(context.ops, question) if r["id"] == version), None)
    if row is None:
        raise SettingsError(f"{version} is no version of {question}; see `nightshelf models`")
    choice = stored_choice(row)
    if not isinstance(choice, ClassifierChoice):
        raise SettingsError(f"{version} of {question} is no classifier: nothing trains it here")
    now = _now(choice)
    if now != version:
        raise ModelError(
            f"version {version} of {question} cannot be opened: {now or 'its files are gone'}."
            " What is active stays active; put the files back where they were, or train again"
        )
    return choice


def said_of(context: Context, row: Mapping[str, Any]) -> str:
    """Of a row of the registry, for people: its scores, and what is wrong with its files."""
    try:
        found = trainings(context.ops, row["question"], row["id"])
        choice = stored_choice(row) if row["choice"] else None
        scored = " ".join(_scores(found[0].about)) if found else ""
    except (ModelError, KeyError, TypeError, IndexError) as error:
        return f"CORRUPT: {error if isinstance(error, ModelError) else 'its scores are none'}"
    if not found or not isinstance(choice, ClassifierChoice):
        return ""
    now = _now(choice)
    return scored if now == row["id"] else f"{scored} BROKEN: {now or 'its files are gone'}"


def _now(choice: ClassifierChoice) -> str:
    """The version that its files give now, or what is wrong with them."""
    try:
        found = classifier_version(choice).id
        find_classifier(choice)
    except (SettingsError, ModelError) as error:
        return str(error)
    return found


def _scores(about: Mapping[str, Any]) -> Iterator[str]:
    scored = about["scores"][0]
    f1 = scored["scores"][MACRO_F1]
    yield (
        f"trained: macro-F1 {f1['value']:.3f} ({f1['low']:.3f} to {f1['high']:.3f}) on"
        f" {scored['scores']['count']:,} texts"
    )
