"""A broken run's answers are withdrawn, and the next night asks anew."""

import pytest

from nightshelf.lakehouse.retractions import affected, retract, unretract
from nightshelf.ops import runs

REVIEWS = [
    {"review_id": f"r{n}", "product_id": f"p{n % 2}", "body": f"great kettle {n}"} for n in range(4)
]


def asked(row):
    return {question: counts["to_ask"] for question, counts in row["plan"].items()}


def withdraw(shop, run):
    last_wave = max(wave["wave"] for wave in runs.waves_of(shop.context.ops, run))
    row = {"run": run, "last_wave": last_wave, "who": "ada", "reason": "broken"}
    retract(shop.context.catalog, row | {"retracted_at": shop.clock()})
    return last_wave


@pytest.fixture
def shop(new_shop):
    """Two nights; the first run's answers turn out to be broken."""
    shop = new_shop()
    shop.land("reviews", REVIEWS, "2026-03-01")
    shop.land("catalog", [{"product_id": "p0", "title": "Kettle"}], "2026-03-01")
    shop.night("2026-03-01", run="broken")
    shop.land("reviews", [{**REVIEWS[0], "review_id": "r9", "body": "a lamp"}], "2026-03-02")
    shop.night("2026-03-02", run="sound")
    return shop


def signed(shop, table):
    key = "review_id" if table.startswith("review") else "product_id"
    return {row[key]: row["run"] for row in shop.rows(table).to_pylist()}


def test_the_next_night_takes_up_the_published_rows_and_asks_anew(shop):
    before = shop.content()
    withdraw(shop, "broken")
    unretract(shop.context.catalog, "broken")
    assert shop.rows("retractions").num_rows == 0
    found = affected(shop.context.catalog, "broken", 10)
    assert found.answers == {"answers.embedding": 5, "answers.sentiment": 4}
    assert found.published == {
        "lake.shelf.review_sentiment": 4,
        "lake.shelf.review_embedding": 4,
        "lake.shelf.product_embedding": 1,
    }
    assert found.dates == ("2026-03-01",)
    assert affected(shop.context.catalog, "broken", 0).answers == {}
    withdraw(shop, "broken")
    # Readers see what they saw, until a night has better.
    assert shop.content() == before
    assert len(shop.rows("sentiment")) == 5
    shop.land("reviews", [{**REVIEWS[1], "review_id": "r8", "body": "a pan"}], "2026-03-03")
    row = shop.night("2026-03-03", run="next")
    assert asked(row) == {"sentiment": 5, "embedding": 6}
    every = dict.fromkeys(("r0", "r1", "r2", "r3", "r8"), "next") | {"r9": "sound"}
    assert signed(shop, "review_sentiment") == every
    assert signed(shop, "review_embedding") == every
    assert signed(shop, "product_embedding") == {"p0": "next"}
    # The broken ones are not deleted, and not asked for a third time.
    assert len(shop.rows("sentiment")) == 10
    shop.land("reviews", [{**REVIEWS[1], "review_id": "r7", "body": "a pot"}], "2026-03-04")
    assert asked(shop.night("2026-03-04")) == {"sentiment": 1, "embedding": 1}


def test_only_its_question_was_broken(new_shop):
    """Embeddings of one run beside sentiments of another: each row is found by its own run."""
    shop = new_shop()
    shop.land("reviews", REVIEWS, "2026-03-01")
    shop.night("2026-03-01", run="first")
    table = shop.context.catalog.load_table("answers.sentiment")
    rows = table.scan().to_arrow()
    place = rows.column_names.index("run")
    table.overwrite(rows.set_column(place, rows.field("run"), [["other"] * len(rows)]))
    withdraw(shop, "first")
    shop.land("reviews", [{**REVIEWS[0], "review_id": "r9"}], "2026-03-02")
    row = shop.night("2026-03-02", run="next")
    assert asked(row) == {"sentiment": 0, "embedding": 4}
    assert set(signed(shop, "review_embedding").values()) == {"next"}
    assert set(signed(shop, "review_sentiment").values()) == {"other"}


def test_a_run_that_goes_on_after_its_retraction_is_believed(shop):
    withdraw(shop, "broken")
    row = shop.night("2026-03-01", run="broken")
    assert asked(row) == {"sentiment": 4, "embedding": 5}
    assert len(shop.sentiment()) == 5
