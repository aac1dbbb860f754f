"""The engine inside Spark: equal shards, poison, a broken model, another try the next night."""

from dataclasses import replace

import pytest

from nightshelf.errors import ModelBroken
from nightshelf.models.faulty import poison
from nightshelf.ops import runs
from nightshelf.spark.shards import in_equal_shards


def review(number, body="good thing"):
    return {"review_id": f"r{number}", "product_id": "p", "body": f"{body} {number}"}


def faulty(shop, *, is_so=True):
    shop.settings = replace(shop.settings, encoder=f"{'faulty:' if is_so else ''}fake:8")
    shop.context = replace(shop.context, settings=shop.settings)


@pytest.mark.parametrize("shards", [1, 2, 7])
def test_shards_are_equally_long(spark, shards):
    lengths = [1 + (n * n) % 400 for n in range(2000)]
    rows = [(f"c{n}", "x" * length) for n, length in enumerate(lengths)]
    dealt = in_equal_shards(spark.createDataFrame(rows, "content_key string, text string"), shards)

    def loads(batches):
        import pyarrow as pa
        import pyarrow.compute as pc

        batches = list(batches)
        total = sum(pc.sum(pc.utf8_length(b["text"])).as_py() for b in batches if b.num_rows)
        keys = [key for b in batches for key in b["content_key"].to_pylist()]
        yield pa.RecordBatch.from_pydict({"total": [total], "keys": [",".join(keys)]})

    found = dealt.mapInArrow(loads, "total long, keys string").collect()
    keys = [key for row in found for key in row["keys"].split(",")]
    assert sorted(keys) == sorted(key for key, _ in rows)
    totals = [row["total"] for row in found]
    assert len(totals) == shards
    assert max(totals) - min(totals) <= 2 * max(lengths)


def test_a_killed_host_costs_one_text_and_the_wave_says_so(new_shop):
    shop = new_shop()
    faulty(shop)
    rows = [review(n) for n in range(40)] + [review(99, poison("kill"))]
    shop.land("reviews", rows, "2026-03-01")
    row = shop.night("2026-03-01")
    assert row["state"] == runs.RELEASED
    labels = shop.sentiment()
    assert labels.pop("r99") == (None, 1)
    assert set(labels.values()) == {("positive", 1)}
    [wave] = runs.waves_of(shop.context.ops, row["run"])
    assert wave["usage"]["failures"] == {"HostKilled": 1}
    assert wave["usage"]["restarts"] >= 2
    assert wave["usage"]["tokens"] == wave["tokens"] == 41 * 3 - 1
    assert 0 < wave["usage"]["busy_seconds"] <= wave["usage"]["seconds"]
    assert any("texts/s" in line and "padding" in line for line in shop.lines)
    assert row["asked"]["failures"] == {"HostKilled": 1}


def test_a_broken_model_ends_the_run_with_the_reason(new_shop):
    shop = new_shop()
    faulty(shop)
    shop.land("reviews", [review(n, poison("raise")) for n in range(200)], "2026-03-01")
    with pytest.raises(ModelBroken, match=r"texts failed, \d+ of them by ModelRaised"):
        shop.night("2026-03-01")
    assert shop.releases() == []


def test_what_failed_for_a_passing_reason_is_asked_again_the_next_night(new_shop):
    shop = new_shop(max_failed_share=1.0)
    faulty(shop)
    shop.land(
        "reviews", [review(1), review(2, poison("hang")), review(3, poison("nan"))], "2026-03-01"
    )
    shop.night("2026-03-01")
    reasons = {r["review_id"]: r["reason"] for r in shop.rows("review_sentiment").to_pylist()}
    assert reasons == {"r1": None, "r2": "DeadlinePassed", "r3": "WrongAnswer"}

    faulty(shop, is_so=False)
    shop.land("reviews", [review(4)], "2026-03-02")
    row = shop.night("2026-03-02")
    assert row["plan"]["sentiment"]["to_ask"] == 2  # the new one, and the one that hung
    assert {key: label for key, (label, _) in shop.sentiment().items()} == {
        "r1": "positive",
        "r2": "neutral",
        "r3": None,
        "r4": "positive",
    }
    shop.land("reviews", [review(5)], "2026-03-03")
    assert shop.night("2026-03-03")["plan"]["sentiment"]["to_ask"] == 1
