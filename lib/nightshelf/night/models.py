"""Write down who answers, before the first answer: for operators and, in the lake, for readers."""

import json
from collections.abc import Mapping

import pyarrow as pa

from nightshelf.answers.version import ModelVersion
from nightshelf.lakehouse.catalog import local_name, rows_of
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import MODEL_VERSIONS
from nightshelf.night.context import Context
from nightshelf.ops import runs


def register_models(
    context: Context, run: str, versions: Mapping[str, ModelVersion]
) -> dict[str, str]:
    """Each question's model version by id, as the run freezes them."""
    for version in versions.values():
        runs.register_model(context.ops, run, {**_about(version), "id": version.id})
    known = set(rows_of(context.catalog, MODEL_VERSIONS)["model_version"].to_pylist())
    fresh = [
        {**_about(one), "identity": json.dumps(one.identity, sort_keys=True)}
        | {"model_version": one.id, "run": run}
        for one in versions.values()
        if one.id not in known
    ]
    if fresh:
        table = context.catalog.load_table(local_name(MODEL_VERSIONS))
        table.append(pa.Table.from_pylist(fresh, schema=TABLES[MODEL_VERSIONS].schema))
    return {question: version.id for question, version in versions.items()}


def _about(version: ModelVersion) -> dict[str, object]:
    return {
        "question": version.question,
        "name": version.name,
        "revision": version.revision,
        "licence": version.licence,
        "identity": dict(version.identity),
    }
