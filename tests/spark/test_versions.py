"""Edits, deletions, withdrawals, late files, and the order in which dates are run."""


def review(number, body, **more):
    return {"review_id": f"r{number}", "product_id": "p1", "body": body, **more}


def product(number, title, **more):
    return {"product_id": f"p{number}", "title": title, **more}


def test_an_edited_review_is_published_once_and_a_deleted_one_is_gone(shop):
    shop.land("reviews", [review(number, "great") for number in (1, 2, 3)], "2026-03-01")
    shop.night("2026-03-01")
    later = [review(1, "it broke"), {"review_id": "r3", "op": "delete"}]
    shop.land("reviews", later, "2026-03-02")
    shop.night("2026-03-02")
    assert shop.sentiment() == {"r1": ("negative", 2), "r2": ("positive", 1)}


def test_withdrawing_the_later_file_restores_the_old_wording(shop):
    shop.land("reviews", [review(1, "great"), review(2, "great")], "2026-03-01")
    shop.night("2026-03-01")
    before = shop.content()["lake.shelf.review_sentiment"]
    shop.land("reviews", [review(1, "it broke"), review(3, "great")], "2026-03-02")
    shop.night("2026-03-02")
    shop.withdraw("reviews", "2026-03-02")
    row = shop.night("2026-03-02")
    assert shop.content()["lake.shelf.review_sentiment"] == before
    assert row["asked"]["texts"] == 0


def test_the_next_night_runs_earlier_dates_whose_files_changed(shop):
    late, changed, vanished, tonight = (f"2026-03-0{day}" for day in range(1, 5))
    for number, date in enumerate((late, changed, vanished), 1):
        shop.land("reviews", [review(number, "great")], date)
    shop.night(vanished)
    assert set(shop.sentiment()) == {"r1", "r2", "r3"}
    shop.land("reviews", [review(4, "great")], tonight)
    shop.land("reviews", [review(5, "great")], late, name="late")
    shop.land("reviews", [review(6, "great")], changed)
    # As a shop does it that knows no `withdraw`: the file is simply gone.
    (shop.settings.landing / "reviews" / f"date={vanished}" / "f.parquet").unlink()
    row = shop.night(tonight)
    assert set(shop.sentiment()) == {"r1", "r4", "r5", "r6"}
    assert "new late.parquet" in row["dates"][late]
    assert "changed f.parquet" in row["dates"][changed]
    assert "vanished f.parquet" in row["dates"][vanished]


def test_an_empty_delivery_empties_its_date(shop):
    shop.land("reviews", [review(1, "great")], "2026-03-01")
    shop.night("2026-03-01")
    shop.withdraw("reviews", "2026-03-01")
    shop.night("2026-03-01")
    assert shop.sentiment() == {}
    assert len(shop.rows("product_insight")) == 0


def test_products_follow_snapshots_and_deltas(shop):
    shop.land("catalog", [product(1, "Kettle"), product(2, "Lamp")], "2026-03-01")
    shop.night("2026-03-01")
    shop.land("catalog", [product(3, "Tent"), product(1, "Kettle 2")], "2026-03-02", mode="delta")
    shop.night("2026-03-02")
    ids = {
        (r["product_id"], r["landing_date"].day) for r in shop.rows("product_embedding").to_pylist()
    }
    assert ids == {("p1", 2), ("p2", 1), ("p3", 2)}
    shop.land("catalog", [product(1, "Kettle 2"), product(3, "Tent")], "2026-03-03")
    row = shop.night("2026-03-03")
    ids = {
        (r["product_id"], r["landing_date"].day) for r in shop.rows("product_embedding").to_pylist()
    }
    assert ids == {("p1", 3), ("p3", 3)}
    # The snapshot says again what was known: nothing is read again.
    assert row["asked"]["texts"] == 0


DAYS = {
    "2026-03-01": [review(1, "great"), review(2, "good lamp"), review(3, "it broke")],
    "2026-03-02": [review(1, "it broke"), {"review_id": "r2", "op": "delete"}, review(4, "fine")],
    "2026-03-03": [review(2, "good again"), review(3, "great now"), review(5, "awful")],
}


def test_a_night_does_not_see_what_another_has_ingested_and_not_released(new_shop):
    whole, shop = new_shop("whole"), new_shop("two at once")
    for one in (whole, shop):
        for day in ("2026-03-01", "2026-03-02"):
            one.land("reviews", DAYS[day], day)
    for day in ("2026-03-01", "2026-03-02"):
        whole.night(day)
    # As two runs of a backfill may come to lie: the second reads before the first assembles.
    shop.start("2026-03-01", "one")
    shop.ask("one")
    shop.start("2026-03-02", "two")
    shop.finish("one")
    assert shop.sentiment()["r1"] == ("positive", 1)
    shop.ask("two")
    shop.finish("two")
    assert shop.content() == whole.content()


ORDERS = [sorted(DAYS), sorted(DAYS, reverse=True), ["2026-03-02", "2026-03-03", "2026-03-01"]]


def test_the_order_in_which_dates_are_run_does_not_matter(new_shop):
    contents = []
    for order in ORDERS:
        shop = new_shop("-".join(day[-2:] for day in order))
        # Landed one by one as they are run: a night runs earlier dates that it finds by itself.
        for day in order:
            shop.land("reviews", DAYS[day], day)
            shop.land("catalog", [product(1, f"Kettle of {day}")], day)
            shop.night(day)
        contents.append(shop.content())
    assert len(contents[0]["lake.shelf.review_sentiment"]) == 5
    assert all(content == contents[0] for content in contents[1:])
