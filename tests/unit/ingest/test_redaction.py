from datetime import date

import pyarrow as pa

from nightshelf.contracts import CATALOG, REVIEWS
from nightshelf.ingest.redaction import redacted
from nightshelf.ingest.validate import validate

LANDED = date(2026, 2, 3)


def clean(columns, contract):
    rows = validate(pa.table(columns), contract=contract, landing_date=LANDED, first_row=1)
    return redacted(rows.accepted, contract)


def test_reviews_lose_personal_data_in_title_and_body_only():
    table = clean(
        {
            "review_id": ["jo@example.org", "r2"],
            "product_id": ["p", "p"],
            "title": ["ask jo@example.org", None],
            "body": ["call +44 20 7946 0018 or +44 20 7946 0019", "fine"],
        },
        REVIEWS,
    )
    assert table["title"].to_pylist() == ["ask [email]", None]
    assert table["body"].to_pylist() == ["call [phone] or [phone]", "fine"]
    assert table["review_id"].to_pylist() == ["jo@example.org", "r2"]
    assert table["redactions"].to_pylist() == [3, 0]
    assert table.schema.field("redactions").type == pa.int32()
    assert table.schema.names == [*REVIEWS.schema.names, "row", "redactions"]


def test_the_values_of_attributes_are_redacted():
    attributes = ['{"contact": "jo@example.org", "size": "120 x 60 x 75 cm"}', None]
    table = clean(
        {"product_id": ["p", "q"], "title": ["t", "t"], "attributes": attributes}, CATALOG
    )
    assert table["attributes"].to_pylist() == [
        [("contact", "[email]"), ("size", "120 x 60 x 75 cm")],
        None,
    ]
    assert table["redactions"].to_pylist() == [1, 0]
