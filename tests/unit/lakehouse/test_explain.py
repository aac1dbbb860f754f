"""Every published value leads back to its input row and its model."""

import json
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from nightshelf import names
from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.explain import explained
from nightshelf.lakehouse.release import Release, base_snapshots, publish
from nightshelf.lakehouse.tables import TABLES
from nightshelf.settings import Settings

TEXT = "never to be shown"
DAY = date(2026, 3, 1)
SIGNED = {
    "status": "answered",
    "key": "k" * 64,
    "content_key": "c" * 64,
    "run": "n1",
    "wave": 7,
    "landing_date": DAY,
    "file": "a.parquet",
    "row": 3,
    "model_version": "m1",
}
ROWS = {
    names.REVIEW_SENTIMENT: [
        {"review_id": "r1", "product_id": "p1", "label": "positive", "p_positive": 0.75, **SIGNED},
        {"review_id": "r2", "product_id": "p1", **SIGNED, "status": "failed", "reason": "Hung"},
        {"review_id": "r4", **SIGNED, "status": "deferred", "reason": "cap", "wave": None},
    ],
    names.REVIEW_EMBEDDING: [
        {"review_id": "r1", "vector": [0.5] * 8, **SIGNED, "model_version": "m9"}
    ],
    names.PRODUCT_INSIGHT: [
        {"as_of": day, "product_id": "p1", "reviews": n, "model_version": "m1,m2", "run": "n1"}
        for n, day in ((1, date(2026, 2, 28)), (2, DAY))
    ],
    names.REVIEW_VERSIONS: [
        {"review_id": "r1", "op": "upsert", "body": TEXT, "redactions": 2, **SIGNED}
        | {"landing_date": day}
        for day in (date(2026, 2, 1), DAY)
    ],
    names.MODEL_VERSIONS: [
        {
            "question": "sentiment",
            "model_version": version,
            "name": "head",
            "revision": "v3",
            "licence": "cc0",
            "identity": json.dumps({"weights_sha256": "ab" * 32, "precision": "fp32"}),
        }
        for version in ("m1", "m2")
    ],
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    catalog = open_catalog(Settings(home=tmp_path_factory.mktemp("home")))
    ensure_tables(catalog, {})
    tables = base_snapshots(catalog, None)
    for name, rows in ROWS.items():
        table, schema = catalog.load_table(local_name(name)), TABLES[name].schema
        known = [{k: v for k, v in row.items() if k in schema.names} for row in rows]
        table.append(pa.Table.from_pylist(known, schema=schema))
        if name in tables:
            tables[name] = table.current_snapshot().snapshot_id
    at = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    about = {"release": 1, "parent": 0, "kind": "night", "run": "n1", "released_at": at}
    publish(catalog, Release(**about, tables=tables, digests={}))
    return catalog


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        (
            "r1",
            [
                "release 1 of 2026-03-02 01:30 (n1)",
                "lake.shelf.review_sentiment",
                "  label         positive",
                "  p_positive    0.7500",
                f"  answer        answered, key {'k' * 64}",
                f"  text          content key {'c' * 64}, after redaction",
                "  input         2026-03-01 a.parquet row 3",
                "  model         m1 = head at v3 (licence cc0)",
                "  parameters    weights_sha256 abababababab…, precision fp32",
                "  answered in   run n1, wave 7",
                "  vector        8 numbers",
                "  model         m9, which model_versions does not know",
                "accepted versions (reviews)",
                f"  2026-03-01 a.parquet row 3: upsert, content key {'c' * 64}, 2 redactions,"
                " run n1",
            ],
        ),
        ("r2", [f"  answer        failed: Hung, key {'k' * 64}"]),
        (
            "r4",
            [
                f"  answer        deferred: cap, key {'k' * 64}",
                "  deferred in   run n1; no model was asked, the next night asks it first",
            ],
        ),
        (
            "p1",
            [
                "lake.shelf.product_insight",
                "  as_of         2026-03-01",
                "  reviews       2",
                "  model         m2 = head at v3 (licence cc0)",
                "  answered in   run n1",
            ],
        ),
    ],
)
def test_what_is_said(lake, wanted, lines):
    said = "\n".join(explained(lake, wanted, None)).splitlines()
    assert [line for line in lines if line not in said] == []
    assert TEXT not in "\n".join(said)


def test_the_newest_version_and_picture_come_first(lake):
    said = list(explained(lake, "r1", 1))
    assert [line.split()[0] for line in said[-2:]] == ["2026-03-01", "2026-02-01"]
    assert not [line for line in explained(lake, "p1", 1) if "2026-02-28" in line]


@pytest.mark.parametrize(
    ("wanted", "release", "complaint"),
    [("r3", None, "no review and no product is called 'r3' in release 1"), ("r1", 9, "no release")],
)
def test_what_is_not_there(lake, wanted, release, complaint):
    with pytest.raises(NightshelfError, match=complaint):
        list(explained(lake, wanted, release))
