"""Let another model version answer from now on: by a person's word, who has seen what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nightshelf.errors import NightshelfError, SettingsError
from nightshelf.models.versions import versions_of
from nightshelf.names import EMBEDDING
from nightshelf.night.active import active_versions
from nightshelf.night.context import Context
from nightshelf.night.frozen import newest_release
from nightshelf.night.models import note_version
from nightshelf.night.planned import planned
from nightshelf.night.reanswer import Order, run_order, switch_to
from nightshelf.night.wanted import named_versions
from nightshelf.ops.activations import Activation, activate, models_known
from nightshelf.shelf.selection import Selection


@dataclass(frozen=True, kw_only=True)
class Change:
    question: str
    before: str | None
    after: str


def changes(context: Context, question: str | None, version: str | None) -> list[Change]:
    """
    What would be activated: the version, or what the settings name, of one question or of all.

    Raise `SettingsError` where there is no such question or version, `ModelError` where its files
    are gone.
    """
    active, named = active_versions(context), named_versions(context)
    if version:
        owners = {row["question"] for row in models_known(context.ops) if row["id"] == version}
        owners |= {name for name, one in named.items() if one == version}
        if not owners or (question and question not in owners):
            raise SettingsError(f"{version} is no version of {question or 'any question'}")
        wanted = dict.fromkeys(owners, version)
    elif question and question not in named:
        raise SettingsError(f"{question!r} is no question whose model the settings name")
    else:
        wanted = {question: named[question]} if question else named
    found = [
        Change(question=name, before=active.get(name), after=one)
        for name, one in wanted.items()
        if one != active.get(name)
    ]
    planned(context, {one.question: one.after for one in found})
    return found


def preview(context: Context, wanted: list[Change], who: str, environ: Mapping[str, str]) -> None:
    """
    Say what would be stale; change nothing. Raise `ModelError` where vectors lack answers.

    What it costs to ask again is estimated by the tokens of the answers that there are.
    """
    for one in wanted:
        context.say(f"{one.question}: {one.before or 'none'} is active, {one.after} would be")
        if one.before and newest_release(context):
            run_order(context, _order(context, one, who), environ)


def carry_out(context: Context, wanted: list[Change], who: str, environ: Mapping[str, str]) -> None:
    """
    Activate; vectors are switched by a release of their own. Raise what stopped it.

    The vectors come first: where they are refused, nothing has changed.
    """
    for one in sorted(wanted, key=lambda change: change.question != EMBEDDING):
        if one.question == EMBEDDING and one.before and newest_release(context):
            run_order(context, replace(_order(context, one, who), is_dry=False), environ)
        else:
            _note(context, one, who)
        context.say(f"{one.question}: {one.after} is active from now on")


def must_differ(wanted: list[Change]) -> None:
    if not wanted:
        raise NightshelfError("nothing to activate: the active versions are those already")


def _order(context: Context, one: Change, who: str) -> Order:
    is_switch = one.question == EMBEDDING
    rows = Selection(question=one.question, by=one.after, not_models=(one.after,))
    origin = f"activate {one.question} {one.after} {context.clock().isoformat()}"
    selection = switch_to(one.after) if is_switch else rows
    return Order(selection=selection, origin=origin, who=who, is_switch=is_switch)


def _note(context: Context, one: Change, who: str) -> None:
    [(choice, _)] = planned(context, {one.question: one.after})
    version = versions_of([choice])[one.question]
    # Written down before it is needed: by then the settings may name another.
    note_version(context, choice, version, run=f"activation by {who}", who=who)
    done = Activation(
        question=one.question, id=one.after, who=who, at=context.clock(), is_explicit=True
    )
    activate(context.ops, done)
