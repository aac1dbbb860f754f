"""The plan against what the night then does; and what a cap leaves out."""

from dataclasses import replace

import pytest

from nightshelf.errors import AuditError, OverCap
from nightshelf.models.faulty import poison
from nightshelf.night.caps import IGNORE, TAKE
from nightshelf.night.deciding import decide, may_ask
from nightshelf.night.estimate import Estimate
from nightshelf.ops import runs
from nightshelf.spark import plan, tokens

DAY, NEXT, THIRD = "2026-03-01", "2026-03-02", "2026-03-03"


def review(number, body="good thing", **more):
    return {"review_id": f"r{number}", "product_id": "p", "body": f"{body} {number}", **more}


def changed(shop, **settings):
    shop.settings = replace(shop.settings, **settings)
    shop.context = replace(shop.context, settings=shop.settings)


def causes(row, question="sentiment"):
    return {name: count for name, count in row["plan"][question]["causes"].items() if count}


def statuses(shop, table="review_sentiment"):
    return {row["review_id"]: row["status"] for row in shop.rows(table).to_pylist()}


def read_keys(shop, run):
    """Reviews whose text a model has read in the run."""
    answers = shop.rows("sentiment").to_pylist()
    by_key = {
        row["content_key"]: row["review_id"] for row in shop.rows("review_versions").to_pylist()
    }
    return {by_key[one["content_key"]] for one in answers if one["run"] == run}


# ------------------------------------------------------------------ causes and tokens


def test_each_text_is_asked_for_one_cause(new_shop, monkeypatch):
    # The first night looks through all stored keys, the second for its own only.
    monkeypatch.setattr(plan, "FEW", 4)
    shop = new_shop(max_failed_share=1.0)
    changed(shop, encoder="faulty:fake:8")
    rows = [review(1), review(2), review(3), review(4, poison("hang")), review(5, "same")]
    shop.land("reviews", [*rows, {**review(6), "body": "same 5"}], DAY)
    first = shop.night(DAY)
    assert causes(first) == {"new": 5}
    assert first["plan"]["sentiment"]["rows"] == 6

    changed(shop, encoder="fake:8")
    shop.land("reviews", [review(2, "edited thing"), review(7)], NEXT)
    second = shop.night(NEXT)
    assert causes(second) == {"new": 1, "edited": 1, "failed before": 1}
    assert causes(second, "embedding") == {"new": 1, "edited": 1, "failed before": 1}

    changed(shop, max_tokens=7)
    shop.activate("sentiment")
    row = capped(shop, "model")
    # The text of the review that was edited is on no shelf any more, but its day needs it.
    assert causes(row) == {"model changed": 4, "edited": 1}


def test_tokens_are_those_of_the_engine_and_nothing_is_invented_on_the_first_night(shop):
    shop.land("reviews", [review(n, "good thing " * (n % 7)) for n in range(60)], DAY)
    row = shop.night(DAY)
    estimate = Estimate.from_dict(row["estimate"])
    assert estimate.tokens == row["asked"]["tokens"] > 60
    assert (estimate.texts, estimate.is_exact) == (60, True)
    assert (estimate.seconds, estimate.finish) == (None, None)
    assert any("was not measured yet" in line for line in shop.lines)
    shop.land("reviews", [review(n) for n in range(100, 130)], NEXT)
    second = Estimate.from_dict(shop.night(NEXT)["estimate"])
    assert second.seconds > 0
    assert second.finish > second.planned_at


def test_tokens_of_many_texts_are_estimated_from_some(new_shop, monkeypatch):
    shop = new_shop(max_tokens=30)
    bodies = ["word " * (1 + n * n % 97) + "x" * (n % 11) for n in range(4000)]
    shop.land("reviews", [review(n, body) for n, body in enumerate(bodies)], DAY)
    monkeypatch.setattr(tokens.count_tokens, "__kwdefaults__", {"sample": 800})
    row = shop.night(DAY)
    estimate = Estimate.from_dict(row["estimate"])
    [part] = estimate.parts
    assert 600 < part.counted < 1000
    assert estimate.tokens != row["asked"]["tokens"]
    assert estimate.tokens == pytest.approx(row["asked"]["tokens"], rel=0.02)


# ------------------------------------------------------------------ caps


def capped(shop, run="r", day=DAY):
    """The run's row, once it is planned."""
    shop.start(day, run)
    return runs.read_run(shop.context.ops, run)


def test_over_a_cap_no_model_starts_and_the_message_says_what_would_fit(new_shop):
    shop = new_shop(cap_tokens=10, price_per_million_tokens=1e6)
    shop.land("reviews", [review(n) for n in range(5)], DAY)
    row = capped(shop)
    fits = row["estimate"]["fits"]
    assert (fits["texts"], fits["tokens"], fits["cost"]) == (3, 9, 9.0)
    for step in (lambda: may_ask(shop.context, "r"), lambda: shop.ask("r")):
        with pytest.raises(OverCap, match=r"15 tokens to ask, at most 10 tokens allowed, 5 tokens"):
            step()
    assert len(shop.rows("sentiment")) == 0
    assert runs.waves_of(shop.context.ops, "r") == []
    decide(shop.context, "r", tokens=15)
    shop.ask("r")
    shop.finish("r")
    assert set(statuses(shop).values()) == {"answered"}


