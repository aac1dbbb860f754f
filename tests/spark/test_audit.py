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


def rewrite(table, change):
    """Replace a table's rows by `change(number, row)`, as a broken worker would have left them."""
    rows = table.scan().to_arrow()
    changed = [change(number, row) for number, row in enumerate(rows.to_pylist())]
    table.overwrite(type(rows).from_pylist(changed, schema=rows.schema))


def failed(row):
    empty = dict.fromkeys(("label", "p_negative", "p_neutral", "p_positive"))
    return {**row, "status": "failed", "reason": "OutOfMemory", **empty}


#: By question: what is done to one answer each, the last one to all that are left, and what the
#: audit calls it.
BREAKAGES = {
    "sentiment": [
        ("rows_without_answer", lambda row: {**row, "status": None}),
        ("rows_without_provenance", lambda row: {**row, "run": None}),
        ("probabilities_not_a_distribution", lambda row: {**row, "p_neutral": 0.9}),
        (
            "labels_not_the_likeliest",
            lambda row: {**row, "label": "neutral" if row["label"] != "neutral" else "positive"},
        ),
        ("failed_share", failed),
    ],
    "embedding": [
        ("vectors_not_finite", lambda row: {**row, "vector": [float("nan"), *row["vector"][1:]]}),
        ("vectors_not_of_unit_norm", lambda row: {**row, "vector": [2 * x for x in row["vector"]]}),
    ],
}


def test_broken_answers_hold_the_release_and_each_is_named(shop):
    shop.land("reviews", reviews(9, "great"), DAY)
    shop.start(DAY, "r")
    shop.ask("r")
    for question, breakages in BREAKAGES.items():
        table = shop.context.catalog.load_table(local_name(f"lake.answers.{question}"))
        changes = [change for _, change in breakages]
        rewrite(table, lambda n, row, c=changes: c[min(n, len(c) - 1)](row))
    with pytest.raises(AuditError):
        shop.finish("r")
    violations = runs.read_run(shop.context.ops, "r")["assembled"]["violations"]
    named = {name for breakages in BREAKAGES.values() for name, _ in breakages}
    assert {name for name in named if any(name in one for one in violations)} == named
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


def test_breaches_of_the_accounting_identity_hold_the_release_and_are_named(shop):
    shop.land("reviews", [*reviews(3, "great"), {"body": "no id"}], DAY)
    shop.start(DAY, "r")
    shop.ask("r")
    # So many that the breaches do not make up for each other.
    more = {"rows_read": 5, "accepted": 1, "files_rejected": 1}
    rewrite(
        shop.context.catalog.load_table("shop.landings"),
        lambda _, row: {**row, **{column: row[column] + count for column, count in more.items()}},
    )
    with pytest.raises(AuditError) as held:
        shop.finish("r")
    named = ("rows_unaccounted_for", "versions_lost", "rejections_lost")
    assert [name for name in named if name not in str(held.value)] == []
    assert shop.releases() == []
