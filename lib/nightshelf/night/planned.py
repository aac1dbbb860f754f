"""Find the models again that a run was planned for, whatever the settings name by now."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from nightshelf.errors import ModelError, SettingsError
from nightshelf.host.choices import from_fields
from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import Choice
from nightshelf.models.precision import AUTO, BF16, FP32
from nightshelf.models.versions import versions_of
from nightshelf.night.context import Context
from nightshelf.ops import runs

#: A model, and the questions that it is asked in one pass.
Pair = tuple[Choice, tuple[str, ...]]


def planned(context: Context, frozen: Mapping[str, str]) -> tuple[Pair, ...]:
    """
    As few passes as answer all of `frozen`, which maps a question to its model version.

    The settings' own choices come first, then those that were stored with the versions: a run goes
    on with its models whatever the settings name by now. Raise `ModelError` where a version's
    files are gone.
    """
    known: list[tuple[Choice, dict[str, str]]] = []
    complaints: list[str] = []
    for choice in dict.fromkeys((*as_named(context), *_stored(context, frozen, complaints))):
        try:
            known.append((choice, ids_of(choice)))
        except (SettingsError, ModelError) as error:
            complaints.append(str(error))
    left, found = dict(frozen), []
    while left:
        answered: dict[Choice, tuple[str, ...]] = {
            choice: tuple(name for name in left if ids.get(name) == left[name])
            for choice, ids in known
        }
        best = max(answered, key=lambda choice: len(answered[choice]), default=None)
        if best is None or not answered[best]:
            raise _gone(context, left, known, complaints)
        found.append((best, answered[best]))
        for name in answered[best]:
            del left[name]
    place = {name: number for number, name in enumerate(frozen)}
    return tuple(sorted(found, key=lambda pair: place[pair[1][0]]))


def as_named(context: Context) -> Iterator[Choice]:
    """What the settings name; `auto` is any precision that it could have been decided to be."""
    for choice in context.choices:
        yield choice
        if isinstance(choice, ModelChoice) and context.settings.precision == AUTO:
            yield from (replace(choice, precision=one) for one in (FP32, BF16))


def ids_of(choice: Choice) -> dict[str, str]:
    """By question the version that the choice is now; raises as `versions_of` does."""
    return {question: version.id for question, version in versions_of([choice]).items()}


def _stored(context: Context, frozen: Mapping[str, str], complaints: list[str]) -> Iterator[Choice]:
    for question, version in frozen.items():
        for row in runs.model_ids(context.ops, question):
            if row["id"] == version and row["choice"]:
                try:
                    yield stored_choice(row)
                except ModelError as error:
                    complaints.append(str(error))


def stored_choice(row: Mapping[str, Any]) -> Choice:
    """Of a row of the model registry; raise `ModelError` where it is corrupt."""
    try:
        return from_fields(row["choice"])
    except (KeyError, TypeError, AttributeError, SettingsError) as error:
        raise ModelError(
            f"the entry of {row['question']} {row['id']} in the operations database's table models"
            " is corrupt: its choice is none"
        ) from error


def _gone(
    context: Context,
    left: Mapping[str, str],
    known: list[tuple[Choice, dict[str, str]]],
    complaints: list[str],
) -> ModelError:
    question, version = next(iter(left.items()))
    rows = {row["id"]: row for row in runs.model_ids(context.ops, question)}
    row = rows.get(version)
    what = f" ({row['name']} at {row['revision']})" if row else ""
    now = [f"what is there now is {ids[question]}" for _, ids in known if question in ids]
    why = "; ".join([*complaints, *now]) or "no choice of it was ever stored"
    return ModelError(
        f"{question} is to be answered by model version {version}{what}, and it cannot be opened:"
        f" {why}. Put its files back where they were and run this again; or let another version"
        f" answer: `nightshelf models activate --question {question}`, then a new run"
    )
