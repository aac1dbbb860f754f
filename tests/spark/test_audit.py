"""A broken night is held: readers see the last release, and the message names what failed."""

import pytest

from nightshelf.errors import AuditError
from nightshelf.lakehouse.catalog import local_name
from nightshelf.ops import runs

DAY = "2026-03-02"


def reviews(count, text, first=0):
    return [
        {"review_id": f"r{first + n}", "product_id": "p1", "body": f"{text} {first + n}"}
        for n in range(count)
    ]


def rewrite_answers(shop, question, change):
    """Replace the stored answers by changed ones, as a broken worker would have left them."""
    table = shop.context.catalog.load_table(local_name(f"lake.answers.{question}"))
    rows = [change(row) for row in table.scan().to_arrow().to_pylist()]
    schema = table.scan().to_arrow().schema
    table.overwrite(type(table.scan().to_arrow()).from_pylist(rows, schema=schema))


BREAKAGES = {
    "rows_without_answer": ("sentiment", lambda row: {**row, "status": None}),
    "rows_without_provenance": ("sentiment", lambda row: {**row, "run": None}),
    "probabilities_not_a_distribution": ("sentiment", lambda row: {**row, "p_neutral": 0.9}),
    "labels_not_the_likeliest": (
        "sentiment",
        lambda row: {**row, "label": "neutral" if row["label"] != "neutral" else "positive"},
    ),
    "vectors_not_finite": (
        "embedding",
        lambda row: {**row, "vector": [float("nan"), *row["vector"][1:]]},
    ),
    "vectors_not_of_unit_norm": (
        "embedding",
        lambda row: {**row, "vector": [2 * x for x in row["vector"]]},
    ),
    "failed_share": (
        "sentiment",
        lambda row: {
            **row,
            "status": "failed",
            "reason": "OutOfMemory",
            **dict.fromkeys(("label", "p_negative", "p_neutral", "p_positive")),
        },
    ),
}


@pytest.mark.parametrize("expectation", BREAKAGES)
def test_broken_answers_hold_the_release(shop, expectation):
    shop.land("reviews", reviews(4, "great"), DAY)
    shop.start(DAY, "r")
    shop.ask("r")
    rewrite_answers(shop, *BREAKAGES[expectation])
    with pytest.raises(AuditError, match=expectation):
        shop.finish("r")
    assert shop.releases() == []


def test_readers_see_the_last_release_while_one_is_held(shop):
    shop.land("reviews", reviews(120, "great"), "2026-03-01")
    shop.night("2026-03-01")
    before = shop.content()
    # Overnight everybody is cross: more likely a broken feed than the truth.
    shop.land("reviews", reviews(120, "awful", first=500), DAY)
    with pytest.raises(AuditError, match="label_drift is 1"):
        shop.night(DAY, run="held")
    assert shop.content() == before
    assert len(shop.releases()) == 1
    assert runs.read_run(shop.context.ops, "held")["assembled"]["violations"]


def test_a_snapshot_that_forgets_most_products_is_held(shop):
    products = [{"product_id": f"p{n}", "title": f"Lamp {n}"} for n in range(120)]
    shop.land("catalog", products, "2026-03-01")
    shop.night("2026-03-01")
    shop.land("catalog", products[:20], DAY)
    with pytest.raises(AuditError, match="products_vanished"):
        shop.night(DAY)
    assert len(shop.rows("product_embedding")) == 120


@pytest.mark.parametrize(
    ("table", "column", "expectation"),
    [
        pytest.param("landings", "rows_read", "rows_unaccounted_for", id="read"),
        pytest.param("landings", "accepted", "versions_lost", id="accepted"),
        pytest.param("landings", "files_rejected", "rejections_lost", id="rejected"),
    ],
)
def test_a_breach_of_the_accounting_identity_holds_the_release(shop, table, column, expectation):
    shop.land("reviews", [*reviews(3, "great"), {"body": "no id"}], DAY)
    shop.start(DAY, "r")
    shop.ask("r")
    loaded = shop.context.catalog.load_table(local_name(f"lake.shop.{table}"))
    rows = loaded.scan().to_arrow()
    changed = [{**row, column: row[column] + 1} for row in rows.to_pylist()]
    loaded.overwrite(type(rows).from_pylist(changed, schema=rows.schema))
    with pytest.raises(AuditError, match=expectation):
        shop.finish("r")
    assert shop.releases() == []
