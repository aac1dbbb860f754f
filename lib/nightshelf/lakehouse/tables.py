"""Every Iceberg table: its columns, how it is partitioned, and what is not measured in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from nightshelf import names
from nightshelf.contracts import CATALOG, REVIEWS

TIME = pa.timestamp("us", tz="UTC")

#: Where an accepted row came from.
_SOURCE: dict[str, pa.DataType] = {
    "landing_date": pa.date32(),
    "file": pa.string(),
    "row": pa.int64(),
}

#: Who answered; each published row carries it.
PROVENANCE: dict[str, pa.DataType] = {
    "status": pa.string(),
    "reason": pa.string(),
    "key": pa.string(),
    "content_key": pa.string(),
    "model_version": pa.string(),
    "run": pa.string(),
    "wave": pa.int64(),
}

#: A claim of a text: `text[start:end]`, and the place in the product's fields that carries it.
PROOF = pa.struct(
    {
        "kind": pa.string(),
        "start": pa.int32(),
        "end": pa.int32(),
        "verdict": pa.string(),
        "field": pa.string(),
        "field_start": pa.int32(),
        "field_end": pa.int32(),
    }
)

_SHARES = {f"share_{label}": pa.float64() for label in ("negative", "neutral", "positive")}


@dataclass(frozen=True)
class TableSpec:
    columns: Mapping[str, pa.DataType]
    partition: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> pa.Schema:
        return pa.schema(dict(self.columns))


def _fields(schema: pa.Schema, *, without: tuple[str, ...] = ()) -> dict[str, pa.DataType]:
    return {item.name: item.type for item in schema if item.name not in without}


def answers_spec(columns: pa.Schema) -> TableSpec:
    """The append-only table of one question; `columns` are the answer's own."""
    return TableSpec(
        {
            "key": pa.string(),
            "content_key": pa.string(),
            "status": pa.string(),
            "reason": pa.string(),
            "tokens": pa.int32(),
            **_fields(columns),
            "model_version": pa.string(),
            "run": pa.string(),
            "wave": pa.int64(),
            "answered_at": TIME,
        }
    )


#: As `questions.classifier` gives them.
_LABELS: dict[str, pa.DataType] = {
    "label": pa.string(),
    "labels": pa.list_(pa.string()),
    "scores": pa.list_(pa.struct({"label": pa.string(), "score": pa.float32()})),
}


def classified_spec(dataset: str) -> TableSpec:
    """The published table of a classifier that is asked about "reviews" or the "catalog"."""
    if dataset == "catalog":
        return TableSpec({"product_id": pa.string(), **_LABELS, **PROVENANCE, **_SOURCE})
    return TableSpec(
        {
            "review_id": pa.string(),
            "product_id": pa.string(),
            "event_date": pa.date32(),
            "rating": pa.float64(),
            **_LABELS,
            **PROVENANCE,
            **_SOURCE,
        },
        partition="landing_date",
    )


