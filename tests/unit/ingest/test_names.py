from datetime import date

import pyarrow as pa
from tests.unit.privacy.test_names import Marking

from nightshelf.contracts import CATALOG, REVIEWS
from nightshelf.ingest.names import without_names
from nightshelf.ingest.redaction import redacted
from nightshelf.ingest.validate import validate
from nightshelf.privacy.choice import with_names
from nightshelf.privacy.names import CatalogNames, NameRedactor
from nightshelf.privacy.recall import takes_names
from nightshelf.privacy.redact import REDACTOR_VERSION

SHOP = CatalogNames.of([("p", "Tarn Mug", "Tarn")])
NAMES = NameRedactor(Marking("Jo", "Tarn", "Mia"), SHOP)


def clean(columns, contract, names):
    rows = validate(
        pa.table(columns), contract=contract, landing_date=date(2026, 2, 3), first_row=1
    )
    return without_names(redacted(rows.accepted, contract), contract, names)


def reviews(names):
    return clean(
        {
            "review_id": ["Jo", "r2", "r3", "r4"],
            "product_id": ["p", "p", "p", "p"],
            "title": ["ask Jo", None, "Jo", "Jo"],
            "body": [
                "Jo has the Tarn, jo@example.org",
                "fine",
                "Die Tasse von Jo ist sehr schön und kam schnell an",
                "Works",
            ],
        },
        REVIEWS,
        names,
    )


def test_english_reviews_lose_names_and_say_so():
    table = reviews(NAMES)
    assert table["title"].to_pylist() == ["ask [name]", None, "Jo", "[name]"]
    assert table["body"].to_pylist() == [
        "[name] has the Tarn, [email]",
        "fine",
        "Die Tasse von Jo ist sehr schön und kam schnell an",
        "Works",
    ]
    assert table["review_id"].to_pylist()[0] == "Jo"
    assert table["redactions"].to_pylist() == [3, 0, 0, 1]
    assert table.schema.field("redactions").type == pa.int32()
    assert table.schema.names == [*REVIEWS.schema.names, "row", "redactions", "redactor"]
    assert [takes_names(one) for one in table["redactor"].to_pylist()] == [True, True, False, True]
    assert table["redactor"].to_pylist()[1] == with_names(NAMES)


def test_off_leaves_names_and_says_so():
    table = reviews(None)
    assert table["title"].to_pylist() == ["ask Jo", None, "Jo", "Jo"]
    assert set(table["redactor"].to_pylist()) == {REDACTOR_VERSION}


def test_a_catalog_keeps_the_names_of_its_goods():
    table = clean({"product_id": ["p"], "title": ["Jo Mug by Mia"]}, CATALOG, NAMES)
    assert table["title"].to_pylist() == ["Jo Mug by Mia"]
    assert table["redactor"].to_pylist() == [REDACTOR_VERSION]


def test_no_rows_are_no_rows():
    table = clean({"review_id": [""], "product_id": ["p"], "body": [""]}, REVIEWS, NAMES)
    assert table.num_rows == 0
    assert table.schema.field("redactor").type == pa.string()
