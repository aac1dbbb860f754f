"""A night from landed files to a release, and again."""

import pytest

from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.rollback import rollback
from nightshelf.ops import runs

PRODUCTS = [
    {"product_id": "p1", "title": "Kettle", "brand": "Acme", "attributes": {"colour": "red"}},
    {"product_id": "p2", "title": "Lamp", "category": "Lighting"},
]
REVIEWS = [
    {"review_id": "r1", "product_id": "p1", "rating": 5, "body": "great, love it"},
    {"review_id": "r2", "product_id": "p1", "rating": 1, "body": "terrible, it broke"},
    {"review_id": "r3", "product_id": "p2", "rating": 3, "body": "it is a lamp"},
    {"review_id": "r4", "product_id": "p2", "rating": 4, "body": "great, love it"},
]


def asked(row):
    return {question: counts["to_ask"] for question, counts in row["plan"].items()}


def test_a_night_publishes_each_review_once_and_signs_every_row(shop):
    shop.land("reviews", REVIEWS, "2026-03-01")
    shop.land("catalog", PRODUCTS, "2026-03-01")
    row = shop.night("2026-03-01", run="first")
    assert shop.sentiment() == {
        "r1": ("positive", 1),
        "r2": ("negative", 1),
        "r3": ("neutral", 1),
        "r4": ("positive", 1),
    }
    # The text that two customers wrote is read once.
    assert asked(row) == {"sentiment": 3, "embedding": 5}
    assert (row["state"], row["release"], row["asked"]["texts"]) == ("released", 1, 5)
    for table in shop.releases()[-1].tables:
        for published in shop.rows(table).to_pylist():
            assert published["run"] == "first"
            assert len(published["key"]) == 64
            assert published["model_version"] in row["models"].values()
    known = shop.rows("model_versions").to_pylist()
    assert {one["question"]: one["model_version"] for one in known} == row["models"]


def test_the_same_night_again_asks_nothing_and_releases_nothing_new(shop):
    shop.land("reviews", REVIEWS, "2026-03-01")
    shop.land("catalog", PRODUCTS, "2026-03-01")
    shop.night("2026-03-01")
    before = shop.content()
    row = shop.night("2026-03-01")
    assert asked(row) == {"sentiment": 0, "embedding": 0}
    assert (row["state"], row["release"], row["asked"]["texts"]) == ("unchanged", 1, 0)
    assert shop.content() == before
    assert len(shop.releases()) == 1


def test_insight_counts_shares_and_trend(shop):
    days = {"r1": "2026-02-20", "r2": "2026-02-25", "r5": "2026-01-20", "r6": "2026-01-21"}
    more = [
        {"review_id": "r5", "product_id": "p1", "rating": 4, "body": "great kettle"},
        {"review_id": "r6", "product_id": "p1", "body": "excellent kettle"},
    ]
    rows = [{**row, "created_at": days.get(row["review_id"])} for row in REVIEWS + more]
    shop.land("reviews", rows, "2026-03-01")
    shop.land("catalog", PRODUCTS, "2026-03-01")
    shop.night("2026-03-01")
    kettle, lamp = sorted(shop.rows("product_insight").to_pylist(), key=lambda r: r["product_id"])
    assert (kettle["title"], kettle["brand"], lamp["category"]) == ("Kettle", "Acme", "Lighting")
    assert (kettle["reviews"], kettle["answered"], kettle["mean_rating"]) == (4, 4, 10 / 3)
    assert (kettle["share_negative"], kettle["share_positive"]) == (0.25, 0.75)
    # 28 days to 1 March: r1 and r2; the 28 days before: r5 and r6.
    assert (kettle["reviews_28d"], kettle["share_positive_28d"]) == (2, 0.5)
    assert (kettle["share_positive_before"], kettle["trend"]) == (1.0, -0.5)
    assert (lamp["reviews_28d"], lamp["trend"]) == (2, None)


def test_a_poison_row_ends_as_a_failure_and_its_neighbours_are_answered(shop):
    shop.land("reviews", [*REVIEWS, {**REVIEWS[0], "review_id": "r9", "body": "☠"}], "2026-03-01")
    shop.night("2026-03-01")
    found = {row["review_id"]: row for row in shop.rows("review_sentiment").to_pylist()}
    assert (found["r9"]["status"], found["r9"]["reason"]) == ("failed", "UnanswerableRow")
    assert {row["status"] for key, row in found.items() if key != "r9"} == {"answered"}


def test_a_rerun_after_some_waves_asks_only_what_is_missing(new_shop):
    shop = new_shop(wave_rows=2)
    shop.land("reviews", REVIEWS, "2026-03-01")
    shop.start("2026-03-01", "cut")
    numbers = iter([1, 2])

    class Killed(RuntimeError):
        pass

    def say(line):
        if "tokens/s" in line and next(numbers) == 1:
            raise Killed

    whole = shop.context
    shop.context = type(whole)(shop.settings, shop.clock, say)
    with pytest.raises(Killed):
        shop.ask("cut")
    shop.context = whole
    shop.ask("cut")
    shop.finish("cut")
    asked_in_all = [wave["texts"] for wave in runs.waves_of(shop.context.ops, "cut")]
    assert sum(asked_in_all) == 3
    assert len(shop.rows("sentiment")) == 3


def test_rollback_shows_the_old_content_and_the_night_again_brings_the_new(shop):
    shop.land("reviews", REVIEWS[:2], "2026-03-01")
    shop.night("2026-03-01")
    first = shop.content()
    shop.land("reviews", REVIEWS[2:], "2026-03-02")
    shop.night("2026-03-02")
    second = shop.content()
    done = rollback(shop.context.catalog, 1, reason="", now=shop.clock())
    assert shop.content() == first
    assert done.withdrawn == ("2026-03-02",)
    assert shop.night("2026-03-02")["release"] == 4
    assert shop.content() == second


def test_a_release_can_still_be_read_after_later_ones(shop):
    shop.land("reviews", REVIEWS[:2], "2026-03-01")
    shop.night("2026-03-01")
    shop.land("reviews", REVIEWS[2:], "2026-03-02")
    shop.night("2026-03-02")
    assert len(shop.rows("review_sentiment", release=1)) == 2
    assert len(shop.rows("review_sentiment")) == 4


def test_a_run_whose_models_cannot_be_opened_any_more_asks_nobody(new_shop):
    shop = new_shop()
    shop.land("reviews", REVIEWS, "2026-03-01")
    shop.start("2026-03-01", "r")
    runs.update_run(shop.context.ops, "r", models={"sentiment": "0" * 16, "embedding": "1" * 16})
    with pytest.raises(NightshelfError, match=r"to be answered by model version 0{16}"):
        shop.ask("r")
