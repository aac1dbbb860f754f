"""Names are taken out in the workers, goods of the night's own catalog stay, and rows say so."""

from nightshelf.lakehouse.catalog import rows_of
from nightshelf.names import REVIEW_VERSIONS
from nightshelf.night import ingest
from nightshelf.privacy.recall import takes_names
from nightshelf.privacy.spans import Span
from nightshelf.spark.catalog_names import looked_through

DAY = "2026-03-01"
ROWS = [
    {"review_id": "a", "product_id": "p", "body": "Barbara likes the Tarn, call 212-736-5000"},
    {"review_id": "b", "product_id": "p", "body": "Barbara findet die Tasse sehr schön und gut"},
    {"review_id": "c", "product_id": "p", "body": "nobody is named here"},
]


def test_names_go_goods_stay_and_each_row_says_what_has_read_it(new_shop, monkeypatch):
    class Marking:
        """Of this function, so that it travels to the workers as code."""

        version = "marking-1"

        def find(self, texts):
            words = ("Barbara", "Tarn")
            found = [[(text.find(word), len(word)) for word in words] for text in texts]
            return [
                [Span(at, at + length, "name") for at, length in one if at >= 0] for one in found
            ]

    shop = new_shop()
    monkeypatch.setattr(ingest, "name_finder", lambda _: Marking())
    shop.land("reviews", ROWS, DAY)
    shop.land("catalog", [{"product_id": "p", "title": "Tarn Mug", "brand": "Tarn"}], DAY)
    shop.start(DAY, "r")
    rows = {
        row["review_id"]: row for row in rows_of(shop.context.catalog, REVIEW_VERSIONS).to_pylist()
    }
    assert {name: row["body"] for name, row in rows.items()} == {
        "a": "[name] likes the Tarn, call [phone]",
        "b": "Barbara findet die Tasse sehr schön und gut",
        "c": "nobody is named here",
    }
    assert {name: row["redactions"] for name, row in rows.items()} == {"a": 2, "b": 0, "c": 0}
    read = {name for name, row in rows.items() if takes_names(row["redactor"])}
    assert read == {"a", "c"}
    said = "2 of 3 reviews were looked through; 1 are not English and keep theirs"
    assert f"ingest: names and addresses: {said}" in shop.lines

    texts = shop.session.table(REVIEW_VERSIONS).select("content_key")
    allowed, left = looked_through(shop.session, texts)
    assert {row["content_key"] for row in allowed.collect()} == {
        rows[name]["content_key"] for name in ("a", "c")
    }
    assert [row["content_key"] for row in left.collect()] == [rows["b"]["content_key"]]
