"""Write down who answers, before the first answer: for operators and, in the lake, for readers."""

import json
from collections.abc import Iterable

import pyarrow as pa

from nightshelf.answers.version import ModelVersion
from nightshelf.host.choices import questions_of, to_fields
from nightshelf.lakehouse.catalog import local_name, rows_of
from nightshelf.lakehouse.tables import TABLES, TableSpec, answers_spec
from nightshelf.models.panel import Choice
from nightshelf.models.versions import versions_of
from nightshelf.names import MODEL_VERSIONS
from nightshelf.night.context import Context
from nightshelf.night.planned import Pair
from nightshelf.ops import runs


def register_models(context: Context, run: str, pairs: Iterable[Pair], who: str) -> None:
    """Every version that `pairs` ask, with the choice by which it can be opened again."""
    asked = [(choice, versions_of([choice]), questions) for choice, questions in pairs]
    found = [
        (choice, version)
        for choice, versions, questions in asked
        for question, version in versions.items()
        if question in questions
    ]
    for choice, version in found:
        note_version(context, choice, version, run=run, who=who)
    known = set(rows_of(context.catalog, MODEL_VERSIONS)["model_version"].to_pylist())
    fresh = [
        {**_about(one), "identity": json.dumps(one.identity, sort_keys=True)}
        | {"model_version": one.id, "run": run}
        for _, one in found
        if one.id not in known
    ]
    if fresh:
        table = context.catalog.load_table(local_name(MODEL_VERSIONS))
        table.append(pa.Table.from_pylist(fresh, schema=TABLES[MODEL_VERSIONS].schema))


def answers_of(pairs: Iterable[Pair]) -> dict[str, TableSpec]:
    """The tables for the answers of `pairs`, by question."""
    asked = [(question, names) for choice, names in pairs for question in questions_of(choice)]
    return {one.name: answers_spec(one.columns) for one, names in asked if one.name in names}


def note_version(
    context: Context, choice: Choice, version: ModelVersion, *, run: str, who: str
) -> None:
    """In the operations database."""
    about = {**_about(version), "id": version.id, "choice": to_fields(choice)}
    about |= {"registered_by": who, "registered_at": context.clock()}
    runs.register_model(context.ops, run, about)


def _about(version: ModelVersion) -> dict[str, object]:
    return {
        "question": version.question,
        "name": version.name,
        "revision": version.revision,
        "licence": version.licence,
        "identity": dict(version.identity),
    }
