"""From the words of a person to a selection: who answers, and whose answers are not good enough."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nightshelf.errors import ModelError, SettingsError
from nightshelf.names import EMBEDDING
from nightshelf.night.active import active_versions, questions_named
from nightshelf.night.context import Context
from nightshelf.night.planned import ids_of
from nightshelf.ops import runs
from nightshelf.shelf.selection import Selection


def selection_of(context: Context, words: Mapping[str, Any]) -> Selection:
    """
    `words` are the fields of a `Selection`, all but `question` optional, and `model_is_not` and
    `prompt_is_not` in place of `not_models`.

    Without `by` the active version answers; of vectors, whose active version has nothing left to
    answer, the one that the settings name. Rows that this version has answered are not chosen but
    for a `reason`. Raise `SettingsError` for words that cannot be meant.
    """
    question = words["question"]
    if question not in {name for one in context.choices for name in questions_named(one)}:
        raise SettingsError(f"{question!r} is no question of the settings")
    fields = {n: v for n, v in words.items() if n not in ("model_is_not", "prompt_is_not")}
    by = fields.pop("by", None) or _default(context, question, is_for_failures="reason" in fields)
    known = {row["id"]: row["identity"] for row in runs.model_ids(context.ops, question)}
    if by not in {*known, *named_versions(context).values()}:
        raise SettingsError(f"{by!r} is no model version of {question}; see `nightshelf models`")
    unwanted = [] if words.get("reason") else [by]
    if other := words.get("model_is_not"):
        unwanted.append(other)
    if "prompt_is_not" in words:
        prompt = words["prompt_is_not"]
        unwanted += [id_ for id_, about in known.items() if about.get("prompt", "") == prompt]
    chosen = Selection.from_fields({**fields, "by": by})
    return replace(chosen, not_models=tuple(dict.fromkeys(unwanted)))


def named_versions(context: Context) -> dict[str, str]:
    """Question to the version that the settings name, where it can be opened."""
    found: dict[str, str] = {}
    for choice in context.choices:
        try:
            found |= ids_of(choice)
        except (SettingsError, ModelError) as error:
            context.say(f"{' and '.join(questions_named(choice))}: {error}")
    return found


def _default(context: Context, question: str, *, is_for_failures: bool) -> str:
    active = active_versions(context)
    if question == EMBEDDING and not is_for_failures:
        active = active | named_versions(context)
    if question not in active:
        raise ModelError(f"no version of {question} is active yet: its first night comes first")
    return active[question]
