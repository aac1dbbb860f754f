"""Sequence classifiers as questions of their own: by configuration alone, and on a lake in use."""

import pytest

from nightshelf.errors import AuditError

REVIEWS = [
    {"review_id": f"r{n}", "product_id": "p1", "body": f"it is a kettle {n}"} for n in range(4)
]
PRODUCTS = [{"product_id": "p1", "title": "Kettle"}, {"product_id": "p2", "title": "Lamp"}]
BOTH = """
[tone]
model = "fake"
labels = ["kind", "rude"]

[kind]
about = "catalog"
model = "fake"
scores = "sigmoid"
labels = ["kitchen", "light", "garden"]
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "classifiers.toml"
    path.write_text(BOTH)
    return path


def shown(shop, table):
    [id_field] = {"review_tone": ["review_id"], "product_kind": ["product_id"]}[table]
    return {row[id_field]: row for row in shop.rows(table).to_pylist()}


def test_they_are_asked_published_and_signed(new_shop, file):
    shop = new_shop(classifiers=str(file))
    shop.land("reviews", REVIEWS, "2026-03-01")
    shop.land("catalog", PRODUCTS, "2026-03-01")
    row = shop.night("2026-03-01")
    assert {name: counts["to_ask"] for name, counts in row["plan"].items()} == {
        "sentiment": 4,
        "embedding": 6,
        "tone": 4,
        "kind": 2,
    }
    tone, kind = shown(shop, "review_tone"), shown(shop, "product_kind")
    assert tone.keys() == {"r0", "r1", "r2", "r3"}
    assert kind.keys() == {"p1", "p2"}
    for one in tone.values():
        assert one["labels"] == [one["label"]]
        assert [score["label"] for score in one["scores"]] == ["kind", "rude"]
        assert one["model_version"] == row["models"]["tone"]
    for one in kind.values():
        likely = [score["label"] for score in one["scores"] if score["score"] >= 0.5]
        assert one["labels"] == likely
    assert shop.rows("tone").num_rows == 4
    again = shop.night("2026-03-01")
    assert (again["state"], again["asked"]["texts"]) == ("unchanged", 0)


def test_one_that_is_added_later_catches_up_with_all_that_is_current(new_shop, file):
    shop = new_shop()
    shop.land("reviews", REVIEWS, "2026-03-01")
    shop.land("catalog", PRODUCTS, "2026-03-01")
    shop.night("2026-03-01")
    later = new_shop(classifiers=str(file))
    deleted = {"review_id": "r0", "op": "delete"}
    edited = {"review_id": "r1", "product_id": "p1", "body": "now it is broken"}
    later.land("reviews", [deleted, edited], "2026-03-02")
    row = later.night("2026-03-02")
    assert {name: counts["to_ask"] for name, counts in row["plan"].items()} == {
        "sentiment": 1,
        "embedding": 1,
        "tone": 3,
        "kind": 2,
    }
    assert shown(later, "review_tone").keys() == {"r1", "r2", "r3"}
    assert shown(later, "product_kind").keys() == {"p1", "p2"}


def test_one_that_is_taken_away_is_not_in_the_next_release(new_shop, file):
    shop = new_shop(classifiers=str(file))
    shop.land("reviews", REVIEWS, "2026-03-01")
    shop.night("2026-03-01")
    without = new_shop()
    without.land("reviews", [{"review_id": "r9", "product_id": "p1", "body": "x"}], "2026-03-02")
    without.night("2026-03-02")
    first, second = without.releases()
    assert set(first.tables) - set(second.tables) == {
        "lake.shelf.review_tone",
        "lake.shelf.product_kind",
    }


def test_a_text_that_it_cannot_answer_is_a_row_that_says_so(new_shop, file):
    shop = new_shop(classifiers=str(file), max_failed_share=0.5)
    poisoned = {"review_id": "r9", "product_id": "p1", "body": "☠ it is"}
    shop.land("reviews", [*REVIEWS, poisoned], "2026-03-01")
    shop.night("2026-03-01")
    rows = shown(shop, "review_tone")
    assert (rows["r9"]["status"], rows["r9"]["label"]) == ("failed", None)
    assert {rows[f"r{n}"]["status"] for n in range(4)} == {"answered"}


def test_another_share_of_labels_holds_the_release(new_shop, file):
    shop = new_shop(classifiers=str(file), max_label_drift=0.05)
    many = [{"review_id": f"a{n}", "product_id": "p1", "body": f"kettle {n}"} for n in range(200)]
    shop.land("reviews", many, "2026-03-01")
    shop.night("2026-03-01")
    share = [row["label"] for row in shown(shop, "review_tone").values()].count("kind") / 200
    assert 0.3 < share < 0.7
    same = [{"review_id": f"b{n}", "product_id": "p1", "body": "kettle 1"} for n in range(150)]
    shop.land("reviews", same, "2026-03-02")
    with pytest.raises(AuditError, match=r"review_tone: label_drift"):
        shop.night("2026-03-02")