TABLES: dict[str, TableSpec] = {
    names.REVIEW_VERSIONS: TableSpec(
        {
            **_fields(REVIEWS.schema, without=("customer_id",)),
            "customer": pa.string(),
            "event_date": pa.date32(),
            **_SOURCE,
            "content_key": pa.string(),
            "redactions": pa.int32(),
            "redactor": pa.string(),
            "run": pa.string(),
        },
        partition="landing_date",
    ),
    names.PRODUCT_VERSIONS: TableSpec(
        {
            **_fields(CATALOG.schema),
            **_SOURCE,
            "content_key": pa.string(),
            "redactions": pa.int32(),
            "redactor": pa.string(),
            "run": pa.string(),
        },
        partition="landing_date",
    ),
    names.REJECTED: TableSpec(
        {
            "dataset": pa.string(),
            **_SOURCE,
            "field": pa.string(),
            "reason": pa.string(),
            "run": pa.string(),
        },
        partition="landing_date",
    ),
    names.LANDINGS: TableSpec(
        {
            "dataset": pa.string(),
            "landing_date": pa.date32(),
            "mode": pa.string(),
            "files": pa.int64(),
            "files_rejected": pa.int64(),
            "rows_read": pa.int64(),
            "accepted": pa.int64(),
            "rejected": pa.int64(),
            "duplicate": pa.int64(),
            "run": pa.string(),
        },
        partition="landing_date",
    ),
    names.MODEL_VERSIONS: TableSpec(
        {
            "question": pa.string(),
            "model_version": pa.string(),
            "name": pa.string(),
            "revision": pa.string(),
            "licence": pa.string(),
            "identity": pa.string(),
            "run": pa.string(),
        }
    ),
    names.DEFERRED: TableSpec(
        {
            "run": pa.string(),
            "question": pa.string(),
            "key": pa.string(),
            "content_key": pa.string(),
            "reason": pa.string(),
        },
        # A run replaces what it has left out as a whole.
        partition="run",
    ),
    names.RETRACTIONS: TableSpec(
        {
            "run": pa.string(),
            "last_wave": pa.int64(),
            "who": pa.string(),
            "reason": pa.string(),
            "retracted_at": TIME,
        }
    ),
    names.REVIEW_SENTIMENT: TableSpec(
        {
            "review_id": pa.string(),
            "product_id": pa.string(),
            "event_date": pa.date32(),
            "rating": pa.float64(),
            "label": pa.string(),
            "p_negative": pa.float32(),
            "p_neutral": pa.float32(),
            "p_positive": pa.float32(),
            **PROVENANCE,
            **_SOURCE,
        },
        partition="landing_date",
    ),
    names.REVIEW_EMBEDDING: TableSpec(
        {
            "review_id": pa.string(),
            "product_id": pa.string(),
            "vector": pa.list_(pa.float32()),
            **PROVENANCE,
            **_SOURCE,
        },
        partition="landing_date",
    ),
    names.PRODUCT_EMBEDDING: TableSpec(
        {
            "product_id": pa.string(),
            "vector": pa.list_(pa.float32()),
            **PROVENANCE,
            **_SOURCE,
        }
    ),
    names.PRODUCT_DESCRIPTION: TableSpec(
        {
            "product_id": pa.string(),
            "text": pa.string(),
            "language": pa.string(),
            "fate": pa.string(),
            "why": pa.string(),
            "proof": pa.list_(PROOF),
            "warnings": pa.list_(pa.string()),
            "judged_by": pa.string(),
            **PROVENANCE,
            **_SOURCE,
        }
    ),
    names.PRODUCT_INSIGHT: TableSpec(
        {
            "as_of": pa.date32(),
            "product_id": pa.string(),
            "title": pa.string(),
            "brand": pa.string(),
            "category": pa.string(),
            "reviews": pa.int64(),
            "answered": pa.int64(),
            "mean_rating": pa.float64(),
            **_SHARES,
            "reviews_28d": pa.int64(),
            "share_positive_28d": pa.float64(),
            "share_positive_before": pa.float64(),
            "trend": pa.float64(),
            "key": pa.string(),
            "model_version": pa.string(),
            "run": pa.string(),
        },
        partition="as_of",
    ),
    names.RELEASES: TableSpec(
        {
            "release": pa.int64(),
            "parent": pa.int64(),
            "kind": pa.string(),
            "run": pa.string(),
            "dates": pa.list_(pa.string()),
            "withdrawn": pa.list_(pa.string()),
            "tables": pa.map_(pa.string(), pa.int64()),
            "digests": pa.map_(pa.string(), pa.string()),
            "models": pa.map_(pa.string(), pa.string()),
            "reason": pa.string(),
            "released_at": TIME,
        },
        # The commit's parent check is the fence: a retry would step over it.
        properties={"commit.retry.num-retries": "0"},
    ),
}
