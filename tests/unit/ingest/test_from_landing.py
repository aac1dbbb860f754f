"""What `land` notes about a line and what `validate` says of it are the same codes."""

from datetime import date

import pytest

from nightshelf.contracts import REVIEWS
from nightshelf.ingest.file_check import check_file, read_batches
from nightshelf.ingest.validate import validate
from nightshelf.landing.land import land

DAY = date(2026, 2, 3)
CSV = b"""review_id,product_id,body,rating
r1,p1,Warm.,5

r2,p1,"Soft, and
wide",4
r3,p1
r4,p1,caf\xe9,3
r5,p1,"never closed,2
r6,p1,so\0ft,2
r7,p1,,2
r8,p1,Fine.,five
r9,p1,Fine., 3
"""
JSON = b"""{"review_id": 1, "product_id": "p1", "body": "Warm.", "rating": 5}
{"review_id": 2, "product_id": "p1", "body": ["Warm."], "rating": 5}
{"review_id": 3, "product_id": "p1", "body": "Warm.", "rating": NaN}
{"review_id": 4, "product_id": "p1", "body": "\\ud83d", "rating": 1}
{"review_id": 5, "product_id": "p1"
[6]
{"review_id": 7, "op": "delete"}
"""
CASES = [
    ("reviews.csv", CSV, ["r1", "r2", "r9"], {
        3: "malformed_line", 4: "invalid_text", 5: "malformed_line", 6: "invalid_text",
        7: "empty_body", 8: "wrong_type_rating",
    }),
    ("reviews.jsonl", JSON, ["1", "7"], {
        2: "wrong_type_body", 3: "impossible_rating", 4: "invalid_text", 5: "malformed_line",
        6: "malformed_line",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "ids", "reasons"), CASES, ids=["csv", "json lines"])
def test_every_row_of_a_file_is_accepted_or_has_its_reason(tmp_path, name, content, ids, reasons):
    file = tmp_path / name
    file.write_bytes(content)
    landed = land(tmp_path / "landing", "reviews", [file], DAY, rename={}, mode=None)
    path = landed.folder / "reviews.parquet"
    assert check_file(path, REVIEWS).rows == len(ids) + len(reasons)
    (batch,) = read_batches(path, REVIEWS)
    found = validate(batch, contract=REVIEWS, landing_date=DAY, first_row=1)
    assert found.accepted["review_id"].to_pylist() == ids
    assert {row["row"]: row["reason"] for row in found.rejected.to_pylist()} == reasons
