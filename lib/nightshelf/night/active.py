"""The active model versions: what every night asks with, whatever the settings name."""

from collections.abc import Mapping

from nightshelf.answers.version import ModelVersion
from nightshelf.errors import ModelError, NightshelfError, SettingsError
from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import Choice
from nightshelf.models.versions import versions_of
from nightshelf.names import EMBEDDING, SENTIMENT
from nightshelf.night.context import Context
from nightshelf.night.frozen import newest_release
from nightshelf.night.planned import as_named, ids_of
from nightshelf.ops import runs
from nightshelf.ops.activations import Activation, activate, newest_activations


def questions_named(choice: Choice) -> tuple[str, ...]:
    """The questions of a choice; no model is opened."""
    return (SENTIMENT, EMBEDDING) if isinstance(choice, ModelChoice) else (choice.question,)


def active_versions(context: Context) -> dict[str, str]:
    """
    Question to model version.

    The vectors of a release are of one version, so what the newest release shows is the active
    one there: a rollback takes the nights after it along.
    """
    found = {name: one.id for name, one in newest_activations(context.ops).items()}
    newest = newest_release(context)
    if newest and EMBEDDING in newest.models:
        found[EMBEDDING] = newest.models[EMBEDDING]
    return found


def versions_tonight(context: Context, run: str) -> dict[str, str]:
    """
    For each question of the settings the version that a night asks.

    As long as no release shows a question's answers, that is what the settings name, which is
    activated; from then on it is the active one, and where the settings name another the log says
    so. Raise `SettingsError` or `ModelError` where a question has neither.
    """
    found: dict[str, str] = {}
    for choice in context.choices:
        found |= _of_choice(context, run, choice)
    return found


def _of_choice(context: Context, run: str, choice: Choice) -> dict[str, str]:
    active, settled = active_versions(context), _settled(context)
    questions = questions_named(choice)
    try:
        named = versions_of([choice])
    except (SettingsError, ModelError) as error:
        if not settled.issuperset(questions):
            raise
        context.say(
            f"models: {' and '.join(questions)} stay with the active version; what the settings"
            f" name cannot be opened: {error}"
        )
        return {question: active[question] for question in questions}
    found: dict[str, str] = {}
    for question in questions:
        if question in settled:
            found[question] = active[question]
            _say_difference(context, named[question], active[question])
        else:
            if active.get(question) != named[question].id:
                _activate_first(context, run, named[question])
            found[question] = active_versions(context)[question]
    return found


def _settled(context: Context) -> set[str]:
    """Questions whose active version only a person changes."""
    explicit = {name for name, one in newest_activations(context.ops).items() if one.is_explicit}
    newest = newest_release(context)
    return explicit | (set(newest.models) & set(active_versions(context)) if newest else set())


def _say_difference(context: Context, named: ModelVersion, active: str) -> None:
    # Where `auto` may be decided either way, the settings name both.
    if any(ids.get(named.question) == active for ids in _named_ids(context)):
        return
    context.say(
        f"models: {named.question} is asked of the active version {active}; the settings name"
        f" {named.id} ({named.name} at {named.revision}): `nightshelf models activate --question"
        f" {named.question}` says what a change would mean"
    )


def _named_ids(context: Context) -> list[Mapping[str, str]]:
    found: list[Mapping[str, str]] = []
    for choice in as_named(context):
        try:
            found.append(ids_of(choice))
        except (SettingsError, ModelError):
            # Another choice's question: said where that one is looked at.
            continue
    return found


def _activate_first(context: Context, run: str, version: ModelVersion) -> None:
    first = Activation(
        question=version.question,
        id=version.id,
        who=f"the first night, run {run}",
        at=context.clock(),
        is_explicit=False,
    )
    try:
        activate(context.ops, first)
    except NightshelfError:
        # Another first night came before us: its word counts.
        return
    context.say(
        f"models: {version.question} is asked of {version.name} at {version.revision}"
        f" ({version.id}), which is active from now on"
    )


def note_switch(context: Context, run: str) -> None:
    """Write down by whose word the vectors were switched; once, however often it is told."""
    row = runs.read_run(context.ops, run)
    version = row["models"][EMBEDDING]
    known = newest_activations(context.ops).get(EMBEDDING)
    if known and known.id == version:
        return
    done = Activation(
        question=EMBEDDING,
        id=version,
        who=row["selection"]["who"],
        at=context.clock(),
        is_explicit=True,
    )
    activate(context.ops, done)