def test_a_run_may_ignore_its_caps(new_shop):
    shop = new_shop(cap_rows=2)
    shop.land("reviews", [review(n) for n in range(5)], DAY)
    capped(shop)
    decide(shop.context, "r", over_cap=IGNORE)
    shop.ask("r")
    shop.finish("r")
    assert set(statuses(shop).values()) == {"answered"}


ORDERS = {
    "newest": {"r3", "r4"},
    "oldest": {"r0", "r1"},
    "shortest": {"r2", "r0"},
    "most_reviewed": {"r0", "r1"},
}


@pytest.mark.parametrize("order", ORDERS)
def test_what_fits_is_taken_in_the_order_that_is_set(new_shop, order):
    shop = new_shop(cap_rows=2, over_cap=TAKE, plan_order=order)
    bodies = ["good thing", "good thing that is long", "good", "great thing it is", "a b c d e f g"]
    products = ["p1", "p1", "p2", "p3", "p4"]
    rows = [
        review(n, body, product_id=product, created_at=f"2026-02-{10 + n}")
        for n, (body, product) in enumerate(zip(bodies, products, strict=True))
    ]
    shop.land("reviews", rows, DAY)
    shop.night(DAY, run="r")
    assert read_keys(shop, "r") == ORDERS[order]
    assert {key for key, one in statuses(shop).items() if one == "answered"} == ORDERS[order]


def test_what_is_left_out_is_deferred_and_comes_first_in_the_next_night(new_shop):
    shop = new_shop(cap_rows=3, over_cap=TAKE)
    rows = [review(n, created_at=f"2026-02-{10 + n}") for n in range(5)]
    shop.land("reviews", rows, DAY)
    first = shop.night(DAY, run="first")
    assert first["asked"]["texts"] == 3
    deferred = {"r0", "r1"}
    for table in ("review_sentiment", "review_embedding"):
        assert {
            k for k, status in statuses(shop, table).items() if status == "deferred"
        } == deferred
    for row in shop.rows("review_sentiment").to_pylist():
        if row["status"] == "deferred":
            assert (row["label"], row["reason"], row["run"], row["wave"]) == (
                None,
                "cap",
                "first",
                None,
            )
            assert len(row["key"]) == 64
            assert row["model_version"] == first["models"]["sentiment"]
    [insight] = shop.rows("product_insight").to_pylist()
    assert (insight["reviews"], insight["answered"]) == (5, 3)
    assert any(
        "5 current = 3 answered + 0 abstained + 0 failed + 2 deferred" in line
        for line in shop.lines
    )

    # Newer texts than those that were deferred; there is room for three.
    more = [review(n, created_at=f"2026-02-{10 + n}") for n in range(10, 14)]
    shop.land("reviews", more, NEXT)
    second = shop.night(NEXT, run="second")
    assert causes(second) == {"deferred": 2, "new": 4}
    assert read_keys(shop, "second") == {*deferred, "r13"}
    assert {k for k, s in statuses(shop).items() if s == "deferred"} == {"r10", "r11", "r12"}
    earlier, _ = sorted(shop.rows("product_insight").to_pylist(), key=lambda row: row["as_of"])
    assert (earlier["reviews"], earlier["answered"]) == (5, 5)

    changed(shop, cap_rows=0)
    shop.land("reviews", [review(20)], THIRD)
    third = shop.night(THIRD)
    assert causes(third) == {"deferred": 3, "new": 1}
    assert set(statuses(shop).values()) == {"answered"}


def test_a_rerun_of_a_part_leaves_out_the_same(new_shop):
    shop = new_shop(cap_rows=3, over_cap=TAKE)
    shop.land("reviews", [review(n) for n in range(5)], DAY)
    capped(shop)
    shop.ask("r")
    before = read_keys(shop, "r")
    shop.ask("r")
    assert read_keys(shop, "r") == before
    shop.finish("r")
    assert {k for k, s in statuses(shop).items() if s == "answered"} == before


def test_an_answer_that_is_missing_for_another_reason_still_holds_the_release(new_shop):
    shop = new_shop(cap_rows=3, over_cap=TAKE)
    shop.land("reviews", [review(n) for n in range(5)], DAY)
    capped(shop)
    shop.ask("r")
    table = shop.context.catalog.load_table("answers.deferred")
    left = table.scan().to_arrow()
    table.overwrite(left.slice(1))
    with pytest.raises(AuditError, match="rows_without_answer is 1"):
        shop.finish("r")
    table.overwrite(left)
    shop.finish("r")


def test_a_run_that_may_ask_all_after_all_forgets_what_it_had_left_out(new_shop):
    shop = new_shop(cap_rows=3, over_cap=TAKE)
    shop.land("reviews", [review(n) for n in range(5)], DAY)
    capped(shop)
    shop.ask("r")
    decide(shop.context, "r", rows=0)
    shop.ask("r")
    assert shop.rows("deferred").num_rows == 0
    shop.finish("r")
    assert set(statuses(shop).values()) == {"answered"}
