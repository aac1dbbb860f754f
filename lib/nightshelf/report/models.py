"""Which model version answered each question, and what it is made of."""

from collections.abc import Mapping

from nightshelf.ops.runs import model_ids
from nightshelf.report.shape_verdict import Model
from nightshelf.report.source import Source
from nightshelf.report.text import parameters


def models(source: Source) -> list[Model]:
    frozen: Mapping[str, str] = source.row["models"] or {}
    return [_model(source, question, version) for question, version in frozen.items()]


def _model(source: Source, question: str, version: str) -> Model:
    known = {row["id"]: row for row in model_ids(source.ops, question)}
    row = known.get(version)
    return {
        "question": question,
        "version": version,
        "name": row["name"] if row else None,
        "revision": row["revision"] if row else None,
        "licence": row["licence"] if row else None,
        "parameters": parameters(row["identity"] or {}) if row else {},
    }
